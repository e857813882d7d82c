"""What becomes of an open proposal when something else is quicker.

Stands below `mentoring.pairing`, which forms pairs, and `mentoring.proposals`, which asks.
"""

from django.utils import timezone

from mentoring.letters import write_letters
from mentoring.models import (
    LetterOccasion,
    Mentor,
    MentorPair,
    Overtaking,
    PairProposal,
    ProposalAnswer,
    ProposalState,
)
from participants.coordinators import coordinators_of
from participants.models import Enrolment
from primus.accounts.models import User


def close_proposal(
    proposal: PairProposal,
    state: ProposalState,
    *,
    pair: MentorPair | None = None,
    by: Overtaking | None = None,
    mentor: Mentor | None = None,
    knows: ProposalAnswer | None = None,
) -> None:
    """Close an open proposal. Call it in the transaction that holds the enrolment's lock.

    Both who were asked are told what came of it, but for the one who `knows`: whose answer it was.
    """
    proposal.state = state
    proposal.closed_at = timezone.now()
    proposal.pair = pair
    proposal.overtaken_by = by or ""
    proposal.overtaken_mentor = mentor
    proposal.save(update_fields=["state", "closed_at", "pair", "overtaken_by", "overtaken_mentor"])
    paired = state == ProposalState.PAIRED
    occasion = LetterOccasion.PAIRED if paired else LetterOccasion.OVER
    for answer in proposal.answers.select_related("mentor__user"):
        if answer.mentor.user.is_active and (knows is None or answer.pk != knows.pk):
            write_letters(answer, [answer.mentor.user], occasion)


def tell_coordinator(
    proposal: PairProposal, answer: ProposalAnswer, occasion: LetterOccasion
) -> None:
    """Write to the coordinator who asked what came of it; to all of the municipality where that
    one no longer coordinates there."""
    there: list[User] = list(coordinators_of([proposal.enrolment.municipality_id]))
    asked_by = [user for user in there if user.pk == proposal.proposed_by_id]
    write_letters(answer, asked_by or there, occasion)


def settle_open(enrolment: Enrolment, pair: MentorPair | None = None) -> None:
    """The enrolment was given a pair, or has ended: whoever is still asked is asked no longer.

    If it is the two who were asked, they have said yes in another way.
    """
    proposal = PairProposal.objects.open().filter(enrolment=enrolment).first()
    if proposal is None:
        return
    if pair is None:
        close_proposal(proposal, ProposalState.OVERTAKEN, by=Overtaking.ENDED)
        return
    holders = set(pair.seats.values_list("mentor", flat=True))
    if holders == set(proposal.answers.values_list("mentor", flat=True)):
        close_proposal(proposal, ProposalState.PAIRED, pair=pair)
    else:
        close_proposal(proposal, ProposalState.OVERTAKEN, by=Overtaking.PAIRED)
