"""The page of a trial's effect: who reads it, what it says, and what it takes along."""

import re
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from outcomes import tasks
from outcomes.charts.effect import EFFECT_CHARTS, EffectSubject
from outcomes.charts.theme import theme
from outcomes.effects import numbers, words
from outcomes.effects.stored import snapshot_of
from outcomes.models import EffectSnapshot, Trial
from outcomes.recidivism import DEFAULT
from outcomes.tests.effects import One, known_trial, make_trial
from outcomes.tests.factories import TrialFactory
from primus.jobs.models import Run, RunKind, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stored(django_db_setup, django_db_blocker):
    """The figures of the known trial, computed once for all tests here."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        today = timezone.localdate()
        known_trial(today, name="Computed once")
        tasks.recompute_effect()
        figures = dict(EffectSnapshot.objects.values_list("definition", "figures"))
        transaction.set_rollback(True)
    return figures


@pytest.fixture
def trial(stored, staff_client) -> Trial:
    found = TrialFactory(name="Aarhus trial")
    for key, figures in stored.items():
        EffectSnapshot.objects.create(
            trial=found, definition=key, computed_at=timezone.now(), figures=figures
        )
    staff_client.cookies["primus_language"] = "en"
    return found


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def said(page) -> str:
    return " ".join(page.select_one("main").text.split())


def page_of(trial: Trial) -> str:
    return reverse("effect_trial", args=[trial.pk])


def file_of(trial: Trial, name: str, kind: str) -> str:
    return reverse("effect_chart", args=[trial.pk, name, kind])


@pytest.mark.parametrize("who", ["mentor_client", "coordinator_client", "administrator_client"])
def test_only_staff_read_it(request, who, trial):
    client = request.getfixturevalue(who)
    for url in (reverse("effect"), page_of(trial), file_of(trial, "survival", "csv")):
        assert client.get(url).status_code == 404
    assert client.post(reverse("effect_recompute")).status_code == 404


def test_words_come_first_and_the_figures_are_those_that_are_stored(staff_client, trial):
    page = soup(staff_client.get(reverse("effect"), follow=True))
    text = said(page)
    assert page.h1.text == "With two mentors, fewer had a new sentence"
    assert "Of 100 people with two mentors, 35 had a new sentence within two years" in text
    assert "against 60 of 100 without" in text
    assert "between 4 and 44 fewer of 100 (95% interval)" in text
    tiles = [" ".join(tile.text.split()) for tile in page.select(".tile")]
    assert tiles[0].startswith("Risk difference −25.6 percentage points [−44 to −4]")
    assert "0.58 [0.36–0.93]" in tiles[1]
    assert "15 of 43 with mentors, 26 of 43 without" in text
    assert "5 with mentors, 6 without" in text
    # What others published is apart, and names its source.
    published = page.select_one("#published")
    assert "67%" in published.text
    assert "Legal Affairs Committee, 16 December 2021" in published.text
    assert "Second-hand" in published.text
    forest = page.select("figure")[2]
    cells = [td.text for td in forest.select("details tbody tr")[1].select("td")]
    assert cells[:2] == ["6 of 21", "14 of 21"]
    # Every figure says when it is from.
    moment = timezone.localtime(EffectSnapshot.objects.first().computed_at)
    sources = page.select(".card .source")
    assert len(sources) == 5
    assert all(f"{moment:%H:%M}" in one.text for one in sources)


def test_every_measure_says_what_it_means(staff_client, trial):
    rows = soup(staff_client.get(page_of(trial))).select(".effect-measures tbody tr")
    assert len(rows) == 9
    assert all(row.select_one(".meaning").text.strip() for row in rows)
    assert not any(row.select_one("td").text.strip() == "–" for row in rows)


def test_the_definition_is_chosen_in_the_address(staff_client, trial):
    found = staff_client.get(reverse("effect"), {"trial": trial.pk, "definition": "jdl"})
    assert found.url == f"{page_of(trial)}?definition=jdl"
    assert "within one year" in said(soup(staff_client.get(found.url)))
    for asked in ({"definition": "nothing"}, {"trial": "0"}, {"trial": "\0"}):
        assert staff_client.get(reverse("effect"), asked).status_code == 404
    assert staff_client.get(file_of(trial, "nothing", "csv")).status_code == 404


def figures_with(stored, **interval) -> dict:
    figures = stored["kriminalforsorgen"]
    difference = figures["measures"]["risk_difference"] | interval
    return figures | {"measures": figures["measures"] | {"risk_difference": difference}}


def test_the_title_says_a_finding_only_when_the_interval_allows_no_other(stored):
    with override("en"):
        fewer = words.headline(figures_with(stored))
        more = words.headline(figures_with(stored, lower=0.02, upper=0.2))
        either = words.headline(figures_with(stored, lower=-0.31, upper=0.04))
        edge = words.headline(figures_with(stored, lower=-0.31, upper=0.0))
    assert "fewer had" in fewer.title
    assert "more had" in more.title
    for plain in (either, edge):
        assert plain.title == "New sentence within two years, with and without mentors"
        assert "does not show whether mentors make a difference" in plain.said
    assert "31 fewer to 4 more" in either.said


def test_a_group_stands_out_only_when_its_test_bears_that_several_were_made(stored):
    figures = stored["kriminalforsorgen"]

    def title(*tests) -> str:
        factors = [factor | {"p": p} for factor, p in zip(figures["subgroups"], tests, strict=True)]
        with override("en"):
            return words.subgroups_title(figures | {"subgroups": factors})

    assert title(0.03, 0.5, 0.5, 0.5) == "No group clearly stands out"
    assert title(0.012, 0.5, 0.5, 0.5) == "The difference is not the same in all groups"
    assert title(None, None, None, None) == "Relative risk in groups"


def test_numbers_needed_are_told_from_both_ends_where_the_interval_spans_none(stored):
    value = {"estimate": 10.0, "lower": 3.2, "upper": -25.0, "disjoint": True}
    with override("en"):
        assert numbers.nnt_interval(value) == "[3.2 to benefit – ∞ – 25.0 to harm]"


# --- Files -----------------------------------------------------------------------------


def texts(svg: bytes) -> str:
    nodes = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return " ".join(node.text or "" for node in nodes)


@pytest.mark.parametrize("name", sorted(EFFECT_CHARTS))
def test_a_made_up_trial_says_so_in_every_picture_and_file(staff_client, trial, name):
    real = texts(staff_client.get(file_of(trial, name, "svg")).content)
    assert "emonstration" not in real
    made_up = TrialFactory(name="Made up", is_demonstration=True)
    EffectSnapshot.objects.filter(trial=trial).update(trial=made_up)
    for bare in ("", "?bare=1"):
        svg = staff_client.get(file_of(made_up, name, "svg") + bare).content
        assert "Demonstration data" in texts(svg)
    csv = staff_client.get(file_of(made_up, name, "csv"))
    assert "demonstration data" in csv.content.decode()
    assert "demonstration" in csv["Content-Disposition"]
    assert staff_client.get(file_of(made_up, name, "png")).content.startswith(b"\x89PNG")
    assert "made up" in soup(staff_client.get(page_of(made_up))).select_one("#headline").text


@pytest.mark.parametrize("name", sorted(EFFECT_CHARTS))
def test_a_picture_is_drawn_within_its_width(trial, name):
    subject = EffectSubject.of(snapshot_of(trial, DEFAULT), trial)
    chart = EFFECT_CHARTS[name]
    for width in (296, 548, chart.width):
        spec = chart.draw(subject, width, theme("light")).spec(check=True)
        assert spec["width"] == width


def test_a_picture_stands_on_its_own(staff_client, trial):
    svg = texts(staff_client.get(file_of(trial, "survival", "svg")).content)
    assert "With two mentors, new sentences came less often" in svg
    assert "Aarhus trial" in svg
    assert "Kaplan–Meier" in svg
    assert "Still followed without a new sentence" in svg


# --- Empty states ----------------------------------------------------------------------


def test_without_a_trial_it_says_what_will_come(staff_client):
    page = soup(staff_client.get(reverse("effect")))
    assert page.h1
    assert page.select_one("#published")


def test_before_the_first_figures_staff_can_ask_for_them(
    staff_client, monkeypatch, django_capture_on_commit_callbacks
):
    trial = TrialFactory()
    sent: list = []
    monkeypatch.setattr(tasks.recompute_effect, "delay", sent.append)
    page = soup(staff_client.get(page_of(trial)))
    assert page.select_one('#figures form[action="/effect/recompute/"] button')
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff_client.post("/effect/recompute/", headers={"HX-Request": "true"})
    run = Run.objects.get()
    assert (sent, run.kind) == ([run.pk], RunKind.EFFECT)
    assert f'id="run-{run.pk}"' in answer.content.decode()
    Run.objects.update(state=RunState.RUNNING, done=1, total=2)
    page = soup(staff_client.get(page_of(trial)))
    assert page.select_one(f"#run-{run.pk} progress")
    assert not page.select('#figures form[action="/effect/recompute/"]')


def test_nobody_observable_and_an_empty_arm_are_said_in_words(staff_client):
    today = timezone.localdate()
    trials = [
        make_trial([One(n % 2 == 0, released=200) for n in range(24)], today),
        make_trial([One(True, again=40 * n if n % 2 else None) for n in range(24)], today),
    ]
    tasks.recompute_effect()
    staff_client.cookies["primus_language"] = "en"
    early, one_arm = (said(soup(staff_client.get(page_of(trial)))) for trial in trials)
    assert "Nobody has been followed long enough yet. It takes 36 months" in early
    assert "12 with mentors, 12 without" in early
    assert "nobody in one of the groups has been followed long enough" in one_arm


def test_the_page_asks_the_database_the_same_few_questions(staff_client, trial, query_budget):
    with query_budget(6):
        staff_client.get(page_of(trial))
    with query_budget(6):
        staff_client.get(file_of(trial, "flow", "csv"))


def test_a_title_names_nobody(staff_client, trial):
    assert re.fullmatch(r"Effect · Primus", soup(staff_client.get(page_of(trial))).title.text)
