"""How well two mentors suit an enrolment: one measure for each criterion, from 0 to 1.

A measure looks at one *trait* of each mentor and gives two traits a value, so that it is enough to
value each two traits once however many mentors there are. What is not known of an enrolment (no
need is rated) makes a measure not apply; what is not known of a mentor counts as the middle.
The words for each are in `mentoring.matching.words`.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from mentoring.matching.geography import kilometres
from mentoring.matching.people import Person, Wanted
from mentoring.models import Criterion, MatchWeight
from participants.languages import Language
from participants.timeslots import TimeSlot

MIDDLE = 0.5
# Languages so common that to share one is not what a participant asks for.
COMMON = {Language.DANISH.value, Language.ENGLISH.value}
# A stable area needs nobody who knows it; the most acute counts four times a nearly stable one.
STABLE = 5
TRADE = "trade"
TRADE_COUNTS = 3
# Up to the first distance nobody minds; at the other it counts nothing.
NEAR_KM, FAR_KM = 5, 60
HOME_COUNTS, INSTITUTION_COUNTS = 2, 1
OTHER_MUNICIPALITY = 0.8


@dataclass(frozen=True)
class Measure:
    """One criterion: whether it applies, what it looks at in a mentor, and what two are worth."""

    criterion: Criterion
    trait: Callable[[Wanted, Person], Hashable]
    value: Callable[[Wanted, Any, Any], float]
    applies: Callable[[Wanted], bool] = lambda wanted: True


# --- Language ----------------------------------------------------------------------------
def own_languages(wanted: Wanted) -> set[str]:
    """The participant's languages that few share; the common ones where there is no other."""
    spoken = set(wanted.languages)
    return spoken - COMMON or spoken


def _language(wanted: Wanted, person: Person) -> float:
    if person.languages & own_languages(wanted):
        return 1.0
    return 0.6 if person.languages & set(wanted.languages) else 0.0


def _languages(wanted: Wanted, one: float, other: float) -> float:
    """One who speaks it helps most; that both do is better."""
    return (2 * max(one, other) + min(one, other)) / 3


# --- Distance ----------------------------------------------------------------------------
def distances(wanted: Wanted, person: Person) -> tuple[int | None, int | None]:
    """Kilometres to the participant's home, and before the release to the institution."""
    home = kilometres(person.postcode, wanted.postcode)
    if not wanted.is_inside:
        return home, None
    return home, kilometres(person.postcode, wanted.institution_postcode)


def _distance(wanted: Wanted, person: Person) -> tuple:
    return (*distances(wanted, person), person.municipality == wanted.municipality)


def nearness(km: int | None) -> float:
    """1 up to five kilometres, 0 from sixty."""
    if km is None:
        return MIDDLE
    return min(1.0, max(0.0, (FAR_KM - km) / (FAR_KM - NEAR_KM)))


def _near(trait: tuple) -> float:
    home, institution, is_here = trait
    value = nearness(home)
    if institution is not None:
        # A year of meetings at home weighs more than the two months before it.
        value = HOME_COUNTS * value + INSTITUTION_COUNTS * nearness(institution)
        value /= HOME_COUNTS + INSTITUTION_COUNTS
    return value if is_here else value * OTHER_MUNICIPALITY


def _distances(wanted: Wanted, one: tuple, other: tuple) -> float:
    return (_near(one) + _near(other)) / 2


# --- Times -------------------------------------------------------------------------------
EVER = frozenset(TimeSlot.values)


def needed_times(wanted: Wanted) -> list[frozenset[str]]:
    """When the two must be able to: visiting hours, and what suits the participant."""
    return [times for times in (wanted.visiting_times, wanted.times) if times] or [EVER]


def _times(wanted: Wanted, person: Person) -> frozenset[str]:
    return person.times


def _fit(needed: frozenset[str], one: frozenset[str], other: frozenset[str]) -> float:
    if not one and not other:
        return MIDDLE
    if not one or not other:
        return 0.6 if (one | other) & needed else 0.2
    if one & other & needed:
        return 1.0
    return {2: 0.6, 1: 0.3, 0: 0.0}[bool(one & needed) + bool(other & needed)]


def _times_fit(wanted: Wanted, one: frozenset[str], other: frozenset[str]) -> float:
    """1 where both can come together, less where they can only take turns, or only one can."""
    needed = needed_times(wanted)
    return sum(_fit(times, one, other) for times in needed) / len(needed)


# --- Experience --------------------------------------------------------------------------
def wanted_knowledge(wanted: Wanted) -> dict[str, int]:
    """What it would help to know from within, and how much each counts: the acute areas most."""
    counts = {area: STABLE - rating for area, rating in wanted.needs if rating < STABLE}
    if wanted.trade:
        counts[TRADE] = TRADE_COUNTS
    return counts


def knows(wanted: Wanted, person: Person) -> frozenset[str]:
    """What of it a mentor knows, by what they say, by their trade and by their occupation."""
    known = set(wanted_knowledge(wanted)) & person.areas
    if wanted.trade and person.trade == wanted.trade:
        known.add(TRADE)
    return frozenset(known)


def _knowledge(wanted: Wanted, one: frozenset[str], other: frozenset[str]) -> float:
    """The part of it that at least one of them knows."""
    counts = wanted_knowledge(wanted)
    return sum(counts[item] for item in one | other) / sum(counts.values())


# --- An experienced mentor with a new one --------------------------------------------------
def _is_experienced(wanted: Wanted, person: Person) -> bool:
    return person.followed > 0


def _mix(wanted: Wanted, one: bool, other: bool) -> float:
    return {2: 0.6, 1: 1.0, 0: 0.0}[one + other]


# --- Load --------------------------------------------------------------------------------
def _room(wanted: Wanted, person: Person) -> tuple[int, int]:
    return person.load, person.capacity


def _rooms(wanted: Wanted, one: tuple[int, int], other: tuple[int, int]) -> float:
    """The mean of their free parts: 1 where neither follows anybody."""
    free = [(capacity - load) / capacity if capacity else 0.0 for load, capacity in (one, other)]
    return max(0.0, sum(free) / 2)


# --- Earlier endings in conflict -----------------------------------------------------------
def _past(wanted: Wanted, person: Person) -> tuple:
    with_participant = wanted.participant in person.participant_clashes
    number = person.number if person.clashes else 0
    return with_participant, number, person.clashes, bool(person.participant_clashes)


def _pasts(wanted: Wanted, one: tuple, other: tuple) -> float:
    """0 where it ended in conflict with this participant, little where it did between the two."""
    if one[0] or other[0]:
        return 0.0
    if (one[1] and one[1] in other[2]) or (other[1] and other[1] in one[2]):
        return 0.2
    return 0.7 if one[3] or other[3] else 1.0


MEASURES = [
    Measure(Criterion.LANGUAGE, _language, _languages, lambda wanted: bool(wanted.languages)),
    Measure(Criterion.DISTANCE, _distance, _distances),
    Measure(Criterion.TIMES, _times, _times_fit),
    Measure(Criterion.EXPERIENCE, knows, _knowledge, lambda wanted: bool(wanted_knowledge(wanted))),
    Measure(Criterion.MIX, _is_experienced, _mix),
    Measure(Criterion.LOAD, _room, _rooms),
    Measure(Criterion.HISTORY, _past, _pasts),
]


def weights() -> dict[str, int]:
    """How much each criterion counts now, from 0 to 10."""
    return dict(MatchWeight.objects.values_list("criterion", "weight"))


# A value is kept in thousandths and a score in ten-thousandths: whole numbers, so that a sum is
# the same in whatever order it is made.
THOUSAND = 1000
WHOLE = 10_000


class Scoring:
    """The measures that apply to one enrolment, over some mentors, as tables of whole numbers.

    ``columns[m][p]`` is which trait mentor number `p` of the list has by measure `m`, and
    ``tables[m][s][t]`` what the traits `s` and `t` are worth together, times the weight.
    """

    def __init__(self, wanted: Wanted, people: list[Person], weighed: dict[str, int]):
        self.wanted = wanted
        self.people = people
        self.measures = [
            measure
            for measure in MEASURES
            if weighed.get(measure.criterion) and measure.applies(wanted)
        ]
        self.weights = [weighed[measure.criterion] for measure in self.measures]
        self.most = THOUSAND * sum(self.weights)
        self.columns: list[list[int]] = []
        self.tables: list[list[list[int]]] = []
        for measure, weight in zip(self.measures, self.weights, strict=True):
            self._tabulate(measure, weight)

    def _tabulate(self, measure: Measure, weight: int) -> None:
        kinds: dict[Hashable, int] = {}
        self.columns.append(
            [kinds.setdefault(measure.trait(self.wanted, p), len(kinds)) for p in self.people]
        )
        self.tables.append(
            [
                [weight * round(THOUSAND * measure.value(self.wanted, s, t)) for t in kinds]
                for s in kinds
            ]
        )

    def total(self, one: int, other: int) -> int:
        """What two mentors, by their places in the list, are worth; at most ``most``."""
        return sum(
            table[column[one]][column[other]]
            for table, column in zip(self.tables, self.columns, strict=True)
        )

    def score(self, total: int) -> int:
        """A total in ten-thousandths of the most there can be."""
        return WHOLE * total // self.most if self.most else 0
