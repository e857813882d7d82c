"""Draws at the same moment: consecutive places, one for each, and none lost when one breaks off."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from outcomes.models import TrialSubject
from outcomes.tests.factories import TrialSubjectFactory
from outcomes.trials import closing, enrolling
from outcomes.trials.randomisation import new_trial
from outcomes.trials.refusals import TrialRefused

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trial():
    return new_trial(name="Forsøg", municipalities=["0751"], by=None, length=8)


def at_once(*calls):
    """Each call from a thread of its own at the same moment; what they returned or raised."""
    barrier = threading.Barrier(len(calls))
    answers: dict[int, object] = {}

    def run(number, call):
        try:
            barrier.wait(20)
            answers[number] = call()
        except TrialRefused as refused:
            answers[number] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == len(calls)
    return [answers[number] for number in sorted(answers)]


def draw(subject):
    return lambda: enrolling.allocate(subject, None)


def test_draws_at_once_in_one_stratum_get_consecutive_places(trial):
    for last in (3, 6):
        drawn = at_once(*(draw(TrialSubjectFactory(trial=trial)) for _ in range(3)))
        assert sorted(s.place.number for s in drawn) == list(range(last - 2, last + 1))
    assert closing.verify(trial).agrees


def test_one_person_drawn_in_two_tabs_is_drawn_once(trial):
    subject = TrialSubjectFactory(trial=trial)
    first, second = at_once(draw(subject), draw(subject))
    assert (first.place, first.arm) == (second.place, second.arm)
    assert first.place.number == 1
    assert TrialSubject.objects.randomised().count() == 1


def test_a_correction_and_the_draw_at_once_cannot_both_be(trial):
    """Either the answers are corrected and then drawn on, or they were drawn and stay."""
    for _ in range(3):
        subject = TrialSubjectFactory(trial=trial, priors="few")
        at_once(draw(subject), lambda s=subject: enrolling.reassess(s, by=None, priors="many"))
        drawn = TrialSubject.objects.get(pk=subject.pk)
        assert drawn.is_randomised
        if drawn.recorded_at > subject.recorded_at:
            assert drawn.priors == "many"
            assert drawn.recorded_at < drawn.allocated_at
        else:
            assert drawn.priors == "few"


def test_nobody_is_drawn_after_the_close_that_came_at_once(trial):
    subject = TrialSubjectFactory(trial=trial)
    answer, closed = at_once(draw(subject), lambda: closing.close(trial, None))
    subject.refresh_from_db()
    assert subject.is_randomised is (answer != "closed")
    assert closing.verify(closed).agrees


def test_a_process_that_dies_in_the_middle_takes_no_place(trial):
    """What it had drawn nobody was told, and the next one gets the same place."""
    begun, killed = threading.Event(), threading.Event()
    subject = TrialSubjectFactory(trial=trial)
    said: dict = {}

    def dying():
        try:
            with transaction.atomic():
                said["place"] = enrolling.allocate(subject, None).place.number
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    [said["process"]] = cursor.fetchone()
                begun.set()
                killed.wait(20)
        except OperationalError as error:
            said["error"] = error
        finally:
            connection.close()

    thread = threading.Thread(target=dying)
    thread.start()
    assert begun.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [said["process"]])
    killed.set()
    thread.join(60)
    assert said["error"]
    assert said["place"] == 1
    subject.refresh_from_db()
    assert not subject.is_randomised
    assert enrolling.allocate(TrialSubjectFactory(trial=trial), None).place.number == 1
    assert enrolling.allocate(subject, None).place.number == 2
