"""Those who were referred: how far they came, and whether they had their pair in time."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from outcomes.counting import (
    FURTHEST,
    STEPS,
    Counted,
    Onward,
    Step,
    Waited,
)
from outcomes.disclosure import Division, Grid, Node, protect_people
from outcomes.protecting.tables import grid_of, leaves_of, runs


def divide_referred(counted: Counted) -> tuple[Grid, Division]:
    """How far they came, and whether they had their pair in time."""
    grid = grid_of(counted.referred, counted.codes)
    cells = counted.referred
    nonzero = {
        grid.node(code, str(year)): {part for part, n in cell.flow.items() if n}
        for (code, year), cell in cells.items()
    }
    protect_people(grid, lambda nodes: len(nodes) < 2 or bool(_common(nonzero, nodes)))
    parts = [
        (furthest, str(waited))
        for furthest in FURTHEST
        for waited in Waited
        if _is_possible(furthest, waited)
    ]
    by_step = [[part for part in parts if part[0][0] == step] for step in STEPS]
    shown: dict[str, list] = {}
    for number, step in enumerate(STEPS):
        shown[str(step)] = [part for later in by_step[number:] for part in later]
    for step in STEPS[:-1]:
        for onward in Onward:
            shown[f"{step}.{onward}"] = [p for p in parts if p[0] == (str(step), str(onward))]
    pending = [part for part in parts if part[0][1] == Onward.PENDING]
    before_pair = [*by_step[0], *by_step[1]]
    waiting = [part for part in before_pair if part in pending]
    within = [part for part in parts if part[1] == Waited.WITHIN]
    shown |= {
        "waiting": waiting,
        "within": within,
        "under_way": pending,
        "ended": [part for part in parts if part not in pending],
    }
    silent = [
        *runs(by_step),
        [part for part in shown[Step.PAIRED] if part not in within],
        [part for part in before_pair if part not in waiting],
    ]
    weights = dict.fromkeys(map(str, STEPS), 3.0) | {
        "waiting": 2,
        "within": 2,
        "under_way": 12,
        "ended": 6,
    }
    every = len(grid.periods) - 1
    division = Division(
        grid,
        parts,
        leaves_of(grid, cells, parts, lambda cell: cell.flow),
        shown,
        silent=silent,
        weights=weights,
        several=list(_crossings(parts)),
        alike=lambda nodes, part: part in _common(nonzero, nodes),
        # As of today, these are said of all years together.
        unsaid=lambda node, name: name in ("under_way", "ended") and node[1] != every,
    )
    return grid, division.protect()


def _common(parts: Mapping[Node, set], nodes: Sequence[Node]) -> set:
    """The parts that somebody is in, in each of some cells."""
    return set.intersection(*(parts.get(node, set()) for node in nodes))


def _is_possible(furthest, waited: Waited) -> bool:
    has_pair = furthest[0] not in (Step.REFERRED, Step.CONSENTED)
    return has_pair == (waited != Waited.NONE)


def _crossings(parts: list) -> Iterable[dict]:
    """One who ended at a step for one who goes on there, and the other way at another step: the
    steps, and those under way, stay as many."""
    known = set(parts)
    for one, other in combinations(STEPS[:-1], 2):
        for here in Waited:
            for there in Waited:
                move = {
                    ((str(one), "dropped"), str(here)): -1,
                    ((str(one), "pending"), str(here)): 1,
                    ((str(other), "pending"), str(there)): -1,
                    ((str(other), "dropped"), str(there)): 1,
                }
                if known.issuperset(move):
                    yield move
