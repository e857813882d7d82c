"""Those who were released: how their needs were rated."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import combinations

from outcomes.counting import (
    Counted,
    Rated,
    Released,
)
from outcomes.counting.cells import DUE_MONTH, FIRST_STAGE, LAST_STAGE
from outcomes.disclosure import Division, Grid, Node
from participants.models import RatingStage

# By the division: whether some cells have somebody each in a certain part, and alike in the rest.
Within = Callable[[Sequence[Node], Hashable], bool]


def unsaid_by(time: Division):
    """Who is missing follows from whose time has come, and is not said where that is hidden."""

    def unsaid(node: Node, name: str) -> bool:
        stage, _, how = name.partition(".")
        month = DUE_MONTH.get(RatingStage(stage)) if how == Rated.MISSING else None
        return month is not None and not time.is_shown(node, f"month_{month}")

    return unsaid


def divide_stage(
    grid: Grid, counted: Counted, area: str, stage: str, time: Division, alike: Within
) -> Division:
    parts = [str(how) for how in Rated]
    asked = [part for part in parts if part != Rated.EARLY]
    leaves = {
        grid.node(code, str(year)): [cell.needs[area, stage, part] for part in parts]
        for (code, year), cell in counted.released.items()
    }
    return Division(
        grid,
        parts,
        leaves,
        {f"{stage}.{part}": [part] for part in asked},
        silent=[list(two) for two in combinations(asked, 2)],
        weights={f"{stage}.{Rated.RATED}": 3},
        fixed=[str(Rated.EARLY)],
        alike=alike,
        unsaid=unsaid_by(time),
    )


def divide_first_and_last(
    grid: Grid, counted: Counted, area: str, time: Division, alike: Within
) -> Division:
    """The first and the last stage together: the change is of those rated at both."""
    first, last = str(FIRST_STAGE), str(LAST_STAGE)
    hows = [str(how) for how in Rated]
    parts = [(one, other) for one in hows[:-1] for other in hows]
    leaves = {}
    for (code, year), cell in counted.released.items():
        found = ends_of(cell, area)
        leaves[grid.node(code, str(year))] = [found[part] for part in parts]
    asked = hows[:-1]
    both = (str(Rated.RATED), str(Rated.RATED))
    shown = {f"{first}.{how}": [p for p in parts if p[0] == how] for how in asked}
    shown |= {f"{last}.{how}": [p for p in parts if p[1] == how] for how in asked}
    shown["change"] = [both]
    silent = [
        [part for part in shown[f"{stage}.{Rated.RATED}"] if part != both]
        for stage in (first, last)
    ]
    silent += [
        [*shown[f"{stage}.{one}"], *shown[f"{stage}.{other}"]]
        for stage in (first, last)
        for one, other in combinations(asked, 2)
    ]
    weights = {f"{first}.{Rated.RATED}": 3, f"{last}.{Rated.RATED}": 3, "change": 2}

    def may_move(_node, source, target) -> bool:
        return (source[1] == Rated.EARLY) == (target[1] == Rated.EARLY)

    return Division(
        grid,
        parts,
        leaves,
        shown,
        silent=silent,
        weights={name: float(weight) for name, weight in weights.items()},
        unsaid=lambda node, name: name != "change" and unsaid_by(time)(node, name),
        may_move=may_move,
        alike=alike,
    )


def ends_of(cell: Released, area: str) -> Counter[tuple[str, str]]:
    """How an area was rated at the first and at the last stage, together."""
    first, last = str(FIRST_STAGE), str(LAST_STAGE)
    return _together(
        {str(how): cell.needs[area, first, str(how)] for how in Rated if how != Rated.EARLY},
        {str(how): cell.needs[area, last, str(how)] for how in Rated},
        cell.change[area].n if area in cell.change else 0,
    )


def _together(first: dict[str, int], last: dict[str, int], both: int) -> Counter:
    """How many are in each pair of parts, as it may be: only who was rated at both is known."""
    rated = str(Rated.RATED)
    found: Counter[tuple[str, str]] = Counter({(rated, rated): both})
    first, last = {**first, rated: first[rated] - both}, {**last, rated: last[rated] - both}

    def match(ones: list[str], others: list[str]) -> None:
        for one in ones:
            for other in others:
                n = min(first[one], last[other])
                found[one, other] += n
                first[one] -= n
                last[other] -= n

    match([rated], [how for how in last if how != rated])
    match([how for how in first if how != rated], list(last))
    return found
