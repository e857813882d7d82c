"""Who followed whom, from when until when."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from mentoring.models import Mentor, MentorPair, PairEndReason, Seat
from participants.models import EndReason, GenderWish
from primus.demo.seeding.people import People, Volunteer
from primus.demo.seeding.plans import WITH_VACANCY, Plan
from primus.demo.seeding.world import World, write

FOREVER = date.max
ENOUGH_FOR_ANOTHER_PAIR = 8


class TooFewMentors(Exception):
    """The table of mentors does not go with the table of enrolments."""


@dataclass(eq=False)
class SeatPlan:
    """One mentor in one seat; ``until`` is the first day it is no longer held."""

    number: int
    volunteer: Volunteer
    start: date
    until: date | None = None

    def held(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(eq=False)
class PairPlan:
    plan: Plan
    formed_on: date
    ended_on: date | None
    end_reason: str
    seats: list[SeatPlan] = field(default_factory=list)
    row: MentorPair | None = None

    def holders(self, day: date) -> list[Volunteer]:
        """Those who hold a seat on the day, seat 1 first."""
        if day < self.formed_on or (self.ended_on is not None and day >= self.ended_on):
            return []
        held = [seat for seat in self.seats if seat.held(day)]
        return [seat.volunteer for seat in sorted(held, key=lambda seat: seat.number)]


class Pairing:
    """Gives every plan its mentors, so that nobody ever follows more than they could."""

    def __init__(self, world: World, people: People):
        self.world = world
        self.people = people
        self.pairs: dict[Plan, list[PairPlan]] = {}

    def draw(self, plans: list[Plan]) -> None:
        paired = [plan for plan in plans if plan.paired_on is not None]
        # What is decided from the start takes its places first.
        special = [p for p in paired if p.kind.startswith("karen") or p.kind in WITH_VACANCY]
        for plan in special:
            self._pair(plan)
        for plan in paired:
            if plan not in self.pairs:
                self._pair(plan)

    def holders(self, plan: Plan, day: date) -> list[Volunteer]:
        return [v for pair in self.pairs.get(plan, ()) for v in pair.holders(day)]

    def _pair(self, plan: Plan) -> None:
        start, end = plan.paired_on, plan.ended_on
        assert start is not None
        replaced = None
        lasts = plan.kind == "ended" and plan.end_reason == EndReason.COMPLETED
        many = len(self.people.volunteers[plan.municipality]) >= ENOUGH_FOR_ANOTHER_PAIR
        if lasts and many and self.world.chance(0.12):
            replaced = start + self.world.days(60, 150)
        reason = PairEndReason.ENROLMENT_ENDED if end else ""
        if replaced is None:
            self.pairs[plan] = [self._filled(PairPlan(plan, start, end, reason))]
            return
        first = self._filled(PairPlan(plan, start, replaced, PairEndReason.REPLACED))
        before = {seat.volunteer for seat in first.seats}
        second = self._filled(PairPlan(plan, replaced, end, reason), never=before)
        self.pairs[plan] = [first, second]

    def _filled(self, pair: PairPlan, never: set[Volunteer] | None = None) -> PairPlan:
        plan, people = pair.plan, self.people
        if plan.kind.startswith("karen"):
            chosen = [people.karen, people.jonas]
        elif plan.kind in WITH_VACANCY:
            leaver = next(v for v in people.volunteers[plan.municipality] if v.key == "leaver")
            chosen = [leaver, *self._choose(pair, 1, {leaver}, pair.formed_on)]
        else:
            chosen = self._choose(pair, 2, never or set(), pair.formed_on)
        if len(chosen) < len(Seat.NUMBERS):
            raise TooFewMentors(f"{plan.municipality} on {pair.formed_on}")
        known = set(chosen)
        for number, volunteer in enumerate(chosen, start=1):
            self._sit(pair, number, volunteer, pair.formed_on, known)
        return pair

    def _sit(
        self,
        pair: PairPlan,
        number: int,
        volunteer: Volunteer,
        start: date,
        known: set[Volunteer],
    ) -> None:
        """Take a seat, and when the mentor stops before the pair does, find the next one."""
        end = pair.ended_on
        stops = volunteer.gone_on
        long = end is not None and (end - start).days > 200
        if stops is None and long and self.world.chance(0.06):
            # A new job, a move, an illness in the family.
            stops = start + self.world.days(70, 170)
        until = stops if stops is not None and (end is None or stops < end) else end
        pair.seats.append(SeatPlan(number, volunteer, start, until))
        volunteer.spans.append((start, until or FOREVER))
        if until is None:
            volunteer.load += 1
        if until is None or until == end or pair.plan.kind in WITH_VACANCY:
            return
        again = until + self.world.days(4, 18)
        if end is None or again < end - timedelta(days=10):
            for successor in self._choose(pair, 1, known, again):
                known.add(successor)
                self._sit(pair, number, successor, again, known)

    def _choose(
        self, pair: PairPlan, count: int, never: set[Volunteer], start: date
    ) -> list[Volunteer]:
        """The least busy of the municipality's mentors, Karen and Jonas kept for their own."""
        end = pair.ended_on or FOREVER
        own = (self.people.karen, self.people.jonas)
        able = [
            v
            for v in self.people.volunteers[pair.plan.municipality]
            if v not in never
            and v.available(start)
            and v not in own
            # A vacancy today is there only where it is meant to be.
            and (v.gone_on is None or pair.ended_on is not None)
            and (v.key != "leaver" or (v.gone_on is not None and end < v.gone_on))
        ]
        self.world.rng.shuffle(able)
        able.sort(key=lambda volunteer: volunteer.busy(start, end))
        return [v for v in able[:count] if v.busy(start, end) < Mentor.MOST_AT_ONCE]

    def wish(self, plan: Plan) -> str:
        """A wish for the mentors' gender that the pair it got fulfils."""
        if not self.world.chance(0.3):
            return GenderWish.ANY
        pairs = self.pairs.get(plan)
        if not pairs:
            return self.world.pick([GenderWish.FEMALE, GenderWish.MALE])
        fitting = [GenderWish.FEMALE, GenderWish.MALE]
        for day in sorted({seat.start for pair in pairs for seat in pair.seats}):
            here = {volunteer.gender for volunteer in self.holders(plan, day)}
            fitting = [wish for wish in fitting if wish in here]
        return self.world.pick(fitting) if fitting else GenderWish.ANY

    def write(self, numbers: dict[Plan, int]) -> None:
        """Insert pairs and seats; ``numbers`` are the enrolments' primary keys."""
        pairs = [pair for pairs in self.pairs.values() for pair in pairs]
        for pair in pairs:
            pair.row = MentorPair(
                enrolment_id=numbers[pair.plan],
                formed_on=pair.formed_on,
                ended_on=pair.ended_on,
                end_reason=pair.end_reason,
                formed_by=self.world.coordinators[pair.plan.municipality],
            )
        write(MentorPair, [pair.row for pair in pairs])
        write(
            Seat,
            [
                Seat(
                    pair=pair.row,
                    number=seat.number,
                    mentor=seat.volunteer.row,
                    held_from=seat.start,
                    held_until=seat.until,
                )
                for pair in pairs
                for seat in pair.seats
            ],
        )
