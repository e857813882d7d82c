"""An attacker, who has every dashboard and works out what is hidden by linear programming.

Written from what the figures mean and from nothing else: it knows neither how they were counted nor
how they were protected. It knows every number that is shown, that "small" is 1–4, that whatever is
not shown is at least 0, that years add up to all years and places to the country, and how figures
of one place hang together: parts and wholes, steps, months, and definitions that contain each
other.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

AREAS = ("housing", "finance", "work", "health", "network")
STEPS = ("referred", "consented", "paired", "released", "contacted", "six_months", "completed")
DUE = {"start": "people", "release": "people", "month_3": "n3", "month_6": "n6", "month_12": "n12"}
OVER = (1, 3, 6, 9, 12)
# (place, period, what): the country is "", and so are all years.
Cell = tuple[str, str, str]


def published(dashboards: Iterable[tuple[str, dict]]) -> Iterator[tuple[Cell, object]]:
    """Every count that stands anywhere, as (what it counts, what is written)."""
    for place, figures in dashboards:
        period = figures["period"]
        yield from ((key(place, period, n), v) for n, v in of_one(figures))
        yield from ((key(place, "", n), v) for n, v in of_today(figures))
        for year in figures["recidivism"]["dst"].get("years", []):
            for name, definition in figures["recidivism"].items():
                found = next(y for y in definition["years"] if y["year"] == year["year"])
                for what, value in of_crime(name, found):
                    yield key(place, str(year["year"]), what), value
        if place:
            yield from ((key("", period, n), v) for n, v in of_country(figures["country"]))
        for row in figures.get("municipalities", []):
            yield key(row["code"], period, "people"), row["released"]
            yield from ((key(row["code"], period, n), v) for n, v in of_country(row, "rate"))


def key(place: str, period: str, what: str) -> Cell:
    return place, period, what


def of_one(figures: dict):
    for step in figures["flow"]:
        yield step["step"], step["n"]
        yield f"{step['step']}-dropped", step["dropped"]
        yield f"{step['step']}-pending", step["pending"]
    yield "waiting", figures["pair_time"]["waiting"]
    yield from of_country(figures, "rate")
    for month in figures["rhythm"]["months"]:
        yield f"n{month['over']}", month["n"]
    for area, needs in figures["needs"].items():
        for stage in needs["stages"]:
            for how in ("n", "missing", "no_need"):
                yield f"{area}-{stage['stage']}-{how}", stage[how]
        yield f"{area}-change", needs["change"]["n"]
    for reason, n in figures["recidivism"]["dst"]["reasons"].items():
        yield f"reason-{reason}", n


def of_country(figures: dict, inner: str = ""):
    """What a municipality's figures are compared with, and the rows of the table of all."""
    yield "within", figures["pair_time"]["within"]["n"]
    yield "paired", figures["pair_time"]["within"]["of"]
    yield "paired", figures["pair_time"]["n"]
    yield "without", figures["without_two"]["n"]
    yield "people", figures["without_two"]["of"]
    over = figures["first_contact"]["over"]
    yield f"contact-{over}", figures["first_contact"]["n"]
    yield f"n{over}", figures["first_contact"]["of"]
    for name, found in figures["recidivism"].items():
        yield from of_crime(name, found if inner else {"rate": found})


def of_crime(name: str, found: dict):
    kind = "year" if name == "jdl" else "two"
    yield name, found["rate"]["n"]
    yield f"of-{kind}", found["rate"]["of"]
    if "not_observable" in found:
        yield f"unknown-{kind}", found["not_observable"]


def of_today(figures: dict):
    now, mentors = figures["now"], figures["mentors"]
    yield "under_way", now["under_way"]
    yield "ended", now["ended"]
    yield from ((f"phase-{name}", n) for name, n in now["phases"].items())
    yield from ((f"seats-{name}", n) for name, n in now["seats"].items())
    yield "mentors", mentors["active"]
    yield "with_room", mentors["with_room"]


def wholes(reasons: Iterable[str], phases: Iterable[str], seats: Iterable[str]):
    """What is the sum of what, in one place and period."""
    for step, following in pairwise(STEPS):
        yield step, (following, f"{step}-dropped", f"{step}-pending")
    yield "waiting", ("referred-pending", "consented-pending")
    yield "paired", ("within", "later")
    yield "people", ("of-two", "unknown-two")
    yield "people", ("of-year", "unknown-year")
    yield "dst", ("kriminalforsorgen", "only-dst")
    yield "kriminalforsorgen", ("krus", "only-kriminalforsorgen")
    yield "of-two", ("dst", "none-two")
    yield "of-year", ("jdl", "none-year")
    yield "of-year", ("of-two", "judged-early")
    yield "people", ("without", "with")
    yield "n1", ("contact-1", "no-contact-1")
    yield "n12", ("contact-12", "no-contact-12")
    yield "contact-1", ("contact-12", "contact-since")
    yield "no-contact-1", ("no-contact-12", "no-contact-since")
    yield "people", ("n1", "n0-only")
    for one, other in pairwise(OVER):
        yield f"n{one}", (f"n{other}", f"n{one}-only")
    for area in AREAS:
        for stage, whole in DUE.items():
            yield whole, tuple(f"{area}-{stage}-{how}" for how in ("n", "missing", "no_need"))
        yield f"{area}-start-n", (f"{area}-change", f"{area}-only-start")
        yield f"{area}-month_12-n", (f"{area}-change", f"{area}-only-end")
        yield "people", (f"{area}-month_12-n", f"{area}-only-start", f"{area}-neither")
    yield "today", ("under_way", "ended")
    pending = tuple(f"{step}-pending" for step in STEPS[:-1])
    yield "today-pending", pending
    yield "referred", ("today-pending", "today-over")
    yield "under_way", tuple(f"phase-{name}" for name in phases)
    yield "under_way", tuple(f"seats-{name}" for name in seats)
    yield "mentors", ("with_room", "full")
    yield "unknown-two", tuple(f"reason-{name}" for name in reasons)


# Never written, and just as little to become known: who is counted by one definition and not by the
# next, and what is left when a share is taken.
DIFFERENCES = {
    "only-dst": ("dst", "kriminalforsorgen"),
    "only-kriminalforsorgen": ("kriminalforsorgen", "krus"),
    "none-two": ("of-two", "dst"),
    "none-year": ("of-year", "jdl"),
    "judged-early": ("of-year", "of-two"),
    "later": ("paired", "within"),
    "with": ("people", "without"),
    "no-contact-1": ("n1", "contact-1"),
    "no-contact-12": ("n12", "contact-12"),
    "contact-since": ("contact-1", "contact-12"),
}
TODAY = ("under_way", "ended", "phase-", "seats-", "mentors", "with_room", "full", "today")


def is_of_today(what: str) -> bool:
    return what.startswith(TODAY) and not what.startswith("today-")


class Attack:
    """All that is published, as one system of equations."""

    def __init__(self, dashboards: list[tuple[str, dict]], places: list[str], years: list[str]):
        self.index: dict[Cell, int] = {}
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[dict[int, int]] = []
        self.hidden: set[Cell] = set()
        self._equations(dashboards, places, years)
        for cell, value in published(dashboards):
            at = self._at(cell)
            if isinstance(value, int):
                assert self.low[at] <= value <= self.high[at], (cell, value)
                self.low[at] = self.high[at] = value
            else:
                self.hidden.add(cell)
                if value == "small":
                    self.low[at], self.high[at] = max(self.low[at], 1), min(self.high[at], 4)
        self.hidden |= {
            (place, figures["period"], name)
            for place, figures in dashboards
            for name in DIFFERENCES
        }
        # What is shown in one place, and hidden in another, is not hidden.
        self.hidden = {c for c in self.hidden if self.low[self._at(c)] < self.high[self._at(c)]}

    def _at(self, cell: Cell) -> int:
        if cell not in self.index:
            self.index[cell] = len(self.low)
            self.low.append(0)
            self.high.append(np.inf)
        return self.index[cell]

    def _sum(self, whole: Cell, parts: Iterable[Cell]) -> None:
        self.rows.append({self._at(whole): -1} | {self._at(part): 1 for part in parts})

    def _equations(self, dashboards, places, years) -> None:
        country = next(figures for place, figures in dashboards if not place)
        words = [*wholes(
            country["recidivism"]["dst"]["reasons"], country["now"]["phases"],
            country["now"]["seats"],
        )]  # fmt: skip
        names = {name for whole, parts in words for name in (whole, *parts)}
        for place in ["", *places]:
            for period in ["", *years]:
                for whole, parts in words:
                    if period and any(map(is_of_today, (whole, *parts))):
                        continue
                    if place and whole == "unknown-two" and parts[0].startswith("reason"):
                        continue
                    self._sum((place, period, whole), [(place, period, part) for part in parts])
            self._sum((place, "", "under_way"), [(place, "", "today-pending")])
            self._sum((place, "", "referred"), [(place, "", "today")])
            for name in names:
                if not is_of_today(name) and not (place and name.startswith("reason")):
                    self._sum((place, "", name), [(place, year, name) for year in years])
        for name in names:
            if name.startswith("reason"):
                continue
            for period in ["", *years]:
                if not (period and is_of_today(name)):
                    self._sum(("", period, name), [(place, period, name) for place in places])

    def recovered(self, truth: dict[Cell, int], seed: int = 0) -> list[Cell]:
        """The hidden cells of 1–4 people that have one possible value only."""
        for place, period, name in self.hidden:
            whole, part = DIFFERENCES.get(name, (name, ""))
            if part:
                cell = place, period, whole
                rest = truth.get((place, period, part), 0)
                truth[place, period, name] = truth.get(cell, 0) - rest
        suspects = [c for c in sorted(self.hidden) if 1 <= truth.get(c, 0) <= 4]
        chance = np.random.default_rng(seed)
        lines = [(n, at, sign) for n, row in enumerate(self.rows) for at, sign in row.items()]
        numbers, columns, signs = zip(*lines, strict=True)
        matrix = csr_array((signs, (numbers, columns)), shape=(len(self.rows), len(self.low)))
        # Nobody is more than everybody: bounds keep every question answerable.
        most = max(n for n in self.high if n < np.inf) + 1000
        bounds = [(low, min(high, most)) for low, high in zip(self.low, self.high, strict=True)]
        least = dict.fromkeys(suspects, np.inf)
        greatest = dict.fromkeys(suspects, -np.inf)

        def solve(goal) -> None:
            found = linprog(
                goal, A_eq=matrix, b_eq=np.zeros(len(self.rows)), bounds=bounds, method="highs"
            )
            assert found.status == 0, found.message
            for cell in suspects:
                value = found.x[self.index[cell]]
                least[cell], greatest[cell] = min(least[cell], value), max(greatest[cell], value)

        def is_open(cell: Cell) -> bool:
            return np.floor(greatest[cell] + 1e-6) - np.ceil(least[cell] - 1e-6) >= 1

        # Every answer tells of all cells at once: most need no question of their own.
        for _ in range(12):
            goal = np.zeros(len(self.low))
            for cell in suspects:
                goal[self.index[cell]] = chance.choice([-1, 1]) * chance.random()
            solve(goal)
        for cell in suspects:
            for way in (1, -1):
                if not is_open(cell):
                    goal = np.zeros(len(self.low))
                    goal[self.index[cell]] = way
                    solve(goal)
        return [cell for cell in suspects if not is_open(cell)]
