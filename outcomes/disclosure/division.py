"""How the people of each cell of a grid are divided, and which of the counts are shown.

The method is described in outcomes.disclosure.grid.
"""

from collections.abc import Iterator, Sequence
from math import inf

from outcomes.disclosure.grid import Node, cheapest_exchange
from outcomes.disclosure.moves import Divided, Move
from outcomes.disclosure.words import SMALL, WITHHELD, Shown, is_small

# What it costs to say only that a count is hidden, and not that it is under five.
WORD = 0.5
# How far is looked for the cheapest: where there are few cells, farther.
LOOKED_AT = 4_000
FEWEST_MOVES = 5
FEWEST_PLACES = 3
OPENINGS = 4


class Division(Divided):
    """One way of dividing the people of each cell into parts, and the counts that are shown.

    What it is made of is described in `Divided`.
    """

    # --- What may be read ------------------------------------------------------------------

    def cell(self, place: str | None, period: str, name: str) -> Shown:
        """A count as it may leave."""
        node, bit = self.grid.node(place, period), self.bit[name]
        if self.is_shown(node, name):
            return self.values[node][bit]
        is_said = self.grid.is_told(node) and self.said_small[node] >> bit & 1
        return SMALL if is_said else WITHHELD

    def is_shown(self, node: Node, name: str) -> bool:
        return self.grid.is_told(node) and bool(self.shown[node] >> self.bit[name] & 1)

    # --- Protection ------------------------------------------------------------------------

    def protect(self) -> "Division":
        """Hide as much as it takes for every hidden small count to be uncertain."""
        # How many there are altogether is the grid's.
        everybody = len(self.parts)
        targets = [parts for parts in (*self.sets, *self.silent) if len(parts) < everybody]
        by_target = [[move for move in self.moves if move.change(target)] for target in targets]
        for node in sorted(self.grid.nodes, key=self.grid.size):
            if self.grid.is_in_the_crowd(node):
                continue
            counts = self.counts[node]
            for number, target in enumerate(targets):
                # Where it is everybody, it is as uncertain as how many there are.
                n = sum(counts[part] for part in target)
                if is_small(n) and n < self.grid.size(node):
                    self._secure(node, target, by_target[number])
        return self

    def _secure(self, node: Node, target: frozenset[int], moves: list[Move]) -> None:
        """See to it that a target could be otherwise without anybody seeing it."""
        for number, move in enumerate(moves):
            if self._goes_unseen(node, move):
                # What went unseen here may go unseen in the next cell too.
                moves.insert(0, moves.pop(number))
                return
        cost, move, corners = self._cheapest(node, moves)
        exchange = self._cheapest_exchange(node, target, cost)
        if exchange is not None:
            for other in exchange:
                self.grid.tell_nothing(other)
        elif move is not None:
            for other, way in corners:
                self._make_unseen(other, move, way)
        else:
            for other in self.grid.nodes:
                self.grid.tell_nothing(other)

    def _cheapest_exchange(self, node, target: frozenset[int], below: float) -> list[Node] | None:
        """Cells of which nothing is told, or would not have to be, between which one person of
        the target could be exchanged; where that costs less than so much."""
        alike_in = self.alike
        if alike_in is None:
            return None

        def alike(left: Sequence[Node]) -> bool:
            return any(
                all(self.counts[other][part] for other in left)
                and (len(left) < 2 or alike_in(left, self.parts[part]))
                for part in target
            )

        found = cheapest_exchange(self.grid, node, alike, below)
        return found[1] if found else None

    # --- Hiding more -------------------------------------------------------------------------

    def _cost(self, node: Node, move: Move, along: int) -> float:
        """What it costs to make a move unseen in a cell; infinite where it cannot be made."""
        r, c = node
        if not move.possible[along][c] >> r & 1:
            return inf
        return self._price(node, move, along)

    def _price(self, node: Node, move: Move, along: int) -> float:
        """The same, where it can be made."""
        if not self.grid.is_told(node):
            return 0
        seen = self._seen(node, move, along)
        shown = seen & self.shown[node]
        return self.grid.worth[node] * (self._weight(shown) + WORD * (seen ^ shown).bit_count())

    def _weight(self, cells: int) -> float:
        """What it costs to hide some shown counts, given as bits."""
        found = self._weights.get(cells)
        if found is None:
            found = sum(weight for bit, weight in enumerate(self.weights) if cells >> bit & 1)
            self._weights[cells] = found
        return found

    def _make_unseen(self, node: Node, move: Move, along: int) -> None:
        if not self.grid.is_told(node):
            return
        hidden = self._seen(node, move, along)
        self.shown[node] &= ~hidden
        self.said_small[node] &= ~hidden
        for other in self.moves:
            if other.possible and other.changed & hidden:
                self._look(node, other)

    def _cheapest(self, node: Node, moves: list[Move]):
        """The move, and the corners of the rectangle, that least has to be hidden for; and what
        that costs."""
        r, c = node
        most = max(FEWEST_MOVES, LOOKED_AT // len(self.grid.nodes))
        openings: list[tuple[float, int, int]] = []
        for number, move in enumerate(moves):
            if len(openings) >= OPENINGS * most:
                break
            for forth in (1, -1):
                if self._is_possible(node, move, forth):
                    openings.append((self._price(node, move, forth), number, forth))
        untold = [leaf for leaf in self.grid.leaves_under(node) if not self.grid.is_told(leaf)]
        best, at, least = None, [], inf
        for tried, (first, number, forth) in enumerate(sorted(openings)):
            if best is not None and tried >= most:
                break
            if first >= least:
                break
            move = moves[number]
            if not move.possible:
                self._work_out(move)
            for column in self.grid.columns_beside(c):
                beside = 0 if column is None else self._cost((r, column), move, -forth)
                if first + beside >= least:
                    continue
                for row in self._candidates(node, column, move, forth):
                    corners = self.grid.corners(node, row, column)
                    cost = first + beside
                    cost += sum(
                        self._cost(other, move, forth * along)
                        for other, along in corners
                        if other[0] != r
                    )
                    if cost < least:
                        least = cost
                        best, at = move, [(other, forth * along) for other, along in corners]
            for leaf in untold:
                at_leaf = [(other, forth * along) for other, along in self._around(leaf, node)]
                if not self._can_lend(leaf, move, dict(at_leaf)[leaf]):
                    continue
                cost = sum(self._cost(other, move, way) for other, way in at_leaf if other != leaf)
                if cost < least:
                    least, best, at = cost, move, at_leaf
        return least, best, at

    def _around(self, leaf: Node, node: Node) -> list[tuple[Node, int]]:
        """One of the innermost cells and its sums, and whether they go along with the node."""
        corners = self.grid.corners(leaf, len(self.grid.places) - 1, len(self.grid.periods) - 1)
        along = dict(corners)[node]
        return [(other, way * along) for other, way in corners]

    def _can_lend(self, leaf: Node, move: Move, along: int) -> bool:
        """Whether a cell of which nothing is told could have somebody more, taken from others of
        which nothing is told either, so that they could be moved."""
        grid, alike = self.grid, self.alike
        if grid.is_told(leaf) or alike is None or len(move.deltas) != 2:
            return False
        (one, n), (other, _) = move.deltas
        source, target = (one, other) if n * along * grid.way(leaf) < 0 else (other, one)
        if self.may_move is not None and not self.may_move(
            leaf, self.parts[source], self.parts[target]
        ):
            return False
        for column in grid.columns_beside(leaf[1])[:-1]:
            assert column is not None
            if grid.is_told((leaf[0], column)) or not self.counts[leaf[0], column][source]:
                continue
            for row in grid.rows_beside(leaf[0])[:-1]:
                assert row is not None
                if (
                    self.counts[row, leaf[1]][source]
                    and not grid.is_told((row, leaf[1]))
                    and not grid.is_told((row, column))
                    and alike([(leaf[0], column), (row, leaf[1])], self.parts[source])
                ):
                    return True
        return False

    def _candidates(self, node, column: int | None, move: Move, forth: int) -> Iterator:
        """Places that a rectangle may have beside this one: the smallest, and those in which
        one corner costs nothing."""
        r, c = node
        if self.grid.has_slack_row:
            yield None
            return
        here = move.possible[-forth][c] & ~(1 << r)
        there = move.possible[forth][column] if column is not None else here
        free_here = self._rows(move, -forth, c)
        free_there = self._rows(move, forth, column) if column is not None else here
        most = max(FEWEST_PLACES, LOOKED_AT // (10 * len(self.grid.nodes)))
        seen = set()
        for rows in (here & there & free_here, here & there & free_there, here & there):
            for _ in range(most):
                if not rows:
                    break
                lowest = rows & -rows
                rows ^= lowest
                row = lowest.bit_length() - 1
                if row not in seen:
                    seen.add(row)
                    yield row
