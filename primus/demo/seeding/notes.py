"""What the mentors write: a note, a line for an area, the next step. In Danish, as they speak."""

from dataclasses import dataclass, field
from datetime import date

from mentoring.models import Authority, MeetingMode, MeetingState
from participants.models import ReleaseKind, SupportArea
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.needs import STABLE, Paths
from primus.demo.seeding.phrases import Decks, fill, texts
from primus.demo.seeding.schedule import GATE, LATE_DAYS, Appointment
from primus.demo.seeding.world import World

WHERE = {
    SupportArea.HOUSING: [Authority.HOUSING],
    SupportArea.FINANCE: [Authority.BENEFITS, Authority.BANK],
    SupportArea.WORK: [Authority.JOB_CENTRE],
    SupportArea.HEALTH: [Authority.DOCTOR, Authority.TREATMENT],
    SupportArea.NETWORK: [Authority.OTHER],
}
SHORT = {MeetingMode.PHONE, MeetingMode.MESSAGE}


@dataclass
class Told:
    """The texts of one meeting."""

    note: str
    areas: dict[str, str] = field(default_factory=dict)
    next_step: str = ""
    authority: str = ""
    outcome: str = ""


class Diary:
    """Tells one enrolment from meeting to meeting: no line twice until all have been used."""

    def __init__(self, world: World, case: Case, paths: Paths):
        self.world = world
        self.case = case
        self.paths = paths
        self.decks = Decks(world.rng)
        self.last_level: dict[SupportArea, int] = {}
        self.turned: set[SupportArea] = set()
        self.fell: set[SupportArea] = set()

    def tell(self, made: Appointment) -> Told:
        together = len(made.there) > 1
        if not made.is_held:
            return Told(self._say(*self._absence(made), together), next_step=self._again(made))
        areas = self._touched(made)
        lines = {area: self._say(*self._line(area, made.day), together) for area in areas}
        told = Told(self._note(made, together))
        if made.mode == MeetingMode.AUTHORITY:
            told.authority = self._authority(areas)
            outcomes = texts("authorities")[told.authority]
            told.outcome = self._say(f"authority {told.authority}", outcomes, together)
        elif not (made.is_first or made.is_release or made.is_last):
            lines = self._shorten(told, lines)
        told.areas = {area.value: line for area, line in lines.items()}
        if not made.is_last and self.world.chance(0.78):
            told.next_step = self._next_step(made, areas)
        return told

    def _say(self, key: str, lines: list[str], together: bool = False) -> str:
        words = self.case.voice.words(together=together)
        return fill(self.decks.deal(key, lines), self.world.rng, **words)

    def _absence(self, made: Appointment) -> tuple[str, list[str]]:
        absences = texts("absences")
        if made.state == MeetingState.TRIED:
            return f"tried {made.mode}", absences["tried"][made.mode]
        return f"not held {made.reason}", absences["not_held"][made.reason]

    def _touched(self, made: Appointment) -> list[SupportArea]:
        """The areas that were talked of: what is hardest most, and what has just turned."""
        if made.is_release or made.is_last:
            return []
        levels = {area: path.level(made.day) for area, path in self.paths.items()}
        count = self.world.weighted(
            {0: 45, 1: 45, 2: 10} if made.mode in SHORT else {1: 40, 2: 44, 3: 16}
        )
        before = self._before_release(made.day)
        weights = {area: self._weight(area, level, before) for area, level in levels.items()}
        chosen = []
        for _ in range(count):
            area = self.world.weighted(weights)
            chosen.append(area)
            del weights[area]
        return sorted(chosen, key=list(SupportArea).index)

    def _weight(self, area: SupportArea, level: int, before: bool) -> float:
        """How much there is to say of an area: the worse it stands, the more."""
        if self.paths[area].no_need:
            return 0.01 if before else 0.5
        return 1 if before and level >= STABLE else 6.5 - level

    def _line(self, area: SupportArea, day: date) -> tuple[str, list[str]]:
        """Which kind of line fits how the area stands on the day."""
        lines, path = texts(area.value), self.paths[area]
        level, before = path.level(day), self.last_level.get(area)
        self.last_level[area] = level
        if self._before_release(day):
            kind = "pre"
        elif before and level < before and before >= 3 >= level and area not in self.fell:
            kind = "setback"
            self.fell.add(area)
        elif before and before < STABLE <= level and area not in self.turned:
            kind = "turn"
            self.turned.add(area)
        else:
            kind = "low" if level <= 2 else "mid" if level < STABLE else "high"
        return f"{area} {kind}", lines[kind]

    def _before_release(self, day: date) -> bool:
        released_on = self.case.plan.released_on
        return released_on is None or day < released_on

    def _note(self, made: Appointment, together: bool) -> str:
        lines = texts("meetings")
        for key, told in (
            ("first", made.is_first), ("release_day", made.is_release), ("last", made.is_last)
        ):  # fmt: skip
            if told:
                if key == "first" and not self._before_release(made.day):
                    key = "first_outside"
                return self._say(key, lines[key], together)
        kind = made.mode
        if self._before_release(made.day) and kind in {MeetingMode.PHONE, MeetingMode.VIDEO}:
            kind = f"{kind}_inside"
        release = self.case.plan.release_day
        after = (made.day - release).days
        if made.mode == MeetingMode.INSTITUTION and made.day >= release - GATE:
            kind = "gate_week" if self.world.chance(0.7) else kind
        elif after > LATE_DAYS and made.mode in {MeetingMode.CAFE, MeetingMode.HOME}:
            kind = "late" if self.world.chance(0.3) else kind
        note = self._say(kind, lines[kind], together)
        if self.world.chance(0.25 if made.mode in SHORT else 0.5):
            mood = self._mood(made.day)
            note += " " + self._say(mood, lines[mood], together)
        return note

    def _mood(self, day: date) -> str:
        levels = [path.level(day) for path in self.paths.values() if not path.no_need]
        average = sum(levels) / len(levels) if levels else STABLE
        return "mood_low" if average < 2.3 else "mood_mid" if average < 3.5 else "mood_high"

    def _shorten(self, told: Told, lines: dict[SupportArea, str]) -> dict[SupportArea, str]:
        """Some write it all in the note, some only tap the area."""
        dice = self.world.rng.random()
        if lines and dice < 0.3:
            area = next(iter(lines))
            told.note += " " + lines[area]
            return {**lines, area: ""}
        if lines and dice < 0.36:
            told.note = ""
        return lines

    def _authority(self, areas: list[SupportArea]) -> str:
        dice = self.world.rng.random()
        if dice < 0.12 and self.case.plan.release_kind == ReleaseKind.PAROLE:
            return Authority.PROBATION
        if dice > 0.96:
            return Authority.POLICE
        area = areas[0] if areas else SupportArea.FINANCE
        return self.world.pick(WHERE[area])

    def _next_step(self, made: Appointment, areas: list[SupportArea]) -> str:
        steps = texts("steps")
        plan = self.case.plan
        before = self._before_release(made.day)
        period = "pre" if before else "post"
        if before and made.day >= plan.release_day - GATE:
            return self._say("step gate", steps["general"]["gate"], True)
        if (made.day - plan.release_day).days > LATE_DAYS:
            return self._say("step late", steps["general"]["late"], True)
        if areas and self.world.chance(0.62):
            area = self.world.pick(areas)
            return self._say(f"step {area} {period}", steps[area][period], True)
        return self._say(f"step {period}", steps["general"][period], True)

    def _again(self, made: Appointment) -> str:
        if not self.world.chance(0.6):
            return ""
        kind = "again_inside" if self._before_release(made.day) else "again"
        return self._say(kind, texts("steps")["general"][kind])
