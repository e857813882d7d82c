"""The rules of the tables that a coordinator's desk works with, each broken on purpose."""

from datetime import timedelta

from django.utils import timezone

from mentoring.models import MatchWeight, PairProposal, ProposalAnswer, ProposalState
from mentoring.tests.desk_factories import (
    ConcernActionFactory,
    MentorConflictFactory,
    MentorNoteFactory,
    MentorStepFactory,
    MessageFactory,
    MessageRecipientFactory,
    PairProposalFactory,
    ReplacementFactory,
    StaffDutyFactory,
)
from mentoring.tests.factories import LetterFactory, MentorFactory, PairFactory
from participants.tests.factories import (
    EndingFactory,
    EnrolmentChangeFactory,
    ParticipantFactory,
)
from primus.testing.constraints import Breaches, adding, changing


def add_to(breaks: Breaches) -> None:
    """Register the breaches with those of the rest of the app."""

    @breaks("mentor_trade_is_known")
    def _():
        return changing(MentorFactory(), trade="alchemy")

    @breaks("mentor_step_state_is_known")
    def _():
        return changing(MentorStepFactory(), state="retired")

    @breaks("conflict_is_with_one")
    def _():
        return changing(MentorConflictFactory(), participant=ParticipantFactory())

    @breaks("conflict_is_not_with_oneself")
    def _():
        conflict = MentorConflictFactory()
        return changing(conflict, other=conflict.mentor)

    @breaks("conflict_once_per_mentor")
    def _():
        first = MentorConflictFactory()
        return adding(MentorConflictFactory.build(mentor=first.mentor, other=first.other))

    @breaks("conflict_once_per_participant")
    def _():
        first = MentorConflictFactory(other=None, participant=ParticipantFactory())
        return adding(
            MentorConflictFactory.build(
                mentor=first.mentor, other=None, participant=first.participant
            )
        )

    @breaks("conflict_kind_is_known")
    def _():
        return changing(MentorConflictFactory(), kind="rivals")

    @breaks("mentor_note_says_something")
    def _():
        return changing(MentorNoteFactory(), text="")

    @breaks("match_weight_criterion_is_known")
    def _():
        return changing(MatchWeight.objects.earliest("pk"), criterion="star sign")

    @breaks("match_weight_from_0_to_10")
    def _():
        return changing(MatchWeight.objects.earliest("pk"), weight=11)

    @breaks("proposal_one_open_per_enrolment")
    def _():
        first = PairProposalFactory()
        return lambda: PairProposal.objects.create(enrolment=first.enrolment)

    @breaks("proposal_closed_has_time")
    def _():
        return changing(PairProposalFactory(), state=ProposalState.WITHDRAWN)

    @breaks("proposal_pair_only_when_paired")
    def _():
        proposal = PairProposalFactory()
        return changing(proposal, pair=PairFactory(enrolment=proposal.enrolment))

    @breaks("proposal_answer_number_is_1_or_2")
    def _():
        return changing(PairProposalFactory().answers.first(), number=3)

    @breaks("proposal_answer_once_per_number")
    def _():
        proposal = PairProposalFactory()
        return lambda: ProposalAnswer.objects.create(
            proposal=proposal, number=1, mentor=MentorFactory()
        )

    @breaks("proposal_answer_no_mentor_twice")
    def _():
        first, second = PairProposalFactory().answers.all()
        return changing(second, mentor=first.mentor)

    @breaks("proposal_answer_has_time_and_no_has_reason")
    def _():
        return changing(PairProposalFactory().answers.first(), answer="no")

    @breaks("proposal_overtaken_says_by_what")
    def _():
        return changing(
            PairProposalFactory(), state=ProposalState.OVERTAKEN, closed_at=timezone.now()
        )

    @breaks("replacement_overlap_at_most_14_days")
    def _():
        return changing(ReplacementFactory(), overlap_days=15)

    @breaks("replacement_one_in_force_per_seat")
    def _():
        first = ReplacementFactory()
        return changing(ReplacementFactory(), outgoing=first.outgoing)

    @breaks("replacement_is_by_another_seat")
    def _():
        replacement = ReplacementFactory()
        return changing(replacement, incoming=replacement.outgoing)

    @breaks("concern_action_says_something")
    def _():
        return changing(ConcernActionFactory(), text="")

    @breaks("staff_duty_end_not_before_start")
    def _():
        duty = StaffDutyFactory()
        return changing(duty, on_duty_until=duty.on_duty_from - timedelta(days=1))

    @breaks("message_says_something")
    def _():
        return changing(MessageFactory(), text="")

    @breaks("message_recipient_once_per_message")
    def _():
        first = MessageRecipientFactory()
        return adding(MessageRecipientFactory.build(message=first.message, user=first.user))

    @breaks("letter_occasion_is_known")
    def _():
        return changing(LetterFactory(), occasion="birthday")

    @breaks("letter_once_per_message_and_recipient")
    def _():
        first = LetterFactory(concern=None, message=MessageFactory())
        return adding(
            LetterFactory.build(concern=None, message=first.message, recipient=first.recipient)
        )

    @breaks("letter_once_per_proposal_answer_and_recipient")
    def _():
        answer = PairProposalFactory().answers.first()
        first = LetterFactory(concern=None, proposal_answer=answer)
        return adding(
            LetterFactory.build(concern=None, proposal_answer=answer, recipient=first.recipient)
        )

    @breaks("letter_once_per_enrolment_change_and_recipient")
    def _():
        first = LetterFactory(concern=None, enrolment_change=EnrolmentChangeFactory())
        again = LetterFactory.build(
            concern=None, enrolment_change=first.enrolment_change, recipient=first.recipient
        )
        return adding(again)

    @breaks("seat_ended_with_has_end")
    def _():
        seat = PairFactory().seats.first()
        return changing(seat, ended_with=EndingFactory())
