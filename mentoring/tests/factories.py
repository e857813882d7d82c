"""Mentors, pairs and what they do, for tests, always relative to today."""

from datetime import timedelta
from uuid import uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from mentoring.entries import entry_of
from mentoring.models import (
    Absence,
    Accompaniment,
    Attendance,
    Authority,
    AuthorityContact,
    CalendarEntry,
    CalendarFeed,
    Clearance,
    ClearanceKind,
    Concern,
    FormReceipt,
    Handover,
    Letter,
    Meeting,
    MeetingAddition,
    MeetingArea,
    MeetingDraft,
    MeetingGoalChange,
    MeetingMode,
    MeetingState,
    MeetingVersion,
    Mentor,
    MentorPair,
    MentorState,
    NotHeldReason,
    PairEndReason,
    Reminder,
    ReminderState,
    Seat,
    StopNotice,
    StopReason,
    TurnRequest,
    Urgency,
)
from participants.milestones import Milestone
from participants.models import Gender, GoalChangeKind, SupportArea
from participants.tests.factories import (
    EnrolmentFactory,
    GoalChangeFactory,
    in_days,
    municipality,
)
from primus.accounts.models import Role
from primus.accounts.tests.factories import UserFactory


def ago(**span):
    return factory.LazyFunction(lambda: timezone.now() - timedelta(**span))


class ClearanceFactory(DjangoModelFactory):
    class Meta:
        model = Clearance

    class Params:
        expired = factory.Trait(
            obtained_on=factory.LazyFunction(lambda: in_days(-800)),
            expires_on=factory.LazyFunction(lambda: in_days(-1)),
        )

    mentor = factory.SubFactory("mentoring.tests.factories.MentorFactory", cleared=False)
    kind = ClearanceKind.RECORD_CHECK
    obtained_on = factory.LazyFunction(lambda: in_days(-365))
    expires_on = factory.LazyFunction(lambda: in_days(365))


class MentorFactory(DjangoModelFactory):
    """An active mentor of Aarhus with room for two and every clearance in force
    (``cleared=False`` for none of them)."""

    class Meta:
        model = Mentor
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory, role=Role.MENTOR)
    municipality = factory.LazyFunction(municipality)
    state = MentorState.ACTIVE
    joined_on = factory.LazyFunction(lambda: in_days(-365))
    capacity = 2
    gender = Gender.FEMALE
    birth_year = 1970
    postcode = "8000"

    @factory.post_generation
    def cleared(self, create, extracted, **kwargs):
        if create and extracted is not False:
            for kind in ClearanceKind:
                ClearanceFactory(mentor=self, kind=kind)


class SeatFactory(DjangoModelFactory):
    """Seat 1 of a pair that has nobody in it yet, held since the pair was formed."""

    class Meta:
        model = Seat

    class Params:
        # The last day in the seat was yesterday; the first day in it is tomorrow.
        left_today = factory.Trait(held_until=factory.LazyFunction(timezone.localdate))
        from_tomorrow = factory.Trait(held_from=factory.LazyFunction(lambda: in_days(1)))

    pair = factory.SubFactory("mentoring.tests.factories.PairFactory", seat1=False, seat2=False)
    number = 1
    mentor = factory.SubFactory(
        MentorFactory, municipality=factory.SelfAttribute("..pair.enrolment.municipality")
    )
    held_from = factory.LazyAttribute(lambda o: o.pair.formed_on)


class PairFactory(DjangoModelFactory):
    """A current pair with both seats held.

    ``seat1=mentor`` chooses who holds a seat, ``seat1=False`` leaves it vacant;
    ``seat1__held_until=…`` and the like are passed on to the seat.
    """

    class Meta:
        model = MentorPair
        skip_postgeneration_save = True

    class Params:
        ended = factory.Trait(
            ended_on=factory.LazyFunction(lambda: in_days(-1)), end_reason=PairEndReason.REPLACED
        )

    enrolment = factory.SubFactory(EnrolmentFactory)
    formed_on = factory.LazyAttribute(lambda o: o.enrolment.referred_on + timedelta(days=14))

    def _fill(self, number, create, extracted, kwargs):
        if create and extracted is not False:
            if extracted is not None:
                kwargs["mentor"] = extracted
            SeatFactory(pair=self, number=number, **kwargs)

    @factory.post_generation
    def seat1(self, create, extracted, **kwargs):
        PairFactory._fill(self, 1, create, extracted, kwargs)

    @factory.post_generation
    def seat2(self, create, extracted, **kwargs):
        PairFactory._fill(self, 2, create, extracted, kwargs)


class MeetingFactory(DjangoModelFactory):
    """A meeting held yesterday in a café; ``mentors=[…]`` were there, ``areas=[…]`` were touched
    (or ``{area: line}``)."""

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    class Params:
        not_held = factory.Trait(
            state=MeetingState.NOT_HELD, not_held_reason=NotHeldReason.NO_SHOW, mode=""
        )
        tried = factory.Trait(state=MeetingState.TRIED, mode=MeetingMode.PHONE)

    enrolment = factory.SubFactory(EnrolmentFactory, post_release=True)
    state = MeetingState.HELD
    happened_at = ago(days=1)
    mode = MeetingMode.CAFE
    note = "Vi talte om jobbet på lageret."
    next_step = "Ringe til boligkontoret"
    next_step_on = factory.LazyFunction(lambda: in_days(5))

    @factory.post_generation
    def mentors(self, create, extracted, **kwargs):
        if create and extracted:
            Attendance.objects.bulk_create(
                Attendance(meeting=self, mentor=mentor) for mentor in extracted
            )

    @factory.post_generation
    def areas(self, create, extracted, **kwargs):
        if create and extracted:
            lines = extracted if isinstance(extracted, dict) else dict.fromkeys(extracted, "")
            MeetingArea.objects.bulk_create(
                MeetingArea(meeting=self, area=area, text=text) for area, text in lines.items()
            )


class MeetingAreaFactory(DjangoModelFactory):
    class Meta:
        model = MeetingArea

    meeting = factory.SubFactory(MeetingFactory)
    area = SupportArea.WORK
    text = "Samtale på lageret på mandag"


class AccompanimentFactory(DjangoModelFactory):
    class Meta:
        model = Accompaniment

    meeting = factory.SubFactory(MeetingFactory, mode=MeetingMode.AUTHORITY)
    authority = Authority.JOB_CENTRE
    outcome = "Ydelsen er bevilget"


class ConcernFactory(DjangoModelFactory):
    """A concern raised an hour ago that waits for an answer."""

    class Meta:
        model = Concern

    class Params:
        urgent = factory.Trait(urgency=Urgency.URGENT)
        overdue = factory.Trait(raised_at=ago(days=3), acknowledge_by=ago(days=2))
        acknowledged = factory.Trait(acknowledged_at=ago(minutes=30))
        resolved = factory.Trait(
            acknowledged_at=ago(minutes=30),
            resolved_at=ago(minutes=10),
            outcome="Vi har talt sammen.",
        )

    enrolment = factory.SubFactory(EnrolmentFactory)
    text = "Han lød meget nedtrykt i telefonen."
    raised_at = ago(hours=1)
    acknowledge_by = factory.LazyAttribute(lambda o: o.raised_at + timedelta(hours=4))


class ReminderFactory(DjangoModelFactory):
    """A reminder of the gate week that is due today, to a mentor of its own."""

    class Meta:
        model = Reminder

    class Params:
        sent = factory.Trait(state=ReminderState.SENT, sent_at=ago(hours=1))
        cancelled = factory.Trait(state=ReminderState.CANCELLED)

    enrolment = factory.SubFactory(EnrolmentFactory)
    kind = Milestone.GATE_WEEK
    occasion_on = factory.LazyFunction(timezone.localdate)
    recipient = factory.SubFactory(UserFactory, role=Role.MENTOR)


class FormReceiptFactory(DjangoModelFactory):
    class Meta:
        model = FormReceipt

    token = factory.LazyFunction(uuid4)
    digest = "0" * 64
    meeting = factory.SubFactory(MeetingFactory)


class MeetingDraftFactory(DjangoModelFactory):
    class Meta:
        model = MeetingDraft

    author = factory.SubFactory(UserFactory, role=Role.MENTOR)
    enrolment = factory.SubFactory(EnrolmentFactory)
    token = factory.LazyFunction(uuid4)
    content = factory.LazyFunction(lambda: {"note": ["Vi talte om jobbet"]})


class MeetingVersionFactory(DjangoModelFactory):
    class Meta:
        model = MeetingVersion

    meeting = factory.SubFactory(MeetingFactory)
    content = factory.LazyAttribute(
        lambda o: entry_of(o.meeting).as_content() | {"note": "Vi talte om et job"}
    )


class MeetingAdditionFactory(DjangoModelFactory):
    class Meta:
        model = MeetingAddition

    meeting = factory.SubFactory(MeetingFactory)
    text = "Vi aftalte også at ringe til søsteren."


class MeetingGoalChangeFactory(DjangoModelFactory):
    """A goal that was ticked off in the form of a meeting."""

    class Meta:
        model = MeetingGoalChange

    meeting = factory.SubFactory(MeetingFactory)
    change = factory.SubFactory(
        GoalChangeFactory,
        goal__enrolment=factory.SelfAttribute("...meeting.enrolment"),
        goal__reached=True,
        kind=GoalChangeKind.REACHED,
    )


class AuthorityContactFactory(DjangoModelFactory):
    class Meta:
        model = AuthorityContact

    enrolment = factory.SubFactory(EnrolmentFactory)
    authority = Authority.JOB_CENTRE
    name = "Birgit Prøvesen"
    phone = "70 10 20 30"


class TurnRequestFactory(DjangoModelFactory):
    """One mentor asks the other, an hour ago, and waits for the answer."""

    class Meta:
        model = TurnRequest

    enrolment = factory.SubFactory(EnrolmentFactory)
    asked_by = factory.SubFactory(MentorFactory)
    asked = factory.SubFactory(MentorFactory)
    asked_at = ago(hours=1)


class AbsenceFactory(DjangoModelFactory):
    """Away from yesterday for a week."""

    class Meta:
        model = Absence

    mentor = factory.SubFactory(MentorFactory)
    away_from = factory.LazyFunction(lambda: in_days(-1))
    away_until = factory.LazyFunction(lambda: in_days(6))


class HandoverFactory(DjangoModelFactory):
    class Meta:
        model = Handover

    absence = factory.SubFactory(AbsenceFactory)
    enrolment = factory.SubFactory(EnrolmentFactory)
    text = "Han skal til jobcentret på torsdag."


class StopNoticeFactory(DjangoModelFactory):
    """Given an hour ago by the holder of a seat, who stops in two weeks."""

    class Meta:
        model = StopNotice

    seat = factory.SubFactory(SeatFactory, held_until=factory.LazyFunction(lambda: in_days(14)))
    stops_on = factory.LazyAttribute(lambda o: o.seat.held_until)
    reason = StopReason.TIME
    given_at = ago(hours=1)


class CalendarFeedFactory(DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    mentor = factory.SubFactory(MentorFactory)
    secret_digest = factory.Sequence(lambda n: f"{n:064x}")


class CalendarEntryFactory(DjangoModelFactory):
    """A next step in a week, as a calendar was told of it."""

    class Meta:
        model = CalendarEntry

    feed = factory.SubFactory(CalendarFeedFactory)
    source = factory.Sequence(lambda n: f"step:{n}")
    kind = CalendarEntry.STEP
    day = factory.LazyFunction(lambda: in_days(7))


class LetterFactory(DjangoModelFactory):
    """An e-mail about a concern that waits to be sent."""

    class Meta:
        model = Letter

    concern = factory.SubFactory(ConcernFactory)
    recipient = factory.SubFactory(UserFactory, role=Role.COORDINATOR)
