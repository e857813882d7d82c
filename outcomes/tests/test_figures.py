"""The figures against the plainest way of counting, one row at a time."""

from collections import Counter
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from django.utils import timezone

from mentoring.models import Mentor
from outcomes.counting import Moments, count_all
from outcomes.measures import funnel, mean, median, rate
from outcomes.recidivism import DEFINITIONS, History, Offence, classify
from outcomes.tests.histories import CODES, make
from participants.models import Enrolment
from participants.phases import CURRENT_PHASES
from participants.tests.factories import HOME, EnrolmentFactory

STAGES = {"start": None, "release": None, "month_3": 3, "month_6": 6, "month_12": 12}


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


def meeting_days(enrolment, today: date) -> list[date]:
    """The days of the meetings held from the release until today."""
    days = [timezone.localdate(m.happened_at) for m in enrolment.meetings.filter(state="held")]
    return sorted(day for day in days if enrolment.released_on <= day <= today)


def is_over(enrolment, months: int, today: date) -> bool:
    return enrolment.released_on + relativedelta(months=months) <= today


def over(enrolment, today: date) -> int:
    return max((m for m in (1, 3, 6, 9, 12) if is_over(enrolment, m, today)), default=0)


def way_of(enrolment, today: date) -> tuple:
    """How far somebody came, and in which class their pair is."""
    pairs = [p.formed_on for p in enrolment.pairs.exclude(end_reason="by_mistake")]
    paired = min((day for day in pairs if day <= today), default=None)
    is_released = enrolment.released_on is not None and enrolment.released_on <= today
    days = meeting_days(enrolment, today) if is_released else []
    later = is_released and any(
        day >= enrolment.released_on + relativedelta(months=6) for day in days
    )
    goes_on = enrolment.ended_on is None or enrolment.ended_on > today
    consented = enrolment.consents.filter(kind="participation", given_on__lte=today).exists()
    steps = {
        "referred": consented or paired is not None,
        "consented": paired is not None,
        "paired": is_released,
        "released": bool(days),
        "contacted": later,
        "six_months": enrolment.end_reason == "completed" and not goes_on,
    }
    waited = "none"
    if paired is not None:
        waited = "within" if (paired - enrolment.referred_on).days <= 21 else "later"
    for step, came_further in steps.items():
        if not came_further:
            return ((step, "pending" if goes_on else "dropped"), waited)
    return (("completed", ""), waited)


def history_of(enrolment) -> History:
    follow_up = getattr(enrolment, "follow_up", None)
    if follow_up is None:
        return History(enrolment.released_on)
    offences = follow_up.reoffences.all()
    return History(
        enrolment.released_on,
        follow_up.register_date,
        follow_up.died_on,
        follow_up.emigrated_on,
        tuple(Offence(r.offence_on, r.convicted_on, r.sanction) for r in offences),
    )


def by_hand(enrolments: list, today: date) -> dict:
    """What is counted of the enrolments released in one place and year."""
    crime, time, needs, meetings, ratings, change = (Counter() for _ in range(6))
    for enrolment in enrolments:
        found = {key: classify(history_of(enrolment), today, d) for key, d in DEFINITIONS.items()}
        for key, outcome in found.items():
            crime[key, str(outcome)] += 1
        days, months = meeting_days(enrolment, today), over(enrolment, today)
        within = bool(days) and (days[0] - enrolment.released_on).days <= 3
        time[months, "early" if not months else "within" if within else "not"] += 1
        for month in range(1, months + 1):
            start = enrolment.released_on + relativedelta(months=month - 1)
            end = enrolment.released_on + relativedelta(months=month)
            meetings[months, month] += sum(start <= day < end for day in days)
        for area in ("housing", "finance", "work", "health", "network"):
            known = {r.stage: r for r in enrolment.need_ratings.filter(area=area)}
            for stage, due in STAGES.items():
                how = "missing"
                if due is not None and not is_over(enrolment, due, today):
                    how = "early"
                elif stage in known:
                    how = "no_need" if known[stage].rating is None else "rated"
                    ratings[area, stage] += known[stage].rating or 0
                needs[area, stage, how] += 1
            both = [known[s].rating for s in ("start", "month_12") if s in known]
            if len(both) == 2 and all(both) and is_over(enrolment, 12, today):
                change[area] += both[1] - both[0] + 1000
    return {
        "people": len(enrolments),
        "without_two": sum(held_seats(e, e.released_on) < 2 for e in enrolments),
        "crime": crime,
        "time": time,
        "needs": needs,
        "meetings": +meetings,
        "ratings": +ratings,
        "change": +change,
    }


def counted_crime(cell) -> Counter:
    """The classes of the narrowest definition, told apart by definition again."""
    names, found = ("krus", "kriminalforsorgen", "dst"), Counter()
    for (narrowest, in_a_year), n in cell.crime.items():
        for name in names:
            if narrowest in names:
                is_one = names.index(narrowest) <= names.index(name)
                found[name, "reoffended" if is_one else "not_reoffended"] += n
            elif narrowest == "none":
                found[name, "not_reoffended"] += n
        outcome = {"reoffended": "reoffended", "none": "not_reoffended"}.get(in_a_year)
        if outcome:
            found["jdl", outcome] += n
    for name in names:
        for reason, n in cell.reasons.items():
            found[name, reason] += n
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_what_counting_by_hand_gives(seed):
    make(seed, enrolments=24)
    today = timezone.localdate()
    counted = count_all(today)
    assert set(counted.codes) <= set(CODES)
    enrolments = list(Enrolment.objects.taken_in())
    ways, released = {}, {}
    for e in enrolments:
        key = e.municipality_id, e.referred_on.year
        ways.setdefault(key, Counter())[way_of(e, today)] += 1
        if e.released_on and e.released_on <= today:
            released.setdefault((e.municipality_id, e.released_on.year), []).append(e)
    assert {key: cell.flow for key, cell in counted.referred.items()} == ways
    assert set(counted.released) == set(released)
    for key, some in released.items():
        cell, expected = counted.released[key], by_hand(some, today)
        assert cell.people == expected["people"]
        assert cell.without_two == expected["without_two"]
        assert cell.time == expected["time"]
        assert +cell.needs == expected["needs"]
        assert {k: m.total for k, m in cell.meetings.items()} == expected["meetings"]
        assert {k: m.total for k, m in cell.ratings.items()} == expected["ratings"]
        total = {k: m.total + 1000 * m.n for k, m in cell.change.items()}
        assert total == expected["change"]
        found = counted_crime(cell)
        in_two_years = {k: n for k, n in expected["crime"].items() if k[0] != "jdl"}
        assert {k: n for k, n in found.items() if k[0] != "jdl"} == in_two_years
        for outcome in ("reoffended", "not_reoffended"):
            assert found["jdl", outcome] == expected["crime"]["jdl", outcome]
    for code in CODES:
        current = [e for e in enrolments if e.municipality_id == code and e.phase in CURRENT_PHASES]
        now = counted.now[code]
        assert now.phases == Counter(str(e.phase) for e in current)
        assert now.ended == sum(e.municipality_id == code for e in enrolments) - len(current)
        assert now.seats == Counter(
            ("two" if held_seats(e, today) == 2 else "vacant") if has_pair(e, today) else "none"
            for e in current
        )
        mentors = [
            (mentor.capacity, sum(1 for _seat in current_seats(mentor, today)))
            for mentor in Mentor.objects.filter(municipality=code, state="active")
            if mentor.clearances.count() == 3
        ]
        found = counted.mentors[code]
        assert found.with_room == sum(load < capacity for capacity, load in mentors)
        assert found.full == sum(load >= capacity for capacity, load in mentors)
        assert found.places_free == sum(max(c - load, 0) for c, load in mentors)


def current_seats(mentor, today):
    return [
        seat
        for seat in mentor.seats.select_related("pair")
        if seat.held_from <= today
        and (seat.held_until is None or today < seat.held_until)
        and seat.pair.formed_on <= today
        and (seat.pair.ended_on is None or today < seat.pair.ended_on)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", [("declined", "later"), ("not_eligible", "release_far")])
def test_a_referral_that_was_turned_down_is_counted_nowhere(outcome):
    reason, detail = outcome
    EnrolmentFactory(withdrawn=True, end_reason=reason, end_detail=detail)
    assert count_all(timezone.localdate()).codes == []
    EnrolmentFactory(withdrawn=True)
    assert count_all(timezone.localdate()).now[HOME].ended == 1


@pytest.mark.django_db
def test_the_number_of_questions_does_not_grow(query_budget):
    with query_budget(5):
        count_all(timezone.localdate())
    make(1, enrolments=6)
    with query_budget(5) as asked:
        count_all(timezone.localdate())
    assert len(asked) == 5


def test_months_are_counted_as_the_calendar_says(db):
    """The last day of a shorter month stands for the days it lacks."""
    from mentoring.tests.factories import MeetingFactory
    from outcomes.tests.histories import noon

    enrolment = EnrolmentFactory(
        referred_on=date(2023, 10, 1),
        expected_release=date(2024, 1, 31),
        released_on=date(2024, 1, 31),
    )
    for day in (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 30), date(2024, 3, 31)):
        MeetingFactory(enrolment=enrolment, happened_at=noon(day))
    cell = count_all(date(2025, 6, 1)).released[enrolment.municipality_id, 2024]
    assert {month: m.total for (_over, month), m in cell.meetings.items()} == {1: 1, 2: 2, 3: 1}


# --- Means, medians and limits ---------------------------------------------------------------


def moments(values) -> Moments:
    found = Moments()
    for value in values:
        found.add(value)
    return found


def test_a_mean_has_students_interval_and_is_of_five_people_at_least():
    found = mean(5, moments([1, 2, 3, 4, 5]))
    assert (found["mean"], found["low"], found["high"]) == (3.0, 1.04, 4.96)
    assert mean(4, moments([1, 2, 3, 4])) == {"n": 4}
    assert mean("withheld", moments([1] * 9)) == {"n": "withheld"}


def test_a_median_has_the_interval_of_its_order_statistics():
    """Conover's table A3: of 10, the 2nd and the 9th; of 20, the 6th and the 15th."""
    assert median(Counter(range(1, 11))) == {"median": 5.5, "low": 2, "high": 9}
    assert median(Counter(range(1, 21))) == {"median": 10.5, "low": 6, "high": 15}
    assert median(Counter(range(1, 6))) == {"median": 3, "low": None, "high": None}
    assert median(Counter(range(1, 5)))["median"] is None


def test_a_rate_is_shown_with_both_of_its_numbers_only():
    assert rate(14, 331)["share"] == 0.0423
    assert rate("small", 331) == {"n": "small", "of": 331}
    assert rate(0, 0) == {"n": 0, "of": 0}


def test_the_limits_of_chance_close_around_the_countrys_share():
    limits = funnel(0.33, 400)
    assert limits[0]["of"] == 5
    assert limits[-1]["of"] == 400
    for limit in limits:
        assert limit["low998"] <= limit["low95"] <= 0.33 <= limit["high95"] <= limit["high998"]
    assert limits[-1]["low95"] == pytest.approx(0.33 - 1.96 * (0.33 * 0.67 / 400) ** 0.5, abs=0.004)
    assert limits[-1]["high998"] == pytest.approx(0.33 + 3.09 * (0.2211 / 400) ** 0.5, abs=0.004)
