"""Through a real worker and a real beat, on the embedded broker and on Redis."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from primus.jobs.models import Heartbeat, Process, Run, RunKind, RunState
from primus.jobs.runs import request_run
from primus.testing.processes import SECONDS_TO_START, Background, celery_worker
from primus.testing.tasks import work

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(run: Run, background: Background, **values) -> None:
    """Wait until the run stands like this; fail when the worker ends or takes too long."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not Run.objects.filter(pk=run.pk, **values).exists():
        assert background.worker.poll() is None, "the worker ended"
        assert time.monotonic() < deadline, f"{Run.objects.get(pk=run.pk)} instead of {values}"
        time.sleep(0.05)


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_worker_and_beat_are_heard(database_url, broker, tmp_path):
    with celery_worker(database_url, tmp_path, redis_url=broker, beat=True) as background:
        assert set(Heartbeat.objects.values_list("process", flat=True)) == set(Process.values)
    assert background.worker.returncode == 0, (tmp_path / "log/worker.log").read_text()
    assert not exists(background.beat.pid)


def test_a_killed_worker_leaves_a_run_that_falls_silent_and_blocks_nobody(
    database_url, broker, tmp_path
):
    killed, _ = request_run(RunKind.SNAPSHOTS)
    with celery_worker(database_url, tmp_path, redis_url=broker) as background:
        work.delay(killed.pk, finish=False)
        wait_for(killed, background, state=RunState.RUNNING, done=1)
        background.kill()
    killed.refresh_from_db()
    assert (killed.state, killed.done, killed.is_moving) == (RunState.RUNNING, 1, True)
    assert request_run(RunKind.SNAPSHOTS) == (killed, False)

    Run.objects.filter(pk=killed.pk).update(moved_at=timezone.now() - timedelta(minutes=6))
    killed.refresh_from_db()
    assert killed.is_silent
    following, is_new = request_run(RunKind.SNAPSHOTS)
    assert is_new
    with celery_worker(database_url, tmp_path, redis_url=broker) as background:
        work.delay(following.pk, finish=True)
        wait_for(following, background, state=RunState.DONE, done=2)
    killed.refresh_from_db()
    assert (killed.state, killed.error) == (RunState.FAILED, "Silent")


def test_a_worker_told_to_end_at_once_closes_its_run(database_url, tmp_path):
    run, _ = request_run(RunKind.SNAPSHOTS)
    with celery_worker(database_url, tmp_path) as background:
        work.delay(run.pk, finish=False)
        wait_for(run, background, state=RunState.RUNNING, done=1)
        background.worker.send_signal(signal.SIGQUIT)
        background.worker.wait(timeout=SECONDS_TO_START)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.FAILED, 1)
    assert request_run(RunKind.SNAPSHOTS)[1]


def test_what_is_sent_while_nobody_works_is_done_later(database_url, tmp_path):
    run, _ = request_run(RunKind.SNAPSHOTS)
    with celery_worker(database_url, tmp_path) as background:
        background.kill()
        work.delay(run.pk, finish=True)
    (tmp_path / "broker/queue" / f"{0:020d}_x.celery.msg").write_text("half a mess")
    with celery_worker(database_url, tmp_path) as background:
        wait_for(run, background, state=RunState.DONE)
    assert "could not be read" in (tmp_path / "log/worker.log").read_text()
    assert not list((tmp_path / "broker/queue").iterdir())
