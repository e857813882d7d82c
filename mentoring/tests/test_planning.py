"""What is due on which day, to whom it goes, and what planning again does to it."""

from datetime import date, timedelta

import pytest
import time_machine

from mentoring.models import Reminder, ReminderState
from mentoring.planning import plan_for
from mentoring.tests.factories import MentorFactory, PairFactory, ReminderFactory, SeatFactory
from mentoring.tests.planning_data import REFERRED, RELEASE, enrol
from participants.models import EndReason, Enrolment
from participants.tests.factories import ELSEWHERE, CoordinatorFactory, EnrolmentFactory


def mentors_of(enrolment):
    return {seat.mentor.user for pair in enrolment.pairs.all() for seat in pair.seats.all()}


def unsent(enrolment):
    """(kind, day, recipient) of what waits to be sent."""
    rows = enrolment.reminders.filter(state=ReminderState.PLANNED)
    return {(row.kind, row.occasion_on, row.recipient) for row in rows}


def kinds(enrolment):
    return {(kind, day) for kind, day, _recipient in unsent(enrolment)}


@pytest.mark.parametrize(
    ("today", "kind", "day"),
    [
        (date(2027, 1, 24), None, None),
        (date(2027, 1, 25), "period_start", date(2027, 1, 25)),
        # Until gate week opens, whoever is new is told where they come in.
        (date(2027, 3, 10), "period_start", date(2027, 1, 25)),
        (date(2027, 3, 11), "gate_week", date(2027, 3, 11)),
        (date(2027, 3, 24), "gate_week", date(2027, 3, 11)),
        (date(2027, 3, 25), "release", date(2027, 3, 25)),
        (date(2027, 4, 7), "release", date(2027, 3, 25)),
        # Nobody has confirmed the release: what follows it has not begun.
        (date(2027, 4, 8), None, None),
        (date(2027, 6, 25), None, None),
    ],
)
def test_what_is_due_while_the_release_is_expected(db, today, kind, day):
    enrolment = enrol()
    plan_for(today=today)
    assert kinds(enrolment) == ({(kind, day)} if kind else set())


@pytest.mark.parametrize(
    ("today", "kind", "day"),
    [
        (date(2027, 3, 25), "release", date(2027, 3, 25)),
        (date(2027, 3, 28), "release", date(2027, 3, 25)),  # nothing of its own after 3 days
        (date(2027, 4, 8), "day_14", date(2027, 4, 8)),
        (date(2027, 4, 21), "day_14", date(2027, 4, 8)),
        (date(2027, 4, 22), None, None),
        (date(2027, 6, 24), None, None),
        (date(2027, 6, 25), "month_3", date(2027, 6, 25)),
        (date(2027, 7, 8), "month_3", date(2027, 6, 25)),
        (date(2027, 7, 9), None, None),
        (date(2027, 9, 25), "month_6", date(2027, 9, 25)),
        (date(2027, 12, 25), "month_9", date(2027, 12, 25)),
        (date(2028, 3, 25), "month_12", date(2028, 3, 25)),
        (date(2028, 4, 8), None, None),
    ],
)
def test_what_is_due_once_the_release_is_a_fact(db, today, kind, day):
    # What was expected no longer counts.
    enrolment = enrol(RELEASE - timedelta(days=40), released_on=RELEASE)
    plan_for(today=today)
    assert kinds(enrolment) == ({(kind, day)} if kind else set())


@pytest.mark.parametrize(
    ("release", "released", "today", "kind"),
    [
        (date(2028, 4, 30), False, date(2028, 2, 29), "period_start"),
        (date(2027, 4, 30), False, date(2027, 2, 28), "period_start"),
        (date(2028, 3, 14), False, date(2028, 2, 29), "gate_week"),
        (date(2028, 2, 29), True, date(2029, 2, 28), "month_12"),
        (date(2027, 11, 30), True, date(2028, 2, 29), "month_3"),
        (date(2027, 11, 30), True, date(2028, 2, 28), None),
        (date(2027, 5, 31), True, date(2028, 2, 29), "month_9"),
    ],
)
def test_months_follow_the_calendar(db, release, released, today, kind):
    enrolment = enrol(release, released=released)
    plan_for(today=today)
    assert kinds(enrolment) == ({(kind, today)} if kind else set())


def test_both_mentors_and_the_coordinators_of_the_municipality(db):
    ours, colleague = CoordinatorFactory(), CoordinatorFactory(municipalities=["0751", ELSEWHERE])
    CoordinatorFactory(municipalities=[ELSEWHERE])
    CoordinatorFactory(user__is_active=False)
    enrolment = enrol()
    plan_for(today=date(2027, 3, 11))
    recipients = {recipient for _kind, _day, recipient in unsent(enrolment)}
    assert recipients == mentors_of(enrolment) | {ours.user, colleague.user}
    assert Reminder.objects.count() == 4


def test_only_who_holds_a_seat_that_day_is_told(db):
    today = date(2027, 3, 11)
    enrolment = EnrolmentFactory(referred_on=REFERRED, expected_release=RELEASE)
    pair = PairFactory(enrolment=enrolment, seat1__held_until=today, seat2=False)
    SeatFactory(pair=pair, number=1, held_from=today + timedelta(days=1))
    SeatFactory(pair=pair, number=2, mentor__user__is_active=False)
    PairFactory(enrolment=enrolment, formed_on=REFERRED, ended_on=today, end_reason="replaced")
    plan_for(today=today)
    assert unsent(enrolment) == set()


def test_planning_again_changes_nothing(db):
    enrol()
    CoordinatorFactory()
    first = plan_for(today=date(2027, 3, 11))
    rows = list(Reminder.objects.order_by("pk").values())
    again = plan_for(today=date(2027, 3, 12))
    assert (first.created, again.created, again.cancelled, again.revived) == (3, 0, 0, 0)
    assert list(Reminder.objects.order_by("pk").values()) == rows


def test_what_was_sent_is_not_planned_again(db):
    enrolment = enrol()
    plan_for(today=date(2027, 3, 11))
    Reminder.objects.update(state=ReminderState.SENT, sent_at="2027-03-11T07:00Z")
    plan_for(today=date(2027, 3, 20))
    assert unsent(enrolment) == set()


def test_when_the_date_moves_the_old_reminder_is_cancelled_and_the_new_date_gets_its_own(db):
    enrolment = enrol()
    plan_for(today=date(2027, 3, 11))
    Enrolment.objects.update(expected_release=date(2027, 5, 1))
    plan_for(today=date(2027, 3, 12))
    cancelled = set(Reminder.objects.filter(state="cancelled").values_list("kind", "occasion_on"))
    assert cancelled == {("gate_week", date(2027, 3, 11))}
    assert kinds(enrolment) == {("period_start", date(2027, 3, 1))}


def test_when_the_date_moves_far_away_nothing_is_left_to_send(db):
    enrolment = enrol()
    plan_for(today=date(2027, 3, 11))
    Enrolment.objects.update(expected_release=date(2028, 5, 1))
    assert plan_for(today=date(2027, 3, 12)).cancelled == 2
    assert unsent(enrolment) == set()


def test_when_the_date_moves_back_the_reminder_is_due_again(db):
    enrolment = enrol()
    plan_for(today=date(2027, 3, 11))
    before = unsent(enrolment)
    Enrolment.objects.update(expected_release=date(2028, 5, 1))
    plan_for(today=date(2027, 3, 12))
    Enrolment.objects.update(expected_release=RELEASE)
    assert plan_for(today=date(2027, 3, 13)).revived == 2
    assert unsent(enrolment) == before


def test_an_enrolment_that_ends_gets_no_more(db):
    enrolment = enrol()
    plan_for(today=date(2027, 3, 11))
    Enrolment.objects.update(ended_on=date(2027, 3, 12), end_reason=EndReason.WITHDREW)
    plan_for(today=date(2027, 3, 12))
    assert unsent(enrolment) == set()
    assert Reminder.objects.filter(state="cancelled").count() == 2


def test_a_mentor_who_leaves_is_not_told_and_the_next_one_is(db):
    enrolment = enrol(released=True)
    plan_for(today=date(2027, 4, 8))
    seat = enrolment.pairs.get().seats.get(number=1)
    seat.held_until = date(2027, 4, 10)
    seat.save()
    successor = MentorFactory()
    SeatFactory(pair=seat.pair, number=1, mentor=successor, held_from=date(2027, 4, 10))
    plan_for(today=date(2027, 4, 10))
    due = ("day_14", date(2027, 4, 8))
    stayed = enrolment.pairs.get().seats.get(number=2).mentor.user
    assert unsent(enrolment) == {(*due, stayed), (*due, successor.user)}
    assert Reminder.objects.get(recipient=seat.mentor.user).state == ReminderState.CANCELLED


def test_what_is_being_sent_is_left_alone(db):
    with time_machine.travel("2027-03-11T08:00:00+01:00", tick=False) as clock:
        enrolment = enrol()
        plan_for()
        Reminder.objects.update(state=ReminderState.SENDING, claimed_at="2027-03-11T07:00Z")
        Enrolment.objects.update(expected_release=date(2028, 5, 1))
        plan_for()
        assert set(enrolment.reminders.values_list("state", flat=True)) == {"sending"}
        # Its sender is gone, and there is no longer any reason to send it.
        clock.shift(timedelta(minutes=31))
        plan_for()
        assert set(enrolment.reminders.values_list("state", flat=True)) == {"cancelled"}


def test_only_the_enrolments_given(db):
    one, other = enrol(), enrol()
    plan_for(Enrolment.objects.filter(pk=one.pk), today=date(2027, 3, 11))
    assert kinds(one)
    assert not kinds(other)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2027-03-10T23:30:00+01:00", "period_start"),  # 22:30 UTC, the same day
        ("2027-03-11T00:30:00+01:00", "gate_week"),  # 23:30 UTC on the day before
        ("2027-03-24T23:30:00+01:00", "gate_week"),
        ("2027-03-25T00:30:00+01:00", "release"),
    ],
)
def test_the_day_is_denmarks(db, now, due):
    with time_machine.travel(now, tick=False):
        enrolment = enrol()
        plan_for()
        assert {kind for kind, _day in kinds(enrolment)} == {due}


@pytest.mark.parametrize(
    ("release", "now", "due"),
    [
        # Summer time begins on 28 March 2027 and ends on 31 October 2027.
        (date(2027, 4, 11), "2027-03-28T00:30:00+01:00", "gate_week"),
        (date(2027, 4, 11), "2027-03-28T23:30:00+02:00", "gate_week"),
        (date(2027, 4, 11), "2027-03-27T23:30:00+01:00", "period_start"),
        (date(2027, 3, 28), "2027-03-28T23:30:00+02:00", "release"),
        (date(2027, 10, 31), "2027-10-31T23:30:00+01:00", "release"),
        (date(2027, 10, 31), "2027-10-30T23:30:00+02:00", "gate_week"),
        (date(2027, 11, 14), "2027-10-31T00:30:00+02:00", "gate_week"),
    ],
)
def test_days_on_which_the_clock_is_moved(db, release, now, due):
    with time_machine.travel(now, tick=False):
        enrolment = enrol(release)
        plan_for()
        assert {kind for kind, _day in kinds(enrolment)} == {due}


def test_the_number_of_queries_does_not_grow(query_budget):
    today = date(2027, 3, 11)
    coordinator = CoordinatorFactory()

    def one_of_each():
        """An enrolment to remind of, and one whose reminder is to be cancelled."""
        enrol()
        ReminderFactory(enrolment=enrol(date(2028, 5, 1)), recipient=coordinator.user)

    one_of_each()
    with query_budget(12) as few:
        planned = plan_for(today=today)
    assert (planned.created, planned.cancelled) == (3, 1)
    for _n in range(20):
        one_of_each()
    with query_budget(12) as many:
        planned = plan_for(today=today)
    assert (planned.created, planned.cancelled) == (60, 20)
    assert len(many) == len(few)
