"""Phases and milestones, checked against a second reading of the rules, written differently."""

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mentoring.models import Meeting
from mentoring.tests.factories import MeetingFactory
from participants.milestones import Milestone, milestone_date
from participants.models import EndReason, Enrolment
from participants.phases import (
    CURRENT_PHASES,
    Phase,
    add_months,
    latest_day_reached,
    phase_of,
)
from participants.tests.factories import EnrolmentFactory

LONG_AGO = date(2000, 1, 1)


# --- The second reading ------------------------------------------------------------------


def months_earlier(day: date, months: int) -> date:
    """The same day so many months earlier, by the calendar alone."""
    year, month = day.year, day.month
    for _ in range(months):
        month -= 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def as_the_design_says(expected: date, released: date | None, ended: date | None, today: date):
    """The table of phases, from its last row to its first."""
    if ended and not today < ended:
        return "ended"
    if released and not today < released:
        return "post_release"
    # From here on nobody has been released yet.
    if today > expected:
        return "unconfirmed"
    if today < months_earlier(expected, 2):
        return "upcoming"
    return "pre_release"


# --- Days that lie close together, with month ends and leap days among them ---------------


@st.composite
def days(draw, near: date | None = None):
    if near is not None and draw(st.booleans()):
        return near + timedelta(days=draw(st.integers(-70, 70)))
    year, month = draw(st.integers(2019, 2033)), draw(st.integers(1, 12))
    last = calendar.monthrange(year, month)[1]
    return date(year, month, draw(st.sampled_from([1, 2, 15, 28, last - 1, last])))


@st.composite
def histories(draw):
    today = draw(days())
    expected = draw(days(near=today))
    released = draw(st.none() | days(near=expected))
    ended = draw(st.none() | days(near=today))
    if ended and released and ended < released:
        released, ended = ended, released
    return expected, released, ended, today


edge_cases = [
    example((date(2026, 4, 30), None, None, date(2026, 2, 28))),
    example((date(2026, 4, 30), None, None, date(2026, 2, 27))),
    example((date(2024, 4, 30), None, None, date(2024, 2, 28))),
    example((date(2024, 4, 30), None, None, date(2024, 2, 29))),
    example((date(2024, 2, 29), None, None, date(2023, 12, 29))),
    example((date(2026, 3, 1), None, None, date(2025, 12, 31))),
    example((date(2026, 3, 1), None, None, date(2026, 1, 1))),
    example((date(2026, 3, 1), None, None, date(2026, 3, 1))),
    example((date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 2))),
]


def with_edge_cases(test):
    for edge_case in edge_cases:
        test = edge_case(test)
    return test


@settings(max_examples=500, deadline=None)
@given(history=histories())
@with_edge_cases
def test_the_property_reads_the_dates_as_the_design_does(history):
    expected, released, ended, today = history
    enrolment = Enrolment(expected_release=expected, released_on=released, ended_on=ended)
    assert phase_of(enrolment, today) == as_the_design_says(*history)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories())
@with_edge_cases
def test_the_annotation_says_what_the_property_says(one_enrolment, history):
    expected, released, ended, today = history
    enrolment = one_enrolment
    Enrolment.objects.filter(pk=enrolment.pk).update(
        referred_on=LONG_AGO,
        expected_release=expected,
        released_on=released,
        ended_on=ended,
        end_reason=EndReason.OTHER if ended else "",
    )
    annotated = Enrolment.objects.with_phase(today).get(pk=enrolment.pk)
    assert annotated.phase_now == phase_of(annotated, today) == as_the_design_says(*history)
    is_current = annotated.phase_now != Phase.ENDED
    assert Enrolment.objects.current(today).filter(pk=enrolment.pk).exists() == is_current
    found = Enrolment.objects.in_phase(annotated.phase_now, today=today)
    assert found.filter(pk=enrolment.pk).exists()
    through = Meeting.objects.annotate(p=Enrolment.phase_expression(today, "enrolment__"))
    assert through.get(enrolment=enrolment).p == annotated.phase_now


@pytest.fixture
def one_enrolment(db):
    return MeetingFactory().enrolment


def test_there_is_no_phase_without_a_reading():
    assert {*CURRENT_PHASES, Phase.ENDED} == set(Phase)


def test_who_is_not_ended_a_year_after_release_is_still_after_release(db):
    """The twelve months do not end an enrolment: somebody does, with a reason."""
    enrolment = EnrolmentFactory(past_year=True)
    assert enrolment.phase == Phase.POST_RELEASE
    assert enrolment.is_current
    assert list(Enrolment.objects.in_phase(Phase.POST_RELEASE)) == [enrolment]


def test_a_release_that_moves_moves_the_phase_at_once(db):
    enrolment = EnrolmentFactory(unconfirmed=True)
    enrolment.expected_release += timedelta(days=150)
    enrolment.save()
    assert enrolment.phase == Phase.UPCOMING


# --- Months ------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(today=days(), months=st.integers(1, 12))
@example(today=date(2026, 2, 28), months=2)
@example(today=date(2024, 2, 29), months=12)
def test_latest_day_reached_is_the_last_day_that_has_come(today, months):
    candidates = [today + timedelta(days=n) for n in range(months * 31 + 5)]
    reached = [day for day in candidates if months_earlier(day, months) <= today]
    assert latest_day_reached(today, months) == max(reached)


@settings(max_examples=300, deadline=None)
@given(day=days(), months=st.integers(0, 14))
def test_months_follow_the_calendar(day, months):
    assert add_months(day, -months) == months_earlier(day, months)


@pytest.mark.parametrize(
    ("released", "expected"),
    [
        (
            date(2026, 1, 31),
            {
                Milestone.PERIOD_START: date(2025, 11, 30),
                Milestone.GATE_WEEK: date(2026, 1, 17),
                Milestone.RELEASE: date(2026, 1, 31),
                Milestone.DAY_3: date(2026, 2, 3),
                Milestone.DAY_14: date(2026, 2, 14),
                Milestone.MONTH_3: date(2026, 4, 30),
                Milestone.MONTH_6: date(2026, 7, 31),
                Milestone.MONTH_9: date(2026, 10, 31),
                Milestone.MONTH_12: date(2027, 1, 31),
            },
        ),
        (
            date(2024, 2, 29),
            {
                Milestone.PERIOD_START: date(2023, 12, 29),
                Milestone.GATE_WEEK: date(2024, 2, 15),
                Milestone.RELEASE: date(2024, 2, 29),
                Milestone.DAY_3: date(2024, 3, 3),
                Milestone.DAY_14: date(2024, 3, 14),
                Milestone.MONTH_3: date(2024, 5, 29),
                Milestone.MONTH_6: date(2024, 8, 29),
                Milestone.MONTH_9: date(2024, 11, 29),
                Milestone.MONTH_12: date(2025, 2, 28),
            },
        ),
        (
            date(2024, 4, 30),
            {
                Milestone.PERIOD_START: date(2024, 2, 29),
                Milestone.GATE_WEEK: date(2024, 4, 16),
                Milestone.RELEASE: date(2024, 4, 30),
                Milestone.DAY_3: date(2024, 5, 3),
                Milestone.DAY_14: date(2024, 5, 14),
                Milestone.MONTH_3: date(2024, 7, 30),
                Milestone.MONTH_6: date(2024, 10, 30),
                Milestone.MONTH_9: date(2025, 1, 30),
                Milestone.MONTH_12: date(2025, 4, 30),
            },
        ),
    ],
)
def test_milestones(released, expected):
    assert {m: milestone_date(m, released) for m in Milestone} == expected


@pytest.mark.parametrize(
    ("expected", "day_before"),
    [(date(2026, 4, 30), date(2026, 2, 27)), (date(2026, 12, 24), date(2026, 10, 23))],
)
def test_the_period_begins_on_its_milestone(expected, day_before):
    """What the reminder is planned for is the day the phase changes."""
    enrolment = Enrolment(expected_release=expected)
    begins = milestone_date(Milestone.PERIOD_START, expected)
    assert begins == day_before + timedelta(days=1)
    assert phase_of(enrolment, day_before) == Phase.UPCOMING
    assert phase_of(enrolment, begins) == Phase.PRE_RELEASE


def test_milestones_follow_the_fact_once_there_is_one():
    enrolment = Enrolment(expected_release=date(2026, 5, 1), released_on=date(2026, 5, 4))
    assert enrolment.milestone(Milestone.DAY_3) == date(2026, 5, 7)
    assert enrolment.period_ends_on == date(2027, 5, 4)
    assert enrolment.days_in_period == 365


# --- Clocks ------------------------------------------------------------------------------

# Just before and just after midnight in Copenhagen, which is never midnight in UTC.
MIDNIGHTS = [
    pytest.param(datetime(2026, 1, 14, 23, 0, tzinfo=UTC), date(2026, 1, 15), id="winter"),
    pytest.param(datetime(2026, 7, 14, 22, 0, tzinfo=UTC), date(2026, 7, 15), id="summer"),
    pytest.param(datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30), id="spring forward"),
    pytest.param(datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26), id="fall back"),
]


@pytest.mark.parametrize(("midnight", "day"), MIDNIGHTS)
def test_a_phase_begins_at_midnight_in_denmark(db, midnight, day):
    released = EnrolmentFactory(referred_on=LONG_AGO, expected_release=day, released_on=day)
    overdue = EnrolmentFactory(
        referred_on=LONG_AGO, expected_release=day - timedelta(days=1), released_on=None
    )
    seen = {}
    for moment in (midnight - timedelta(seconds=1), midnight):
        with time_machine.travel(moment, tick=False):
            annotated = Enrolment.objects.with_phase()
            for enrolment in (released, overdue):
                assert annotated.get(pk=enrolment.pk).phase_now == enrolment.phase
            seen[moment] = (released.phase, overdue.phase)
    before, after = seen.values()
    assert before == (Phase.PRE_RELEASE, Phase.PRE_RELEASE)
    assert after == (Phase.POST_RELEASE, Phase.UNCONFIRMED)


@pytest.mark.parametrize(("midnight", "day"), MIDNIGHTS)
def test_days_are_counted_in_denmark(midnight, day):
    enrolment = Enrolment(expected_release=day)
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        assert enrolment.days_to_release == 1
    with time_machine.travel(midnight, tick=False):
        assert enrolment.days_to_release == 0
        assert enrolment.day_number == 0
