"""Which counts of the dashboards are shown, and how they hang together: what is given to
outcomes.disclosure.

Two populations, each by place and year: those referred, and those released. Each division of them
names all that is shown of it, and the differences between two shown counts, which must not become
known either (those counted by one definition and not by another, one step further, one month
longer).
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from outcomes.counting import (
    FURTHEST,
    STAGES,
    STEPS,
    Contact,
    Counted,
    Crime,
    Onward,
    Rated,
    Referred,
    Released,
    Seats,
    Step,
    Waited,
    YearCrime,
)
from outcomes.counting.cells import DUE_MONTH, FIRST_STAGE, LAST_STAGE, MONTHS, MONTHS_OVER
from outcomes.disclosure import ALL, COUNTRY, Division, Grid, Node, protect_people
from outcomes.recidivism import NOT_OBSERVABLE
from participants.models import RatingStage, SupportArea
from participants.phases import CURRENT_PHASES

Place = str | None
MIDDLE = tuple(stage for stage in STAGES if stage not in (FIRST_STAGE, LAST_STAGE))
AREAS: tuple[str, ...] = tuple(SupportArea.values)


@dataclass
class Protected:
    """Every count that may leave; what is hidden says so."""

    referred_grid: Grid
    referred: Division
    released_grid: Grid
    time: Division
    crime: Division
    without: Division
    # (area, stage) → the division its ratings are in
    needs: dict[tuple[str, str], Division]
    reasons: Division
    phases: Division
    seats: Division
    mentors_grid: Grid
    mentors: Division


def protect_all(counted: Counted) -> Protected:
    """What may be shown of everything that was counted."""
    referred_grid, referred = _referred(counted)
    released_grid = _grid(counted.released, counted.codes)
    alike = _Alike(counted.released, released_grid)
    protect_people(released_grid, alike)
    time = _time(released_grid, counted, alike).protect()
    crime = _crime(released_grid, counted, alike).protect()
    without = _without(released_grid, counted, alike).protect()
    needs = {}
    for area in AREAS:
        ends = _first_and_last(released_grid, counted, area, time, alike).protect()
        needs[area, str(FIRST_STAGE)] = needs[area, str(LAST_STAGE)] = ends
        for stage in MIDDLE:
            needs[area, str(stage)] = _stage(
                released_grid, counted, area, str(stage), time, alike
            ).protect()
    phases, seats = _now(counted, referred)
    mentors_grid, mentors = _mentors(counted)
    return Protected(
        referred_grid=referred_grid,
        referred=referred,
        released_grid=released_grid,
        time=time,
        crime=crime,
        without=without,
        needs=needs,
        reasons=_reasons(counted, crime),
        phases=phases,
        seats=seats,
        mentors_grid=mentors_grid,
        mentors=mentors,
    )


def _grid(
    cells: Mapping[tuple[str, int], Referred] | Mapping[tuple[str, int], Released],
    codes: Collection[str],
) -> Grid:
    people = {(code, str(year)): cell.people for (code, year), cell in cells.items()}
    return Grid(people, codes)


def _leaves(grid: Grid, cells: Mapping, parts: Collection, of) -> dict[Node, list[int]]:
    """For each of the innermost cells, how many are in each part: `of` gives the counter."""
    found = {}
    for (code, year), cell in cells.items():
        counter = of(cell)
        found[grid.node(code, str(year))] = [counter[part] for part in parts]
    return found


def _runs(parts: list[list]) -> list[list]:
    """Every run of neighbouring parts but all of them: the differences of counts from each on."""
    return [
        [one for part in parts[first:last] for one in part]
        for first, last in combinations(range(len(parts) + 1), 2)
        if last - first < len(parts)
    ]


# --- Those referred ------------------------------------------------------------------------


def _referred(counted: Counted) -> tuple[Grid, Division]:
    """How far they came, and whether they had their pair in time."""
    grid = _grid(counted.referred, counted.codes)
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
        *_runs(by_step),
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
        _leaves(grid, cells, parts, lambda cell: cell.flow),
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


# --- Those released ------------------------------------------------------------------------


def _time(grid: Grid, counted: Counted, alike: "_Alike") -> Division:
    """Whole months that are over since the release, and the first contact."""
    parts = [
        (month, str(contact))
        for month in (0, *MONTHS_OVER)
        for contact in Contact
        if (contact == Contact.EARLY) == (month == 0)
    ]
    by_month = [[part for part in parts if part[0] == month] for month in (0, *MONTHS_OVER)]
    within = [part for part in parts if part[1] == Contact.WITHIN]
    known = [part for part in parts if part[1] != Contact.EARLY]
    shown = {
        f"month_{month}": [part for part in parts if part[0] >= month] for month in MONTHS_OVER
    }
    shown["contact"] = within
    missing = {
        grid.node(code, str(year)): {
            month: min(cell.needs[area, str(stage), str(Rated.MISSING)] for area in AREAS)
            for stage, month in DUE_MONTH.items()
        }
        for (code, year), cell in counted.released.items()
    }

    def may_move(node: Node, source, target) -> bool:
        """Somebody who was rated at a stage cannot be where it is not due yet."""
        return all(
            node in missing and missing[node][month] > 0
            for month in DUE_MONTH.values()
            if source[0] >= month > target[0]
        )

    return Division(
        grid,
        parts,
        _leaves(grid, counted.released, parts, lambda cell: cell.time),
        shown,
        silent=[
            *_runs(by_month),
            [part for part in known if part not in within],
        ],
        # A month that is hidden is shown with those of whom more months are over.
        weights=dict.fromkeys(shown, 3.0) | {"contact": 4, "month_12": 10},
        alike=alike.within("time"),
        may_move=may_move,
    )


def _crime(grid: Grid, counted: Counted, alike: "_Alike") -> Division:
    """New crime by four definitions: three that count some of each other's, and one of a year."""
    unknown = str(Crime.UNKNOWN)
    convicted = (str(Crime.KRUS), str(Crime.KRIMINALFORSORGEN), str(Crime.DST))
    parts = [
        (str(crime), str(year))
        for crime in Crime
        for year in YearCrime
        # Who can be judged after two years could be after one; the year's crime is the two years'.
        if (year != YearCrime.UNKNOWN or crime == Crime.UNKNOWN)
        and not (crime == Crime.NONE and year == YearCrime.REOFFENDED)
    ]

    def which(*crimes: str) -> list:
        return [part for part in parts if part[0] in crimes]

    of = [part for part in parts if part[0] != unknown]
    year_of = [part for part in parts if part[1] != YearCrime.UNKNOWN]
    year_crime = [part for part in parts if part[1] == YearCrime.REOFFENDED]
    shown = {
        "krus": which(convicted[0]),
        "kriminalforsorgen": which(*convicted[:2]),
        "dst": which(*convicted),
        "of": of,
        "unknown": which(unknown),
        "jdl": year_crime,
        "jdl.of": year_of,
        "jdl.unknown": [part for part in parts if part not in year_of],
    }
    later = [part for part in which(*convicted) if part not in year_crime]
    silent = [
        *_runs([which(crime) for crime in (*convicted, str(Crime.NONE))]),
        [part for part in year_of if part not in year_crime],
        [part for part in year_of if part not in of],
        [part for part in year_crime if part not in of],
        later,
    ]
    # Of whom nothing shown tells: crime in the second year, beside crime of those not yet judged.
    crossings = [
        {
            (crime, str(YearCrime.REOFFENDED)): -1,
            (crime, str(YearCrime.NONE)): 1,
            (unknown, str(YearCrime.NONE)): -1,
            (unknown, str(YearCrime.REOFFENDED)): 1,
        }
        for crime in convicted
    ]
    weights = {
        "kriminalforsorgen": 6,
        "of": 6,
        "unknown": 3,
        "dst": 3,
        "jdl": 2,
        "jdl.of": 2,
        "jdl.unknown": 2,
    }
    leaves = _leaves(grid, counted.released, parts, lambda cell: cell.crime)
    return Division(
        grid,
        parts,
        leaves,
        shown,
        silent=silent,
        weights=weights,
        several=crossings,
        alike=alike.within("crime"),
    )


def _without(grid: Grid, counted: Counted, alike: "_Alike") -> Division:
    leaves = {
        grid.node(code, str(year)): [cell.without_two, cell.people - cell.without_two]
        for (code, year), cell in counted.released.items()
    }
    return Division(grid, ["without", "with"], leaves, {"without": ["without"]}, silent=[["with"]])


def _unsaid(time: Division):
    """Who is missing follows from whose time has come, and is not said where that is hidden."""

    def unsaid(node: Node, name: str) -> bool:
        stage, _, how = name.partition(".")
        month = DUE_MONTH.get(RatingStage(stage)) if how == Rated.MISSING else None
        return month is not None and not time.is_shown(node, f"month_{month}")

    return unsaid


def _stage(
    grid: Grid, counted: Counted, area: str, stage: str, time: Division, alike: "_Alike"
) -> Division:
    parts = [str(how) for how in Rated]
    asked = [part for part in parts if part != Rated.EARLY]
    leaves = {
        grid.node(code, str(year)): [cell.needs[area, stage, part] for part in parts]
        for (code, year), cell in counted.released.items()
    }
    return Division(
        grid,
        parts,
        leaves,
        {f"{stage}.{part}": [part] for part in asked},
        silent=[list(two) for two in combinations(asked, 2)],
        weights={f"{stage}.{Rated.RATED}": 3},
        fixed=[str(Rated.EARLY)],
        alike=alike.within((area, stage)),
        unsaid=_unsaid(time),
    )


def _first_and_last(
    grid: Grid, counted: Counted, area: str, time: Division, alike: "_Alike"
) -> Division:
    """The first and the last stage together: the change is of those rated at both."""
    first, last = str(FIRST_STAGE), str(LAST_STAGE)
    hows = [str(how) for how in Rated]
    parts = [(one, other) for one in hows[:-1] for other in hows]
    leaves = {}
    for (code, year), cell in counted.released.items():
        found = _ends(cell, area)
        leaves[grid.node(code, str(year))] = [found[part] for part in parts]
    asked = hows[:-1]
    both = (str(Rated.RATED), str(Rated.RATED))
    shown = {f"{first}.{how}": [p for p in parts if p[0] == how] for how in asked}
    shown |= {f"{last}.{how}": [p for p in parts if p[1] == how] for how in asked}
    shown["change"] = [both]
    silent = [
        [part for part in shown[f"{stage}.{Rated.RATED}"] if part != both]
        for stage in (first, last)
    ]
    silent += [
        [*shown[f"{stage}.{one}"], *shown[f"{stage}.{other}"]]
        for stage in (first, last)
        for one, other in combinations(asked, 2)
    ]
    weights = {f"{first}.{Rated.RATED}": 3, f"{last}.{Rated.RATED}": 3, "change": 2}

    def may_move(_node, source, target) -> bool:
        return (source[1] == Rated.EARLY) == (target[1] == Rated.EARLY)

    return Division(
        grid,
        parts,
        leaves,
        shown,
        silent=silent,
        weights={name: float(weight) for name, weight in weights.items()},
        unsaid=lambda node, name: name != "change" and _unsaid(time)(node, name),
        may_move=may_move,
        alike=alike.within((area, "")),
    )


def _ends(cell: Released, area: str) -> Counter[tuple[str, str]]:
    """How an area was rated at the first and at the last stage, together."""
    first, last = str(FIRST_STAGE), str(LAST_STAGE)
    return _together(
        {str(how): cell.needs[area, first, str(how)] for how in Rated if how != Rated.EARLY},
        {str(how): cell.needs[area, last, str(how)] for how in Rated},
        cell.change[area].n if area in cell.change else 0,
    )


def _together(first: dict[str, int], last: dict[str, int], both: int) -> Counter:
    """How many are in each pair of parts, as it may be: only who was rated at both is known."""
    rated = str(Rated.RATED)
    found: Counter[tuple[str, str]] = Counter({(rated, rated): both})
    first, last = {**first, rated: first[rated] - both}, {**last, rated: last[rated] - both}

    def match(ones: list[str], others: list[str]) -> None:
        for one in ones:
            for other in others:
                n = min(first[one], last[other])
                found[one, other] += n
                first[one] -= n
                last[other] -= n

    match([rated], [how for how in last if how != rated])
    match([how for how in first if how != rated], list(last))
    return found


class _Alike:
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
            found[area, ""] = {pair for pair, n in _ends(cell, area).items() if n}
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


# --- Today ---------------------------------------------------------------------------------


def _reasons(counted: Counted, crime: Division) -> Division:
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


def _now(counted: Counted, referred: Division) -> tuple[Division, Division]:
    """Enrolments under way, by phase and by mentors. As many as are on their way."""
    found = []
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
        found.append(Division(grid, parts, leaves, shown, silent=silent).protect())
    phases, seats = found
    return phases, seats


def _mentors(counted: Counted) -> tuple[Grid, Division]:
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
