"""Who is asked to follow whom, as it is shown: to the mentor, and to the coordinator who waits."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.models import (
    MentorPair,
    PairEndReason,
    PairProposal,
    ProposalAnswer,
    ProposalState,
)
from mentoring.pairing import PairingRefused, check_free
from participants.models import Enrolment
from primus.accounts.models import User


def asked_of(user: User) -> QuerySet[ProposalAnswer]:
    """What a mentor is asked and can still answer, the longest waiting first."""
    return (
        ProposalAnswer.objects.visible_to(user)
        .to_answer()
        .select_related("proposal__enrolment__institution", "proposal__enrolment__municipality")
        .order_by("proposal__proposed_at", "pk")
    )


@dataclass(frozen=True)
class Shown:
    """The latest proposal of an enrolment that has no pair, for its coordinators."""

    proposal: PairProposal
    answers: list[ProposalAnswer]

    @property
    def is_open(self) -> bool:
        return self.proposal.state == ProposalState.OPEN

    @property
    def days_waited(self) -> int:
        """Whole days from the question until today."""
        return (timezone.localdate() - timezone.localdate(self.proposal.proposed_at)).days

    @property
    def is_slow(self) -> bool:
        waited = timezone.now() - self.proposal.proposed_at
        return self.is_open and waited > PairProposal.PATIENCE

    @property
    def why(self) -> str:
        """Why nothing came of it, with the mentor it is about."""
        said_no = next((a for a in self.answers if a.answer == ProposalAnswer.NO), None)
        if said_no is not None:
            return _("%(mentor)s said no: %(reason)s") % {
                "mentor": said_no.mentor.user.get_full_name(),
                "reason": said_no.get_reason_display(),
            }
        if self.proposal.state == ProposalState.WITHDRAWN:
            return _("The question was taken back.")
        reason = str(self.proposal.get_overtaken_by_display())
        mentor = self.proposal.overtaken_mentor
        if mentor is None:
            return reason[:1].upper() + reason[1:]
        return f"{mentor.user.get_full_name()}: {reason}"

    @property
    def can_ask_again(self) -> bool:
        """Whether asking the same two again makes sense: nobody has said no."""
        return not self.is_open and self.proposal.state != ProposalState.DECLINED

    @cached_property
    def obstacles(self) -> list[str]:
        """What stands in the way of the pair today, though both were free when they were asked."""
        found = []
        for answer in self.answers:
            others = [other.mentor_id for other in self.answers if other.pk != answer.pk]
            try:
                check_free(
                    self.proposal.enrolment, [answer.mentor], timezone.localdate(), beside=others
                )
            except PairingRefused as refused:
                if refused.sentence not in found:
                    found.append(refused.sentence)
        return found


def shown_proposal(enrolment: Enrolment) -> Shown | None:
    """The latest proposal of an enrolment without a pair, open or come to nothing; two queries.

    None once it is of no more use: it became a pair, or the enrolment had one later.
    """
    proposal = (
        PairProposal.objects.filter(enrolment=enrolment)
        .select_related("proposed_by", "overtaken_mentor__user")
        .order_by("-proposed_at", "-pk")
        .first()
    )
    if proposal is None or proposal.state == ProposalState.PAIRED:
        return None
    proposal.enrolment = enrolment
    answers = proposal.answers.select_related("mentor__user").order_by("number")
    return Shown(proposal, list(answers))


@dataclass(frozen=True)
class PairTime:
    """How long it took from the referral to the first pair, in days; None where it has not come.

    The one definition, also for figures: from ``Enrolment.referred_on`` to the day the first pair
    was formed that was not taken back as a mistake. ``asked`` is the day two mentors were asked
    for the first time, ``accepted`` that both of those who became the pair had said yes in Primus.
    """

    referred_on: date
    asked_on: date | None
    accepted_on: date | None
    paired_on: date | None

    @property
    def days(self) -> int | None:
        return None if self.paired_on is None else (self.paired_on - self.referred_on).days

    @property
    def days_to_asked(self) -> int | None:
        return None if self.asked_on is None else (self.asked_on - self.referred_on).days

    @property
    def days_waited(self) -> int:
        """Days from the referral until the pair, or until today."""
        return ((self.paired_on or timezone.localdate()) - self.referred_on).days


def meant() -> Q:
    """The pairs that were not taken back as a mistake: those that count as found."""
    return ~Q(end_reason=PairEndReason.BY_MISTAKE)


def pair_time(enrolment: Enrolment) -> PairTime:
    """From referral to pair, of one enrolment; two queries."""
    pair = (
        MentorPair.objects.filter(meant(), enrolment=enrolment)
        .order_by("formed_on", "pk")
        .values("formed_on", "proposal__closed_at")
        .first()
    )
    asked = PairProposal.objects.filter(enrolment=enrolment).aggregate(at=Min("proposed_at"))["at"]
    accepted = pair and pair["proposal__closed_at"]
    return PairTime(
        referred_on=enrolment.referred_on,
        asked_on=asked and timezone.localdate(asked),
        accepted_on=timezone.localdate(accepted) if accepted else None,
        paired_on=pair and pair["formed_on"],
    )
