"""What is counted of a place and a year: who is put into which class, before anything is hidden.

Everybody of a cell is in exactly one class of each kind, so that wholes are the sums of their
parts by construction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Self

from participants.models import RatingStage
from participants.models.needs import TIMED_STAGES

MONTHS = 12
# Meetings in a month are counted among those of whom so many months are over: those of months 2 and
# 3 among those of whom 3 are. With each month by itself, two that follow each other would differ
# by the few people who are between them.
MONTHS_OVER = (1, 3, 6, 9, 12)
# When contact is asked for once more, in whole months after the release.
LATER_CONTACT_MONTHS = 6
# From which month after the release a stage is due; the others are at once.
DUE_MONTH = {RatingStage.MONTH_3: 3, RatingStage.MONTH_6: 6, RatingStage.MONTH_12: 12}
FIRST_STAGE, LAST_STAGE = RatingStage.START, RatingStage.MONTH_12


class Seats:
    """How an enrolment under way stands with mentors."""

    TWO = "two"
    VACANT = "vacant"
    NONE = "none"
    ALL = (TWO, VACANT, NONE)


class Step(StrEnum):
    """The way through the programme. Who has come to one has come to all before it."""

    REFERRED = "referred"
    CONSENTED = "consented"
    PAIRED = "paired"
    RELEASED = "released"
    CONTACTED = "contacted"
    SIX_MONTHS = "six_months"
    COMPLETED = "completed"


class Onward(StrEnum):
    """What has become of those who have not come to the next step."""

    DROPPED = "dropped"
    PENDING = "pending"


class Waited(StrEnum):
    """A pair within the target, later, or none."""

    WITHIN = "within"
    LATER = "later"
    NONE = "none"


class Contact(StrEnum):
    """First contact within the target, not, or less than a month since the release.

    A month, because it would give single people away to leave out those of the last days.
    """

    WITHIN = "within"
    NOT = "not"
    EARLY = "early"


class Crime(StrEnum):
    """By the definitions with two years' window: the narrowest by which somebody has reoffended."""

    KRUS = "krus"
    KRIMINALFORSORGEN = "kriminalforsorgen"
    DST = "dst"
    NONE = "none"
    UNKNOWN = "unknown"


class YearCrime(StrEnum):
    """By the definition with one year's window."""

    REOFFENDED = "reoffended"
    NONE = "none"
    UNKNOWN = "unknown"


class Rated(StrEnum):
    """How an area was rated at a stage: 1–5, no need, not at all though due, or not due yet.

    Who was rated before the stage was due counts from the day it is.
    """

    RATED = "rated"
    NO_NEED = "no_need"
    MISSING = "missing"
    EARLY = "early"


STEPS = tuple(Step)
ONWARD = tuple(Onward)
# How far somebody came, and what became of them there.
Furthest = tuple[str, str]
FURTHEST: tuple[Furthest, ...] = (
    *((str(step), str(onward)) for step in STEPS[:-1] for onward in ONWARD),
    (str(Step.COMPLETED), ""),
)
STAGES = TIMED_STAGES


@dataclass
class Moments:
    """Count, sum and sum of squares: what a mean and its interval need, and what adds up."""

    n: int = 0
    total: int = 0
    squares: int = 0

    def add(self, value: int, times: int = 1) -> None:
        self.n += times
        self.total += value * times
        self.squares += value * value * times

    def __iadd__(self, other: "Moments") -> "Moments":
        self.n += other.n
        self.total += other.total
        self.squares += other.squares
        return self


@dataclass
class Cell:
    """Counts that add up, name by name."""

    @classmethod
    def total(cls, cells: Iterable[Self]) -> Self:
        """The cell of all of these together."""
        whole = cls()
        for cell in cells:
            for part in fields(cls):
                mine, other = getattr(whole, part.name), getattr(cell, part.name)
                if isinstance(mine, Counter):
                    mine.update(other)
                elif isinstance(mine, dict):
                    for key, moments in other.items():
                        mine[key] += moments
                else:
                    setattr(whole, part.name, mine + other)
        return whole


def _moments() -> defaultdict:
    return defaultdict(Moments)


@dataclass
class Referred(Cell):
    """Those referred in a year and taken in."""

    people: int = 0
    # (how far, pair in time) → people
    flow: Counter[tuple[Furthest, str]] = field(default_factory=Counter)
    # Days from the referral to the pair → people
    days: Counter[int] = field(default_factory=Counter)


@dataclass
class Released(Cell):
    """Those released in a year, up to today."""

    people: int = 0
    without_two: int = 0
    # (which of MONTHS_OVER are over since the release, or 0; contact within the target)
    time: Counter[tuple[int, str]] = field(default_factory=Counter)
    crime: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Why it cannot be said by the definitions with two years' window.
    reasons: Counter[str] = field(default_factory=Counter)
    # (which of MONTHS_OVER are over, month) → held meetings with each of those who had any
    meetings: dict[tuple[int, int], Moments] = field(default_factory=_moments)
    # (area, stage, how rated) → people
    needs: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    # (area, stage) → the ratings
    ratings: dict[tuple[str, str], Moments] = field(default_factory=_moments)
    # area → the change from start to 12 months, of those rated at both
    change: dict[str, Moments] = field(default_factory=_moments)


@dataclass
class Now(Cell):
    """Enrolments as they stand today."""

    phases: Counter[str] = field(default_factory=Counter)
    seats: Counter[str] = field(default_factory=Counter)
    ended: int = 0


@dataclass
class Mentors(Cell):
    """Mentors who may be given somebody: taking part now, and cleared."""

    with_room: int = 0
    full: int = 0
    places: int = 0
    places_free: int = 0


@dataclass
class Counted:
    """Everything that is counted: of places as they are today, and of places and years."""

    now: dict[str, Now] = field(default_factory=lambda: defaultdict(Now))
    mentors: dict[str, Mentors] = field(default_factory=lambda: defaultdict(Mentors))
    referred: dict[tuple[str, int], Referred] = field(default_factory=lambda: defaultdict(Referred))
    released: dict[tuple[str, int], Released] = field(default_factory=lambda: defaultdict(Released))

    @property
    def codes(self) -> list[str]:
        """The municipalities that have anything."""
        found = {*self.now, *self.mentors}
        return sorted(found | {code for code, _year in (*self.referred, *self.released)})
