"""One table of counts and their sums: cells are withheld until nobody can work out a hidden one.

Not by subtraction, and not by combining several sums.

The method is primary and complementary cell suppression with an audit of what an attacker can
conclude (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4): the attacker knows
every shown cell, every sum, and that a hidden small count is 1–4 and a withheld one at least 5.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from outcomes.disclosure.words import LIMIT, SMALL, WITHHELD, Key, Shown


@dataclass
class Table:
    """Counts, and the sums that hold between them.

    ``sums`` are pairs of a total's key and its parts' keys. ``few`` are cells to hide whatever
    they count, because fewer than five people stand behind them (meetings of three people).
    """

    cells: dict[Key, int] = field(default_factory=dict)
    sums: list[tuple[Key, list[Key]]] = field(default_factory=list)
    few: set[Key] = field(default_factory=set)
    # Cells that are worth more than others, and withheld only where nothing else will do.
    keep: set[Key] = field(default_factory=set)
    # Whether the cells count people, so that a hidden small one is known to be at most 4.
    people: bool = True

    def total(self, key: Key, parts: Iterable[Key]) -> None:
        """Add a cell that is the sum of others, and say so."""
        parts = list(parts)
        self.cells[key] = sum(self.cells[part] for part in parts)
        self.sums.append((key, parts))

    def small(self) -> set[Key]:
        return self.few | {key for key, n in self.cells.items() if 0 < n < LIMIT}


def protect(table: Table) -> dict[Key, Shown]:
    """Every cell as it may leave: its number, SMALL, or WITHHELD so that no SMALL follows."""
    small = table.small()
    hidden = set(small)
    for component in _components(table):
        _withhold(table, component, small, hidden)
    return {
        key: SMALL if key in small else WITHHELD if key in hidden else count
        for key, count in table.cells.items()
    }


def _components(table: Table) -> list[list[Sequence[Key]]]:
    """The sums as lists of keys (the total last), grouped by the cells they share."""
    groups: list[tuple[set[Key], list[Sequence[Key]]]] = []
    for total, parts in table.sums:
        keys = [*parts, total]
        touching = [group for group in groups if not group[0].isdisjoint(keys)]
        merged: tuple[set[Key], list[Sequence[Key]]] = ({*keys}, [keys])
        for group in touching:
            groups.remove(group)
            merged[0].update(group[0])
            merged[1].extend(group[1])
        groups.append(merged)
    return [rows for _keys, rows in groups]


def _withhold(table: Table, rows: list[Sequence[Key]], small: set[Key], hidden: set[Key]) -> None:
    """Hide further cells of one group of sums until no small one can be concluded."""
    # What is found to be safe stays so: hiding more only leaves more open.
    safe: set[Key] = set()
    while exposed := _exposed(table, rows, small, hidden, safe):
        chosen = _choose(table, rows, exposed, hidden)
        if chosen is None:
            # Every cell is hidden or 0. Four ones whose sum is known to be at most 4 are still
            # given away: then the sum is not said to be small.
            small_totals = {row[-1] for row in rows if row[-1] in small}
            if not small_totals:
                return
            small -= small_totals
        else:
            hidden.add(chosen)


def _choose(
    table: Table, rows: list[Sequence[Key]], exposed: set[Key], hidden: set[Key]
) -> Key | None:
    """The next cell to withhold: where it is needed, a part before a total, the least lost."""
    with_hidden = [row for row in rows if not hidden.isdisjoint(row)]
    lonely = [row for row in with_hidden if len(hidden.intersection(row)) == 1]
    for candidates in (
        [row for row in lonely if not exposed.isdisjoint(row)],
        lonely,
        [row for row in with_hidden if not exposed.isdisjoint(row)],
        with_hidden,
    ):
        options = {
            key: key == row[-1]
            for row in candidates
            for key in row
            if key not in hidden and table.cells[key] > 0
        }
        if options:
            # A withheld 5 is as good as shown beside a hidden 1: their sum gives both away.
            return min(
                options,
                key=lambda key: (
                    key in table.keep,
                    options[key],
                    table.cells[key] == LIMIT,
                    table.cells[key],
                    repr(key),
                ),
            )
    return None


def _exposed(
    table: Table,
    rows: list[Sequence[Key]],
    small: set[Key],
    hidden: set[Key],
    safe: set[Key],
) -> set[Key]:
    """Small cells that an attacker could narrow down to one number; notes in `safe` which not."""
    touched = [(row, [key for key in row if key in hidden]) for row in rows]
    touched = [(row, keys) for row, keys in touched if keys]
    for linked in _linked(touched):
        keys = {key for _row, hidden_keys in linked for key in hidden_keys}
        suspects = (keys & small) - safe
        if not suspects:
            continue
        bounds = {key: _bounds(table, key, small) for key in keys}
        # Subtraction in each sum by itself is cheap, and usually finds what there is to find.
        exposed = {
            key
            for row, hidden_keys in linked
            if not suspects.isdisjoint(hidden_keys)
            for key, low, high in _by_subtraction(table, row, hidden_keys, bounds)
            if key in suspects and not _open(low, high)
        }
        if not exposed and len(linked) > 1:
            exposed = _by_programming(table, linked, suspects, bounds, safe)
        if exposed:
            return exposed
        safe |= suspects
    return set()


def _linked(rows: list[tuple[Sequence[Key], list[Key]]]):
    """The sums that share hidden cells, together."""
    groups: list[tuple[set[Key], list[tuple[Sequence[Key], list[Key]]]]] = []
    for row, keys in rows:
        touching = [group for group in groups if not group[0].isdisjoint(keys)]
        merged = ({*keys}, [(row, keys)])
        for group in touching:
            groups.remove(group)
            merged[0].update(group[0])
            merged[1].extend(group[1])
        groups.append(merged)
    return [members for _keys, members in groups]


def _bounds(table: Table, key: Key, small: set[Key]) -> tuple[float, float]:
    """What anyone knows of a hidden cell before they begin."""
    if key not in small:
        return min(LIMIT, table.cells[key]), inf
    return 1, LIMIT - 1 if table.people else inf


def _open(low: float, high: float) -> bool:
    """Whether more than one whole number is left for a hidden cell."""
    return high - low >= 1


def _by_subtraction(
    table: Table,
    row: Sequence[Key],
    hidden_keys: list[Key],
    bounds: Mapping[Key, tuple[float, float]],
) -> Iterator[tuple[Key, float, float]]:
    """The lowest and highest value that one sum alone allows each of its hidden cells."""
    total = row[-1]
    # The parts less the total are 0; what is shown is taken over to the other side.
    known = sum(-table.cells[k] if k == total else table.cells[k] for k in hidden_keys)
    ends = {k: (-bounds[k][1], -bounds[k][0]) if k == total else bounds[k] for k in hidden_keys}
    least = sum(low for low, _high in ends.values() if low > -inf)
    most = sum(high for _low, high in ends.values() if high < inf)
    bottomless = {k for k, (low, _high) in ends.items() if low == -inf}
    boundless = {k for k, (_low, high) in ends.items() if high == inf}
    for key, (low, high) in ends.items():
        others_least = -inf if bottomless - {key} else least - (low if low > -inf else 0)
        others_most = inf if boundless - {key} else most - (high if high < inf else 0)
        low, high = max(low, known - others_most), min(high, known - others_least)
        yield (key, -high, -low) if key == total else (key, low, high)


def _by_programming(table: Table, linked, suspects: set[Key], bounds, safe: set[Key]) -> set[Key]:
    """The first small cell that several sums together give away, by linear programming.

    Every solution that is found tells of all cells at once: where it differs from the truth by
    one or more, the cell is safe, and needs no search of its own.
    """
    # Heavy, and needed by the worker only.
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    keys = sorted({key for _row, hidden_keys in linked for key in hidden_keys}, key=repr)
    place = {key: index for index, key in enumerate(keys)}
    signs, sums = [], []
    for number, (row, hidden_keys) in enumerate(linked):
        signs += [(number, place[k], -1 if k == row[-1] else 1) for k in hidden_keys]
        sums.append(sum(table.cells[k] * (-1 if k == row[-1] else 1) for k in hidden_keys))
    lines, columns, values = zip(*signs, strict=True)
    matrix = csr_array((values, (lines, columns)), shape=(len(linked), len(keys)))
    limits = [(low, None if high == inf else high) for low, high in map(bounds.__getitem__, keys)]

    def reach(key: Key | None, direction: int) -> float:
        """How far one cell (or all suspects) can go from the truth that way."""
        goal = [0] * len(keys)
        for aimed in suspects if key is None else [key]:
            goal[place[aimed]] = -direction
        found = linprog(goal, A_eq=matrix, b_eq=sums, bounds=limits, method="highs")
        if found.status != 0:
            return inf
        for suspect in suspects:
            if abs(found.x[place[suspect]] - table.cells[suspect]) >= 1 - 1e-6:
                safe.add(suspect)
        return 0 if key is None else abs(found.x[place[key]] - table.cells[key])

    reach(None, 1)
    reach(None, -1)
    for key in sorted(suspects, key=repr):
        if key not in safe and reach(key, 1) + reach(key, -1) < 1 - 1e-6:
            return {key}
    return set()
