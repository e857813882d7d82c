"""The figures against the plainest way of counting, one row at a time."""

from collections import Counter
from datetime import date

import pytest
from django.utils import timezone

from mentoring.models import Meeting, Mentor
from outcomes.figures import count_all, months_until, released_since
from outcomes.recidivism import History, Offence, classify
from outcomes.tests.histories import CODES, make
from participants.models import Enrolment
from participants.phases import CURRENT_PHASES
from participants.tests.factories import HOME, EnrolmentFactory

pytestmark = pytest.mark.django_db


def held_seats(enrolment, day: date) -> int:
    return len(
        {
            seat.number
            for pair in enrolment.pairs.all()
            if pair.formed_on <= day and (pair.ended_on is None or day < pair.ended_on)
            for seat in pair.seats.all()
            if seat.held_from <= day and (seat.held_until is None or day < seat.held_until)
        }
    )


def has_pair(enrolment, day: date) -> bool:
    return any(
        pair.formed_on <= day and (pair.ended_on is None or day < pair.ended_on)
        for pair in enrolment.pairs.all()
    )


def by_hand(code: str, today: date) -> dict:
    enrolments = Enrolment.objects.filter(municipality=code)
    current = [e for e in enrolments if e.phase in CURRENT_PHASES]
    seats = Counter(
        ("two" if held_seats(e, today) == 2 else "vacant") if has_pair(e, today) else "none"
        for e in current
    )
    released = [e for e in enrolments if e.released_on and e.released_on <= today]
    lately = [e for e in released if e.released_on >= released_since(today)]
    needs = Counter()
    for enrolment in enrolments:
        for area in {rating.area for rating in enrolment.need_ratings.all()}:
            ratings = [r for r in enrolment.need_ratings.filter(area=area) if r.rating]
            start = [r.rating for r in ratings if r.stage == "start"]
            later = sorted((r.rated_on, r.rating) for r in ratings if r.stage != "start")
            if start and later:
                needs[area, start[0], later[-1][1]] += 1
    meetings, met = Counter(), {}
    for meeting in Meeting.objects.filter(enrolment__municipality=code, state="held"):
        month = timezone.localtime(meeting.happened_at).date().replace(day=1)
        if month in months_until(today):
            meetings[month] += 1
            met.setdefault(month, set()).add(meeting.enrolment_id)
    outcomes = Counter()
    for enrolment in released:
        follow_up = getattr(enrolment, "follow_up", None)
        known = (
            History(enrolment.released_on)
            if follow_up is None
            else History(
                enrolment.released_on,
                follow_up.register_date,
                follow_up.died_on,
                follow_up.emigrated_on,
                tuple(
                    Offence(r.offence_on, r.convicted_on, r.sanction)
                    for r in follow_up.reoffences.all()
                ),
            )
        )
        outcomes[classify(known, today)] += 1
    mentors = [
        (mentor.capacity, sum(1 for e in current_pairs(mentor, today)))
        for mentor in Mentor.objects.filter(municipality=code, state="active")
        if mentor.clearances.count() == 3
    ]
    return {
        "phases": Counter(str(e.phase) for e in enrolments),
        "seats": seats,
        "released": len(lately),
        "released_without_two": sum(held_seats(e, e.released_on) < 2 for e in lately),
        "meetings": meetings,
        "people_met": Counter({month: len(people) for month, people in met.items()}),
        "needs": needs,
        "outcomes": outcomes,
        "mentors_free": sum(load < capacity for capacity, load in mentors),
        "mentors_full": sum(load >= capacity for capacity, load in mentors),
        "places_free": sum(max(capacity - load, 0) for capacity, load in mentors),
    }


def current_pairs(mentor, today):
    return [
        seat
        for seat in mentor.seats.select_related("pair")
        if seat.held_from <= today
        and (seat.held_until is None or today < seat.held_until)
        and seat.pair.formed_on <= today
        and (seat.pair.ended_on is None or today < seat.pair.ended_on)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_what_counting_by_hand_gives(seed):
    make(seed)
    today = timezone.localdate()
    counted = count_all(today)
    assert set(counted) <= set(CODES)
    for code in CODES:
        figures, expected = counted[code], by_hand(code, today)
        found = {name: getattr(figures, name) for name in expected if name != "needs"}
        found["needs"] = Counter(
            {(area, *pair): n for area, pairs in figures.needs.items() for pair, n in pairs.items()}
        )
        assert found == expected, code


@pytest.mark.parametrize("outcome", [("declined", "later"), ("not_eligible", "release_far")])
def test_a_referral_that_was_turned_down_is_counted_nowhere(outcome):
    reason, detail = outcome
    EnrolmentFactory(withdrawn=True, end_reason=reason, end_detail=detail)
    assert count_all(timezone.localdate()) == {}
    EnrolmentFactory(withdrawn=True)
    assert count_all(timezone.localdate())[HOME].phases == {"ended": 1}


def test_the_number_of_questions_does_not_grow(query_budget):
    with query_budget(5):
        count_all(timezone.localdate())
    make(1, enrolments=6)
    with query_budget(5) as asked:
        count_all(timezone.localdate())
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("today", "since", "first"),
    [
        (date(2027, 3, 12), date(2026, 3, 13), date(2025, 4, 1)),
        (date(2028, 2, 29), date(2027, 3, 1), date(2026, 3, 1)),
    ],
)
def test_the_periods_follow_the_calendar(today, since, first):
    assert released_since(today) == since
    months = months_until(today)
    assert (months[0], months[-1], len(months)) == (first, today.replace(day=1), 24)
