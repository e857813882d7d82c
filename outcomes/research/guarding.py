"""That nobody stands alone by what is easily known of them: place, age, gender and time.

Whoever is one of fewer than five by these four gets them shown more coarsely, step by step, until
they are one of at least five in the file: k-anonymity by local recoding (Samarati and Sweeney,
1998). People are counted, not rows, because one person can have several.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from outcomes.disclosure import LIMIT


@dataclass(frozen=True)
class Traits:
    """What is easily known of one row. ``month``: the first day of the month that its time is
    counted from, and ``clock`` what happened then."""

    person: Hashable
    municipality: str
    region: str
    age: str
    gender: str
    clock: str
    month: date


@dataclass(frozen=True)
class Step:
    """How much of the traits is shown. ``place``: municipality, region or nothing; ``time``:
    month, year or nothing."""

    place: str
    time: str
    age: bool = True
    gender: bool = True

    def shown(self, traits: Traits) -> tuple:
        """What others see of somebody: who has the same is not told apart."""
        return (
            getattr(traits, self.place) if self.place else None,
            traits.clock if self.time else None,
            {"month": traits.month, "year": traits.month.year}.get(self.time),
            traits.age if self.age else None,
            traits.gender if self.gender else None,
        )


# From all to nothing. A place goes before a month does, and the group of age and gender last.
STEPS = (
    Step("municipality", "month"),
    Step("region", "month"),
    Step("", "month"),
    Step("region", "year"),
    Step("", "year"),
    Step("", "year", gender=False),
    Step("", "year", age=False, gender=False),
    Step("", "", age=False, gender=False),
)


class TooFew(Exception):
    """There are not enough people for anybody to be one among others."""


def guard(rows: Mapping[Hashable, Traits]) -> dict[Hashable, Step]:
    """How much may be shown of each row, so that everybody shares what is shown of them with at
    least four others. Raises TooFew for fewer than five people."""
    if len({traits.person for traits in rows.values()}) < LIMIT:
        raise TooFew
    settled: dict[Hashable, Step] = {}
    groups: list[list[Hashable]] = []
    left = list(rows)
    for step in STEPS[:-1]:
        alike: dict[tuple, list[Hashable]] = defaultdict(list)
        for key in left:
            alike[step.shown(rows[key])].append(key)
        left = []
        for keys in alike.values():
            if _people(rows, keys) >= LIMIT:
                groups.append(keys)
                settled.update(dict.fromkeys(keys, step))
            else:
                left += keys
    # Of the last ones nothing is shown; that there are so few of them would tell who they are.
    groups.sort(key=lambda keys: _people(rows, keys), reverse=True)
    while left and _people(rows, left) < LIMIT and groups:
        left += groups.pop()
    settled.update(dict.fromkeys(left, STEPS[-1]))
    return settled


def _people(rows: Mapping[Hashable, Traits], keys: list[Hashable]) -> int:
    return len({rows[key].person for key in keys})


def coarsened(steps: Mapping[Hashable, Step]) -> list[tuple[Step, int]]:
    """How many rows are shown by each step, from all to nothing."""
    found = Counter(steps.values())
    return [(step, found[step]) for step in STEPS]
