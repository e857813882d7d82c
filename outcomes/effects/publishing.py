"""Which counts of a trial are published: block by block, as long as nothing small can be told.

The blocks stand in the order of what they are worth: the result by the trial's own definition
first, the subgroups by another definition last. Each is protected by itself (outcomes.disclosure)
and then audited together with all that is published already: the attacker knows every sum of
every definition, also the differences between definitions that are printed nowhere. A block that
would leave any count of one to four with one possible value is not published at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from outcomes.disclosure import LIMIT, SMALL, WITHHELD, Shown, Table, is_small, protect
from outcomes.effects.people import EVERYBODY, FACTORS, Arm, Group, levels
from outcomes.recidivism import DEFINITIONS
from outcomes.trials.consort import NOT_FOLLOWED

Cells = dict[tuple, Shown]
OUTCOMES = ("reoffended", "not_reoffended", "observable")


@dataclass(frozen=True)
class Block:
    """Counts that are published together. ``whole``: or none of them, because a figure is made
    of all of them."""

    keys: list[tuple]
    whole: bool = True


def published(table: Table, first: str) -> Cells:
    """Every count as it may leave; ``first``: the key of the trial's own definition."""
    audit = Audit(table)
    cells: Cells = dict.fromkeys(table.cells, WITHHELD)  # type: ignore[arg-type]
    for block in blocks(table, first):
        shown = _by_itself(table, block, cells)
        if shown is not None and audit.allows(shown):
            cells |= shown
    return cells


def blocks(table: Table, first: str) -> Iterator[Block]:
    """What there is to publish, the most important first."""
    others = [key for key in DEFINITIONS if key != first]
    for key in (first, *others):
        yield Block(_outcomes(EVERYBODY, key), whole=False)
        if key == first:
            yield from _flow(table, key)
        yield Block([("drawn", arm) for arm in Arm] + _each("not_observable", key), whole=False)
        yield Block([("events", arm, EVERYBODY, key) for arm in Arm])
        yield Block(_each("timed", key) + _each("left", key))
        if key == first:
            for factor in FACTORS:
                yield Block([k for group in levels(factor) for k in _outcomes(group, key)])
    for key in (first, *others):
        reasons = [("reason", arm, reason, key) for arm in Arm for reason in NOT_FOLLOWED]
        yield Block(reasons + _each("not_observable", key), whole=False)
        yield Block(_each("competing", key))
    for key in others:
        for factor in FACTORS:
            yield Block([k for group in levels(factor) for k in _outcomes(group, key)])


def _flow(table: Table, key: str) -> Iterator[Block]:
    drawn = [("drawn", arm) for arm in Arm]
    observed = [k for k in _outcomes(EVERYBODY, key) if k[0] == "observable"]
    yield Block([*drawn, ("randomised",), *observed, *_each("not_observable", key)], whole=False)
    names = ("assessed", "not_eligible", "declined")
    enrolment = [k for k in table.cells if isinstance(k, tuple) and k[0] in names]
    yield Block([*enrolment, ("waiting",), ("randomised",)], whole=False)
    received = [(name, arm) for name in ("received", "not_received") for arm in Arm]
    yield Block(drawn + received, whole=False)


def _outcomes(group: Group, key: str) -> list[tuple]:
    return [(name, arm, group, key) for arm in Arm for name in OUTCOMES]


def _each(name: str, key: str) -> list[tuple]:
    return [(name, arm, key) for arm in Arm]


def _by_itself(table: Table, block: Block, cells: Cells) -> Cells | None:
    """The block as it may leave as far as its own sums go; None where it may not."""
    known = {key for key in block.keys if isinstance(cells[key], int)}
    own = Table(
        {key: table.cells[key] for key in block.keys},
        [(t, parts) for t, parts in table.sums if {t, *parts} <= set(block.keys)],
        keep=known,  # type: ignore[arg-type]
    )
    shown: Cells = protect(own)  # type: ignore[assignment]
    # What has been published cannot be taken back.
    if any(not isinstance(shown[key], int) for key in known):
        return None
    # What is hidden already stays so: only what is new is said.
    if block.whole and any(isinstance(value, str) for value in shown.values()):
        return None
    return {key: shown[key] for key in block.keys if key not in known}


@dataclass
class Audit:
    """What an attacker can conclude who knows all that is published, and every sum."""

    table: Table
    # What is known of each cell: its lowest and highest possible value.
    bounds: dict[tuple, tuple[float, float]] = field(default_factory=dict)
    # Other worlds that agree with all that is published, as values in the order of the cells.
    worlds: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys: list[tuple] = list(self.table.cells)  # type: ignore[arg-type]
        self.place = {key: index for index, key in enumerate(self.keys)}
        self.truth = [float(self.table.cells[key]) for key in self.keys]
        self.small = [i for i, value in enumerate(self.truth) if is_small(int(value))]
        self.bounds = dict.fromkeys(self.keys, (0.0, float("inf")))

    def allows(self, shown: Cells) -> bool:
        """Whether these may be published too; then they are counted as published."""
        bounds = self.bounds | {
            key: _told(value, self.table.cells[key]) for key, value in shown.items()
        }
        limits = [bounds[key] for key in self.keys]
        worlds = [
            world
            for world in self.worlds
            if all(
                low - 1e-6 <= value <= high + 1e-6
                for value, (low, high) in zip(world, limits, strict=True)
            )
        ]

        def lacking() -> list[int]:
            return [
                cell
                for cell in self.small
                if not any(abs(world[cell] - self.truth[cell]) >= 1 - 1e-6 for world in worlds)
            ]

        # A world in which many of them are another number spares looking for one of each.
        for way in (1, -1):
            if cells := lacking():
                worlds.append(self._furthest(cells, way, limits))
        for cell in lacking():
            found = [self._furthest([cell], way, limits) for way in (1, -1)]
            worlds += found
            if abs(found[0][cell] - found[1][cell]) < 1 - 1e-6:
                return False
        self.bounds, self.worlds = bounds, worlds
        return True

    def _furthest(
        self, cells: list[int], way: int, limits: list[tuple[float, float]]
    ) -> list[float]:
        """A world in which these cells are together as large (or small) as they can be."""
        # Heavy, and needed by the worker only.
        from scipy.optimize import linprog

        goal = [0.0] * len(self.keys)
        for cell in cells:
            goal[cell] = -way
        # A count without an upper end is at most of everybody.
        most = max(self.truth) + 2 * LIMIT
        found = linprog(
            goal,
            A_eq=self._sums,
            b_eq=[0.0] * len(self.table.sums),
            bounds=[(low, min(high, most)) for low, high in limits],
            method="highs",
        )
        return list(found.x) if found.status == 0 else self.truth

    @property
    def _sums(self):
        from scipy.sparse import csr_array

        if not hasattr(self, "_matrix"):
            rows, columns, signs = [], [], []
            for number, (total, parts) in enumerate(self.table.sums):
                for key, sign in [(total, -1), *((part, 1) for part in parts)]:
                    rows.append(number)
                    columns.append(self.place[key])  # type: ignore[index]
                    signs.append(sign)
            shape = (len(self.table.sums), len(self.keys))
            self._matrix = csr_array((signs, (rows, columns)), shape=shape)
        return self._matrix


def _told(shown: Shown, count: int) -> tuple[float, float]:
    """What a published cell says: its number, that it is 1–4, or that it is at least 5."""
    if isinstance(shown, int):
        return float(shown), float(shown)
    if shown == SMALL:
        return 1.0, float(LIMIT - 1)
    return float(min(LIMIT, count)), float("inf")


def rate_of(cells: Cells, arm: Arm, group: Group, key: str) -> tuple[Shown, Shown, Shown]:
    """New sentence, not, and both together."""
    return (
        cells["reoffended", arm, group, key],
        cells["not_reoffended", arm, group, key],
        cells["observable", arm, group, key],
    )


def all_shown(values: list[Shown] | tuple[Shown, ...]) -> bool:
    """Whether each of them is a number."""
    return all(isinstance(value, int) for value in values)
