"""Asking for the dashboards to be computed again, and seeing how far that has come."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from outcomes import tasks
from primus.jobs.models import Run, RunKind, RunState

pytestmark = pytest.mark.django_db

COUNTRY, AARHUS = "/dashboards/", "/dashboards/0751/"


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def sent(monkeypatch) -> list:
    """The runs that were handed to the worker."""
    found: list = []
    monkeypatch.setattr(tasks.recompute_snapshots, "delay", found.append)
    return found


def test_pressing_starts_one_run_on_commit(
    staff_client, staff_user, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff_client.post("/dashboards/recompute/")
        assert sent == []
    run = Run.objects.get()
    assert (answer.status_code, answer.url) == (302, COUNTRY)
    assert (run.kind, run.requested_by) == (RunKind.SNAPSHOTS, staff_user)
    assert sent == [run.pk]
    # Whoever presses again is shown the run that is under way.
    with django_capture_on_commit_callbacks(execute=True):
        part = staff_client.post("/dashboards/recompute/", headers={"HX-Request": "true"})
    assert sent == [run.pk]
    assert f'id="run-{run.pk}"' in part.content.decode()
    assert "<html" not in part.content.decode()


def test_asking_is_not_enough(staff_client):
    assert staff_client.get("/dashboards/recompute/").status_code == 405
    assert not Run.objects.exists()


def test_a_run_under_way_is_shown_to_whoever_comes_back(staff_client, coordinator_client):
    run = Run.objects.create(kind=RunKind.SNAPSHOTS, state=RunState.RUNNING, done=10, total=100)
    for client, url in ((staff_client, COUNTRY), (coordinator_client, AARHUS)):
        assert soup(client.get(url)).select_one(f"#run-{run.pk} progress")["value"] == "10"
    Run.objects.update(state=RunState.DONE, finished_at=timezone.now())
    assert not soup(staff_client.get(COUNTRY)).select("progress")


def test_a_run_that_failed_is_told_to_staff_until_one_succeeds(staff_client, coordinator_client):
    Run.objects.create(kind=RunKind.SNAPSHOTS, state=RunState.FAILED, error="OSError")
    assert soup(staff_client.get(COUNTRY)).select_one("#run .text-danger")
    assert not soup(coordinator_client.get(AARHUS)).select("#run .run")
    later = timezone.now() + timedelta(minutes=1)
    Run.objects.create(kind=RunKind.SNAPSHOTS, state=RunState.DONE, created_at=later)
    assert not soup(staff_client.get(COUNTRY)).select("#run .run")
