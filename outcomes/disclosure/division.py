"""How the people of each cell of a grid are divided, and which of the counts are shown.

The method is described in outcomes.disclosure.grid.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from math import inf
from typing import Any

from outcomes.disclosure.grid import Grid, Node, cheapest_exchange
from outcomes.disclosure.words import LIMIT, SMALL, WITHHELD, Shown, is_small

Part = Hashable

# What it costs to say only that a count is hidden, and not that it is under five.
WORD = 0.5
# How far is looked for the cheapest: where there are few cells, farther.
LOOKED_AT = 4_000
FEWEST_MOVES = 5
FEWEST_PLACES = 3
OPENINGS = 4


class _Move:
    """Some people moved between parts, and which of the shown counts that would change."""

    def __init__(self, deltas: Mapping[int, int], cells: Sequence[frozenset[int]]):
        self.deltas = tuple(deltas.items())
        assert all(abs(n) == 1 for _part, n in self.deltas), "one person is moved from each part"
        self.more = self.less = 0
        for bit, cell in enumerate(cells):
            change = sum(n for part, n in self.deltas if part in cell)
            assert -1 <= change <= 1, "one count changes by one at most"
            if change:
                self.more |= (change > 0) << bit
                self.less |= (change < 0) << bit
        self.changed = self.more | self.less
        # Per way, the parts that somebody is taken from.
        self.takes = {way: [part for part, n in self.deltas if n == -way] for way in (1, -1)}
        # Per way (1, -1) and column, as bits, the rows in which it can be made at all, and those
        # in which nobody would see it. Empty before they are asked for.
        self.possible: dict[int, list[int]] = {}
        self.unseen: dict[int, list[int]] = {}

    def change(self, parts: Collection[int]) -> int:
        return sum(n for part, n in self.deltas if part in parts)


class Division:
    """One way of dividing the people of each cell into parts, and the counts that are shown.

    ``counts``: how many are in each part, for each of the innermost cells. ``cells``: what is
    shown, as the parts it counts together. ``silent``: what is not shown, but must not become
    known either, as a difference of two that are. ``weights``: what it costs to hide a cell (1).
    ``fixed``: parts that are known from elsewhere, and cannot be other than they are. ``several``:
    moves of more than one person. ``alike``: whether there is somebody in each of some cells who
    is in a certain part, and counted alike in everything else. ``unsaid``: cells that are not shown
    in some places, whatever they count. ``may_move``: whether more is known that keeps people of a
    cell (the node) from being moved from one part to another.
    """

    def __init__(
        self,
        grid: Grid,
        parts: Sequence[Part],
        counts: Mapping[Node, Sequence[int]],
        cells: Mapping[str, Collection[Part]],
        *,
        silent: Sequence[Collection[Part]] = (),
        weights: Mapping[str, float] | None = None,
        fixed: Collection[Part] = (),
        several: Sequence[Mapping[Any, int]] = (),
        alike: Callable[[Sequence[Node], Part], bool] | None = None,
        unsaid: Callable[[Node, str], bool] | None = None,
        may_move: Callable[[Node, Part, Part], bool] | None = None,
    ):
        self.grid = grid
        self.parts = list(parts)
        index = {part: number for number, part in enumerate(self.parts)}
        self.names = list(cells)
        self.bit = {name: bit for bit, name in enumerate(self.names)}
        self.sets = [frozenset(index[part] for part in cells[name]) for name in self.names]
        self.silent = [frozenset(index[part] for part in parts) for parts in silent]
        self.weights = [(weights or {}).get(name, 1.0) for name in self.names]
        self._weights: dict[int, float] = {}
        self.may_move = may_move
        self.alike = alike
        self.counts = grid.add_up(counts, len(self.parts))
        self.values = {
            node: [sum(n[part] for part in cell) for cell in self.sets]
            for node, n in self.counts.items()
        }
        # Per part and column, as bits, the rows in which there is somebody to move. Sums follow
        # from what they are sums of, and bind nothing.
        self.present = [[0] * len(grid.periods) for _part in self.parts]
        for (r, c), ns in self.counts.items():
            is_sum = not grid.is_leaf((r, c))
            for part, n in enumerate(ns):
                self.present[part][c] |= (is_sum or n > 0) << r
        # The cells that are shown; those said to be under five; and of these, those that would not
        # be, were there one more, and one less.
        self.shown: dict[Node, int] = {}
        self.said_small: dict[Node, int] = {}
        self.full: dict[Node, int] = {}
        self.empty: dict[Node, int] = {}
        for node, values in self.values.items():
            shown = small = full = empty = 0
            for bit, n in enumerate(values):
                if unsaid is None or not unsaid(node, self.names[bit]):
                    shown |= (not is_small(n)) << bit
                    small |= is_small(n) << bit
                    full |= (n == LIMIT - 1) << bit
                    empty |= (n == 1) << bit
            self.shown[node], self.said_small[node] = shown, small
            self.full[node], self.empty[node] = full, empty
        kept = {index[part] for part in fixed}
        free = [number for number in range(len(self.parts)) if number not in kept]
        pairs = [{a: -1, b: 1} for a in free for b in free if a < b]
        more = [{index[part]: n for part, n in move.items()} for move in several]
        self.moves = [_Move(deltas, self.sets) for deltas in (*pairs, *more)]
        # What changes little that is shown is tried first.
        self.moves.sort(
            key=lambda move: sum(w for b, w in enumerate(self.weights) if move.changed >> b & 1)
        )

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

    def _secure(self, node: Node, target: frozenset[int], moves: list[_Move]) -> None:
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

    def _rows(self, move: _Move, way: int, column: int) -> int:
        """The places in which a move goes unseen as things stand, as bits."""
        if not move.possible:
            self._work_out(move)
        return move.unseen[way][column] | (move.possible[way][column] & self.grid.untold[column])

    def _goes_unseen(self, node: Node, move: _Move) -> bool:
        r, c = node
        if not move.changed:
            return self._could_be(node, move)
        for forth in (1, -1):
            if not self._rows(move, forth, c) >> r & 1:
                continue
            for column in self.grid.columns_beside(c):
                if column is None:
                    across = self._rows(move, -forth, c) & ~(1 << r)
                elif not self._rows(move, -forth, column) >> r & 1:
                    continue
                elif self.grid.has_slack_row:
                    return True
                else:
                    across = self._rows(move, -forth, c) & self._rows(move, forth, column)
                    across &= ~(1 << r)
                if across or self.grid.has_slack_row:
                    return True
        return False

    def _could_be(self, node: Node, move: _Move) -> bool:
        """Whether a move that nothing shown tells of could be made in one of the cells summed."""
        r, c = node
        rows, columns = len(self.grid.places) - 1, len(self.grid.periods) - 1
        return any(
            self._is_possible((row, column), move, way)
            for row in (range(rows) if r == rows and rows else [r])
            for column in (range(columns) if c == columns and columns else [c])
            for way in (1, -1)
        )

    def _work_out(self, move: _Move) -> None:
        """In which cells a move can be made, and goes unseen; once, and then kept."""
        every = (1 << len(self.grid.places)) - 1
        for along in (1, -1):
            move.unseen[along] = [0] * len(self.grid.periods)
            move.possible[along] = [every] * len(self.grid.periods)
            for part in move.takes[along]:
                for c, rows in enumerate(self.present[part]):
                    move.possible[along][c] &= rows
        for node in self.grid.nodes:
            r, c = node
            for along in (1, -1) if self.may_move is not None else ():
                if move.possible[along][c] >> r & 1 and not self._is_possible(node, move, along):
                    move.possible[along][c] ^= 1 << r
            self._look(node, move)

    def _look(self, node: Node, move: _Move) -> None:
        """Whether a move goes unseen in a cell, as it stands now."""
        if self.shown[node] & move.changed:
            return
        r, c = node
        for along in (1, -1):
            if move.possible[along][c] >> r & 1 and not self._seen(node, move, along):
                move.unseen[along][c] |= 1 << r

    def _seen(self, node: Node, move: _Move, along: int) -> int:
        """The cells that would tell of a move: those shown, and those that are said to be under
        five and then would not be."""
        more, less = move.more, move.less
        if along * self.grid.way(node) < 0:
            more, less = less, more
        broken = (more & self.full[node] | less & self.empty[node]) & self.said_small[node]
        return self.shown[node] & move.changed | broken

    def _is_possible(self, node: Node, move: _Move, along: int) -> bool:
        """Whether there is somebody to move."""
        if not self.grid.is_leaf(node):
            return True
        r, c = node
        for part in move.takes[along]:
            if not self.present[part][c] >> r & 1:
                return False
        if self.may_move is None:
            return True
        (one, n), (other, _) = move.deltas[:2]
        source, target = (one, other) if n * along < 0 else (other, one)
        return self.may_move(node, self.parts[source], self.parts[target])

    # --- Hiding more -------------------------------------------------------------------------

    def _cost(self, node: Node, move: _Move, along: int) -> float:
        """What it costs to make a move unseen in a cell; infinite where it cannot be made."""
        r, c = node
        if not move.possible[along][c] >> r & 1:
            return inf
        return self._price(node, move, along)

    def _price(self, node: Node, move: _Move, along: int) -> float:
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

    def _make_unseen(self, node: Node, move: _Move, along: int) -> None:
        if not self.grid.is_told(node):
            return
        hidden = self._seen(node, move, along)
        self.shown[node] &= ~hidden
        self.said_small[node] &= ~hidden
        for other in self.moves:
            if other.possible and other.changed & hidden:
                self._look(node, other)

    def _cheapest(self, node: Node, moves: list[_Move]):
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

    def _can_lend(self, leaf: Node, move: _Move, along: int) -> bool:
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

    def _candidates(self, node, column: int | None, move: _Move, forth: int) -> Iterator:
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
