"""When mentors and participant meet: often around the release, more seldom as the year goes."""

from dataclasses import dataclass
from datetime import date, timedelta

from mentoring.models import MeetingMode, MeetingState, NotHeldReason
from participants.closed_days import is_working_day
from participants.models import EndReason
from participants.phases import add_months
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.pairs import Pairing
from primus.demo.seeding.people import Volunteer
from primus.demo.seeding.world import World

GATE = timedelta(days=14)
LATE_DAYS = 290
# From which day after the release: the least and the most days between two meetings.
RHYTHM = [(-400, 9, 16), (-14, 4, 7), (0, 2, 4), (14, 6, 11), (90, 8, 14), (180, 10, 17)]
MODES = {
    "pre": {MeetingMode.INSTITUTION: 80, MeetingMode.PHONE: 15, MeetingMode.VIDEO: 5},
    "early": {
        MeetingMode.CAFE: 32, MeetingMode.HOME: 14, MeetingMode.PHONE: 26,
        MeetingMode.AUTHORITY: 20, MeetingMode.MESSAGE: 6, MeetingMode.VIDEO: 2,
    },
    "later": {
        MeetingMode.CAFE: 38, MeetingMode.HOME: 22, MeetingMode.PHONE: 20,
        MeetingMode.AUTHORITY: 10, MeetingMode.MESSAGE: 6, MeetingMode.VIDEO: 4,
    },
}  # fmt: skip
NOT_HELD = {
    "pre": {
        NotHeldReason.INSTITUTION: 35, NotHeldReason.NOT_POSSIBLE: 30,
        NotHeldReason.PARTICIPANT: 20, NotHeldReason.MENTOR: 15,
    },
    "post": {
        NotHeldReason.NO_SHOW: 36, NotHeldReason.PARTICIPANT: 40,
        NotHeldReason.MENTOR: 15, NotHeldReason.OTHER: 9,
    },
}  # fmt: skip


@dataclass(eq=False)
class Appointment:
    """One day in the calendar of a pair and its participant."""

    day: date
    there: list[Volunteer]
    state: MeetingState = MeetingState.HELD
    mode: str = ""
    reason: str = ""
    is_first: bool = False
    is_release: bool = False
    is_last: bool = False  # the farewell after the year

    @property
    def is_held(self) -> bool:
        return self.state == MeetingState.HELD


class Calendar:
    """Draws the appointments of one enrolment, in order."""

    def __init__(self, world: World, case: Case, pairing: Pairing):
        self.world = world
        self.case = case
        self.plan = case.plan
        self.pairing = pairing
        self.turn = world.rng.randint(0, 1)
        # Some meet more often than others.
        self.pace = world.rng.uniform(0.85, 1.25)
        if self.plan.few_meetings:
            self.pace *= world.rng.uniform(2.4, 4.0)

    def draw(self) -> list[Appointment]:
        last = self.plan.last_day(self.world.today)
        found: list[Appointment] = []
        days = self._days(last)
        for day, following in zip(days, [*days, last + timedelta(days=1)][1:], strict=True):
            appointment = self._appointment(day, is_first=not found)
            if appointment is None:
                continue
            found.append(appointment)
            again = day + self.world.days(2, 4)
            if not appointment.is_held and (following - again).days > 3 and self._may_catch_up():
                found += filter(None, [self._catch_up(again)])
        self._farewell(found)
        return found

    def _may_catch_up(self) -> bool:
        return self.plan.kind != "silent" and self.world.chance(0.75)

    def _catch_up(self, day: date) -> Appointment | None:
        """What did not come off is made good some days later, most often on the phone."""
        made = self._appointment(day, is_first=False)
        if made is not None and not made.is_release:
            made.state, made.reason = MeetingState.HELD, ""
            made.mode = MeetingMode.PHONE if self.world.chance(0.7) else made.mode
        return made

    def _days(self, last: date) -> list[date]:
        plan, world = self.plan, self.world
        release = plan.release_day
        assert plan.paired_on is not None
        start = max(plan.paired_on + world.days(2, 9), release - world.days(56, 66))
        if plan.kind == "upcoming":
            start = plan.paired_on + world.days(2, 5)  # they say hello, and wait
            return [start] if start <= last else []
        days, day = [], start
        while day <= last:
            days.append(day)
            day += timedelta(days=self._gap((day - release).days))
        happened = plan.released_on is not None and not plan.few_meetings
        if happened and release <= last and world.chance(0.92):
            # Whoever is met at the gate is not also met the day before.
            days = [d for d in days if abs((d - release).days) > 1]
            days = sorted({*days, release, min(last, release + world.days(1, 3))})
        return self._until_today(days, last)

    def _gap(self, days_after: int) -> int:
        least, most = next((a, b) for start, a, b in reversed(RHYTHM) if days_after >= start)
        return max(2, round(self.world.rng.randint(least, most) * self.pace))

    def _until_today(self, days: list[date], last: date) -> list[date]:
        """For those under way: a contact of late, or none for more than two weeks."""
        plan, world = self.plan, self.world
        if plan.ended_on is not None or not days:
            return days
        if plan.kind == "silent":
            quiet = world.today - world.days(16, 25)
            days = [day for day in days if day <= quiet]
            since = (last - quiet).days
            return days + [quiet + timedelta(days=n) for n in (since // 3, since * 2 // 3)]
        if (world.today - days[-1]).days > 8:
            days.append(world.today - world.days(1, 6))
        return days

    def _appointment(self, day: date, *, is_first: bool) -> Appointment | None:
        plan = self.plan
        holders = self.pairing.holders(plan, day)
        if not holders:
            return None
        made = Appointment(day, holders, is_first=is_first)
        made.is_release = plan.released_on == day and not is_first
        before = plan.released_on is None or day < plan.released_on
        if made.is_release or is_first:
            made.mode = MeetingMode.INSTITUTION if before or made.is_release else MeetingMode.CAFE
            return made
        period = "pre" if before else "early" if (day - plan.release_day).days < 90 else "later"
        self._decide(made, period)
        if not made.is_held or not self._together(made):
            self.turn = (self.turn + 1) % 2
            made.there = [holders[self.turn % len(holders)]]
        return made

    def _decide(self, made: Appointment, period: str) -> None:
        world, plan = self.world, self.plan
        quiet = plan.kind == "silent" and (world.today - made.day).days < 16
        late = plan.ended_on is None and (world.today - made.day).days < 9
        dice = world.rng.random()
        if quiet or (dice > 0.79 and not late):
            tried = world.chance(0.4)
            made.state = MeetingState.TRIED if tried else MeetingState.NOT_HELD
        if made.state == MeetingState.TRIED:
            made.mode = MeetingMode.INSTITUTION
            if period != "pre":
                made.mode = world.weighted(
                    {MeetingMode.PHONE: 60, MeetingMode.MESSAGE: 28, MeetingMode.HOME: 12}
                )
            return
        if made.state == MeetingState.NOT_HELD:
            made.reason = world.weighted(NOT_HELD["pre" if period == "pre" else "post"])
        made.mode = world.weighted(MODES[period])
        if made.mode == MeetingMode.AUTHORITY and not is_working_day(made.day):
            made.mode = MeetingMode.CAFE
        if made.state == MeetingState.NOT_HELD:
            if period == "pre":
                made.mode = MeetingMode.INSTITUTION
            elif made.mode != MeetingMode.HOME or made.reason == NotHeldReason.NO_SHOW:
                made.mode = MeetingMode.CAFE

    def _together(self, made: Appointment) -> bool:
        if made.mode in {MeetingMode.PHONE, MeetingMode.MESSAGE, MeetingMode.VIDEO}:
            return self.world.chance(0.06)
        return self.world.chance(0.36)

    def _farewell(self, found: list[Appointment]) -> None:
        """Who completes the year says goodbye in person, both mentors there."""
        plan = self.plan
        if plan.end_reason != EndReason.COMPLETED or plan.released_on is None or not found:
            return
        day = min(
            add_months(plan.released_on, 12) - self.world.days(0, 4),
            plan.last_day(self.world.today),
        )
        found[:] = [appointment for appointment in found if (day - appointment.day).days > 3]
        there = self.pairing.holders(plan, day)
        if there:
            mode = self.world.pick([MeetingMode.CAFE, MeetingMode.HOME])
            found.append(Appointment(day, there, mode=mode, is_last=True))
