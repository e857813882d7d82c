"""What the desk of Aarhus would otherwise lack: a mentor away whom nobody covers for, and
something that was promised at an authority and is late."""

from datetime import timedelta

from mentoring.models import Absence, Accompaniment, MentorPair, Seat
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.plans import AARHUS
from primus.demo.seeding.world import World, write

# Days from today.
AWAY_IN, AWAY_FOR = 2, 8
LATE_AT_MOST = 60


def write_desk(world: World, cases: list[Case]) -> None:
    """The two whose mentors are told of in full keep them."""
    known = [case.number for case in cases if case.plan.is_known]
    _away_alone(world, known)
    _late_follow_up(world, known)


def _away_alone(world: World, left_out: list[int]) -> None:
    """The one who sits alone with whoever was released last is away from the day after tomorrow."""
    held = Seat.objects.held(world.today)
    pairs = MentorPair.objects.current(world.today).filter(
        enrolment__municipality=AARHUS,
        enrolment__released_on__isnull=False,
        enrolment__ended_on=None,
    )
    for pair in pairs.exclude(enrolment__in=left_out).order_by("-enrolment__released_on", "pk"):
        holders = list(held.filter(pair=pair).order_by("number"))
        if len(holders) == 1 and not holders[0].mentor.absences.exists():
            first = world.today + timedelta(days=AWAY_IN)
            write(
                Absence,
                [
                    Absence(
                        mentor=holders[0].mentor,
                        away_from=first,
                        away_until=first + timedelta(days=AWAY_FOR),
                        said_at=world.at(world.yesterday, 17, 21),
                    )
                ],
            )
            return


def _late_follow_up(world: World, left_out: list[int]) -> None:
    """The latest that was to be seen to has not been."""
    promised = Accompaniment.objects.filter(
        follow_up_on__lt=world.today,
        follow_up_on__gte=world.today - timedelta(days=LATE_AT_MOST),
        follow_up_done_on__isnull=False,
        meeting__enrolment__municipality=AARHUS,
        meeting__enrolment__ended_on=None,
    ).exclude(meeting__enrolment__in=left_out)
    late = promised.order_by("-follow_up_on", "-meeting__happened_at").first()
    if late is not None:
        late.follow_up_done_on = late.follow_up_done_by = None
        late.save(update_fields=["follow_up_done_on", "follow_up_done_by"])
