import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from primus.jobs.models import Run, RunKind, RunState

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def a_run(**values) -> Run:
    return Run.objects.create(kind=RunKind.SNAPSHOTS, **values)


@pytest.fixture
def ask(staff_client):
    def get(run: Run, **headers):
        return staff_client.get(reverse("run_progress", args=[run.pk]), headers=headers)

    return get


def test_a_run_under_way_has_a_bar_with_counts_and_asks_again(ask):
    run = a_run(state=RunState.RUNNING, done=12, total=98)
    page = ask(run).content.decode()
    assert 'value="12"' in page
    assert f'hx-get="{reverse("run_progress", args=[run.pk])}"' in page
    part = ask(run, **HTMX)
    assert part.status_code == 200
    assert "HX-Trigger" not in part
    assert "<html" not in part.content.decode()
    assert (
        part.content.decode().split()
        == page[page.index('<div class="run-head">') :].split()[
            : len(part.content.decode().split())
        ]
    )


@pytest.mark.parametrize(("state", "shown"), [(RunState.DONE, "done"), (RunState.FAILED, "failed")])
def test_the_last_answer_stops_the_asking_and_tells_the_page(ask, state, shown):
    run = a_run(state=state, finished_at=timezone.now())
    part = ask(run, **HTMX)
    assert part.status_code == 286
    assert json.loads(part["HX-Trigger"]) == {"run-finished": {"run": run.pk, "state": shown}}
    assert f'hx-swap-oob="innerHTML:#run-{run.pk}-said"' in part.content.decode()
    assert "hx-get" not in ask(run).content.decode()


def test_a_silent_run_says_so_and_is_not_waited_for(ask):
    run = a_run(state=RunState.RUNNING, moved_at=timezone.now() - timedelta(minutes=6))
    part = ask(run, **HTMX)
    assert part.status_code == 286
    assert json.loads(part["HX-Trigger"])["run-finished"]["state"] == "silent"
    page = ask(run).content.decode()
    assert "run-silent" in page
    assert "hx-get" not in page
    assert "<noscript>" not in page


def test_without_javascript_the_page_has_a_link_to_itself(ask):
    run = a_run()
    noscript = BeautifulSoup(ask(run).content, "html.parser").find("noscript")
    assert noscript.find("a")["href"] == reverse("run_progress", args=[run.pk])


def test_a_run_that_does_not_exist_is_not_found(staff_client):
    for number in (987, 10**30):
        assert staff_client.get(f"/runs/{number}/").status_code == 404


def test_runs_of_reminders_are_shown_to_nobody(staff_client):
    run = Run.objects.create(kind=RunKind.REMINDERS, total=3)
    assert staff_client.get(reverse("run_progress", args=[run.pk])).status_code == 404
