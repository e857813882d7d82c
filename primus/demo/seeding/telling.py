"""What mentors have told their coordinators: a concern of the demonstration's mentor that came to
something, and one mentor in Aarhus who must stop."""

from datetime import timedelta

from mentoring.concerns import answer_by
from mentoring.models import Concern, ConcernTopic, Seat, StopNotice, StopReason, Urgency
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.people import People
from primus.demo.seeding.phrases import fill, texts
from primus.demo.seeding.plans import AARHUS
from primus.demo.seeding.world import World, write

# Days before today.
RAISED, RESOLVED = 44, 38
# Days from today.
STOPS_IN = 19


def write_told(world: World, cases: list[Case], people: People) -> None:
    told = texts("telling")
    rasmus = next(case for case in cases if case.plan.kind == "karen_100")
    raised_at = world.at(world.today - timedelta(days=RAISED), 19, 21)
    deadline = answer_by(Urgency.SOON, raised_at)
    concern = Concern(
        enrolment_id=rasmus.number,
        topic=ConcernTopic.MONEY,
        urgency=Urgency.SOON,
        text=fill(told["concern"]["text"], world.rng, **rasmus.voice.words()),
        raised_by=people.karen.row.user,
        raised_at=raised_at,
        acknowledge_by=deadline,
        acknowledged_at=deadline - timedelta(hours=6),
        acknowledged_by=world.coordinators[AARHUS],
        resolved_at=world.at(world.today - timedelta(days=RESOLVED), 9, 16),
        outcome=fill(told["concern"]["outcome"], world.rng, **rasmus.voice.words()),
    )
    write(Concern, [concern])
    # The two who are told in full keep their mentors.
    own = [case.number for case in cases if case.plan.is_known]
    _who_stops(world, own, told["stop"]["note"])


def _who_stops(world: World, left_out: list[int], note: str) -> None:
    """The second mentor of the last pair in Aarhus that is well under way."""
    seats = Seat.objects.held(world.today).filter(
        number=2,
        held_until=None,
        held_from__lte=world.today - timedelta(days=60),
        pair__enrolment__municipality=AARHUS,
        pair__enrolment__released_on__isnull=False,
        pair__enrolment__ended_on=None,
    )
    seat = seats.exclude(pair__enrolment__in=left_out).order_by("-pair", "-pk").first()
    if seat is None:
        return
    stops_on = world.today + timedelta(days=STOPS_IN)
    Seat.objects.filter(pk=seat.pk).update(held_until=stops_on)
    given_at = world.at(world.yesterday, 18, 21)
    notice = StopNotice(
        seat=seat, stops_on=stops_on, reason=StopReason.MOVING, note=note, given_at=given_at
    )
    write(StopNotice, [notice])
