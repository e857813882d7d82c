"""How pairs are being found in Aarhus: the demonstration's mentor is asked with another and has
not answered, two others were asked and one said no, and one mentor hands over to another.

Who it is follows from names and days, never from primary keys.
"""

from datetime import timedelta

from django.db.models import Q

from mentoring.models import (
    DeclineReason,
    Mentor,
    MentorConflict,
    PairProposal,
    ProposalAnswer,
    ProposalState,
    Replacement,
    Seat,
)
from mentoring.querysets import lasts_beyond
from participants.models import Enrolment
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.people import People
from primus.demo.seeding.phrases import texts
from primus.demo.seeding.plans import AARHUS
from primus.demo.seeding.world import World, write

# Days before today.
ASKED, SAID_NO, TOOK_OVER = 2, 6, 4
# Days of both, of which some are left.
OVERLAP = 12
# So many who wait and who have room are needed for it.
NEEDED_WAITING, NEEDED_FREE = 2, 3


def write_asking(world: World, cases: list[Case], people: People) -> None:
    waiting = _without_pair(world)
    free = _free(world, people)
    if len(waiting) < NEEDED_WAITING or len(free) < NEEDED_FREE:
        return
    successor, beside, *others = free
    asked_at = world.at(world.today - timedelta(days=ASKED), 10, 14)
    _ask(world, waiting[0], [people.karen.row, beside], asked_at)
    # Who is asked has still their place, so that one of them can be asked for both.
    _declined(world, waiting[1], [beside, *others][:2])
    own = [case.number for case in cases if case.plan.is_known]
    _hands_over(world, own, successor)


def _without_pair(world: World) -> list[Enrolment]:
    """Who waits for a pair in Aarhus, the longest first; who is released soon is left to the
    desk."""
    paired = Q(pairs__formed_on__lte=world.today) & lasts_beyond(world.today, "pairs__ended_on")
    found = Enrolment.objects.current(world.today).filter(municipality=AARHUS, released_on=None)
    return list(
        found.exclude(pk__in=Enrolment.objects.filter(paired).values("pk")).order_by(
            "-expected_release", "participant__last_name", "participant__first_name"
        )
    )


def _free(world: World, people: People) -> list[Mentor]:
    """Mentors with room for one more whom nobody is kept apart from, by their names."""
    apart = MentorConflict.objects.values_list("mentor", "other")
    kept_apart = {number for pair in apart for number in pair}
    here = Mentor.objects.filter(municipality=AARHUS).active().cleared(world.today)
    found = here.with_load(world.today, or_promised=True).select_related("user")
    own = {people.karen.row.pk, people.jonas.row.pk}
    return [
        mentor
        for mentor in found.order_by("user__last_name", "user__first_name")
        if mentor.load < mentor.capacity and mentor.pk not in kept_apart | own
    ]


def _ask(world: World, enrolment: Enrolment, mentors: list[Mentor], asked_at) -> PairProposal:
    proposal = PairProposal(
        enrolment=enrolment, proposed_by=world.coordinators[AARHUS], proposed_at=asked_at
    )
    write(PairProposal, [proposal])
    answers = [
        ProposalAnswer(proposal=proposal, number=number, mentor=mentor)
        for number, mentor in enumerate(mentors, start=1)
    ]
    write(ProposalAnswer, answers)
    return proposal


def _declined(world: World, enrolment: Enrolment, mentors: list[Mentor]) -> None:
    asked_at = world.at(world.today - timedelta(days=SAID_NO + 2), 9, 12)
    yes_at = world.at(world.today - timedelta(days=SAID_NO + 1), 17, 21)
    no_at = world.at(world.today - timedelta(days=SAID_NO), 17, 21)
    proposal = _ask(world, enrolment, mentors, asked_at)
    first, second = proposal.answers.order_by("number")
    first.answer, first.answered_at = ProposalAnswer.YES, yes_at
    second.answer, second.answered_at = ProposalAnswer.NO, no_at
    second.reason = DeclineReason.TIME
    ProposalAnswer.objects.bulk_update([first, second], ["answer", "answered_at", "reason"])
    proposal.state, proposal.closed_at = ProposalState.DECLINED, no_at
    proposal.save(update_fields=["state", "closed_at"])


def _hands_over(world: World, left_out: list[int], successor: Mentor) -> None:
    """Seat 1 of a pair in Aarhus that is well under way, in which nobody must stop."""
    pairs_stopping = Seat.objects.filter(held_until__gt=world.today).values("pair")
    seats = Seat.objects.held(world.today).filter(
        number=1,
        held_until=None,
        held_from__lte=world.today - timedelta(days=90),
        pair__enrolment__municipality=AARHUS,
        pair__enrolment__released_on__isnull=False,
        pair__enrolment__ended_on=None,
    )
    seat = (
        seats.exclude(pair__enrolment__in=left_out)
        .exclude(pair__in=pairs_stopping)
        .exclude(pair__seats__mentor=successor)
        .order_by("held_from", "mentor__user__last_name", "mentor__user__first_name")
        .first()
    )
    if seat is None:
        return
    starts_on = world.today - timedelta(days=TOOK_OVER)
    seat.held_until = starts_on + timedelta(days=OVERLAP)
    seat.save(update_fields=["held_until"])
    incoming = Seat(pair=seat.pair, number=seat.number, mentor=successor, held_from=starts_on)
    write(Seat, [incoming])
    replacement = Replacement(
        outgoing=seat,
        incoming=incoming,
        overlap_days=OVERLAP,
        introduction_on=starts_on + timedelta(days=2),
        summary=texts("telling")["handover"]["summary"],
        summary_asked=True,
        decided_by=world.coordinators[AARHUS],
        decided_at=world.at(starts_on - timedelta(days=5), 9, 15),
    )
    write(Replacement, [replacement])
