"""Which counts of the dashboards are shown, and how they hang together: what is given to
outcomes.disclosure.

Two populations, each by place and year: those referred, and those released. Each division of them
names all that is shown of it, and the differences between two shown counts, which must not become
known either (those counted by one definition and not by another, one step further, one month
longer).
"""

from dataclasses import dataclass

from outcomes.counting import Counted
from outcomes.counting.cells import FIRST_STAGE, LAST_STAGE
from outcomes.disclosure import Division, Grid, protect_people
from outcomes.protecting.alike import Alike
from outcomes.protecting.needs import divide_first_and_last, divide_stage
from outcomes.protecting.referred import divide_referred
from outcomes.protecting.released import divide_crime, divide_time, divide_without
from outcomes.protecting.tables import AREAS, MIDDLE, Place, grid_of
from outcomes.protecting.today import divide_mentors, divide_now, divide_reasons

__all__ = ["AREAS", "Place", "Protected", "protect_all"]


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
    referred_grid, referred = divide_referred(counted)
    released_grid = grid_of(counted.released, counted.codes)
    alike = Alike(counted.released, released_grid)
    protect_people(released_grid, alike)
    time = divide_time(released_grid, counted, alike).protect()
    crime = divide_crime(released_grid, counted, alike).protect()
    without = divide_without(released_grid, counted, alike).protect()
    needs = {}
    for area in AREAS:
        ends = divide_first_and_last(
            released_grid, counted, area, time, alike.within((area, ""))
        ).protect()
        needs[area, str(FIRST_STAGE)] = needs[area, str(LAST_STAGE)] = ends
        for stage in MIDDLE:
            needs[area, str(stage)] = divide_stage(
                released_grid, counted, area, str(stage), time, alike.within((area, str(stage)))
            ).protect()
    phases, seats = divide_now(counted, referred)
    mentors_grid, mentors = divide_mentors(counted)
    return Protected(
        referred_grid=referred_grid,
        referred=referred,
        released_grid=released_grid,
        time=time,
        crime=crime,
        without=without,
        needs=needs,
        reasons=divide_reasons(counted, crime),
        phases=phases,
        seats=seats,
        mentors_grid=mentors_grid,
        mentors=mentors,
    )
