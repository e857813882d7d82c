"""Many counts of places and years that are shown together: what of them may be shown.

The cells of municipalities and years add up both ways: the years to all years, the municipalities
to the country. In each cell people are divided, once for each `Division`, and what is shown are
counts of parts of them. An exact search for everything that could be worked out from all of these
together would take hours for the whole country. This takes seconds, and errs only by hiding more:
a hidden count is taken to be safe when *another world* can be named in which it is different and
everything that is shown is the same.

Another world is made by moving single people between parts. To leave the sums as they are, what is
moved one way in one cell is moved the other way in two, and back in a fourth: the corners of a
rectangle of two places and two years, the country and all years being a place and a year as well.
In none of the four may a shown count move, and one that is said to be under five must stay so.
(Adapted from the alternating cycles of Gusfield, «A graph theoretic approach to statistical data
security», 1988.)

Where no such rectangle is there, the one is chosen that costs least, and what it moves is hidden.
Where under five people are in a cell, or hiding single counts does not help, nothing is told of the
whole cell. Places whose years are too small are shown with all years together; a single year of
theirs is shown nowhere, and stands beside at least two others of the place and of the year.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import inf, sqrt
from typing import Any

from outcomes.disclosure.words import LIMIT, WITHHELD, Shown, is_small

# The index of a place and of a period.
Node = tuple[int, int]

# Whether there is somebody in each of some cells who is counted alike in everything.
Alike = Callable[[Sequence[Node]], bool]

COUNTRY = None
ALL = ""
# What it costs to tell nothing of a cell, beside hiding one count of it.
WHOLE_CELL = 300
# The whole country is told of before any place, and all years before any one of them.
COUNTRY_WORTH = 2
ALL_YEARS_WORTH = 4
# So many years of a place, and places of a year, of which nothing is told hide each other.
CROWD = 3


class Grid:
    """The cells of places and periods, with their sums, and those of which nothing is told.

    ``people``: how many are in each cell (place, period) of the innermost kind. Without periods
    there is only ALL, without places only the COUNTRY.
    """

    def __init__(self, people: Mapping[tuple[Any, str], int], places: Collection[str]):
        sizes = dict.fromkeys(places, 0)
        for (place, _period), n in people.items():
            if place is not COUNTRY:
                sizes[place] += n
        # The smallest first: where one is as good as another, it is told of least.
        places = sorted(sizes, key=lambda place: (sizes[place], place))
        periods = sorted({period for _place, period in people if period != ALL})
        self.places: list[str | None] = [*places, COUNTRY]
        self.periods = [*periods, ALL]
        self.row = {place: index for index, place in enumerate(self.places)}
        self.column = {period: index for index, period in enumerate(self.periods)}
        self.signs = [
            [self._sign(place, COUNTRY, places) * self._sign(period, ALL, periods)
             for period in self.periods]
            for place in self.places
        ]  # fmt: skip
        # With one column only its cells are bound by nothing else, and so for one row.
        self.has_slack_column, self.has_slack_row = not periods, not places
        self.nodes = [(r, c) for c in range(len(self.periods)) for r in range(len(self.places))]
        self._leaves = {
            (r, c)
            for r, c in self.nodes
            if (r < len(self.places) - 1 or self.has_slack_row)
            and (c < len(self.periods) - 1 or self.has_slack_column)
        }
        self.people = self.add_up({self.node(*cell): (n,) for cell, n in people.items()}, 1)
        country, every = len(self.places) - 1, len(self.periods) - 1
        # What is told of many is worth more, but not as many times more as they are.
        self.worth = {
            (r, c): sqrt(n + LIMIT)
            * (COUNTRY_WORTH if r == country else 1)
            * (ALL_YEARS_WORTH if c == every else 1)
            for (r, c), (n,) in self.people.items()
        }
        # Per period, the places of which nothing is told, as bits.
        self.untold = [0] * len(self.periods)

    @staticmethod
    def _sign(name, total, parts: Collection) -> int:
        return -1 if name == total and parts else 1

    def node(self, place: str | None, period: str) -> Node:
        return self.row[place], self.column[period]

    def is_leaf(self, node: Node) -> bool:
        """Whether a cell is one of the innermost, and no sum."""
        return node in self._leaves

    def add_up(self, leaves: Mapping[Node, Sequence[int]], width: int) -> dict[Node, list[int]]:
        """The counts of all cells, sums included, from those of the innermost."""
        found = {node: [0] * width for node in self.nodes}
        country, every = len(self.places) - 1, len(self.periods) - 1
        for (r, c), counts in leaves.items():
            for node in {(r, c), (r, every), (country, c), (country, every)}:
                cell = found[node]
                for index, n in enumerate(counts):
                    cell[index] += n
        return found

    def size(self, node: Node) -> int:
        return self.people[node][0]

    def price(self, node: Node) -> float:
        """What it costs to tell nothing of a cell; nothing where nothing is told of it."""
        return WHOLE_CELL * self.worth[node] if self.is_told(node) else 0

    def is_told(self, node: Node) -> bool:
        return not self.untold[node[1]] >> node[0] & 1

    def tell_nothing(self, node: Node) -> None:
        self.untold[node[1]] |= 1 << node[0]

    def shown_people(self, place: str | None, period: str) -> Shown:
        node = self.node(place, period)
        return self.size(node) if self.is_told(node) else WITHHELD

    def way(self, node: Node) -> int:
        """Which way people are moved at a corner: sums move along with what they are sums of."""
        return self.signs[node[0]][node[1]]

    def columns_beside(self, column: int) -> Sequence[int | None]:
        """The columns a rectangle can have beside this one; None is one that binds nothing."""
        if self.has_slack_column:
            return [None]
        return [c for c in range(len(self.periods)) if c != column]

    def rows_beside(self, row: int) -> Sequence[int | None]:
        if self.has_slack_row:
            return [None]
        return [r for r in range(len(self.places)) if r != row]

    def is_in_the_crowd(self, node: Node) -> bool:
        """Whether a cell is shown nowhere, nor are several others of its place and of its year:
        what is known of it is no more than sums of all of these."""
        if self.is_told(node) or not self.is_leaf(node):
            return False
        if self.has_slack_column or self.has_slack_row:
            return False
        r, c = node
        rows, columns = len(self.places) - 1, len(self.periods) - 1
        of_year = sum(not self.is_told((row, c)) for row in range(rows) if self.size((row, c)))
        of_place = sum(not self.is_told((r, col)) for col in range(columns) if self.size((r, col)))
        return min(of_year, of_place) >= CROWD

    def leaves_under(self, node: Node) -> list[Node]:
        """The innermost cells that a cell is the sum of, or it itself."""
        if self.has_slack_row or self.has_slack_column:
            return []
        rows, columns = len(self.places) - 1, len(self.periods) - 1
        r, c = node
        return [
            (row, column)
            for row in (range(rows) if r == rows else [r])
            for column in (range(columns) if c == columns else [c])
        ]

    @staticmethod
    def corners(node: Node, row: int | None, column: int | None) -> list[tuple[Node, int]]:
        """The corners of a rectangle, and whether they go along with the node (1) or against."""
        found = [(node, 1)]
        if column is not None:
            found.append(((node[0], column), -1))
        if row is not None:
            found.append(((row, node[1]), -1))
        if column is not None and row is not None:
            found.append(((row, column), 1))
        return found


def protect_people(grid: Grid, alike: Alike) -> None:
    """Tell nothing of cells with under five people, nor of so many others that none follows."""
    few = [node for node in grid.nodes if is_small(grid.size(node))]
    for node in few:
        grid.tell_nothing(node)
    _keep_years_together(grid)
    for node in sorted(few, key=grid.size):
        if grid.is_in_the_crowd(node):
            continue
        found = cheapest_exchange(grid, node, alike)
        for other in found[1] if found else grid.nodes:
            grid.tell_nothing(other)


def _keep_years_together(grid: Grid) -> None:
    """Where several years of a place have few people, nothing is told of any of its years: what
    is left would be little, and would leave few ways in which the rest could be otherwise."""
    *years, _every = range(len(grid.periods))
    for r in range(len(grid.places) - 1):
        if sum(is_small(grid.size((r, c))) for c in years) > 1:
            for c in years:
                grid.tell_nothing((r, c))


def cheapest_exchange(
    grid: Grid, node: Node, alike: Alike, below: float = inf
) -> tuple[float, list[Node]] | None:
    """The cells of a rectangle in which one person more or less would not be seen, if nothing is
    told of them: those of which the least has to be hidden, and how much that is."""
    ranked: list[tuple[float, int, int | None, int | None]] = []
    here = grid.price(node)
    for column in grid.columns_beside(node[1]) if here < below else []:
        cost = here if column is None else here + grid.price((node[0], column))
        for row in grid.rows_beside(node[0]) if cost < below else []:
            whole = cost
            if row is not None:
                whole += grid.price((row, node[1]))
                whole += 0 if column is None else grid.price((row, column))
            if whole < below:
                ranked.append((whole, len(ranked), row, column))
    for cost, _number, row, column in sorted(ranked):
        corners = grid.corners(node, row, column)
        for forth in (1, -1):
            left = [
                other
                for other, along in corners
                if grid.is_leaf(other) and grid.way(other) * along * forth < 0
            ]
            if all(grid.size(other) for other in left) and alike(left):
                return cost, [other for other, _along in corners]
    return None
