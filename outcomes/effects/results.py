"""The figures of a trial by one definition, from protected counts and the engine's estimates.

What is stored is plain JSON (``Shown``: a number, or "small" or "withheld"; a rate is {"n", "of"}
with "share", "low" and "high", 0–1, where all of it may be shown):

* ``version``, ``day``, ``definition``, ``window`` (days; a trial's own definition has the trial's),
  ``months`` (the same), ``years`` (first and last year of release, or null)
* ``flow``: {assessed, not_eligible, reasons: {reason: Shown}, declined, waiting, randomised}
* ``arms``: {mentors | control: {drawn, received, not_received, rate, not_observable,
  reasons: {reason: Shown}}}
* ``curve``: null, or {mentors | control: [{month, survival, lower, upper}]}
* ``at_risk``: null, or {"months": [0, 3, …], mentors: [n], control: [n]}
* ``median``: {mentors | control: whole weeks, or null}, among those with a new sentence
* ``measures``: {name: estimate or null}, and ``reasons``: {name: code} of those that are null.
  Risks are 0–1, differences are with mentors minus without; RMST is in days.
* ``subgroups``: [{factor, p, reason, levels: [{level, mentors: rate, control: rate,
  relative_risk: estimate or null, reason}]}]

What is estimated from people's times is stored only where the curves are, and what is estimated
from counts only where the counts are: an estimate is as good as the counts behind it.
"""

from datetime import date
from statistics import median
from typing import Any

from outcomes.disclosure import LIMIT, WITHHELD, month_day, monthly_grid
from outcomes.effects.people import EVERYBODY, FACTORS, Arm, Group, Person, levels
from outcomes.effects.publishing import Cells, all_shown, rate_of
from outcomes.effects.stored import VERSION
from outcomes.engine import comparison, competing, proportions, survival
from outcomes.engine.reasons import Answer, Reason
from outcomes.recidivism import Definition, Event
from outcomes.trials.consort import NOT_FOLLOWED

QUARTER = 3
# Not an estimate's own reason: the counts behind it may not be shown.
PROTECTED = "protected"
FROM_COUNTS = ("risk_difference", "relative_risk", "nnt", "minimum_detectable_effect")
FROM_TIMES = (
    "hazard_ratio",
    "log_rank",
    "stratified_log_rank",
    "rmst_difference",
    "cumulative_incidence",
)


def figures(
    cells: Cells, people: list[Person], definition: Definition, today: date
) -> dict[str, Any]:
    """All that is stored of a trial by one definition."""
    times = Times(people, definition, today)
    curve = _curve(cells, times)
    estimates = _from_counts(cells, definition) | _from_times(cells, times, curve is not None)
    years = sorted({p.history.released_on.year for p in people if p.history is not None})
    return {
        "version": VERSION,
        "day": today.isoformat(),
        "definition": definition.key,
        "window": definition.window,
        "months": times.months,
        "years": [years[0], years[-1]] if years else None,
        "flow": _flow(cells),
        "arms": {str(arm): _arm(cells, arm, definition) for arm in Arm},
        "curve": curve,
        "at_risk": _at_risk(cells, times) if curve else None,
        "median": {str(arm): times.median(arm) if curve else None for arm in Arm},
        "measures": {
            name: _rounded(answer) if isinstance(answer, dict) else None
            for name, answer in estimates.items()
        },
        "reasons": {
            name: str(answer) for name, answer in estimates.items() if isinstance(answer, str)
        },
        "subgroups": [_factor(cells, factor, definition) for factor in FACTORS],
    }


class Times:
    """Everybody's time by one definition, as the engine takes it: plain lists, side by side."""

    def __init__(self, people: list[Person], definition: Definition, today: date):
        self.definition = definition
        self.window = definition.window
        self.months = round(definition.window * 12 / 365)
        self.arm: list[int] = []
        self.time: list[int] = []
        self.event: list[int] = []
        self.stratum: list[int] = []
        for person in people:
            observed = person.observed(definition, today)
            if observed.time is None or observed.event is None:
                continue
            self.arm.append(int(person.arm == Arm.MENTORS))
            self.time.append(observed.time)
            self.event.append(int(observed.event))
            self.stratum.append(person.stratum)

    def of(self, arm: Arm) -> tuple[list[int], list[int]]:
        """The times and events of one arm."""
        wanted = int(arm == Arm.MENTORS)
        chosen = [i for i, number in enumerate(self.arm) if number == wanted]
        return [self.time[i] for i in chosen], [self.event[i] for i in chosen]

    def days(self, arm: Arm, *events: Event, before_the_end: bool = False) -> list[int]:
        """The days on which times of an arm ended so."""
        times, found = self.of(arm)
        return [
            time
            for time, event in zip(times, found, strict=True)
            if event in events and not (before_the_end and time >= self.window)
        ]

    def median(self, arm: Arm) -> int | None:
        """The median time of those who had a new sentence, in whole weeks.

        In whole weeks, and of at least ten, so that it is nobody's own: five or more lie to
        either side.
        """
        days = self.days(arm, Event.REOFFENCE)
        return round(median(days) / 7) if len(days) >= 2 * LIMIT else None


def _flow(cells: Cells) -> dict[str, Any]:
    whole = ("assessed", "not_eligible", "declined", "waiting", "randomised")
    reasons = {key[1]: n for key, n in cells.items() if key[0] == "not_eligible" and len(key) > 1}
    return {name: cells[(name,)] for name in whole} | {"reasons": reasons}


def _arm(cells: Cells, arm: Arm, definition: Definition) -> dict[str, Any]:
    key = definition.key
    reasons = {reason: cells["reason", arm, reason, key] for reason in NOT_FOLLOWED}
    return {
        "drawn": cells["drawn", arm],
        "received": cells["received", arm],
        "not_received": cells["not_received", arm],
        "rate": _rate(cells, arm, EVERYBODY, key),
        "not_observable": cells["not_observable", arm, key],
        # Where they are not published at all, none of them is said to be there.
        "reasons": {}
        if set(reasons.values()) == {WITHHELD}
        else {reason: n for reason, n in reasons.items() if n != 0},
    }


def _rate(cells: Cells, arm: Arm, group: Group, key: str) -> dict[str, Any]:
    n, rest, of = rate_of(cells, arm, group, key)
    result: dict[str, Any] = {"n": n, "of": of}
    if isinstance(n, int) and isinstance(of, int) and isinstance(rest, int) and of:
        interval = proportions.wilson(n, of)
        if interval is not None:
            result |= {
                "share": round(n / of, 4),
                "low": round(interval[0], 4),
                "high": round(interval[1], 4),
            }
    return result


# --- From counts -----------------------------------------------------------------------


def _tables(cells: Cells, group: Group, key: str) -> tuple[int, int, int, int] | None:
    """With mentors n and of, without n and of; None where one of them may not be shown."""
    values = [rate_of(cells, arm, group, key) for arm in (Arm.MENTORS, Arm.CONTROL)]
    if not all(all_shown(value) for value in values):
        return None
    (n1, _rest1, of1), (n0, _rest0, of0) = values
    return n1, of1, n0, of0  # type: ignore[return-value]  # all of them are shown


def _from_counts(cells: Cells, definition: Definition) -> dict[str, Answer | str]:
    table = _tables(cells, EVERYBODY, definition.key)
    if table is None:
        return dict.fromkeys(FROM_COUNTS, PROTECTED)
    n1, of1, n0, of0 = table
    if of0 == 0 or of1 == 0:
        return dict.fromkeys(FROM_COUNTS, Reason.EMPTY_ARM)
    return {
        "risk_difference": proportions.risk_difference(n1, of1, n0, of0),
        "relative_risk": proportions.relative_risk(n1, of1, n0, of0),
        "nnt": proportions.nnt(n1, of1, n0, of0),
        "minimum_detectable_effect": comparison.minimum_detectable_effect(of1, of0, n0 / of0),
    }


def _factor(cells: Cells, factor: str, definition: Definition) -> dict[str, Any]:
    """The two groups of a factor, and whether the difference is another in each of them."""
    found, rows = [], []
    for group in levels(factor):
        table = _tables(cells, group, definition.key)
        answer: Answer | str = PROTECTED if table is None else proportions.relative_risk(*table)
        if table is not None:
            found.append(table)
        rows.append(
            {
                "level": group[1],
                **{str(arm): _rate(cells, arm, group, definition.key) for arm in Arm},
                "relative_risk": _rounded(answer) if isinstance(answer, dict) else None,
                "reason": str(answer) if isinstance(answer, str) else None,
            }
        )
    test: Answer | str = PROTECTED if len(found) < 2 else proportions.interaction(found, ratio=True)
    return {
        "factor": factor,
        "p": round(test["p"], 6) if isinstance(test, dict) else None,
        "reason": str(test) if isinstance(test, str) else None,
        "levels": rows,
    }


# --- From times ------------------------------------------------------------------------


def _curve(cells: Cells, times: Times) -> dict[str, Any] | None:
    """Both curves on the monthly grid, in whole per cent; None where they would tell too much."""
    key = times.definition.key
    curves = {}
    for arm in Arm:
        shown = [
            cells[name, arm, EVERYBODY, key]
            for name in ("events", "reoffended", "not_reoffended", "observable")
        ]
        if not all_shown(shown) or not times.of(arm)[0]:
            return None
        grid = monthly_grid(times.months, max(times.of(arm)[0]))
        estimated = survival.kaplan_meier(*times.of(arm), at=list(grid.values()))
        curves[str(arm)] = [
            {"month": month}
            | {
                name: None if point[name] is None else round(point[name], 2)
                for name in ("survival", "lower", "upper")
            }
            for month, point in zip(grid, estimated, strict=True)
            if point["survival"] is not None
        ]
    return curves


def _at_risk(cells: Cells, times: Times) -> dict[str, Any] | None:
    """How many are still followed without a new sentence, every three months: those whose time
    is no shorter. None where those who left early may not be told of: they could be counted."""
    key = times.definition.key
    months = list(range(0, times.months + 1, QUARTER))
    rows: dict[str, Any] = {"months": months}
    for arm in Arm:
        if not all_shown([cells["timed", arm, key], cells["left", arm, key]]):
            return None
        followed = times.of(arm)[0]
        rows[str(arm)] = [sum(time >= month_day(m) for time in followed) for m in months]
    return rows


def _from_times(cells: Cells, times: Times, may_be_shown: bool) -> dict[str, Answer | str]:
    if not may_be_shown:
        empty = any(not times.of(arm)[0] for arm in Arm)
        return dict.fromkeys(FROM_TIMES, Reason.EMPTY_ARM if empty else PROTECTED)
    arm, time, event = times.arm, times.time, times.event
    return {
        "hazard_ratio": comparison.hazard_ratio(arm, time, event),
        "log_rank": comparison.log_rank(arm, time, event),
        "stratified_log_rank": comparison.log_rank(arm, time, event, times.stratum),
        "rmst_difference": survival.rmst_difference(arm, time, event, times.window),
        "cumulative_incidence": _cumulative_incidence(cells, times),
    }


def _cumulative_incidence(cells: Cells, times: Times) -> Answer | str:
    """The share with a new sentence by the end, where others died or left the country first.

    Together with the curve it tells how many those were, so it is told of where that may be.
    """
    key = times.definition.key
    found: dict[str, Any] = {}
    for arm in Arm:
        if not all_shown([cells["competing", arm, key], cells["left", arm, key]]):
            return PROTECTED
        (point,) = competing.cumulative_incidence(*times.of(arm), at=[times.window])
        if point["incidence"] is None:
            return Reason.HORIZON_BEYOND_FOLLOW_UP
        found[str(arm)] = {name: point[name] for name in ("incidence", "lower", "upper")}
    return found


def _rounded(value: Any) -> Any:
    """Numbers to six significant decimals: what is stored is read, and not calculated on."""
    if isinstance(value, dict):
        return {str(name): _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(float(value), 6) if isinstance(value, float) else value
