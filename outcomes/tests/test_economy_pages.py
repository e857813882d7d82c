"""The pages of the economy and of readiness through the client: addresses, errors, scenarios."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from outcomes.charts.economy import ECONOMY_CHARTS, READINESS_CHARTS
from outcomes.charts.economy.subjects import EconomySubject, ReadinessSubject
from outcomes.charts.picture import framed
from outcomes.charts.theme import theme
from outcomes.economy.findings import economy_title
from outcomes.economy.reading import read_economy, read_preparation
from outcomes.economy.scenarios import ScenarioRefused, keep
from outcomes.models import EconomyScenario, EffectSnapshot
from outcomes.tests.economy_data import NOW, effect_snapshot
from outcomes.tests.factories import SnapshotFactory, TrialFactory
from participants.tests.factories import municipality
from primus.testing.axe import names_in

pytestmark = pytest.mark.django_db

HOME = reverse("economy")
HERE = reverse("readiness_municipality", args=["0751"])


@pytest.fixture
def client(staff_client):
    staff_client.cookies["primus_language"] = "en"
    return staff_client


def text_of(client, path: str, **asked) -> str:
    answer = client.get(f"{path}?{urlencode(asked)}" if asked else path)
    assert answer.status_code == 200
    return answer.content.decode()


# --- Where the effect is from ----------------------------------------------------------


def test_without_a_trial_the_published_figures_are_an_assumption(client):
    page = text_of(client, HOME)
    read = client.get(HOME).context["read"]
    assert read.source.origin == "published"
    assert not read.source.measured
    assert read.source.effect.reduction.value == pytest.approx(0.38)
    assert not read.source.effect.reduction.has_interval
    assert "assumption" in page
    assert "Nothing here is measured by Primus" in page
    assert client.get(HOME).context["title"] == "What a krone gives back"
    # Whoever asks for a trial's result is told that there is none.
    assert client.get(f"{HOME}?effect=highest").context["read"].fell_back


def test_the_highest_risk_group_of_the_trial_gives_about_eight(client):
    effect_snapshot()
    answer = client.get(HOME)
    read = answer.context["read"]
    assert read.source.origin == "highest"
    assert (read.source.with_mentors.n, read.source.without.n) == (6, 14)
    assert round(read.result.back.value) == 8
    assert read.source.is_demonstration
    assert "gives about 8 kr. back" in answer.context["title"]
    assert "assumed, not measured" in answer.content.decode()
    assert "Nothing here is measured" not in answer.content.decode()
    # Everybody: 14 of 48 against 24 of 49, another definition has none.
    whole = client.get(f"{HOME}?effect=trial").context["read"]
    assert whole.source.effect.reduction.value == pytest.approx(24 / 49 - 14 / 48)
    assert client.get(f"{HOME}?effect=trial&definition=dst").context["read"].fell_back


def test_a_trial_under_way_has_nothing_to_calculate_with(client):
    effect_snapshot()
    nobody = {"n": 0, "of": 0}
    arms = {name: {"rate": nobody} for name in ("mentors", "control")}
    EffectSnapshot.objects.create(
        trial=TrialFactory(created_at=timezone.now()),
        definition="kriminalforsorgen",
        computed_at=NOW,
        figures={"arms": arms, "subgroups": []},
    )
    read = client.get(HOME).context["read"]
    assert not read.fell_back
    assert read.source.trial_name == "Forsøget"


def test_a_group_that_may_not_be_shown_is_not_calculated_with(client):
    effect_snapshot(highest=({"n": "small", "of": 21}, {"n": 14, "of": 21}))
    read = client.get(HOME).context["read"]
    assert read.fell_back
    assert read.source.origin == "published"


def test_the_title_says_a_finding_only_above_or_below_one():
    def title(**asked) -> str:
        with override("en"):
            return economy_title(read_economy({"effect": "own", **asked}))

    plain = "What a krone gives back"
    assert title(own_low="10", own_high="60") == (
        "With these assumptions, each krone gives about 8 kr. back"
    )
    assert title(own_low="2", own_high="60") == plain
    assert title() == plain
    assert title(own_with="66", own_low="0", own_high="3") == (
        "With these assumptions, it costs more than it gives back"
    )


# --- Whatever is typed -----------------------------------------------------------------

WRONG = ["", "abc", "-1", "inf", "nan", "1e400", "9" * 300, "<b>", "0,0,0", "\x00", "½"]


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_is_typed_is_answered_beside_its_field(client, wrong):
    page = client.get(HOME, {"salary": wrong, "caseload": "40"})
    assert page.status_code == 200
    form = page.context["form"]
    assert set(form.errors) == {"salary"}
    assert page.context["read"].result is None
    # Nothing that was typed is lost.
    assert form["salary"].value() == wrong
    assert 'id="id_salary_error"' in page.content.decode()
    chart = reverse("economy_chart", args=["tornado", "csv"])
    assert client.get(chart, {"salary": wrong}).status_code == 404
    readiness = client.get(HERE, {"releases": wrong})
    assert readiness.status_code == 200
    assert set(readiness.context["form"].errors) == {"releases"}


def test_what_does_not_go_together_is_said_where_it_is(client):
    def wrong(**asked) -> set:
        return set(client.get(HOME, asked).context["form"].errors)

    assert wrong(state="50") == {"region"}
    assert wrong(state="33,3", municipality="33,3", region="33,3") == set()
    own = {"effect": "own", "own_without": "67", "own_with": "29"}
    assert wrong(**own, own_low="40", own_high="60") == {"own_low"}
    turned = client.get(HOME, own | {"own_low": "50", "own_high": "10"}).context["form"].errors
    assert turned == {"own_low": ["The least is above the most."]}
    assert wrong(**own, own_low="10") == {"own_high"}
    assert wrong(effect="own", own_with="") == {"own_with"}
    # What is not asked for is not wrong.
    assert wrong(effect="published", own_with="abc") == set()
    assert wrong(effect="nothing") == {"effect"}
    assert wrong(definition="nothing") == {"definition"}
    assert wrong(horizon="2,5") == {"horizon"}


def test_numbers_mean_the_same_in_either_language(client):
    for language in ("da", "en"):
        client.cookies["primus_language"] = language
        for typed in ("505.300", "505,300", "505300"):
            read = client.get(HOME, {"gain": typed, "rate": "3,5"}).context["read"]
            assert read.given["gain"] == 505_300
            assert read.given["rate"] == pytest.approx(0.035)


# --- Addresses and scenarios -----------------------------------------------------------


def test_an_address_finds_the_same_again_and_says_what_has_changed_since(client):
    effect_snapshot()
    shared = client.get(HOME, {"salary": "700000"}).context["read"].address
    again = client.get(f"{HOME}?{shared}").context["read"]
    assert again.given["salary"] == 700_000
    assert again.since is None
    # Computed again with the same result.
    EffectSnapshot.objects.update(computed_at=NOW + timedelta(days=1))
    same = client.get(f"{HOME}?{shared}").context["read"]
    assert same.since.is_same
    # With another.
    effect_snapshot(highest=((9, 21), (14, 21)), computed_at=NOW + timedelta(days=2))
    answer = client.get(f"{HOME}?{shared}")
    then = answer.context["read"].since
    assert not then.is_same
    assert then.reduction.value == pytest.approx(0.381, abs=0.001)
    assert then.computed_at == NOW
    assert "38 [8–60]" in answer.content.decode()
    # Of another group nothing is said, nor of a mark that nobody made.
    assert client.get(f"{HOME}?{shared}&effect=trial").context["read"].since is None
    for mark in ("x", "a_b_c_d_e", "_" * 99, "9" * 500, "highest-1-dst_99999999999999_1_1_1"):
        assert client.get(HOME, {"seen": mark}).context["read"].since is None


def test_a_scenario_is_saved_opened_compared_renamed_and_removed(client, staff_user):
    effect_snapshot()
    address = client.get(HOME, {"count_hours": "yes"}).context["read"].address
    create = reverse("scenario_create")
    answer = client.post(create, {"name": "With hours", "assumptions": address})
    kept = EconomyScenario.objects.get()
    assert answer.url == f"{HOME}?scenario={kept.pk}"
    assert kept.created_by == staff_user
    opened = client.get(answer.url)
    assert opened.context["read"].given.count_hours
    assert opened.context["scenario"] == kept
    # A name that is taken is said beside the field, and the assumptions stay.
    taken = client.post(create, {"name": "With hours", "assumptions": address})
    assert taken.context["scenario_form"].errors.keys() == {"name"}
    assert taken.context["read"].given.count_hours
    assert client.post(create, {"name": "", "assumptions": ""}).status_code == 200
    assert EconomyScenario.objects.count() == 1
    compared = text_of(client, HOME, compare=kept.pk)
    assert "Side by side" in compared
    client.post(reverse("scenario", args=[kept.pk]), {"name": "All hours"})
    kept.refresh_from_db()
    assert kept.name == "All hours"
    other = EconomyScenario.objects.create(name="Another")
    clash = client.post(reverse("scenario", args=[other.pk]), {"name": "All hours"})
    assert clash.context["form"].errors.keys() == {"name"}
    # What is kept is read with whatever has become of it, and never breaks the page.
    assert client.get(HOME, {"scenario": other.pk}).context["read"].result is not None
    client.post(reverse("scenario_remove", args=[kept.pk]))
    assert not EconomyScenario.objects.filter(name="All hours").exists()
    for nothing in (str(kept.pk), "x", "9" * 40, "-1"):
        assert client.get(HOME, {"scenario": nothing}).status_code == 404
    assert client.get(HOME, {"compare": "x"}).context["other"] is None


def test_two_who_save_one_name_at_once_get_one_scenario(staff_user):
    keep("The same", read_economy({}), staff_user)
    with pytest.raises(ScenarioRefused, match="name_taken"):
        keep("The same", read_economy({}), staff_user)


def test_the_pages_ask_the_database_a_fixed_number_of_times(client, query_budget):
    for number in range(12):
        EconomyScenario.objects.create(name=f"Scenario {number}")
    effect_snapshot()
    with query_budget(4):
        client.get(HOME)
    with query_budget(5):
        client.get(HERE, {"releases": "40"})


# --- Charts ----------------------------------------------------------------------------


def subjects():
    effect_snapshot()
    EffectSnapshot.objects.update(computed_at=NOW)
    shapes = [
        {},
        {"effect": "own", "own_with": "80", "own_low": "-30", "own_high": "5"},
        {"effect": "published", "salary": "2000000", "caseload": "1", "gain": "1000"},
    ]
    for asked in shapes:
        economy = EconomySubject.of(read_economy(asked))
        yield from ((chart, economy) for chart in ECONOMY_CHARTS.values())
        for releases in ("1", "4000"):
            read = read_preparation({**asked, "releases": releases})
            place = ReadinessSubject.of(read, municipality())
            yield from ((chart, place) for chart in READINESS_CHARTS.values())


def test_every_chart_is_drawn_within_its_width_in_both_languages():
    for chart, subject in subjects():
        for language, width in (("da", 548), ("en", 296)):
            with override(language):
                canvas = chart.draw(subject, width, theme("light"))
                for mark in canvas.marks:
                    assert -8 <= mark.row["x"] <= width + 8, (chart.name, mark)
                    assert dict(mark.style).get("fontSize", 14) >= 14
                said = framed(chart, subject, canvas, theme("light"))
                told = " ".join(mark.row["t"] for mark in said.marks if "t" in mark.row)
                table = chart.table(subject)
                assert {len(row) for row in table.rows} == {len(table.head)}
                # What is made up says so in the picture itself.
                if subject.reading.source.is_demonstration:
                    assert "demonstration" in told


def test_a_chart_is_a_resource_of_its_own(client):
    effect_snapshot()
    page = client.get(HOME)
    subject = page.context["subject"]
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG")):
        answer = client.get(subject.address("tornado", kind, v=subject.stamp))
        assert answer.content.startswith(start)
        assert answer["Cache-Control"].startswith("private, max-age=")
    answer = client.get(subject.address("break-even", "csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))
    assert ["Where it pays", "4.8", "1.0"] in rows
    assert any("demonstration" in row[0] for row in rows if row)
    # Other assumptions are other pictures.
    other = client.get(HOME, {"salary": "600000"}).context["subject"]
    assert other.stamp != subject.stamp
    for wrong in ("nothing", "mentors"):
        assert client.get(reverse("economy_chart", args=[wrong, "csv"])).status_code == 404


# --- Readiness -------------------------------------------------------------------------


def test_nothing_is_assumed_of_how_many_are_released(client):
    page = client.get(HERE)
    assert page.context["read"].readiness is None
    assert not page.context["form"].errors
    assert "Write how many" in page.content.decode()
    chart = reverse("readiness_chart", args=["0751", "returned", "csv"])
    assert client.get(chart).status_code == 404
    assert client.get(f"{chart}?releases=40").status_code == 200
    assert client.get(reverse("readiness_municipality", args=["9999"])).status_code == 404


def test_what_primus_knows_of_a_municipality_is_offered_where_it_may_be_shown(client):
    year = timezone.localdate().year - 1
    figures = {"without_two": {"n": 3, "of": 31}, "mentors": {"active": 12}}
    SnapshotFactory(municipality=municipality(), period="", figures=figures)
    hidden = SnapshotFactory(municipality=municipality(), period=str(year), figures=figures)
    page = text_of(client, HERE)
    assert "?releases=31&amp;yes=100&amp;existing=12" in page
    hidden.figures = {"without_two": {"n": "small", "of": "withheld"}}
    hidden.save()
    page = text_of(client, HERE)
    assert "released here in" not in page
    assert "12 cleared mentors" in page


@pytest.mark.parametrize(
    ("releases", "said"),
    [
        ("0", "nobody takes part"),
        ("1", "Too few to expect to see the effect here"),
        ("9", "Too few to expect to see the effect here"),
        ("120", "What can be seen here"),
        ("9.000", "What can be seen here"),
    ],
)
def test_a_municipality_of_any_size_has_its_page(client, releases, said):
    effect_snapshot()
    page = text_of(client, HERE, releases=releases)
    assert said in page
    assert "Aarhus" in page
    assert ("Back for each krone" in page) == (releases != "0")


def test_the_list_of_municipalities_leads_to_each(client):
    page = text_of(client, reverse("readiness"))
    assert page.count('href="/readiness/') >= 98
    leads = client.get(reverse("readiness"), {"place": "0751", "releases": "40"})
    assert leads.url == f"{HERE}?releases=40"
    assert client.get(reverse("readiness"), {"place": "9999"}).status_code == 404
    assert not names_in(page.partition("<title>")[2].partition("</title>")[0])
