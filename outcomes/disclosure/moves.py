"""Moves of people between the parts of a division, and which of them nobody would see.

The method is described in outcomes.disclosure.grid.
"""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import Any

from outcomes.disclosure.grid import Grid, Node
from outcomes.disclosure.words import LIMIT, is_small

Part = Hashable


class Move:
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


class Divided:
    """The people of each cell divided into parts in one way, the counts of them that are shown, and
    the moves between parts that these would not tell of.

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
        self.moves = [Move(deltas, self.sets) for deltas in (*pairs, *more)]
        # What changes little that is shown is tried first.
        self.moves.sort(
            key=lambda move: sum(w for b, w in enumerate(self.weights) if move.changed >> b & 1)
        )

    # --- What goes unseen ------------------------------------------------------------------

    def _rows(self, move: Move, way: int, column: int) -> int:
        """The places in which a move goes unseen as things stand, as bits."""
        if not move.possible:
            self._work_out(move)
        return move.unseen[way][column] | (move.possible[way][column] & self.grid.untold[column])

    def _goes_unseen(self, node: Node, move: Move) -> bool:
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

    def _could_be(self, node: Node, move: Move) -> bool:
        """Whether a move that nothing shown tells of could be made in one of the cells summed."""
        r, c = node
        rows, columns = len(self.grid.places) - 1, len(self.grid.periods) - 1
        return any(
            self._is_possible((row, column), move, way)
            for row in (range(rows) if r == rows and rows else [r])
            for column in (range(columns) if c == columns and columns else [c])
            for way in (1, -1)
        )

    def _work_out(self, move: Move) -> None:
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

    def _look(self, node: Node, move: Move) -> None:
        """Whether a move goes unseen in a cell, as it stands now."""
        if self.shown[node] & move.changed:
            return
        r, c = node
        for along in (1, -1):
            if move.possible[along][c] >> r & 1 and not self._seen(node, move, along):
                move.unseen[along][c] |= 1 << r

    def _seen(self, node: Node, move: Move, along: int) -> int:
        """The cells that would tell of a move: those shown, and those that are said to be under
        five and then would not be."""
        more, less = move.more, move.less
        if along * self.grid.way(node) < 0:
            more, less = less, more
        broken = (more & self.full[node] | less & self.empty[node]) & self.said_small[node]
        return self.shown[node] & move.changed | broken

    def _is_possible(self, node: Node, move: Move, along: int) -> bool:
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
