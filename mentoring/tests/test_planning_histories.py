"""What the ledger holds after planning, against the definition written out by hand."""

import calendar
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentoring.models import Reminder
from mentoring.planning import plan_for
from mentoring.tests.factories import MentorFactory, SeatFactory
from mentoring.tests.planning_data import REFERRED, enrol
from participants.models import EndReason, Enrolment
from participants.tests.factories import ELSEWHERE, CoordinatorFactory, EnrolmentFactory


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due_by_hand(enrolment: Enrolment, today: date):
    """Day by day back from today, without any of the shortcuts."""
    if enrolment.ended_on and enrolment.ended_on <= today:
        return None
    fact, plan = enrolment.released_on, enrolment.expected_release
    if fact:
        days = {fact: "release", fact + timedelta(days=14): "day_14"}
        days |= {months_later(fact, n): f"month_{n}" for n in (3, 6, 9, 12)}
    else:
        days = {
            months_later(plan, -2): "period_start",
            plan - timedelta(days=14): "gate_week",
            plan: "release",
        }
    for back in range(100):
        day = today - timedelta(days=back)
        if day in days:
            return (days[day], day) if back < 14 or days[day] == "period_start" else None
    return None


def wanted_by_hand(today: date) -> set:
    wanted = set()
    for enrolment in Enrolment.objects.all():
        due = due_by_hand(enrolment, today)
        seats = [seat for pair in enrolment.pairs.all() for seat in pair.seats.all()]
        users = {
            seat.mentor.user_id
            for seat in seats
            if seat.held_from <= today and (seat.held_until is None or today < seat.held_until)
        }
        users |= {c.user_id for c in enrolment.municipality.coordinators.all()}
        if due:
            wanted |= {(enrolment.pk, user, *due) for user in users}
    return wanted


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


START = date(2027, 12, 20)  # leap day, both moves of the clock and a turn of the year lie ahead
days_around = st.integers(-420, 120).map(lambda n: START + timedelta(days=n))
steps = st.lists(
    st.tuples(
        st.integers(0, 45),  # days that pass
        st.sampled_from(["nothing", "move", "release", "end", "leave", "join", "send"]),
        st.integers(-60, 90),
        st.sampled_from([0, 1]),
    ),
    max_size=10,
)


def act(what: str, enrolment: Enrolment, today: date, shift: int) -> None:
    """One thing that happens to an enrolment on a day."""
    if what == "send":
        Reminder.objects.filter(enrolment=enrolment, state="planned").update(
            state="sent", sent_at="2027-12-20T07:00Z"
        )
    elif enrolment.ended_on:
        return
    elif what == "move":
        enrolment.expected_release += timedelta(days=shift)
    elif what == "release" and enrolment.expected_release <= today:
        enrolment.released_on = enrolment.released_on or today - timedelta(days=abs(shift) % 5)
    elif what == "end":
        enrolment.ended_on, enrolment.end_reason = today, EndReason.OTHER
    elif what in ("leave", "join"):
        pair = enrolment.pairs.get()
        number = 1 + shift % 2
        holder = pair.seats.filter(number=number, held_until=None).first()
        if what == "leave" and holder:
            holder.held_until = today
            holder.save()
        elif what == "join" and not holder:
            mentor = MentorFactory(cleared=False)
            SeatFactory(pair=pair, number=number, mentor=mentor, held_from=today)
    enrolment.save()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(releases=st.tuples(days_around, days_around), confirmed=st.booleans(), steps=steps)
def test_the_ledger_follows_any_history(db, releases, confirmed, steps):
    with undone():
        CoordinatorFactory()
        enrolments = [
            enrol(day, released=confirmed and day <= START, municipality_id=code)
            for day, code in zip(releases, ["0751", ELSEWHERE], strict=True)
        ]
        today = START
        for passed, what, shift, which in [(0, "nothing", 0, 0), *steps]:
            today += timedelta(days=passed)
            act(what, Enrolment.objects.get(pk=enrolments[which].pk), today, shift)
            plan_for(today=today)
            rows = list(
                Reminder.objects.values_list(
                    "enrolment", "recipient", "kind", "occasion_on", "state"
                )
            )
            sent = {tuple(key) for *key, state in rows if state == "sent"}
            planned = {tuple(key) for *key, state in rows if state == "planned"}
            assert planned == wanted_by_hand(today) - sent


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    day=st.dates(date(2027, 1, 1), date(2029, 1, 1)),
    releases=st.lists(st.tuples(st.integers(-400, 90), st.booleans()), min_size=1, max_size=6),
)
def test_any_day_of_release_seen_from_any_day(db, day, releases):
    with undone():
        CoordinatorFactory()
        for shift, confirmed in releases:
            release = day + timedelta(days=shift)
            EnrolmentFactory(
                referred_on=REFERRED - timedelta(days=400),
                expected_release=release,
                released_on=release if confirmed and shift <= 0 else None,
            )
        plan_for(today=day)
        rows = Reminder.objects.values_list("enrolment", "recipient", "kind", "occasion_on")
        assert set(rows) == wanted_by_hand(day)
