"""Who is counted alike in every division, and could take the other's place."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from outcomes.counting import (
    Rated,
    Released,
)
from outcomes.counting.cells import DUE_MONTH, MONTHS
from outcomes.disclosure import Grid, Node
from outcomes.protecting.needs import ends_of
from outcomes.protecting.tables import AREAS, MIDDLE


class Alike:
    """Whether some cells of those released have somebody each who is counted alike in every
    division: it is asked in which part of which division."""

    def __init__(self, cells: Mapping[tuple[str, int], Released], grid: Grid):
        self.present = {
            grid.node(code, str(year)): self._present(cell) for (code, year), cell in cells.items()
        }

    @staticmethod
    def _present(cell: Released) -> dict[Hashable, set]:
        with_two = cell.people - cell.without_two
        found: dict[Hashable, set] = {
            "time": {part for part, n in cell.time.items() if n},
            "crime": {part for part, n in cell.crime.items() if n},
            "without": {p for p, n in (("without", cell.without_two), ("with", with_two)) if n},
        }
        for area in AREAS:
            for stage in MIDDLE:
                key = area, str(stage)
                found[key] = {str(how) for how in Rated if cell.needs[*key, str(how)]}
            found[area, ""] = {pair for pair, n in ends_of(cell, area).items() if n}
        return found

    def __call__(self, nodes: Sequence[Node], key: Hashable = None, part: Hashable = None) -> bool:
        if len(nodes) < 2:
            return True
        one, *others = (self.present[node] for node in nodes)
        shared = {name: one[name].intersection(*(o[name] for o in others)) for name in one}
        if key is not None:
            shared[key] &= {part}
        if not shared["crime"] or not shared["without"]:
            return False
        return any(self._fits(shared, over) for over, _contact in shared["time"])

    @staticmethod
    def _fits(shared: Mapping[Hashable, set], over: int) -> bool:
        """Whether so many months over go with how needs were rated."""

        def is_due(how: str, month: int) -> bool:
            return (how == Rated.EARLY) == (over < month)

        return all(
            any(is_due(how, DUE_MONTH.get(stage, 0)) for how in shared[area, str(stage)])
            for area in AREAS
            for stage in MIDDLE
        ) and all(any(is_due(how, MONTHS) for _first, how in shared[area, ""]) for area in AREAS)

    def within(self, key: Hashable) -> Callable[[Sequence[Node], Hashable], bool]:
        """The same for those in a certain part of one division."""
        return lambda nodes, part: self(nodes, key, part)
