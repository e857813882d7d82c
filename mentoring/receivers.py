"""What happens to mentors and reminders when an enrolment's dates change further down."""

from django.dispatch import receiver

from mentoring.letters import write_letters
from mentoring.models import (
    Concern,
    Overtaking,
    PairEndReason,
    PairProposal,
    ProposalState,
    Seat,
    StopNotice,
)
from mentoring.overtaking import close_proposal, settle_open
from mentoring.pairing import end_pair, open_pair, plan_reminders
from mentoring.querysets import lasts_beyond
from participants.coordinators import coordinators_of
from participants.signals import enrolment_ended, enrolment_handed_over, release_changed


@receiver(release_changed, dispatch_uid="mentoring.release_changed")
def plan_anew(sender, enrolment, **kwargs) -> None:
    """Reminders follow the release."""
    plan_reminders(enrolment.pk)


@receiver(enrolment_ended, dispatch_uid="mentoring.enrolment_ended")
def close_pairs(sender, enrolment, ending, **kwargs) -> None:
    """Nobody follows an enrolment that has ended, or is asked to.

    Each seat that ends with it keeps until when it would have been held.
    """
    day = enrolment.ended_on
    pair = open_pair(enrolment, day)
    if pair is not None:
        held = pair.seats.filter(lasts_beyond(day, "held_until"))
        before = dict(held.values_list("pk", "held_until"))
        end_pair(pair, PairEndReason.ENROLMENT_ENDED, day)
        for seat, until in before.items():
            Seat.objects.filter(pk=seat).update(ended_with=ending, held_until_before=until)
    settle_open(enrolment)
    plan_reminders(enrolment.pk)


@receiver(enrolment_handed_over, dispatch_uid="mentoring.enrolment_handed_over")
def tell_who_takes_over(sender, enrolment, change, moved, **kwargs) -> None:
    """The new coordinator is told; and where the municipality is another, what waits there for an
    answer waits here now, and who was asked to follow is asked no longer.

    Mentors belong to a municipality, but those who sit in the pair stay: nobody is to fall
    between chairs while the new coordinator finds others.
    """
    receiver_user = enrolment.coordinator.user
    if receiver_user.pk != change.changed_by_id:
        write_letters(change, [receiver_user])
    if not moved:
        return
    proposal = PairProposal.objects.open().filter(enrolment=enrolment).first()
    if proposal is not None:
        close_proposal(proposal, ProposalState.OVERTAKEN, by=Overtaking.ELSEWHERE)
    here = list(coordinators_of([enrolment.municipality_id]))
    waiting = [
        *Concern.objects.waiting().filter(enrolment=enrolment),
        *StopNotice.objects.to_see_to().filter(seat__pair__enrolment=enrolment),
    ]
    for about in waiting:
        told = set(about.letters.values_list("recipient", flat=True))
        write_letters(about, [user for user in here if user.pk not in told])
    plan_reminders(enrolment.pk)
