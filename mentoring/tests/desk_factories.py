"""What a coordinator's desk works with, for tests: proposals, replacements, messages, files."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from mentoring.models import (
    ConcernAction,
    ConflictKind,
    MentorConflict,
    MentorNote,
    MentorState,
    MentorStep,
    Message,
    MessageRecipient,
    PairProposal,
    ProposalAnswer,
    Replacement,
    StaffDuty,
    WaitingListPlan,
)
from mentoring.tests.factories import ConcernFactory, MentorFactory, SeatFactory
from participants.tests.factories import EnrolmentFactory, in_days, municipality
from primus.accounts.models import Role
from primus.accounts.tests.factories import UserFactory
from primus.jobs.models import Run, RunKind


class MentorStepFactory(DjangoModelFactory):
    class Meta:
        model = MentorStep

    mentor = factory.SubFactory(MentorFactory)
    state = MentorState.ACTIVE
    reached_on = factory.LazyFunction(lambda: in_days(-300))


class MentorConflictFactory(DjangoModelFactory):
    """Two mentors of one household."""

    class Meta:
        model = MentorConflict

    mentor = factory.SubFactory(MentorFactory)
    other = factory.SubFactory(MentorFactory)
    kind = ConflictKind.HOUSEHOLD


class MentorNoteFactory(DjangoModelFactory):
    class Meta:
        model = MentorNote

    mentor = factory.SubFactory(MentorFactory)
    text = "Vil gerne have en pause efter sommerferien."


class PairProposalFactory(DjangoModelFactory):
    """Two mentors were asked yesterday (``asked=[a, b]`` chooses them), and have not answered."""

    class Meta:
        model = PairProposal
        skip_postgeneration_save = True

    enrolment = factory.SubFactory(EnrolmentFactory)
    proposed_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))

    @factory.post_generation
    def asked(self, create, extracted, **kwargs):
        if create:
            mentors = extracted or [
                MentorFactory(municipality=self.enrolment.municipality) for _ in range(2)
            ]
            for number, mentor in enumerate(mentors, start=1):
                ProposalAnswer.objects.create(proposal=self, number=number, mentor=mentor)


class ReplacementFactory(DjangoModelFactory):
    """Somebody took over seat 1 today from a mentor who stays until then."""

    class Meta:
        model = Replacement

    outgoing = factory.SubFactory(SeatFactory, held_until=factory.LazyFunction(timezone.localdate))
    incoming = factory.SubFactory(
        SeatFactory,
        pair=factory.SelfAttribute("..outgoing.pair"),
        number=factory.SelfAttribute("..outgoing.number"),
        held_from=factory.LazyFunction(timezone.localdate),
    )
    summary = "Han vil helst mødes om eftermiddagen."


class WaitingListPlanFactory(DjangoModelFactory):
    class Meta:
        model = WaitingListPlan

    municipality = factory.LazyFunction(municipality)
    run = factory.LazyFunction(lambda: Run.objects.create(kind=RunKind.WAITING_LIST))


class ConcernActionFactory(DjangoModelFactory):
    class Meta:
        model = ConcernAction

    concern = factory.SubFactory(ConcernFactory, acknowledged=True)
    text = "Jeg har ringet til ham."


class StaffDutyFactory(DjangoModelFactory):
    """On duty from yesterday for a week."""

    class Meta:
        model = StaffDuty

    user = factory.SubFactory(UserFactory, role=Role.STAFF)
    on_duty_from = factory.LazyFunction(lambda: in_days(-1))
    on_duty_until = factory.LazyFunction(lambda: in_days(6))


class MessageFactory(DjangoModelFactory):
    """To all mentors of Aarhus."""

    class Meta:
        model = Message

    municipality = factory.LazyFunction(municipality)
    subject = "Mentoraften på torsdag"
    text = "Vi mødes klokken 19."
    sent_by = factory.SubFactory(UserFactory, role=Role.COORDINATOR)


class MessageRecipientFactory(DjangoModelFactory):
    class Meta:
        model = MessageRecipient

    message = factory.SubFactory(MessageFactory)
    user = factory.SubFactory(UserFactory, role=Role.MENTOR)
