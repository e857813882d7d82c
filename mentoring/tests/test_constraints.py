"""Every rule of the mentoring tables, broken on purpose and refused by the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.models import (
    Clearance,
    MeetingState,
    MentorPair,
    PairEndReason,
    Reminder,
    ReminderState,
    Seat,
    SendState,
)
from mentoring.tests import desk_constraints, meeting_constraints
from mentoring.tests.factories import (
    AbsenceFactory,
    AccompanimentFactory,
    AuthorityContactFactory,
    CalendarEntryFactory,
    ClearanceFactory,
    ConcernFactory,
    FormReceiptFactory,
    HandoverFactory,
    LetterFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
    ReminderFactory,
    SeatFactory,
    StopNoticeFactory,
    TurnRequestFactory,
)
from participants.tests.factories import EnrolmentFactory, in_days
from primus.testing.constraints import Breaches, adding, changing, refused

pytestmark = pytest.mark.django_db

breaks = Breaches("mentoring")
desk_constraints.add_to(breaks)
meeting_constraints.add_to(breaks)


@breaks("mentor_state_is_known")
def _():
    return changing(MentorFactory(), state="retired")


@breaks("mentor_capacity_from_0_to_4")
def _():
    return changing(MentorFactory(), capacity=5)


@breaks("clearance_once_per_day")
def _():
    first = ClearanceFactory()
    return lambda: Clearance.objects.create(
        mentor=first.mentor, kind=first.kind, obtained_on=first.obtained_on
    )


@breaks("clearance_end_not_before_start")
def _():
    clearance = ClearanceFactory()
    return changing(clearance, expires_on=clearance.obtained_on - timedelta(days=1))


@breaks("clearance_kind_is_known")
def _():
    return changing(ClearanceFactory(), kind="charm")


@breaks("pair_one_current_per_enrolment")
def _():
    first = PairFactory()
    return lambda: MentorPair.objects.create(enrolment=first.enrolment)


@breaks("pair_end_not_before_start")
def _():
    pair = PairFactory()
    return changing(
        pair, ended_on=pair.formed_on - timedelta(days=1), end_reason=PairEndReason.REPLACED
    )


@breaks("pair_end_has_reason")
def _():
    return changing(PairFactory(), ended_on=in_days(0))


@breaks("seat_number_is_1_or_2")
def _():
    pair = PairFactory()
    return lambda: Seat.objects.create(pair=pair, number=3, mentor=MentorFactory())


@breaks("seat_one_current_holder")
def _():
    pair = PairFactory()
    return lambda: Seat.objects.create(pair=pair, number=2, mentor=MentorFactory())


@breaks("seat_no_mentor_twice_in_a_pair")
def _():
    mentor = MentorFactory()
    pair = PairFactory(seat1=mentor, seat2=False)
    return lambda: Seat.objects.create(pair=pair, number=2, mentor=mentor)


@breaks("seat_end_not_before_start")
def _():
    seat = SeatFactory()
    return changing(seat, held_until=seat.held_from - timedelta(days=1))


@breaks("concern_deadline_not_before_raised")
def _():
    concern = ConcernFactory()
    return changing(concern, acknowledge_by=concern.raised_at - timedelta(seconds=1))


@breaks("concern_acknowledged_not_before_raised")
def _():
    concern = ConcernFactory()
    return changing(concern, acknowledged_at=concern.raised_at - timedelta(seconds=1))


@breaks("concern_resolved_after_acknowledged")
def _():
    return changing(ConcernFactory(), resolved_at=timezone.now())


@breaks("concern_urgency_is_known")
def _():
    return changing(ConcernFactory(), urgency="whenever")


@breaks("reminder_once_per_kind_recipient_and_occasion")
def _():
    first = ReminderFactory()
    return lambda: Reminder.objects.create(
        kind=first.kind,
        recipient=first.recipient,
        enrolment=first.enrolment,
        occasion_on=first.occasion_on,
    )


@breaks("reminder_kind_is_known")
def _():
    return changing(ReminderFactory(), kind="birthday")


@breaks("reminder_sent_has_time")
def _():
    return changing(ReminderFactory(), state=ReminderState.SENT)


@breaks("authority_contact_authority_is_known")
def _():
    return changing(AuthorityContactFactory(), authority="oracle")


@breaks("turn_request_one_open_per_enrolment")
def _():
    first = TurnRequestFactory()
    return lambda: TurnRequestFactory(enrolment=first.enrolment)


@breaks("turn_request_is_to_the_other")
def _():
    request = TurnRequestFactory()
    return changing(request, asked=request.asked_by)


@breaks("turn_request_answer_has_time")
def _():
    return changing(TurnRequestFactory(), answer="accepted")


@breaks("absence_end_not_before_start")
def _():
    absence = AbsenceFactory()
    return changing(absence, away_until=absence.away_from - timedelta(days=1))


@breaks("handover_once_per_absence_and_enrolment")
def _():
    first = HandoverFactory()
    return lambda: HandoverFactory(absence=first.absence, enrolment=first.enrolment)


@breaks("stop_notice_one_in_force_per_seat")
def _():
    first = StopNoticeFactory()
    return lambda: StopNoticeFactory(seat=first.seat)


@breaks("stop_notice_reason_is_known")
def _():
    return changing(StopNoticeFactory(), reason="boredom")


@breaks("stop_notice_acknowledged_not_before_given")
def _():
    notice = StopNoticeFactory()
    return changing(notice, acknowledged_at=notice.given_at - timedelta(seconds=1))


@breaks("calendar_entry_once_per_feed_and_source")
def _():
    first = CalendarEntryFactory()
    return adding(CalendarEntryFactory.build(feed=first.feed, source=first.source))


@breaks("calendar_entry_kind_is_known")
def _():
    return changing(CalendarEntryFactory(), kind="birthday")


@breaks("letter_tells_of_one_thing")
def _():
    return changing(LetterFactory(), stop_notice=StopNoticeFactory())


@breaks("letter_once_per_concern_and_recipient")
def _():
    first = LetterFactory()
    return adding(LetterFactory.build(concern=first.concern, recipient=first.recipient))


@breaks("letter_once_per_stop_notice_and_recipient")
def _():
    first = LetterFactory(concern=None, stop_notice=StopNoticeFactory())
    return adding(
        LetterFactory.build(concern=None, stop_notice=first.stop_notice, recipient=first.recipient)
    )


@breaks("letter_state_is_known")
def _():
    return changing(LetterFactory(), state="lost")


@breaks("letter_sent_has_time")
def _():
    return changing(LetterFactory(), state=SendState.SENT)


@breaks.parametrize()
def test_the_database_refuses(name):
    breaks.check(name)


def test_every_constraint_is_broken_on_purpose():
    breaks.check_complete()


# --- Going round about, and what the rules must not forbid -------------------------------


def test_a_third_mentor_is_refused_in_either_seat():
    pair = PairFactory()
    for number, rule in [
        (1, "seat_one_current_holder"),
        (2, "seat_one_current_holder"),
        (3, "seat_number_is_1_or_2"),
        (0, "seat_number_is_1_or_2"),
    ]:
        with refused(rule):
            Seat.objects.bulk_create([Seat(pair=pair, number=number, mentor=MentorFactory())])
    assert pair.seats.count() == 2


def test_a_mentor_cannot_be_moved_into_the_partners_seat():
    pair = PairFactory()
    first, second = pair.seats.all()
    with refused("seat_no_mentor_twice_in_a_pair"):
        changing(second, mentor=first.mentor)()
    with refused("seat_one_current_holder"):
        changing(second, number=1)()


def test_a_pair_that_ended_cannot_be_opened_again_beside_another():
    old = PairFactory(ended=True)
    PairFactory(enrolment=old.enrolment)
    with refused("pair_one_current_per_enrolment"):
        changing(old, ended_on=None, end_reason="")()


def test_a_seat_may_be_taken_again_by_anyone_once_it_is_given_up():
    pair = PairFactory(seat1__held_until=in_days(0))
    left = pair.seats.get(number=1).mentor
    SeatFactory(pair=pair, number=1, held_from=in_days(0))
    assert {seat.mentor for seat in Seat.objects.held().filter(pair=pair)} == {
        seat.mentor for seat in pair.seats.filter(held_until=None)
    }
    other = PairFactory(enrolment=EnrolmentFactory(), seat1=left)
    assert other.seats.count() == 2


def test_one_mentor_may_sit_in_pairs_of_two_participants():
    mentor = MentorFactory()
    PairFactory(seat1=mentor)
    PairFactory(seat2=mentor)
    assert Seat.objects.held().filter(mentor=mentor).count() == 2


@pytest.mark.parametrize(
    ("trait", "change"),
    [
        ("not_held", {"not_held_reason": "weather"}),
        ("tried", {"not_held_reason": "no_show"}),
        ("tried", {"state": MeetingState.NOT_HELD}),
    ],
)
def test_a_reason_belongs_to_what_was_not_held(trait, change):
    with refused("meeting_not_held_has_reason"):
        changing(MeetingFactory(**{trait: True}), **change)()


def test_the_same_form_saves_one_meeting():
    first = FormReceiptFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        FormReceiptFactory(token=first.token)


def test_a_meeting_is_an_errand_at_one_authority_at_most():
    first = AccompanimentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccompanimentFactory(meeting=first.meeting)


def test_the_same_milestone_on_a_moved_date_is_another_occasion():
    first = ReminderFactory(cancelled=True)
    ReminderFactory(enrolment=first.enrolment, recipient=first.recipient, occasion_on=in_days(20))
    ReminderFactory(enrolment=first.enrolment)  # the partner's
    assert first.enrolment.reminders.count() == 3
