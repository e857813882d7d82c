"""Those who were released: months and contact, new crime, and mentors on the day."""

from outcomes.counting import (
    Contact,
    Counted,
    Crime,
    Rated,
    YearCrime,
)
from outcomes.counting.cells import DUE_MONTH, MONTHS, MONTHS_OVER
from outcomes.disclosure import Division, Grid, Node
from outcomes.protecting.alike import Alike
from outcomes.protecting.tables import AREAS, leaves_of, runs


def divide_time(grid: Grid, counted: Counted, alike: Alike) -> Division:
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
    from_month = [[part for part in parts if part[0] >= month] for month in MONTHS_OVER]
    shown = {f"month_{month}": part for month, part in zip(MONTHS_OVER, from_month, strict=True)}
    # Of those whose month is over, and, told of where that is hidden, whose year is.
    of_year = [part for part in within if part[0] == MONTHS]
    shown |= {f"contact_{MONTHS_OVER[0]}": within, f"contact_{MONTHS}": of_year}
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
        leaves_of(grid, counted.released, parts, lambda cell: cell.time),
        shown,
        silent=[
            *runs(by_month),
            [part for part in known if part not in within],
            [part for part in within if part not in of_year],
            [part for part in known if part not in within and part[0] < MONTHS],
            *([part for part in of_month if part not in of_year] for of_month in from_month),
        ],
        # A month that is hidden is shown with those of whom more months are over.
        weights=dict.fromkeys(shown, 3.0)
        | {f"contact_{MONTHS_OVER[0]}": 4, f"contact_{MONTHS}": 6, f"month_{MONTHS}": 10},
        alike=alike.within("time"),
        may_move=may_move,
    )


def divide_crime(grid: Grid, counted: Counted, alike: Alike) -> Division:
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
        *runs([which(crime) for crime in (*convicted, str(Crime.NONE))]),
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
    leaves = leaves_of(grid, counted.released, parts, lambda cell: cell.crime)
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


def divide_without(grid: Grid, counted: Counted, alike: Alike) -> Division:
    leaves = {
        grid.node(code, str(year)): [cell.without_two, cell.people - cell.without_two]
        for (code, year), cell in counted.released.items()
    }
    return Division(grid, ["without", "with"], leaves, {"without": ["without"]}, silent=[["with"]])
