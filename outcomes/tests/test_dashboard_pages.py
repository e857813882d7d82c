import gzip
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from outcomes.models import DashboardSnapshot
from outcomes.recidivism import DEFINITIONS
from outcomes.tasks import recompute_snapshots
from outcomes.tests import dashboards
from outcomes.tests.factories import SnapshotFactory
from outcomes.tests.histories import make
from participants.models import Municipality
from participants.tests.factories import CoordinatorFactory
from primus.access.models import AccessEntry

pytestmark = pytest.mark.django_db

COUNTRY = "/dashboards/"
AARHUS, FREDERICIA = "/dashboards/0751/", "/dashboards/0607/"
KOLDING, ODENSE = "/dashboards/0621/", "/dashboards/0461/"


@pytest.fixture
def stored(db):
    """Figures of the country, of a large municipality, of a tiny one, and of one that has just
    begun; two years of the first two."""
    for period in ("", "2025"):
        dashboards.store(dashboards.country(period))
        dashboards.store(dashboards.municipality(period), "0751")
    dashboards.store(dashboards.tiny(), "0607")
    dashboards.store(dashboards.early(), "0621")


@pytest.fixture(autouse=True)
def in_english(staff_client):
    staff_client.cookies["primus_language"] = "en"


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def text(tag) -> str:
    return " ".join(tag.text.split())


def headings(page: BeautifulSoup) -> list[str]:
    return [text(h2) for h2 in page.select("#figures h2")]


# --- Who may see what ----------------------------------------------------------------------


def test_staff_see_the_country_and_every_municipality(staff_client, stored):
    assert soup(staff_client.get(COUNTRY)).h1.text == "Whole country"
    for municipality in Municipality.objects.filter(pk__in=["0751", "0461", "0710"]):
        url = reverse("dashboard_municipality", args=[municipality.pk])
        assert soup(staff_client.get(url)).h1.text == municipality.name
    assert staff_client.get("/dashboards/9999/").status_code == 404
    assert not AccessEntry.objects.exclude(event="refused").exists()


def test_a_coordinator_is_led_to_their_own_and_sees_no_other(client_for, stored):
    client = client_for(CoordinatorFactory(municipalities=["0751", "0101"]))
    assert client.get(COUNTRY).url == AARHUS
    assert client.get(COUNTRY, {"definition": "jdl"}).url == f"{AARHUS}?definition=jdl"
    answer = client.get(AARHUS)
    page = soup(answer)
    assert [o["value"] for o in page.select("#id_place option")] == ["0751", "0101"]
    assert not page.select('form[action="/dashboards/recompute/"]')
    # No other municipality is named, in the text or in an address.
    others = set(dashboards.MUNICIPALITIES) - {"0751", "0101"}
    names = {dashboards.MUNICIPALITIES[code][0] for code in others}
    told = answer.content.decode()
    assert not [name for name in names if name in told]
    assert not [code for code in others if f"/{code}/" in told]
    assert client.get(ODENSE).status_code == 404
    assert client.get(COUNTRY, {"place": "0461"}).status_code == 404
    for address in ("charts/flow.svg", "charts/funnel.csv", "0607/charts/flow.csv"):
        assert client.get(COUNTRY + address).status_code == 404
    assert client.post("/dashboards/recompute/").status_code == 404


def test_a_coordinator_of_one_municipality_chooses_period_and_definition(client_for, stored):
    client = client_for(CoordinatorFactory(municipalities=["0751"]))
    page = soup(client.get(AARHUS))
    assert [select["name"] for select in page.select("select")] == ["period", "definition"]
    assert page.select_one(".place-form")["action"] == AARHUS


def test_a_coordinator_without_a_municipality_is_told_so(client_for):
    client = client_for(CoordinatorFactory(municipalities=[]))
    assert soup(client.get(COUNTRY)).h1


def test_losing_a_municipality_takes_effect_at_once(client_for, stored):
    coordinator = CoordinatorFactory(municipalities=["0751"])
    client = client_for(coordinator)
    assert client.get(AARHUS).status_code == 200
    coordinator.municipalities.clear()
    assert client.get(AARHUS).status_code == 404
    assert client.get("/dashboards/0751/charts/flow.csv").status_code == 404


@pytest.mark.parametrize("who", ["mentor_client", "administrator_client"])
def test_nobody_else_sees_figures(request, who, stored):
    client = request.getfixturevalue(who)
    for url in (COUNTRY, AARHUS, "/dashboards/charts/flow.csv"):
        assert client.get(url).status_code == 404


# --- What is on the page -------------------------------------------------------------------


def test_the_page_says_what_was_counted_and_when(staff_client, stored):
    page = soup(staff_client.get(COUNTRY))
    tiles = [text(tile) for tile in page.select(".tile")]
    assert tiles[0].startswith("Enrolments under way 388")
    assert "4.2 % 14 of 331 [2.5–7.0]" in tiles[1]
    assert "19 days median of 294 pairs [17–21]" in tiles[2]
    assert "target 21" in tiles[2]
    assert "85 % 281 of 331 [81–88]" in tiles[3]
    assert headings(page) == [
        "33% have completed the whole year so far",
        "Fewer meetings than the target from month 11 on",
        "Things have got better in all five areas",
        "33% have a new sentence within 2 years",
        "How new crime is counted",
        "1 municipality is outside what chance allows",
        "Mentors and room",
        "Why some cannot be measured",
        "The municipalities",
        "What the figures mean",
    ]
    # Every figure says when it is from.
    assert "12 March 2027, 04:10" in text(page.select_one("#as-of"))
    sources = page.select(".card .source")
    assert len(sources) == 9
    assert all("12 March 2027, 04:10" in text(source) for source in sources)


def test_a_municipality_stands_beside_the_country_and_beside_no_other(staff_client, stored):
    page = soup(staff_client.get(AARHUS))
    found = headings(page)
    assert "Compared with the whole country" in found
    assert "The municipalities" not in found
    assert not [h for h in found if "what chance allows" in h]


def test_a_chart_has_its_picture_for_theme_and_width_its_table_and_its_files(staff_client, stored):
    page = soup(staff_client.get(AARHUS))
    assert len(page.select("picture")) == 6
    for picture in page.select("picture"):
        sources = picture.select("source")
        assert len(sources) == 5
        for address in [s["srcset"] for s in sources] + [picture.img["src"]]:
            assert re.search("theme=(light|dark)&", address)
        card = picture.find_parent("figure")
        assert "theme=light" in card.select_one(".plot-paper")["src"]
        assert card.select_one("details table tbody tr")
        assert picture.img["alt"]
    for card in page.select("figure"):
        kinds = {urlsplit(a["href"]).path.rsplit(".", 1)[1] for a in card.select(".source a")}
        assert kinds == {"csv", "png"}


def test_a_hidden_count_is_nowhere_on_the_page_or_in_its_files(staff_client, stored):
    page = soup(staff_client.get(FREDERICIA))
    assert "under 5" in page.select_one(".tile .val").text
    assert "too few" in text(page.select(".tile")[2])
    for table in page.select("details table"):
        for number in table.select("td.n"):
            assert number.text.strip() not in {"1", "2", "3", "4"}, table.caption.text
    for name in ("flow", "rhythm", "needs", "recidivism", "definitions", "capacity"):
        csv = staff_client.get(f"{FREDERICIA}charts/{name}.csv").content.decode()
        assert "under 5" in csv, name
        # The first column of the rhythm is the month.
        assert not re.search(r",[1-4](,|\r)", csv, re.M), name


def test_the_municipalities_are_sorted_and_lead_to_their_pages(staff_client, stored):
    def names(**asked):
        table = soup(staff_client.get(COUNTRY, asked)).select_one("table.mun")
        return [text(th) for th in table.select("tbody th")], table

    by_size, table = names()
    assert by_size[:3] == ["København", "Aarhus", "Odense"]
    assert by_size[-1] == "Fredericia"
    assert names(sort="name")[0] == sorted(by_size)
    assert names(sort="share")[0][0] == "Odense"
    assert names(sort="nonsense")[0] == by_size
    rows = {text(row.th): [text(td) for td in row.select("td")] for row in table.select("tr")[1:]}
    assert rows["Aarhus"][:7] == ["62", "under 5", "19 [17–21]", "85%", "2.7", "12 of 38", "32%"]
    assert rows["Vejle"][5:7] == ["not shown", "–"]
    assert rows["All"][0] == "331"
    assert len(table.select("line.ref")) == 7
    _names, table = names(definition="dst", period="2025")
    link = urlsplit(table.select_one("tbody th a")["href"])
    assert parse_qs(link.query) == {"definition": ["dst"], "period": ["2025"]}


# --- What has no figures yet ---------------------------------------------------------------


def test_a_municipality_that_has_just_begun_says_what_cannot_be_measured(staff_client, stored):
    page = soup(staff_client.get(KOLDING))
    found = headings(page)
    assert "New sentence within 2 years" in found
    assert "Needs from start to 12 months" in found
    svg = staff_client.get(f"{KOLDING}charts/recidivism.svg").content.decode()
    assert "Cannot be measured" in svg


def test_what_nobody_has_come_to_yet_is_told_in_the_place_of_the_chart(staff_client):
    nobody = dashboards.early()
    nobody["flow"] = [step | {"n": 0} for step in nobody["flow"]]
    nobody["rhythm"] = {"target": 2, "months": [{"month": m, "n": 0} for m in range(1, 13)]}
    nobody["needs"] = {
        area: need | {"stages": [stage | {"n": 0} for stage in need["stages"]]}
        for area, need in nobody["needs"].items()
    }
    none = {"rate": {"n": 0, "of": 0}, "not_observable": 0, "years": []}
    nobody["recidivism"] = dict.fromkeys(DEFINITIONS, none)
    nobody["without_two"] = nobody["first_contact"] = dashboards.contact(0, 0)
    nobody["pair_time"] = dashboards.pair_time(0, None)
    dashboards.store(nobody, "0621")
    page = soup(staff_client.get(KOLDING))
    assert len(page.select("picture")) == 2
    assert text(page.select_one("#figures")).count("will appear here") == 4
    assert [text(tile.select_one(".val")) for tile in page.select(".tile")][1:] == ["–"] * 3


def test_where_last_year_is_too_few_contact_is_told_of_those_before(staff_client):
    of_before = dashboards.contact(48, 55, over=12)
    own = dashboards.municipality(first_contact=of_before)
    own["country"]["first_contact"] = dashboards.contact(2400, 3000, over=12)
    dashboards.store(own, "0751")
    country = dashboards.country()
    aarhus = next(row for row in country["municipalities"] if row["code"] == "0751")
    aarhus["first_contact"] = of_before
    dashboards.store(country)
    page = soup(staff_client.get(AARHUS))
    assert "at least a year ago" in text(page.select(".tile")[-1])
    assert "87" in text(page.select(".tile")[-1])
    compared = page.select_one('figure:has(a[href*="comparison.csv"]) .chart-table')
    assert "Contact within 3 days, released at least a year ago" in text(compared)
    table = soup(staff_client.get(COUNTRY)).select_one("#municipalities")
    assert [text(cell).endswith(" 1") for cell in table.select('[data-label^="Contact"]')].count(
        True
    ) == 1
    csv = staff_client.get("/dashboards/charts/municipalities.csv").content.decode()
    assert "¹" in csv
    assert "at least a year ago" in csv


def test_a_municipality_without_figures_says_what_will_come(staff_client, stored):
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


# --- Choosing -----------------------------------------------------------------------------


def test_choosing_works_without_javascript_and_keeps_what_was_chosen(staff_client, stored):
    assert staff_client.get(COUNTRY, {"place": "0751"}).url == AARHUS
    asked = {"place": "0751", "period": "2025", "definition": "jdl", "sort": "name"}
    led_to = staff_client.get(COUNTRY, asked).url
    assert led_to == f"{AARHUS}?period=2025&definition=jdl"
    page = soup(staff_client.get(led_to))
    chosen = {s["name"]: s.select_one("[selected]")["value"] for s in page.select("select")}
    assert chosen == {"place": "0751", "period": "2025", "definition": "jdl"}
    assert page.select_one(".place-form")["action"] == COUNTRY
    assert page.select_one(".place-form button[type=submit]")
    # So do the pictures, the files, the other definitions and what comes when it is computed.
    addresses = [a["href"] for a in page.select(".source a")]
    addresses += [img["src"] for img in page.select("picture img")]
    addresses.append(page.select_one("[hx-trigger^=run-finished]")["hx-get"])
    for address in addresses:
        found = parse_qs(urlsplit(address).query)
        assert (found["period"], found["definition"]) == (["2025"], ["jdl"]), address
    links = [parse_qs(urlsplit(a["href"]).query) for a in page.select("table.defs a")]
    assert links == [
        {"period": ["2025"]} | d for d in ({}, {"definition": ["dst"]}, {"definition": ["krus"]})
    ]
    assert "22% have a new sentence within 1 year" in headings(page)
    assert text(page.select_one("table.defs .on th")).startswith("Justice Data Lab")
    assert staff_client.get(COUNTRY, {"place": ""}).status_code == 200


def test_a_year_without_figures_leads_to_all_of_them(staff_client, stored):
    page = soup(staff_client.get(AARHUS, {"period": "2019", "definition": "dst"}))
    assert not page.select(".tile")
    assert headings(page) == ["No figures for 2019"]
    assert page.select_one("#figures a")["href"] == f"{AARHUS}?definition=dst"
    assert page.select_one("#id_period [selected]")["value"] == "2019"
    offered = [option["value"] for option in page.select("#id_period option")]
    assert offered == ["", "2025", "2019"]


@pytest.mark.parametrize(
    "asked",
    [{"place": "../admin"}, {"period": "25"}, {"period": "2025'"}, {"definition": "mine"}],
)
def test_what_cannot_be_chosen_is_a_404(staff_client, stored, asked):
    assert staff_client.get(COUNTRY, asked).status_code == 404


def test_a_title_names_no_person(staff_client, stored):
    assert soup(staff_client.get(AARHUS)).title.text == "Figures for Aarhus · Primus"


# --- What it costs -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_asks_the_database_the_same_few_questions(
    staff_client, coordinator_client, query_budget, language
):
    staff_client.cookies["primus_language"] = language
    with query_budget(6):
        staff_client.get(COUNTRY)
    for period in ("", "2025"):
        dashboards.store(dashboards.country(period))
        dashboards.store(dashboards.municipality(period), "0751")
    for url in (COUNTRY, AARHUS, ODENSE, f"{AARHUS}?period=2025&definition=dst"):
        with query_budget(6):
            staff_client.get(url)
    with query_budget(6):
        staff_client.get(f"{AARHUS}?period=2019")
    with query_budget(6):
        coordinator_client.get(AARHUS)
    with query_budget(6):
        staff_client.get("/dashboards/charts/flow.csv")


def test_the_page_is_light_with_every_municipality_in_it(staff_client):
    """With its pictures, compressed; what is the same on every page is measured by the bench."""
    rows = [
        dashboards.municipality_row(code) | {"code": f"{number:04}", "name": f"Place {number}"}
        for number, code in enumerate(list(dashboards.MUNICIPALITIES) * 13)
    ]
    dashboards.store(dashboards.country(municipalities=rows))
    answer = staff_client.get(COUNTRY)
    size = len(gzip.compress(answer.content))
    for address in {img["src"] for img in soup(answer).select("figure img")}:
        size += len(gzip.compress(staff_client.get(address).content))
    assert size < 150_000


# --- With what is really counted -----------------------------------------------------------


def test_the_pages_show_what_is_counted(staff_client):
    """The figures that the worker stores are those that the pages read, with every chart."""
    make(5, enrolments=20)
    recompute_snapshots()
    for snapshot in DashboardSnapshot.objects.order_by("pk"):
        path = (
            AARHUS.replace("0751", snapshot.municipality_id) if snapshot.municipality else COUNTRY
        )
        page = soup(staff_client.get(path, {"period": snapshot.period, "definition": "dst"}))
        assert page.select(".tile")
    for link in soup(staff_client.get(COUNTRY)).select(".source a[href*=csv]"):
        assert staff_client.get(link["href"]).status_code == 200


def test_what_is_no_code_of_a_municipality_is_a_404(client_for, staff_user):
    for page in ("/dashboards/%00/", "/dashboards/%00/charts/flow.csv"):
        assert client_for(staff_user).get(page).status_code == 404
