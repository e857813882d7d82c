"""What the titles of the dashboards' charts say, and when; whom the funnel names."""

import pytest
from django.utils.translation import override

from outcomes.charts import CHARTS
from outcomes.charts.funnel import limits_at
from outcomes.recidivism import DEFINITIONS
from outcomes.tests import dashboards
from outcomes.tests.dashboards import STATES, changed, said
from participants.models import SupportArea

# --- Titles say a finding only where the interval allows no other ------------------------


def title(name: str, state: str = "country", **figures) -> str:
    with override("en"):
        return CHARTS[name].words(changed(STATES[state](), **figures)).title


@pytest.mark.parametrize(
    ("referred", "completed", "waiting", "finding"),
    [
        (312, 104, 61, "33% have completed the whole year so far"),
        (312, 60, 61, "From referral to a completed year"),
        (19, 19, 0, "From referral to a completed year"),
        (312, "small", 0, "From referral to a completed year"),
        (312, 104, "withheld", "From referral to a completed year"),
    ],
)
def test_the_title_of_the_flow(referred, completed, waiting, finding):
    flow = [
        {"step": "referred", "n": referred, "dropped": 5, "pending": waiting},
        {"step": "completed", "n": completed, "dropped": 0, "pending": 0},
    ]
    assert title("flow", flow=flow) == finding


@pytest.mark.parametrize(
    ("months", "finding"),
    [
        ([(2.1, 3), (1.8, 2.4), (1.2, 1.9)], "Fewer meetings than the target from month 3 on"),
        ([(1, 1.5), (1.8, 2.4), (1.2, 1.9)], "Fewer meetings than the target from month 3 on"),
        ([(1, 1.5), (1, 1.9), (1, 1.9)], "Fewer meetings than the target in every month"),
        ([(2, 3), (2.4, 4)], "The target for meetings is reached in every month"),
        ([(1, 1.5), (1.9, 2.4)], "Meetings by month after release"),
        ([None, None], "Meetings by month after release"),
    ],
)
def test_the_title_of_the_rhythm(months, finding):
    rows = [
        {"month": number, "n": 9, "mean": sum(ends) / 2, "low": ends[0], "high": ends[1]}
        if ends
        else {"month": number, "n": "small"}
        for number, ends in enumerate(months, 1)
    ]
    assert title("rhythm", rhythm={"target": 2, "months": rows}) == finding


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ([(2, 3), (0.8, 1), (0.8, 1), (0.1, 0.5), (0.8, 1)], "Housing moves most, health"),
        (
            [(2, 3), (0.8, 1), (0.8, 1), (0.5, 0.9), (0.8, 1)],
            "Everything gets better, housing most",
        ),
        ([(0.1, 1)] * 5, "Things have got better in all five areas"),
        ([(0.1, 1)] * 2 + [(-0.1, 1)] * 3, "Things have got better in 2 of the five areas"),
        ([(-1, -0.1)] * 2 + [(-0.1, 1)] * 3, "Things have got worse in 2 of the five areas"),
        ([(0.1, 1), (-1, -0.1)] + [(-0.1, 1)] * 3, "Needs from start to 12 months"),
        ([None] * 5, "Needs from start to 12 months"),
        ([(0.1, 1)] + [(-0.1, 1)] * 4, "Housing: things have got better"),
        # The four that are hidden may have got better more.
        ([(0.1, 1)] + [None] * 4, "Needs from start to 12 months"),
    ],
)
def test_the_title_of_needs(changes, finding):
    stages = STATES["country"]().figures["needs"]["housing"]["stages"]
    needs = {
        area: {
            "stages": stages,
            "change": {"n": 9, "mean": sum(ends) / 2, "low": ends[0], "high": ends[1]}
            if ends
            else {"n": "small"},
        }
        for area, ends in zip(SupportArea, changes, strict=True)
    }
    assert title("needs", needs=needs).startswith(finding)


@pytest.mark.parametrize(
    ("n", "of", "finding"),
    [
        (61, 187, "33% have a new sentence within 2 years"),
        (7, 28, "New sentence within 2 years"),
        ("small", 9, "New sentence within 2 years"),
    ],
)
def test_the_title_of_recidivism(n, of, finding):
    counted = STATES["country"]().figures["recidivism"]["kriminalforsorgen"]
    counted = counted | {"rate": dashboards.rate(n, of)}
    assert title("recidivism", recidivism={"kriminalforsorgen": counted}) == finding


@pytest.mark.parametrize(
    ("seats", "free", "finding"),
    [
        ({"two": 9, "vacant": 1, "none": 2}, 4, "Fewer free places than mentors missing"),
        ({"two": 9, "vacant": 1, "none": 2}, 5, "Mentors and room"),
        ({"two": 12, "vacant": 0, "none": 0}, 0, "All enrolments under way have two mentors"),
        ({"two": 12, "vacant": "small", "none": 0}, 0, "Mentors and room"),
    ],
)
def test_the_title_of_capacity(seats, free, finding):
    now = STATES["country"]().figures["now"] | {"under_way": 12, "seats": seats}
    mentors = {"active": 20, "with_room": 5, "places": 30, "places_free": free}
    assert title("capacity", now=now, mentors=mentors) == finding


def test_a_municipality_is_compared_with_the_country_only_with_intervals():
    subject = STATES["municipality"]()
    with override("en"):
        rows = {row[0]: row[1:] for row in CHARTS["comparison"].table(subject).rows}
    assert rows["New sentence within 2 years"] == ["33% [26–40]", "33% [26–40]"]
    assert rows["Days from referral to mentor pair"] == ["16 [14–18]", "19 [17–21]"]
    # Without an interval of its own there is nothing to compare.
    assert rows["Released without two mentors"][0] == "too few"
    assert title("comparison", "municipality") == "Compared with the whole country"
    apart = {"pair_time": dashboards.pair_time(58, 12)}
    expected = "1 of 4 measures differs from the whole country"
    assert title("comparison", "municipality", **apart) == expected


# --- The funnel -------------------------------------------------------------------------


def test_the_funnel_names_only_who_is_outside_chance():
    subject = STATES["country"]()
    drawn = said("funnel", subject)
    names = {row["name"] for row in subject.figures["municipalities"]}
    assert names & set(drawn) == {"Odense"}
    assert title("funnel") == "1 municipality is outside what chance allows"
    # Where every share is the country's, nobody is outside, however small.
    same = dashboards.rate(33, 100)
    rows = [
        row | {"recidivism": {key: {"rate": same, "not_observable": 0} for key in DEFINITIONS}}
        for row in subject.figures["municipalities"]
    ]
    expected = "No municipality is outside what chance allows"
    assert title("funnel", municipalities=rows) == expected
    assert not names & set(said("funnel", changed(subject, municipalities=rows)))


def test_a_hidden_share_is_no_dot_of_the_funnel():
    subject = STATES["country"]()
    shown = [
        row
        for row in subject.figures["municipalities"]
        if "share" in row["recidivism"]["kriminalforsorgen"]["rate"]
    ]
    with override("en"):
        assert len(CHARTS["funnel"].table(subject).rows) == len(shown) == 5


def test_limits_lie_between_the_two_that_are_stored():
    limits = [{"of": 10, "low95": 0.1}, {"of": 20, "low95": 0.2}]
    assert [limits_at(limits, of)["low95"] for of in (5, 10, 15, 20, 40)] == pytest.approx(
        [0.1, 0.1, 0.15, 0.2, 0.2]
    )
