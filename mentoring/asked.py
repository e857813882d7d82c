"""How two mentors are being found for an enrolment, as its coordinators see it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import OuterRef, Subquery
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
from participants.querysets import EnrolmentQuerySet


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
        return self.is_open and self.days_waited > PairProposal.PATIENCE_DAYS

    @property
    def why(self) -> str:
        """Why nothing came of it, where nobody said no; with the mentor it is about."""
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
    """The latest proposal of an enrolment without a pair, open or come to nothing; one query.

    None once it is of no more use: it became a pair.
    """
    latest = PairProposal.objects.filter(enrolment=enrolment).order_by("-proposed_at", "-pk")
    answers = list(
        ProposalAnswer.objects.filter(proposal=Subquery(latest.values("pk")[:1]))
        .select_related("mentor__user", "proposal__overtaken_mentor__user")
        .order_by("number")
    )
    if not answers or answers[0].proposal.state == ProposalState.PAIRED:
        return None
    proposal = answers[0].proposal
    proposal.enrolment = enrolment
    return Shown(proposal, answers)


def with_pair_time(enrolments: EnrolmentQuerySet, today: date | None = None):
    """Annotates how an enrolment came to its first pair: ``asked_at`` (when two mentors were asked
    for the first time), ``paired_on``, and ``accepted_at`` (when both of those who became the
    pair had said yes in Primus; none where the coordinator asked them).

    The one definition of the time from referral to pair, for pages and figures: the days from
    ``referred_on`` to ``paired_on``, the day on which the first pair was formed that was not taken
    back as a mistake.
    """
    pairs = MentorPair.objects.exclude(end_reason=PairEndReason.BY_MISTAKE)
    first = pairs.filter(enrolment=OuterRef("pk")).order_by("formed_on", "pk")
    asked = PairProposal.objects.filter(enrolment=OuterRef("pk")).order_by("proposed_at")
    return enrolments.annotate(
        asked_at=Subquery(asked.values("proposed_at")[:1]),
        paired_on=Subquery(first.values("formed_on")[:1]),
        accepted_at=Subquery(first.values("proposal__closed_at")[:1]),
    )


@dataclass(frozen=True)
class PairTime:
    """How an enrolment came, or comes, to its first pair. Days are Danish ones."""

    referred_on: date
    asked_on: date | None
    accepted_on: date | None
    paired_on: date | None

    @property
    def days(self) -> int:
        """Days from the referral to the pair, or until today while there is none."""
        return ((self.paired_on or timezone.localdate()) - self.referred_on).days


def pair_time(enrolment: Enrolment) -> PairTime:
    """From referral to pair, of an enrolment that comes from `with_pair_time`."""
    return PairTime(
        referred_on=enrolment.referred_on,
        asked_on=enrolment.asked_at and timezone.localdate(enrolment.asked_at),
        accepted_on=enrolment.accepted_at and timezone.localdate(enrolment.accepted_at),
        paired_on=enrolment.paired_on,
    )
