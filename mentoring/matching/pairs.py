"""The best pairs for one enrolment, and the best mentor to sit beside one who stays."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from mentoring.matching.people import Person, Wanted
from mentoring.matching.rules import obstacles, together
from mentoring.matching.scores import WHOLE, Scoring
from mentoring.matching.words import Reason, reasons_by_criterion
from mentoring.models import Criterion

HUNDRED = 100


@dataclass(frozen=True)
class Part:
    """One criterion in a score: so many of so many points, and why."""

    criterion: Criterion
    points: int
    of: int
    reasons: list[Reason]

    @property
    def percent(self) -> int:
        return HUNDRED * self.points // self.of if self.of else 0


@dataclass(frozen=True)
class Suggestion:
    """Two mentors for an enrolment (or one beside one who stays), and how well they suit it."""

    wanted: Wanted
    people: tuple[Person, Person]
    # In ten-thousandths.
    score: int
    scoring: Scoring
    values: tuple[int, ...]

    @property
    def key(self) -> str:
        """The two in one word, the one for the first seat first, as a form sends it."""
        return "-".join(str(person.number) for person in self.people)

    @property
    def points(self) -> int:
        """The score as people read it, from 0 to 100."""
        return round(self.score * HUNDRED / WHOLE)

    @cached_property
    def _words(self) -> dict[str, list[Reason]]:
        return reasons_by_criterion(self.wanted, self.people)

    @property
    def reasons(self) -> list[Reason]:
        """Every reason, what speaks for them first."""
        found = [reason for reasons in self._words.values() for reason in reasons]
        return sorted(found, key=lambda reason: not reason.is_good)

    @property
    def line(self) -> str:
        """What speaks for them in one line."""
        return " · ".join(reason.text for reason in self.reasons if reason.is_good)

    @cached_property
    def parts(self) -> list[Part]:
        """The score by criterion, in points that add up to it, as the weights share out 100."""
        weights = self.scoring.weights
        of = shared_out(weights, HUNDRED)
        points = shared_out(self.values, self.points)
        return [
            Part(measure.criterion, min(got, most), most, self._words[measure.criterion])
            for measure, got, most in zip(self.scoring.measures, points, of, strict=True)
        ]


def shared_out(amounts, whole: int) -> list[int]:
    """`whole` in whole numbers after the amounts, which add up to it (largest remainders)."""
    total = sum(amounts)
    if not total:
        return [0 for _ in amounts]
    parts = [whole * amount // total for amount in amounts]
    by_rest = sorted(range(len(parts)), key=lambda n: (-(whole * amounts[n] % total), n))
    for n in by_rest[: whole - sum(parts)]:
        parts[n] += 1
    return parts


def _suggestion(scoring: Scoring, one: int, other: int, *, in_order: bool = False) -> Suggestion:
    values = tuple(
        table[column[one]][column[other]]
        for table, column in zip(scoring.tables, scoring.columns, strict=True)
    )
    two = scoring.people[one], scoring.people[other]
    if not in_order and two[0].followed < two[1].followed:
        # The experienced one is asked for the first seat.
        two = two[1], two[0]
    return Suggestion(scoring.wanted, two, scoring.score(sum(values)), scoring, values)


def best_pairs(
    wanted: Wanted, people: list[Person], weighed: dict[str, int], most: int
) -> list[Suggestion]:
    """The `most` best pairs of all, the best first; of equals those who stand first in `people`.

    Every pair is looked at: with seven tables of whole numbers that is one sum each, and 125,000
    of them take about a tenth of a second.
    """
    able = [person for person in people if not obstacles(wanted, person)]
    scoring = Scoring(wanted, able, weighed)
    best: list[tuple[int, int, int]] = []
    for one in range(len(able) - 1):
        for total, two in _row(scoring, one, best, most):
            item = (total, -one, -two)
            if len(best) < most:
                heapq.heappush(best, item)
            else:
                heapq.heappushpop(best, item)
    ranked = sorted(best, reverse=True)
    return [_suggestion(scoring, -one, -other) for _total, one, other in ranked]


def _row(
    scoring: Scoring, one: int, best: list[tuple[int, int, int]], most: int
) -> Iterator[tuple[int, int]]:
    """The mentors after `one` who with them are better than the least of `best`, one at a time."""
    able = scoring.people
    rest = range(one + 1, len(able))
    totals: Iterable[int] = [0] * len(rest)
    if scoring.columns:
        values = [
            map(table[column[one]].__getitem__, column[one + 1 :])
            for table, column in zip(scoring.tables, scoring.columns, strict=True)
        ]
        totals = map(sum, zip(*values, strict=True))
    for other, total in zip(rest, totals, strict=True):
        if len(best) == most and total <= best[0][0]:
            continue
        if not together(scoring.wanted, able[one], able[other]):
            yield total, other


def best_beside(
    wanted: Wanted, stays: Person | None, people: list[Person], weighed: dict[str, int]
) -> list[Suggestion]:
    """Every mentor who can sit beside the one who stays, the best first. Where nobody stays, as
    they would suit with one like themselves."""
    able = [
        person
        for person in people
        if not obstacles(wanted, person) and (stays is None or not together(wanted, stays, person))
    ]
    scoring = Scoring(wanted, [*able, stays] if stays else able, weighed)
    last = len(able)
    found = [
        _suggestion(scoring, last if stays else place, place, in_order=True)
        for place in range(len(able))
    ]
    return sorted(found, key=lambda suggestion: -suggestion.score)


def suggestion_of(
    wanted: Wanted, one: Person, other: Person, weighed: dict[str, int]
) -> Suggestion:
    """Two mentors that somebody chose, as if they had been suggested; whether they may is not
    asked."""
    return _suggestion(Scoring(wanted, [one, other], weighed), 0, 1)
