import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.tests.factories import MeetingFactory, PairFactory
from outcomes import tasks
from outcomes.models import DashboardSnapshot
from outcomes.tasks import recompute_snapshots
from outcomes.tests.factories import SnapshotFactory
from participants.models import Municipality
from participants.tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    NeedRatingFactory,
)
from primus.access.models import AccessEntry
from primus.jobs.models import Run, RunKind, RunState

pytestmark = pytest.mark.django_db

COUNTRY = "/dashboards/"
AARHUS, ODENSE = "/dashboards/0751/", "/dashboards/0461/"


def filled() -> None:
    """Aarhus with 23 under way, Odense with 3, which must be hidden, and København with 9, which
    must be hidden with them."""
    for code, many in (("0751", 23), ("0101", 9), ("0461", 3)):
        for _ in range(many):
            enrolment = EnrolmentFactory(municipality_id=code, post_release=True)
            MeetingFactory(enrolment=enrolment)
            NeedRatingFactory(enrolment=enrolment, rating=2)
            NeedRatingFactory(enrolment=enrolment, stage="month_3", rating=4)
    PairFactory(enrolment=enrolment)


@pytest.fixture
def computed(db):
    filled()
    recompute_snapshots()


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


# --- Who may see what ----------------------------------------------------------------------


def test_staff_see_the_country_and_every_municipality(staff_client, computed):
    assert soup(staff_client.get(COUNTRY)).h1.text == "Hele landet"
    for municipality in Municipality.objects.filter(pk__in=["0751", "0461", "0710"]):
        url = reverse("dashboard_municipality", args=[municipality.pk])
        assert soup(staff_client.get(url)).h1.text == municipality.name
    assert staff_client.get("/dashboards/9999/").status_code == 404
    assert not AccessEntry.objects.exclude(event="refused").exists()


def test_a_coordinator_is_led_to_their_own_and_sees_no_other(client_for, computed):
    client = client_for(CoordinatorFactory(municipalities=["0751", "0101"]))
    assert client.get(COUNTRY).url == AARHUS
    page = soup(client.get(AARHUS))
    assert [o["value"] for o in page.select("select option")] == ["0751", "0101"]
    assert "Hele landet" not in page.select_one("select").text
    assert not page.select('form[action="/dashboards/recompute/"]')
    assert client.get(ODENSE).status_code == 404
    for address in ("charts/meetings.svg", "0461/charts/meetings.csv"):
        assert client.get(COUNTRY + address).status_code == 404
    assert client.post("/dashboards/recompute/").status_code == 404


def test_a_coordinator_of_one_municipality_needs_no_switch(client_for, computed):
    client = client_for(CoordinatorFactory(municipalities=["0751"]))
    assert not soup(client.get(AARHUS)).select("select")


def test_a_coordinator_without_a_municipality_is_told_so(client_for):
    client = client_for(CoordinatorFactory(municipalities=[]))
    assert soup(client.get(COUNTRY)).h1


def test_losing_a_municipality_takes_effect_at_once(client_for, computed):
    coordinator = CoordinatorFactory(municipalities=["0751"])
    client = client_for(coordinator)
    assert client.get(AARHUS).status_code == 200
    coordinator.municipalities.clear()
    assert client.get(AARHUS).status_code == 404
    assert client.get("/dashboards/0751/charts/meetings.csv").status_code == 404


@pytest.mark.parametrize("who", ["mentor_client", "administrator_client"])
def test_nobody_else_sees_figures(request, who, computed):
    client = request.getfixturevalue(who)
    for url in (COUNTRY, AARHUS, "/dashboards/charts/meetings.csv"):
        assert client.get(url).status_code == 404


# --- What is on the page -------------------------------------------------------------------


def test_the_page_says_what_was_counted_and_when(staff_client, computed):
    page = soup(staff_client.get(AARHUS))
    tiles = [" ".join(tile.text.split()) for tile in page.select(".tile")]
    assert tiles[0].startswith("Forløb i gang 23")
    assert "23" in tiles[3]
    moment = timezone.localtime(DashboardSnapshot.objects.first().computed_at)
    assert f"{moment:%H.%M}" in page.select_one("#as-of").text
    # Every figure says when it is from.
    cards = [card for card in page.select(".card") if card.select_one(".source")]
    assert len(cards) == 5
    assert all(f"{moment:%H.%M}" in card.select_one(".source").text for card in cards)


def test_a_chart_has_its_picture_for_theme_and_width_its_table_and_its_files(
    staff_client, computed
):
    page = soup(staff_client.get(AARHUS))
    for picture in page.select("picture"):
        sources = picture.select("source")
        assert len(sources) == 5
        for address in [s["srcset"] for s in sources] + [picture.img["src"]]:
            assert re.search("theme=(light|dark)&", address)
        card = picture.find_parent("figure")
        assert card.select_one("details table tbody tr")
        assert {a["href"].rsplit(".", 1)[1] for a in card.select(".source a")} == {"csv", "png"}
        assert picture.img["alt"]


def hidden_words(text: str) -> bool:
    return "under 5" in text


def test_a_hidden_count_is_nowhere_on_the_page_or_in_its_files(staff_client, computed):
    page = soup(staff_client.get(ODENSE))
    tile = page.select_one(".tile")
    assert hidden_words(tile.select_one(".val").text)
    for table in page.select("details table")[:2]:
        for number in table.select("td.n"):
            assert number.text.strip() not in {"1", "2", "3", "4"}, table.caption.text
    for name in ("enrolments", "meetings", "needs"):
        csv = staff_client.get(f"{ODENSE}charts/{name}.csv").content.decode()
        assert hidden_words(csv), name
        assert not re.search(r"(^|;)[1-4](;|\r)", csv, re.M), name
        svg = staff_client.get(f"{ODENSE}charts/{name}.svg").content.decode()
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
        # The scale of needs is 1–5, and is the only thing with such numbers.
        drawn = [t for t in texts if t in {"1", "2", "3", "4"} and name != "needs"]
        assert drawn == [], name


def test_the_countrys_table_hides_the_small_one_and_what_would_give_it_away(staff_client, computed):
    page = soup(staff_client.get(COUNTRY))
    rows = {
        row.th.text.strip(): [" ".join(td.text.split()) for td in row.select("td")]
        for row in page.select("table.mun tbody tr, table.mun tfoot tr")
    }
    assert hidden_words(rows["Odense"][0])
    assert "vises ikke" in rows["København"][0]
    assert (rows["Aarhus"][0], rows["Alle"][0]) == ("23", "35")
    assert all(not re.fullmatch("[1-4]", cell) for cells in rows.values() for cell in cells)


def test_a_municipality_without_figures_says_what_will_come(staff_client, computed):
    page = soup(staff_client.get("/dashboards/0710/"))
    assert not page.select(".tile")
    assert "Favrskov" in page.select_one("#figures").text


def test_before_the_first_snapshot_staff_can_start_and_coordinators_are_told(
    staff_client, coordinator_client
):
    page = soup(staff_client.get(COUNTRY))
    assert page.select_one('#figures form[action="/dashboards/recompute/"] button')
    assert not soup(coordinator_client.get(AARHUS)).select("#figures form")


def test_figures_of_another_version_are_as_good_as_none(staff_client):
    SnapshotFactory()
    assert not soup(staff_client.get(COUNTRY)).select(".tile")


def test_choosing_works_without_javascript(staff_client):
    assert staff_client.get(COUNTRY, {"place": "0751"}).url == AARHUS
    assert staff_client.get(COUNTRY, {"place": ""}).status_code == 200
    assert staff_client.get(COUNTRY, {"place": "../admin"}).status_code == 404


def test_a_title_names_no_person(staff_client, computed):
    assert soup(staff_client.get(AARHUS)).title.text == "Tal for Aarhus · Primus"


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_asks_the_database_the_same_few_questions(
    staff_client, coordinator_client, query_budget, language
):
    staff_client.cookies["primus_language"] = language
    with query_budget(6):
        staff_client.get(COUNTRY)
    filled()
    recompute_snapshots()
    for url in (COUNTRY, AARHUS, ODENSE):
        with query_budget(6):
            staff_client.get(url)
    with query_budget(6):
        coordinator_client.get(AARHUS)
    with query_budget(6):
        staff_client.get("/dashboards/charts/meetings.csv")


# --- Recomputing ---------------------------------------------------------------------------


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


def test_what_is_no_code_of_a_municipality_is_a_404(client_for, staff_user):
    for page in ("/dashboards/%00/", "/dashboards/%00/charts/meetings.csv"):
        assert client_for(staff_user).get(page).status_code == 404
