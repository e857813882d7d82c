"""The stored figures of one dashboard, of what may be shown only.

Plain JSON; docs/figures.md says what each figure is.

* a count is a number, or "small" or "withheld" (outcomes.disclosure);
* a rate is {"n", "of"} with "share", "low" and "high" (0–1) where it may be shown;
* a mean is {"n"} with "mean", "low" and "high" where it may be shown.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from mentoring.targets import MEETINGS_A_MONTH, PAIR_WITHIN_DAYS
from outcomes.counting import (
    STAGES,
    STEPS,
    Counted,
    Mentors,
    Moments,
    Onward,
    Referred,
    Released,
    Seats,
    Step,
)
from outcomes.counting.cells import MONTHS, MONTHS_OVER, Cell
from outcomes.disclosure import ALL, COUNTRY, LIMIT, WITHHELD, Grid, Shown
from outcomes.measures import funnel, mean, median, rate
from outcomes.protecting import AREAS, Place, Protected
from outcomes.recidivism import DEFINITIONS, NOT_OBSERVABLE
from participants.phases import CURRENT_PHASES

# What the figures are read by; a snapshot of another version is as good as none.
VERSION = 3
# The definition with one year's window.
YEAR = "jdl"
AnyCell = TypeVar("AnyCell", bound=Cell)


class Composer:
    """Puts together the figures of every dashboard, of what was counted and what may be shown."""

    def __init__(self, counted: Counted, protected: Protected, today: date):
        self.protected = protected
        self.today = today
        self.referred = _totals(counted.referred, Referred)
        self.released = _totals(counted.released, Released)
        mentors = {(code, 0): cell for code, cell in counted.mentors.items()}
        self.mentors = _totals(mentors, Mentors)
        self.codes = counted.codes

    def periods(self, place: Place) -> list[str]:
        """The years that something can be told of, the newest first."""
        grids = self.protected.referred_grid, self.protected.released_grid
        years = {
            period
            for grid in grids
            for period in grid.periods
            if period != ALL and grid.shown_people(place, period) not in (0, WITHHELD)
        }
        return sorted(years, reverse=True)

    def figures(self, place: Place, period: str) -> dict:
        """One dashboard, but for the comparison with the country and the table of places."""
        return {
            "version": VERSION,
            "day": self.today.isoformat(),
            "period": period,
            "periods": self.periods(place),
            "now": self._now(place),
            "mentors": self._mentors(place),
            "flow": self._flow(place, period),
            "pair_time": self._pair_time(place, period),
            **self._after_release(place, period),
            "rhythm": {
                "target": MEETINGS_A_MONTH,
                "mean": self._year_of_meetings(place, period),
                "months": self._months(place, period),
            },
            "needs": {area: self._needs(place, period, area) for area in AREAS},
            "recidivism": self._recidivism(place, period),
        }

    def compared(self, country: dict, own: dict) -> dict:
        """What a municipality's figures are shown beside: the country's, counted as they are."""
        return {
            "pair_time": country["pair_time"],
            "without_two": country["without_two"],
            "first_contact": self._contact(
                COUNTRY, country["period"], own["first_contact"]["over"]
            ),
            "recidivism": {key: found["rate"] for key, found in country["recidivism"].items()},
        }

    def row(self, code: str, name: str, period: str) -> dict:
        """One municipality in the table of all."""
        told = self.protected.released_grid
        return {
            "code": code,
            "name": name,
            "released": _people(told, code, period),
            "pair_time": self._pair_time(code, period),
            **self._after_release(code, period),
            "rhythm": self._year_of_meetings(code, period),
            "recidivism": {key: self._crime(code, period, key) for key in DEFINITIONS},
        }

    def funnel(self, country: dict) -> dict:
        """The limits of chance around the whole country's shares, by definition."""
        found: dict[str, dict] = {}
        for key, measured in country["recidivism"].items():
            if "share" not in measured["rate"]:
                found[key] = {"share": None, "limits": []}
                continue
            share = measured["rate"]["n"] / measured["rate"]["of"]
            sizes = [row["recidivism"][key]["rate"]["of"] for row in country["municipalities"]]
            most = max([of for of in sizes if isinstance(of, int)], default=LIMIT)
            found[key] = {"share": round(share, 4), "limits": funnel(share, most)}
        return found

    # --- As of today ---------------------------------------------------------------------

    def _now(self, place: Place) -> dict:
        protected = self.protected
        return {
            "under_way": self._referred_cell(place, ALL, "under_way"),
            "phases": {
                str(phase): protected.phases.cell(place, ALL, str(phase))
                for phase in CURRENT_PHASES
            },
            "seats": {state: protected.seats.cell(place, ALL, state) for state in Seats.ALL},
            "ended": self._referred_cell(place, ALL, "ended"),
        }

    def _mentors(self, place: Place) -> dict:
        """Places are hidden where the mentors who have them are."""
        cell = self.mentors[place, ALL]
        active = _people(self.protected.mentors_grid, place, ALL)
        with_room = self.protected.mentors.cell(place, ALL, "with_room")
        return {
            "active": active,
            "with_room": with_room,
            "places": active if isinstance(active, str) else cell.places,
            "places_free": with_room if isinstance(with_room, str) else cell.places_free,
        }

    # --- Those referred ------------------------------------------------------------------

    def _referred_cell(self, place: Place, period: str, name: str) -> Shown:
        if period not in self.protected.referred_grid.column:
            return 0
        return self.protected.referred.cell(place, period, name)

    def _flow(self, place: Place, period: str) -> list[dict]:
        found: list[dict] = []
        for step in STEPS:
            is_last = step == Step.COMPLETED
            onward = {
                str(way): 0 if is_last else self._referred_cell(place, period, f"{step}.{way}")
                for way in Onward
            }
            found.append(
                {"step": str(step), "n": self._referred_cell(place, period, str(step)), **onward}
            )
        return found

    def _pair_time(self, place: Place, period: str) -> dict:
        paired = self._referred_cell(place, period, str(Step.PAIRED))
        days = self.referred[place, period].days
        is_shown = isinstance(paired, int) and paired >= LIMIT
        return {
            "n": paired,
            "waiting": self._referred_cell(place, period, "waiting"),
            **(median(days) if is_shown else {"median": None, "low": None, "high": None}),
            "target": PAIR_WITHIN_DAYS,
            "within": rate(self._referred_cell(place, period, "within"), paired),
        }

    # --- Those released ------------------------------------------------------------------

    def _released_cell(self, division: str, place: Place, period: str, name: str) -> Shown:
        if period not in self.protected.released_grid.column:
            return 0
        found: Shown = getattr(self.protected, division).cell(place, period, name)
        return found

    def _after_release(self, place: Place, period: str) -> dict:
        return {
            "without_two": rate(
                self._released_cell("without", place, period, "without"),
                _people(self.protected.released_grid, place, period),
            ),
            "first_contact": self._first_contact(place, period),
        }

    def _first_contact(self, place: Place, period: str) -> dict:
        """Among those of whom a month is over; where that is hidden, among those whose year is."""
        month = self._contact(place, period, MONTHS_OVER[0])
        year = self._contact(place, period, MONTHS)
        return year if "share" in year and "share" not in month and month["of"] != 0 else month

    def _contact(self, place: Place, period: str, over: int) -> dict:
        """Contact within the target, among those of whom so many months are over."""
        return {"over": over} | rate(
            self._released_cell("time", place, period, f"contact_{over}"),
            self._released_cell("time", place, period, f"month_{over}"),
        )

    def _months(self, place: Place, period: str) -> list[dict]:
        return [
            {"month": month, **self._meetings(place, period, month, month)}
            for month in range(1, MONTHS + 1)
        ]

    def _meetings(self, place: Place, period: str, first: int, last: int) -> dict:
        """Held meetings a month with each, in some months together, among those of whom ``over``
        months are over: the fewest that the last month is part of, and that may be told of."""
        told = {
            over: self._released_cell("time", place, period, f"month_{over}")
            for over in MONTHS_OVER
            if over >= last
        }
        chosen, people = next(
            ((over, n) for over, n in told.items() if isinstance(n, int)),
            (min(told), next(iter(told.values()))),
        )
        held = Moments()
        for (over, month), moments in self.released[place, period].meetings.items():
            if over >= chosen and first <= month <= last:
                held += moments
        return {"over": chosen, **mean(people, held)}

    def _year_of_meetings(self, place: Place, period: str) -> float | None:
        """Meetings a month, of those whose year is over."""
        found = self._meetings(place, period, 1, MONTHS)
        return round(found["mean"] / MONTHS, 1) if "mean" in found else None

    def _needs(self, place: Place, period: str, area: str) -> dict:
        stages = []
        for stage in STAGES:
            key = area, str(stage)
            stages.append(
                {
                    "stage": str(stage),
                    **mean(
                        self._needs_cell(key, place, period, f"{stage}.rated"),
                        self.released[place, period].ratings[key],
                    ),
                    "missing": self._needs_cell(key, place, period, f"{stage}.missing"),
                    "no_need": self._needs_cell(key, place, period, f"{stage}.no_need"),
                }
            )
        change = mean(
            self._needs_cell((area, str(STAGES[0])), place, period, "change"),
            self.released[place, period].change[area],
        )
        return {"stages": stages, "change": change}

    def _needs_cell(self, key: tuple[str, str], place: Place, period: str, name: str) -> Shown:
        if period not in self.protected.released_grid.column:
            return 0
        return self.protected.needs[key].cell(place, period, name)

    def _crime(self, place: Place, period: str, key: str) -> dict:
        of, unknown = ("jdl.of", "jdl.unknown") if key == YEAR else ("of", "unknown")
        return {
            "rate": rate(
                self._released_cell("crime", place, period, key),
                self._released_cell("crime", place, period, of),
            ),
            "not_observable": self._released_cell("crime", place, period, unknown),
        }

    def _recidivism(self, place: Place, period: str) -> dict:
        found: dict[str, Any] = {}
        for key in DEFINITIONS:
            found[key] = self._crime(place, period, key) | {"reasons": {}}
            # Of the whole country only, and the same for all with two years' window.
            if place is COUNTRY and key != YEAR:
                found[key]["reasons"] = {
                    str(reason): self._reason(period, str(reason)) for reason in NOT_OBSERVABLE
                }
            if period == ALL:
                grid = self.protected.released_grid
                found[key]["years"] = [
                    {"year": int(year), **self._crime(place, year, key)}
                    for year in grid.periods
                    if year != ALL and grid.shown_people(place, year) not in (0, WITHHELD)
                ]
        return found

    def _reason(self, period: str, reason: str) -> Shown:
        reasons = self.protected.reasons
        return reasons.cell(COUNTRY, period, reason) if period in reasons.grid.column else 0


def _people(grid: Grid, place: Place, period: str) -> Shown:
    """How many there are of a place and period: hidden with the word that is true of it."""
    if period not in grid.column:
        return 0
    return grid.shown_people(place, period)


def _totals(
    cells: Mapping[tuple[str, int], AnyCell], kind: type[AnyCell]
) -> Mapping[tuple[Place, str], AnyCell]:
    """The cells of every place and period, the country and all years among them."""
    parts: dict[tuple[Place, str], list[AnyCell]] = defaultdict(list)
    for (code, year), cell in cells.items():
        for key in {(code, str(year)), (code, ALL), (COUNTRY, str(year)), (COUNTRY, ALL)}:
            parts[key].append(cell)
    found: dict[tuple[Place, str], AnyCell] = defaultdict(kind)
    for key, some in parts.items():
        found[key] = some[0] if len(some) == 1 else kind.total(some)
    return found
