import copy
import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from outcomes.charts import CHARTS, DashboardSubject, picture
from outcomes.charts.base import PHONE, WIDTHS, cell_text, ticks
from outcomes.charts.icons import scaled
from outcomes.charts.picture import framed
from outcomes.charts.theme import theme
from outcomes.dashboards import snapshot_of
from outcomes.tasks import recompute_snapshots
from outcomes.tests.histories import make
from participants.models import SupportArea

pytestmark = pytest.mark.django_db


def chart_address(name: str, kind: str, code: str | None = None, **asked) -> str:
    """Where a chart's file is; without a code that of the whole country."""
    place = DashboardSubject({}, "", timezone.now(), "", code)
    return place.address(name, kind, **asked)


DRAWN = sorted(name for name, chart in CHARTS.items() if chart.has_picture)


@pytest.fixture
def subject(db) -> DashboardSubject:
    make(5, enrolments=20)
    recompute_snapshots()
    return DashboardSubject.of(snapshot_of(None))


def changed(subject: DashboardSubject, **figures) -> DashboardSubject:
    return replace(subject, figures=copy.deepcopy(subject.figures) | figures)


def texts(svg: bytes) -> str:
    root = ET.fromstring(svg)
    return "\n".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_stands_on_its_own(staff_client, subject, settings, name):
    settings.PRIMUS_DEMO = True
    answer = staff_client.get(chart_address(name, "svg"))
    assert answer["Content-Type"] == "image/svg+xml"
    said = texts(answer.content).replace("\n", " ")
    with override("da"):
        words = CHARTS[name].words(subject)
    assert words.title in said
    assert words.definition.split(".")[0][:40] in said
    assert f"{timezone.localtime(subject.computed_at):%H.%M}" in said
    assert "demonstrationsdata" in said
    png = staff_client.get(chart_address(name, "png"))
    assert png.content.startswith(b"\x89PNG")
    # On the page the words are the page's own.
    bare = texts(staff_client.get(chart_address(name, "svg", bare=1)).content)
    assert words.definition[:40] not in bare.replace("\n", " ")


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_is_drawn_anew_for_each_theme_and_width(subject, name, width):
    pictures = {}
    for theme_name in ("light", "dark"):
        canvas = CHARTS[name].draw(subject, width, theme(theme_name))
        spec = canvas.spec(check=True)
        assert spec["width"] == width
        assert spec["background"] == theme(theme_name)["surface"]
        pictures[theme_name] = spec
        for mark in canvas.marks:
            assert -6 <= mark.row["x"] <= width + 6, mark
            assert mark.style == tuple(sorted(mark.style))
            size = dict(mark.style).get("fontSize")
            assert size is None or size >= 14
    assert pictures["light"] != pictures["dark"]


def test_colours_are_those_of_the_pages():
    assert theme("light")["primary"] == "#0F5C63"
    assert theme("dark")["primary"] == "#6FC3C9"
    assert theme("dark")["housing"] == "#8FD3F7"


def test_what_is_asked_for_must_exist(staff_client, subject):
    for wrong in (
        chart_address("nothing", "svg"),
        chart_address("meetings", "pdf"),
        chart_address("municipalities", "svg"),
        chart_address("meetings", "svg", theme="pink"),
        chart_address("meetings", "svg", width=5000),
        chart_address("meetings", "svg", "0710"),
    ):
        assert staff_client.get(wrong).status_code == 404, wrong


def test_a_picture_is_drawn_once_for_each_snapshot_and_kept_by_the_browser(
    staff_client, subject, monkeypatch
):
    drawn = []
    original = picture.render
    monkeypatch.setattr(picture, "render", lambda *a: drawn.append(a) or original(*a))
    stamp = snapshot_of(None).stamp
    for _ in range(2):
        answer = staff_client.get(chart_address("meetings", "svg", v=stamp))
        assert answer["Cache-Control"].startswith("private, max-age=")
    assert len(drawn) == 1
    staff_client.cookies["primus_language"] = "en"
    assert "Meetings" in texts(staff_client.get(chart_address("meetings", "svg", v=stamp)).content)
    recompute_snapshots()
    answer = staff_client.get(chart_address("meetings", "svg", v=stamp))
    assert answer["Cache-Control"] == "no-store, private"
    assert len(drawn) == 3


def read_csv(answer, delimiter: str) -> list[list[str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_a_file_says_what_the_table_says_in_either_language(staff_client, subject, name):
    for language, delimiter in (("da", ";"), ("en", ",")):
        staff_client.cookies["primus_language"] = language
        answer = staff_client.get(chart_address(name, "csv"))
        assert "attachment" in answer["Content-Disposition"]
        rows = read_csv(answer, delimiter)
        with override(language):
            table = CHARTS[name].table(subject)
            definition = CHARTS[name].words(subject).definition
        assert rows[0] == table.head
        assert len(rows[0]) == len(table.rows[0])
        assert rows[len(table.rows) + 1] == []
        assert [definition] in rows
        assert any("Primus" in row[0] for row in rows[-1:])


def test_numbers_are_written_as_the_language_does(subject):
    need = {"n": 1234, "start": 2.5, "now": 3.5, "change": [-0.25, 1.0]}
    large = changed(subject, needs=dict.fromkeys(subject.figures["needs"], need))
    for language, expected in (
        ("da", ["1.234", "2,5", "3,5", "−0,2 – +1,0"]),
        ("en", ["1,234", "2.5", "3.5", "−0.2 – +1.0"]),
    ):
        with override(language):
            row = CHARTS["needs"].table(large).rows[0]
            assert [cell_text(value) for value in row][1:] == expected
            drawn = CHARTS["needs"].draw(large, PHONE, theme("light"))
            assert expected[1] in {mark.row.get("t") for mark in drawn.marks}


# --- Titles say a finding only where the interval allows no other ------------------------


def title(name: str, subject: DashboardSubject, **figures) -> str:
    with override("en"):
        return CHARTS[name].words(changed(subject, **figures)).title


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ([1.0, 9.0], "More meetings than a year ago"),
        ([-9.0, -1.0], "Fewer meetings than a year ago"),
        ([-1.0, 9.0], "Meetings held each month"),
        (None, "Meetings held each month"),
    ],
)
def test_the_title_of_meetings(subject, change, said):
    assert title("meetings", subject, meetings_change=change) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([[0.1, 1]] * 5, "Things have got better in all five areas"),
        ([[0.1, 1]] * 2 + [[-0.1, 1]] * 3, "Things have got better in 2 of the five areas"),
        ([[-1, -0.1]] * 2 + [[-0.1, 1]] * 3, "Things have got worse in 2 of the five areas"),
        ([[0.1, 1], [-1, -0.1]] + [[-0.1, 1]] * 3, "Needs at start and now"),
        ([None] * 5, "Needs at start and now"),
        ([[0.1, 1]] + [None] * 4, "Housing: things have got better"),
    ],
)
def test_the_title_of_needs(subject, changes, said):
    needs = {
        area: {"n": "small"} if change is None else {"n": 9, "change": change}
        for area, change in zip(SupportArea, changes, strict=True)
    }
    assert title("needs", subject, needs=needs) == said


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (
            {"n": 61, "of": 187, "share": 0.326, "low": 0.263, "high": 0.396},
            "33 % have a new sentence within two years",
        ),
        (
            {"n": 7, "of": 28, "share": 0.25, "low": 0.127, "high": 0.434},
            "New sentence within two years",
        ),
        ({"n": "small", "of": 9}, "New sentence within two years"),
    ],
)
def test_the_title_of_recidivism(subject, rate, said):
    recidivism = subject.figures["recidivism"] | {"rate": rate}
    found = title("recidivism", subject, recidivism=recidivism)
    assert found.replace("33%", "33 %") == said


def test_a_municipality_is_compared_with_the_country_only_with_intervals(staff_client, subject):
    snapshot = snapshot_of("0751")
    rate = {"n": 20, "of": 40, "share": 0.5, "low": 0.352, "high": 0.648}
    figures = copy.deepcopy(snapshot.figures)
    figures["recidivism"]["rate"] = figures["country"]["recidivism"] = rate
    own = DashboardSubject(figures, "Aarhus", snapshot.computed_at, snapshot.stamp, "0751")
    with override("da"):
        canvas = framed(
            CHARTS["recidivism"],
            own,
            CHARTS["recidivism"].draw(own, 548, theme("light")),
            theme("light"),
        )
        rows = CHARTS["recidivism"].table(own).rows
    said = [mark.row["t"] for mark in canvas.marks if "t" in mark.row]
    assert "Aarhus" in said
    assert said.count("20/40") == 2
    assert [row[4] for row in rows] == ["[35–65]", "[35–65]"]


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


def test_the_pages_address_a_picture_by_snapshot_and_language(staff_client, subject):
    page = staff_client.get(reverse("dashboard")).content.decode()
    stamp = snapshot_of(None).stamp
    found = re.findall(r'(?:srcset|src)="([^"]+charts/[^"]+)"', page)
    assert found
    assert all(f"v={stamp}" in link and "lang=da" in link for link in found)
