"""Recomputing by a real worker, on the embedded broker and on Redis."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from outcomes.models import DashboardSnapshot
from outcomes.tests.histories import make
from primus.jobs.models import Run, RunKind, RunState
from primus.testing.processes import SECONDS_TO_START, celery_worker

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(condition, background) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not condition():
        assert background.worker.poll() is None, "the worker ended"
        assert time.monotonic() < deadline, list(Run.objects.all())
        time.sleep(0.05)


def test_staff_press_and_the_worker_computes(database_url, broker, tmp_path, staff_client):
    make(2, enrolments=8)
    with celery_worker(database_url, tmp_path, redis_url=broker) as background:
        assert staff_client.post("/dashboards/recompute/").status_code == 302
        wait_for(lambda: Run.objects.filter(state=RunState.DONE).exists(), background)
    run = Run.objects.get()
    assert run.done == run.total == 100
    assert DashboardSnapshot.objects.filter(municipality=None).count() == 1
    assert DashboardSnapshot.objects.filter(period="").count() == 4
    assert 'class="tile"' in staff_client.get("/dashboards/").content.decode()


def test_a_worker_that_is_killed_leaves_what_was_shown(database_url, tmp_path, staff_client):
    """Killed at work: the old snapshots stand, and after the silence a new run may start."""
    shown = DashboardSnapshot.objects.create(
        computed_at=timezone.now() - timedelta(days=1), figures={"version": 0}
    )
    make(3, enrolments=8)
    with celery_worker(database_url, tmp_path) as background:
        staff_client.post("/dashboards/recompute/")
        wait_for(
            lambda: Run.objects.filter(state=RunState.RUNNING, total__gt=0).exists(), background
        )
        background.kill()
    assert list(DashboardSnapshot.objects.all()) == [shown]
    run = Run.objects.get()
    assert run.state == RunState.RUNNING
    Run.objects.update(moved_at=timezone.now() - 2 * Run.SILENT_AFTER)
    with celery_worker(database_url, tmp_path) as background:
        staff_client.post("/dashboards/recompute/")
        wait_for(lambda: Run.objects.filter(state=RunState.DONE).exists(), background)
    run.refresh_from_db()
    assert (run.state, run.kind) == (RunState.FAILED, RunKind.SNAPSHOTS)
    assert not DashboardSnapshot.objects.filter(pk=shown.pk).exists()
