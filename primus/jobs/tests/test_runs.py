from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from primus.jobs.models import Run, RunKind, RunState
from primus.jobs.runs import RunIsClosed, request_run, running

pytestmark = pytest.mark.django_db


def fall_silent(run: Run) -> None:
    long_ago = timezone.now() - Run.SILENT_AFTER - timedelta(seconds=1)
    Run.objects.filter(pk=run.pk).update(moved_at=long_ago)
    run.refresh_from_db()


def test_who_asks_second_gets_the_run_that_is_under_way(staff_user, coordinator_user):
    first, first_is_new = request_run(RunKind.SNAPSHOTS, staff_user)
    second, second_is_new = request_run(RunKind.SNAPSHOTS, coordinator_user)
    other, other_is_new = request_run(RunKind.REMINDERS)
    assert (first_is_new, second_is_new, other_is_new) == (True, False, True)
    assert first == second != other
    assert second.requested_by == staff_user


def test_the_database_refuses_two_unfinished_runs_of_one_kind():
    Run.objects.create(kind=RunKind.SNAPSHOTS, state=RunState.RUNNING)
    refusal = pytest.raises(IntegrityError, match=r"run_one_unfinished_per_kind_and_subject|UNIQUE")
    with refusal, transaction.atomic():
        Run.objects.create(kind=RunKind.SNAPSHOTS, state=RunState.WAITING)


def test_a_run_tells_how_far_it_has_come():
    run, _ = request_run(RunKind.SNAPSHOTS)
    with running(run) as progress:
        progress.expect(8)
        progress.advance()
        progress.advance(3)
        seen = Run.objects.get(pk=run.pk)
        assert (seen.state, seen.done, seen.total, seen.percent) == (RunState.RUNNING, 4, 8, 50)
    run.refresh_from_db()
    assert (run.state, run.done, run.percent) == (RunState.DONE, 8, 100)
    assert run.finished_at is not None


def test_work_that_raises_leaves_a_failed_run_with_the_error_and_not_its_words():
    run, _ = request_run(RunKind.REMINDERS)
    with pytest.raises(ValueError, match="Karen"), running(run):
        raise ValueError("Karen Testesen")
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "ValueError")
    assert request_run(RunKind.REMINDERS)[1]


def test_a_silent_run_blocks_nobody():
    silent, _ = request_run(RunKind.SNAPSHOTS)
    fall_silent(silent)
    assert silent.shown == "silent"
    again, is_new = request_run(RunKind.SNAPSHOTS)
    assert is_new
    assert again != silent
    silent.refresh_from_db()
    assert (silent.state, silent.error) == (RunState.FAILED, "Silent")


def test_a_worker_that_wakes_up_late_does_not_reopen_its_run():
    run, _ = request_run(RunKind.SNAPSHOTS)
    with running(run) as progress:
        progress.expect(2)
        fall_silent(run)
        again, _ = request_run(RunKind.SNAPSHOTS)
        progress.advance()
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.FAILED, 0)
    assert again.state == RunState.WAITING


def test_a_message_handed_out_twice_does_not_run_a_finished_run_again():
    run, _ = request_run(RunKind.SNAPSHOTS)
    with running(run):
        pass
    with pytest.raises(RunIsClosed), running(run):
        pytest.fail("It ran again.")


def test_a_run_whose_worker_was_killed_begins_again_when_its_message_returns():
    run, _ = request_run(RunKind.SNAPSHOTS)
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, total=10, done=7)
    with running(run) as progress:
        assert run.done == 0
        progress.expect(3)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == (RunState.DONE, 3, 3)
