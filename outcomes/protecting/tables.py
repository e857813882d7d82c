"""What all divisions are made with."""

from collections.abc import Collection, Mapping
from itertools import combinations

from outcomes.counting import (
    STAGES,
    Referred,
    Released,
)
from outcomes.counting.cells import FIRST_STAGE, LAST_STAGE
from outcomes.disclosure import Grid, Node
from participants.models import SupportArea

Place = str | None
MIDDLE = tuple(stage for stage in STAGES if stage not in (FIRST_STAGE, LAST_STAGE))
AREAS: tuple[str, ...] = tuple(SupportArea.values)


def grid_of(
    cells: Mapping[tuple[str, int], Referred] | Mapping[tuple[str, int], Released],
    codes: Collection[str],
) -> Grid:
    people = {(code, str(year)): cell.people for (code, year), cell in cells.items()}
    return Grid(people, codes)


def leaves_of(grid: Grid, cells: Mapping, parts: Collection, of) -> dict[Node, list[int]]:
    """For each of the innermost cells, how many are in each part: `of` gives the counter."""
    found = {}
    for (code, year), cell in cells.items():
        counter = of(cell)
        found[grid.node(code, str(year))] = [counter[part] for part in parts]
    return found


def runs(parts: list[list]) -> list[list]:
    """Every run of neighbouring parts but all of them: the differences of counts from each on."""
    return [
        [one for part in parts[first:last] for one in part]
        for first, last in combinations(range(len(parts) + 1), 2)
        if last - first < len(parts)
    ]
