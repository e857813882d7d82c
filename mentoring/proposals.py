"""Asking two mentors whether they will follow an enrolment together, and what they answer.

A proposal reserves nothing: a mentor with room can be asked for more than one participant, and
who says yes first gets the place. Coordinators see beside the mentor that they are asked for
another. So what counts is what holds at the last yes: then the pair is formed in the same
transaction, under the same locks and by the same rules as when a coordinator forms it at once
(`mentoring.pairing.form_pair`). If one of the rules no longer holds, the proposal is closed as
overtaken, with the reason, and nothing else happens.

Each verb locks the enrolment first, and mentors after it, as everything does that forms pairs.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.letters import write_letters
from mentoring.models import (
    DeclineReason,
    LetterOccasion,
    Mentor,
    MentorPair,
    Overtaking,
    PairProposal,
    ProposalAnswer,
    ProposalState,
)
from mentoring.overtaking import close_proposal, tell_coordinator
from mentoring.pairing import (
    PairingRefused,
    check_free,
    check_two,
    form_pair,
    locked_mentors,
    open_pair,
)
from participants.models import Enrolment
from primus.accounts.models import User


class ProposalRefused(PairingRefused):
    """The mentors cannot be asked, or the answer comes too late. ``code`` says why."""

    SENTENCES = PairingRefused.SENTENCES | {
        "already_asked": _("Someone else was quicker: two mentors have already been asked."),
        "closed": _("This is no longer open: it has been answered or taken back meanwhile."),
        "answered": _("You have already answered."),
        "no_reason": _("Choose why you say no."),
    }


@dataclass(frozen=True)
class Outcome:
    """What came of a yes: the pair, or what stood in the way, or that the other is awaited."""

    pair: MentorPair | None = None
    refusal: PairingRefused | None = None

    @property
    def is_waiting(self) -> bool:
        return self.pair is None and self.refusal is None


def propose(enrolment: Enrolment, mentors: Iterable[Mentor], by: User) -> PairProposal:
    """Ask two mentors whether they will follow an enrolment; the first is asked for seat 1.

    Both get an e-mail that says nothing about whom. Raises ProposalRefused("already_asked") while
    two others are asked, and PairingRefused as `form_pair` where they could not be paired today.
    """
    chosen = list(mentors)
    check_two(chosen)
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.locked(enrolment.pk)
            if not enrolment.is_current:
                raise ProposalRefused("ended")
            if open_pair(enrolment) is not None:
                raise ProposalRefused("already_paired")
            if PairProposal.objects.open().filter(enrolment=enrolment).exists():
                raise ProposalRefused("already_asked")
            if len(locked_mentors(chosen)) != len(chosen):
                raise ProposalRefused("changed")
            check_free(enrolment, chosen, timezone.localdate())
            proposal = PairProposal.objects.create(enrolment=enrolment, proposed_by=by)
            for number, mentor in enumerate(chosen, start=1):
                answer = ProposalAnswer.objects.create(
                    proposal=proposal, number=number, mentor=mentor
                )
                write_letters(answer, [mentor.user])
    except IntegrityError as error:
        raise ProposalRefused("already_asked") from error
    return proposal


def answer_yes(answer: ProposalAnswer) -> Outcome:
    """A mentor says yes. The second yes forms the pair from today.

    Where the rules no longer allow it the proposal is overtaken, which the outcome says, and the
    coordinator is told. Raises ProposalRefused("closed") or ("answered").
    """
    with transaction.atomic():
        proposal, mine = _locked(answer)
        mine.answer, mine.answered_at = ProposalAnswer.YES, timezone.now()
        mine.save(update_fields=["answer", "answered_at"])
        return _go_on(proposal, mine)


def _go_on(proposal: PairProposal, mine: ProposalAnswer) -> Outcome:
    """After a yes: form the pair if it was the last, and say at once if it can never be."""
    answers = list(proposal.answers.select_related("mentor__user").order_by("number"))
    waits = any(answer.answer != ProposalAnswer.YES for answer in answers)
    try:
        if waits:
            other = [answer.mentor_id for answer in answers if answer.pk != mine.pk]
            check_free(proposal.enrolment, [mine.mentor], timezone.localdate(), beside=other)
            return Outcome()
        # In a savepoint of its own: what is refused leaves nothing behind.
        pair = form_pair(
            proposal.enrolment, [answer.mentor for answer in answers], proposal.proposed_by
        )
    except PairingRefused as refusal:
        close_proposal(
            proposal,
            ProposalState.OVERTAKEN,
            by=_overtaken_by(refusal.code),
            mentor=refusal.mentor,
            knows=mine,
        )
        tell_coordinator(proposal, mine, LetterOccasion.OVER)
        return Outcome(refusal=refusal)
    tell_coordinator(proposal, mine, LetterOccasion.PAIRED)
    return Outcome(pair=pair)


def _overtaken_by(code: str) -> Overtaking:
    """The refusal as it is kept: which of the wishes or conflicts it was is for the day itself."""
    kept = {"participant_conflict": Overtaking.CONFLICT}
    if code.startswith("wish_"):
        return Overtaking.WISH
    if code in Overtaking.values:
        return Overtaking(code)
    return kept.get(code, Overtaking.CHANGED)


def answer_no(answer: ProposalAnswer, reason: DeclineReason) -> None:
    """A mentor says no, and why: nothing comes of the proposal, and the other is told so.

    Whoever has said yes can still say no while the other is awaited. Raises
    ProposalRefused("no_reason"), ("closed") or ("answered").
    """
    if reason not in DeclineReason.values:
        raise ProposalRefused("no_reason")
    with transaction.atomic():
        proposal, mine = _locked(answer, may_have_said=(ProposalAnswer.YES,))
        mine.answer, mine.reason, mine.answered_at = ProposalAnswer.NO, reason, timezone.now()
        mine.save(update_fields=["answer", "reason", "answered_at"])
        close_proposal(proposal, ProposalState.DECLINED, knows=mine)
        tell_coordinator(proposal, mine, LetterOccasion.OVER)


def withdraw(proposal: PairProposal) -> None:
    """The coordinator asks no longer; both mentors are told. Raises ProposalRefused("closed")."""
    with transaction.atomic():
        close_proposal(_locked_proposal(proposal), ProposalState.WITHDRAWN)


def pair_now(proposal: PairProposal, by: User) -> MentorPair:
    """The coordinator has spoken with both, and they have said yes: the pair is formed from today.

    Raises ProposalRefused("closed"), or PairingRefused as `form_pair`; the proposal then stays
    open, since nobody has said no.
    """
    with transaction.atomic():
        locked = _locked_proposal(proposal)
        answers = locked.answers.select_related("mentor__user").order_by("number")
        return form_pair(locked.enrolment, [answer.mentor for answer in answers], by)


def overtake_of(mentor: Mentor) -> None:
    """A mentor takes part no longer: whatever they are asked for is overtaken by it."""
    asked = PairProposal.objects.open().filter(answers__mentor=mentor).order_by("enrolment_id")
    for found in asked:
        with transaction.atomic():
            try:
                proposal = _locked_proposal(found)
            except ProposalRefused:
                continue
            close_proposal(
                proposal, ProposalState.OVERTAKEN, by=Overtaking.NOT_ACTIVE, mentor=mentor
            )
            tell_coordinator(proposal, proposal.answers.get(mentor=mentor), LetterOccasion.OVER)


def _locked_proposal(proposal: PairProposal) -> PairProposal:
    """The open proposal as it is now, its enrolment kept from others."""
    enrolment = Enrolment.objects.locked(proposal.enrolment_id)
    found = PairProposal.objects.open().filter(pk=proposal.pk).first()
    if found is None:
        raise ProposalRefused("closed")
    found.enrolment = enrolment
    return found


def _locked(
    answer: ProposalAnswer, may_have_said: tuple[str, ...] = ()
) -> tuple[PairProposal, ProposalAnswer]:
    proposal = _locked_proposal(answer.proposal)
    mine = proposal.answers.select_related("mentor__user").get(pk=answer.pk)
    if mine.answer and mine.answer not in may_have_said:
        raise ProposalRefused("answered")
    return proposal, mine
