"""As of today: enrolments under way, mentors, and why crime cannot be said yet."""

from collections import Counter
from itertools import combinations

from outcomes.counting import (
    Counted,
    Seats,
)
from outcomes.disclosure import ALL, COUNTRY, Division, Grid, protect_people
from outcomes.recidivism import NOT_OBSERVABLE
from participants.phases import CURRENT_PHASES


def divide_reasons(counted: Counted, crime: Division) -> Division:
    """Why new crime cannot be said yet: for the whole country only."""
    years: dict[int, Counter] = {}
    for (_code, year), cell in counted.released.items():
        years.setdefault(year, Counter()).update(cell.reasons)
    grid = Grid({(COUNTRY, str(year)): reasons.total() for year, reasons in years.items()}, [])
    for period in grid.periods:
        if not crime.is_shown(crime.grid.node(COUNTRY, period), "unknown"):
            grid.tell_nothing(grid.node(COUNTRY, period))
    parts = [str(reason) for reason in NOT_OBSERVABLE]
    leaves = {
        grid.node(COUNTRY, str(year)): [reasons[part] for part in parts]
        for year, reasons in years.items()
    }
    return Division(grid, parts, leaves, {part: [part] for part in parts}).protect()


def divide_now(counted: Counted, referred: Division) -> tuple[Division, Division]:
    """Enrolments under way, by phase and by mentors. As many as are on their way."""
    found = []
    # How many have two mentors is what the programme is for, and is hidden last.
    weights = {Seats.TWO: 6.0}
    kinds = (
        ("phases", [str(phase) for phase in CURRENT_PHASES]),
        ("seats", list(Seats.ALL)),
    )
    for name, parts in kinds:
        grid = Grid(
            {(code, ALL): now.phases.total() for code, now in counted.now.items()}, counted.codes
        )
        for place in grid.places:
            node = referred.grid.node(place, ALL)
            if not referred.is_shown(node, "under_way"):
                grid.tell_nothing(grid.node(place, ALL))
        leaves = {
            grid.node(code, ALL): [getattr(now, name)[part] for part in parts]
            for code, now in counted.now.items()
        }
        shown = {part: [part] for part in parts}
        silent = [list(some) for n in range(2, len(parts)) for some in combinations(parts, n)]
        found.append(Division(grid, parts, leaves, shown, silent=silent, weights=weights).protect())
    phases, seats = found
    return phases, seats


def divide_mentors(counted: Counted) -> tuple[Grid, Division]:
    """Mentors with room and without. Places are told of where those who have them are."""
    cells = counted.mentors
    grid = Grid(
        {(code, ALL): cell.with_room + cell.full for code, cell in cells.items()}, counted.codes
    )
    protect_people(grid, lambda _nodes: True)
    leaves = {grid.node(code, ALL): [cell.with_room, cell.full] for code, cell in cells.items()}
    shown = {"with_room": ["with_room"]}
    division = Division(
        grid,
        ["with_room", "full"],
        leaves,
        shown,
        silent=[["full"]],
        alike=lambda _nodes, _part: True,
    )
    return grid, division.protect()
