import csv
import io
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from outcomes.charts import CHARTS, DashboardSubject, picture
from outcomes.charts.base import PHONE, WIDTHS, cell_text, ticks
from outcomes.charts.icons import scaled
from outcomes.charts.theme import theme
from outcomes.recidivism import DEFINITIONS
from outcomes.tests import dashboards
from outcomes.tests.dashboards import STATES, changed, said
from participants.models import SupportArea

EVERY = sorted(CHARTS)


def place_of(name: str) -> str | None:
    """Whose figures a chart is shown with: the comparison is a municipality's."""
    return "0751" if name == "comparison" else None


def chart_address(name: str, kind: str, code: str | None = None, **asked) -> str:
    """Where a chart's file is; without a code that of the whole country."""
    place = DashboardSubject({}, "", timezone.now(), "", code)
    return place.address(name, kind, **asked)


@pytest.fixture
def stored(db) -> dict[str | None, DashboardSubject]:
    """The stored figures of the country and of Aarhus, by code."""
    return {
        None: DashboardSubject.of(dashboards.store(dashboards.country())),
        "0751": dashboards.subject(
            dashboards.store(dashboards.municipality(), "0751").figures, "0751"
        ),
    }


def texts(svg: bytes) -> str:
    root = ET.fromstring(svg)
    return "\n".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_stands_on_its_own(staff_client, stored, settings, name):
    settings.PRIMUS_DEMO = True
    code = place_of(name)
    answer = staff_client.get(chart_address(name, "svg", code))
    assert answer["Content-Type"] == "image/svg+xml"
    told = texts(answer.content).replace("\n", " ")
    with override("da"):
        words = CHARTS[name].words(stored[code])
    assert words.title.split(".")[0][:30] in told
    assert words.definition.split(".")[0][:30] in told
    assert "12. marts 2027 kl. 04.10" in told
    assert "demonstrationsdata" in told
    # On the page the words are the page's own.
    bare = texts(staff_client.get(chart_address(name, "svg", code, bare=1)).content)
    assert words.definition[:40] not in bare.replace("\n", " ")


def test_a_picture_can_be_had_as_png(staff_client, stored):
    answer = staff_client.get(chart_address("needs", "png", definition="dst"))
    assert answer.content.startswith(b"\x89PNG")
    assert answer["Content-Disposition"].endswith('"primus-needs-dk-dst-2027-03-12.png"')


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_is_what_its_schema_asks_for(name):
    """And it is drawn anew for each theme."""
    subject = STATES["municipality" if place_of(name) else "country"]()
    drawn = {}
    for theme_name in ("light", "dark"):
        canvas = CHARTS[name].draw(subject, CHARTS[name].width, theme(theme_name))
        drawn[theme_name] = spec = canvas.spec(check=theme_name == "light")
        assert spec["background"] == theme(theme_name)["surface"]
    assert drawn["light"] != drawn["dark"]


@pytest.mark.parametrize("state", STATES)
def test_a_picture_keeps_to_its_width_in_every_state(state):
    subject = STATES[state]()
    for name, chart in CHARTS.items():
        if not chart.has_figures(subject):
            continue
        for width in WIDTHS:
            canvas = chart.draw(subject, width, theme("light"))
            assert canvas.width == width
            for mark in canvas.marks:
                assert -6 <= mark.row["x"] <= width + 6, (name, width, mark)
                assert -6 <= mark.row["y"] <= canvas.height + 6, (name, width, mark)
                assert mark.style == tuple(sorted(mark.style))
                size = dict(mark.style).get("fontSize")
                assert size is None or size >= 14


def test_colours_are_those_of_the_pages():
    assert theme("light")["primary"] == "#0F5C63"
    assert theme("dark")["primary"] == "#6FC3C9"
    assert theme("dark")["housing"] == "#8FD3F7"


def test_what_is_asked_for_must_exist(staff_client, stored):
    assert staff_client.get(chart_address("flow", "csv")).status_code == 200
    for wrong in (
        chart_address("nothing", "svg"),
        chart_address("flow", "pdf"),
        chart_address("comparison", "svg"),
        chart_address("funnel", "svg", "0751"),
        chart_address("flow", "svg", theme="pink"),
        chart_address("flow", "svg", width=5000),
        chart_address("flow", "svg", "0710"),
        chart_address("flow", "csv", period="2023"),
        chart_address("flow", "csv", period="now"),
        chart_address("flow", "csv", definition="mine"),
    ):
        assert staff_client.get(wrong).status_code == 404, wrong


def test_a_picture_is_drawn_once_for_each_snapshot_and_kept_by_the_browser(
    staff_client, stored, monkeypatch
):
    drawn = []
    original = picture.render
    monkeypatch.setattr(picture, "render", lambda *a: drawn.append(a) or original(*a))
    stamp = stored[None].stamp
    for _ in range(2):
        answer = staff_client.get(chart_address("rhythm", "svg", v=stamp))
        assert answer["Cache-Control"].startswith("private, max-age=")
    assert len(drawn) == 1
    staff_client.get(chart_address("rhythm", "svg", v=stamp, definition="dst"))
    assert len(drawn) == 2
    staff_client.cookies["primus_language"] = "en"
    assert "meetings" in texts(staff_client.get(chart_address("rhythm", "svg", v=stamp)).content)
    snapshot = dashboards.DashboardSnapshot.objects.get(municipality=None)
    snapshot.computed_at = timezone.now()
    snapshot.save()
    answer = staff_client.get(chart_address("rhythm", "svg", v=stamp))
    assert answer["Cache-Control"] == "no-store, private"
    assert len(drawn) == 4


def read_csv(answer, delimiter: str) -> list[list[str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


@pytest.mark.parametrize("name", EVERY)
def test_a_file_says_what_the_table_says_in_either_language(staff_client, stored, name):
    code = place_of(name)
    for language, delimiter in (("da", ";"), ("en", ",")):
        staff_client.cookies["primus_language"] = language
        answer = staff_client.get(chart_address(name, "csv", code))
        assert "attachment" in answer["Content-Disposition"]
        rows = read_csv(answer, delimiter)
        with override(language):
            table = CHARTS[name].table(stored[code])
            definition = CHARTS[name].words(stored[code]).definition
        assert rows[0] == table.head
        assert all(len(row) == len(table.head) for row in rows[: len(table.rows) + 1])
        assert rows[len(table.rows) + 1] == []
        assert [definition] in rows
        assert any("Primus" in row[0] for row in rows[-1:])


def test_numbers_are_written_as_the_language_does():
    subject = STATES["country"]()
    need = subject.figures["needs"]["housing"]
    stages = [stage | {"n": 1234, "mean": 2.5} for stage in need["stages"]]
    needs = dict.fromkeys(SupportArea.values, need | {"stages": stages})
    large = changed(subject, needs=needs)
    for language, n, mean, interval in (
        ("da", "1.234", "2,5", "[1,9 – 2,3]"),
        ("en", "1,234", "2.5", "[1.9 – 2.3]"),
    ):
        with override(language):
            row = [cell_text(value) for value in CHARTS["needs"].table(large).rows[0]]
            assert row[2:5] == [n, mean, interval]
            drawn = CHARTS["needs"].draw(large, PHONE, theme("light"))
            assert mean in {mark.row.get("t") for mark in drawn.marks}


# --- Period and definition ---------------------------------------------------------------


def test_period_and_definition_are_part_of_what_a_chart_is_about():
    usual = STATES["country"]()
    assert (usual.query(), usual.slug) == ({}, "dk-2027-03-12")
    other = dashboards.subject(dashboards.municipality("2023"), "0751", DEFINITIONS["jdl"])
    assert other.query() == {"period": "2023", "definition": "jdl"}
    assert other.slug == "0751-2023-jdl-2027-03-12"
    assert other.place == "Aarhus, 2023"
    assert "period=2023" in other.address("flow", "csv")
    with override("en"):
        assert CHARTS["recidivism"].words(other).title == "22% have a new sentence within 1 year"
        assert "within 365 days" in CHARTS["recidivism"].words(other).definition
        assert "referred in 2023" in CHARTS["flow"].words(other).lead


def test_what_cannot_be_measured_says_when_it_can():
    told = " ".join(said("recidivism", STATES["country"]()))
    assert "Cannot be measured" in told
    assert "712 released. All of 2025 can be measured from 30 December 2028." in told
    told = " ".join(said("recidivism", STATES["country, a year"]()))
    # Its time is over: whoever is missing has not been looked up.
    assert "712 released." in told
    assert "can be measured from" not in told


def test_a_municipality_with_few_people_is_hatched_and_no_count_of_it_is_drawn():
    subject = STATES["tiny"]()
    for name in ("flow", "rhythm", "capacity", "comparison"):
        numbers = [text for text in said(name, subject) if text in {"1", "2", "3", "4"}]
        assert not numbers, name
    assert "<5" in said("needs", subject)
    assert "under 5" in said("flow", subject)


def test_a_title_says_nothing_of_months_that_are_hidden():
    subject = STATES["country"]()
    months = subject.figures["rhythm"]["months"]

    def titled(*changes: dict) -> str:
        rhythm = {"target": 2, "months": [*months[: 12 - len(changes)], *changes]}
        with override("en"):
            return CHARTS["rhythm"].words(changed(subject, rhythm=rhythm)).title

    assert titled() == "Fewer meetings than the target from month 11 on"
    assert titled({"month": 12, "n": "small"}) == "Meetings by month after release"
    # What reads 2.0 has reached 2, however narrow its interval is.
    nearly = [{"month": m, "n": 90, "mean": 1.97, "low": 1.96, "high": 1.98} for m in (10, 11)]
    last = {"month": 12, "n": 90, "mean": 1.5, "low": 1.4, "high": 1.6}
    assert titled(*nearly, last) == "Fewer meetings than the target from month 12 on"
    told = " ".join(said("rhythm", STATES["tiny"]()))
    assert told == "Too few people for the figures to be shown."


def test_a_title_on_needs_says_whom_it_is_about_and_is_seen_on_the_curve():
    subject = STATES["country"]()
    whom = "both at the start and after 12 months"
    needs = dict(subject.figures["needs"])
    with override("en"):
        words = CHARTS["needs"].words(subject)
        assert (words.title, whom in words.definition) == (
            "Things have got better in all five areas",
            True,
        )
        *stages, last = needs["housing"]["stages"]
        hidden = {"stage": last["stage"], "n": "small", "missing": 1, "no_need": 0}
        needs["housing"] = needs["housing"] | {"stages": [*stages, hidden]}
        words = CHARTS["needs"].words(changed(subject, needs=needs))
        assert (words.title, whom in words.definition) == ("Needs from start to 12 months", False)


def test_years_that_are_left_out_are_told_of_and_words_keep_to_their_column():
    subject = STATES["country"]()
    counted = subject.recidivism

    def with_years(years: list[dict], **more):
        found = subject.figures["recidivism"] | {
            subject.definition.key: counted | {"years": years} | more
        }
        return changed(subject, recidivism=found)

    fewer = with_years(counted["years"][1:])
    with override("en"):
        left_out = "Years with too few people are not drawn"
        assert left_out not in CHARTS["recidivism"].words(subject).definition
        assert left_out in CHARTS["recidivism"].words(fewer).definition
    withheld = {"n": "withheld", "of": "withheld"}
    hidden = with_years([year | {"rate": withheld} for year in counted["years"]])
    assert "not shown" not in said("recidivism", hidden)
    assert {"not", "shown"} <= set(said("recidivism", hidden))
    # The dotted share of all years lies within the scale.
    high = {"n": 90, "of": 187, "share": 0.48, "low": 0.41, "high": 0.55}
    assert "60%" in said("recidivism", with_years(hidden.recidivism["years"], rate=high))


def test_what_is_hidden_of_those_who_dropped_out_is_told_in_words():
    subject = STATES["country"]()
    first, *others = subject.figures["flow"]
    hidden = changed(subject, flow=[first | {"dropped": "withheld"}, *others])
    for width in (PHONE, 548):
        assert "not shown" in said("flow", hidden, width)


# --- The municipalities ------------------------------------------------------------------


def test_municipalities_are_sorted_and_hidden_ones_come_last():
    with override("en"):
        names = [row[0] for row in CHARTS["municipalities"].table(STATES["country"]()).rows]
    expected = "København Aarhus Odense Aalborg Esbjerg Kolding Vejle Fredericia All"
    assert names == expected.split()


# --- Drawing ----------------------------------------------------------------------------


def test_a_scale_has_three_to_six_steps_from_zero():
    for highest in (1, 2, 3, 7, 10, 11, 24, 99, 101, 2_437):
        found = ticks(highest)
        assert found[0] == 0
        assert found[-1] >= highest
        assert 3 <= len(found) <= 6
        assert len({b - a for a, b in pairwise(found)}) == 1


def test_an_icon_is_scaled_but_not_the_flags_of_its_arcs():
    assert scaled("M4 8.5A2.5 2.5 0 0 1 6.5 6H17v3", 2) == "M 8 17 A 5 5 0 0 1 13 12 H 34 v 6"
    assert scaled("m10-3.4-1", 0.5) == "m 5 -1.7 -0.5"


def test_the_pages_address_a_picture_by_snapshot_and_language(staff_client, stored):
    page = staff_client.get(reverse("dashboard")).content.decode()
    found = re.findall(r'(?:srcset|src)="([^"]+charts/[^"]+)"', page)
    assert found
    assert all(f"v={stored[None].stamp}" in link and "lang=da" in link for link in found)
