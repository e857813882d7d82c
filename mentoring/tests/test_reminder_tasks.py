"""The daily job: through the task, and through a real worker on both brokers."""

from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import connection

from mentoring.models import Reminder
from mentoring.tasks import remind_enrolment, send_reminders
from mentoring.tests.factories import PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.jobs.models import Run, RunKind, RunState
from primus.jobs.runs import request_run
from primus.testing.processes import celery_worker, wait_until


def follow(**traits):
    enrolment = EnrolmentFactory(**traits)
    PairFactory(enrolment=enrolment)
    return enrolment


def test_the_job_plans_and_sends_and_says_how_far_it_came(db):
    follow(gate_week=True)
    follow(upcoming=True)
    CoordinatorFactory()
    send_reminders()
    assert len(mail.outbox) == 3
    run = Run.objects.get(kind=RunKind.REMINDERS)
    assert (run.state, run.done, run.total) == (RunState.DONE, 3, 3)
    send_reminders()
    assert len(mail.outbox) == 3
    assert Run.objects.filter(state=RunState.DONE).count() == 2


def test_the_job_does_nothing_while_it_is_under_way(db):
    follow(gate_week=True)
    under_way, _new = request_run(RunKind.REMINDERS)
    send_reminders()
    assert mail.outbox == []
    assert not Reminder.objects.exists()
    assert list(Run.objects.all()) == [under_way]


def test_a_job_that_fails_is_seen_to_have_failed(db, monkeypatch):
    def fail(**kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("mentoring.tasks.plan_for", fail)
    with pytest.raises(ZeroDivisionError):
        send_reminders()
    assert Run.objects.get().state == RunState.FAILED
    assert Run.objects.get().error == "ZeroDivisionError"


def test_one_enrolment_at_once(db):
    one, other = follow(gate_week=True), follow(gate_week=True)
    remind_enrolment(one.pk)
    assert {r.enrolment for r in Reminder.objects.sent()} == {one}
    assert len(mail.outbox) == 2
    remind_enrolment(other.pk)
    remind_enrolment(one.pk)
    assert len(mail.outbox) == 4


def test_an_enrolment_that_is_gone(db):
    remind_enrolment(999_999)
    assert mail.outbox == []


def written_to(folder):
    files = list(folder.glob("*")) if folder.exists() else []
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def finished_runs(number):
    return lambda: Run.objects.filter(state=RunState.DONE).count() == number


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["filesystem", pytest.param("redis", marks=pytest.mark.redis)])
def test_through_a_real_worker(broker, database_url, tmp_path, request):
    redis_url = request.getfixturevalue("redis_url") if broker == "redis" else ""
    enrolment = follow(gate_week=True)
    coordinator = CoordinatorFactory()
    with celery_worker(database_url, tmp_path, redis_url=redis_url) as background:
        watched = {"process": background.worker, "log": tmp_path / "log" / "worker.log"}
        send_reminders.delay()
        wait_until(finished_runs(1), **watched)
        first = written_to(tmp_path / "mail")
        # Again, and now two new mentors are told at once.
        newcomer = follow(post_release=False, pre_release=True)
        remind_enrolment.delay(newcomer.pk)
        wait_until(lambda: newcomer.reminders.sent().count() == 3, **watched)
        send_reminders.delay()
        wait_until(finished_runs(2), **watched)
        messages = written_to(tmp_path / "mail")

    mentors = {seat.mentor.user.email for seat in enrolment.pairs.get().seats.all()}
    assert {message["To"] for message in first} == mentors | {coordinator.user.email}
    assert len(first) == 3
    assert len(messages) == 6
    assert len({message["Message-ID"] for message in messages}) == 6
    assert Reminder.objects.sent().count() == Reminder.objects.count() == 6


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_exactly_once(database_url, tmp_path):
    enrolments = [follow(gate_week=True) for _n in range(15)]
    first, second = tmp_path / "first", tmp_path / "second"
    with celery_worker(database_url, first) as one:
        for enrolment in enrolments:
            remind_enrolment.delay(enrolment.pk)
        send_reminders.delay()
        with celery_worker(database_url, second) as two:
            for enrolment in reversed(enrolments):
                remind_enrolment.delay(enrolment.pk)
            send_reminders.delay()
            for worker, folder in ((one, first), (two, second)):
                queue = folder / "broker" / "queue"
                wait_until(
                    lambda queue=queue: not list(queue.glob("[0-9]*.msg")),
                    process=worker.worker,
                    log=folder / "log" / "worker.log",
                )
            # Both are stopped as in use: they finish what they have begun.
    assert connection.vendor == "postgresql"
    ids = [m["Message-ID"] for folder in (first, second) for m in written_to(folder / "mail")]
    assert len(ids) == len(set(ids)) == 30
    assert Reminder.objects.sent().count() == 30
