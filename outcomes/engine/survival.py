"""Time to the event: the Kaplan–Meier curve, its median, and the mean time up to a horizon.

``time``: in the caller's unit, finite and from 0. ``event``: 1 the event; everything else is
censored, a competing event too (the curve is then cause-specific). Events come before censorings
at the same time. Every function raises ValueError for arrays that ``Cohort`` would have refused.
"""

from collections.abc import Iterable
from math import hypot

import numpy as np
from numpy.typing import ArrayLike

from outcomes.engine.normal import Z, two_sided
from outcomes.engine.reasons import Answer, Estimate, Reason
from outcomes.engine.tables import Cells, Floats, checked, codes_of

# A survival worked out in steps may miss one half by the last digits of a float.
ROUNDING = 1e-9


class Curve:
    """The curve of each of several groups, as arrays: a step at every cell of ``cells``."""

    def __init__(self, cells: Cells):
        self.cells = cells
        alive = cells.at_risk - cells.events
        last = alive == 0
        with np.errstate(divide="ignore"):
            steps = np.where(last, 0.0, np.log(alive / cells.at_risk))
        terms = np.divide(
            cells.events, cells.at_risk * alive, out=np.zeros_like(alive), where=~last
        )
        self.had = cells.running(cells.events)
        ended = cells.running(last & (cells.events > 0))
        # Where the last of a group has the event the curve is 0; its logarithm is left out.
        self.survival = np.where(ended > 0, 0.0, np.exp(cells.running(steps)))
        # Sum of d / (n (n - d)): the variance of the survival's logarithm (Greenwood, 1926).
        self.log_variance = cells.running(terms)

    def points(self, group: int, at: Floats | None) -> list[Estimate]:
        """``kaplan_meier`` of one group."""
        cells = self.cells
        begin, end = int(cells.start[group]), int(cells.start[group + 1])
        time = cells.time[begin:end]
        if at is None:
            at = time[cells.events[begin:end] > 0]
        place = np.searchsorted(time, at, side="right") - 1 + begin
        leaving = np.searchsorted(time, at, side="left") + begin
        return [
            self._point(float(t), begin, end, int(here), int(next_))
            for t, here, next_ in zip(at, place, leaving, strict=True)
        ]

    def _point(self, time: float, begin: int, end: int, here: int, leaving: int) -> Estimate:
        """``here``: the last cell at or before the time; ``leaving``: the first not before it."""
        at_risk = int(self.cells.at_risk[leaving]) if leaving < end else 0
        point: Estimate = {"time": time, "at_risk": at_risk}
        before = here < begin
        survival = 1.0 if before else float(self.survival[here])
        watched = leaving < end or (end > begin and survival == 0)
        if not watched:
            return point | dict.fromkeys(("survival", "lower", "upper", "std_error"))
        point |= {"survival": survival, "lower": None, "upper": None, "std_error": 0.0}
        if before or not self.had[here] or survival == 0:
            return point
        error = float(np.sqrt(self.log_variance[here]))
        lower, upper = log_log(survival, error / abs(float(np.log(survival))))
        return point | {"lower": lower, "upper": upper, "std_error": survival * error}


def log_log(share: float, error: float) -> tuple[float, float]:
    """The interval of a share from the error of log(-log(share)), which keeps it within 0–1."""
    spread = float(np.exp(Z * error))
    return float(share**spread), float(share ** (1 / spread))


def asked(at: Iterable[float] | None) -> Floats | None:
    """The times in order, each once. Raises ValueError for what is no time."""
    if at is None:
        return None
    times = np.unique(np.asarray(list(at), dtype=np.float64))
    if not (np.isfinite(times).all() and (times >= 0).all()):
        raise ValueError("A time is a number from 0.")
    # Adding 0 makes nothing of minus 0.
    return times + 0.0


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, at: Iterable[float] | None = None
) -> list[Estimate]:
    """Points ``{"time", "at_risk", "survival", "lower", "upper", "std_error"}`` of the curve.

    At the times asked for, else at every event time (Kaplan and Meier, 1958). ``at_risk``: those
    with time ≥ t. Error by Greenwood (1926); interval log-log (Kalbfleisch and Prentice, 1980),
    None while the survival is 1 and once it is 0, where that method knows none. Beyond the last
    person's time everything is None, unless the survival has come to 0.
    """
    times, events = checked(time, event)
    return _curve(np.zeros(times.size, dtype=np.int64), times, events, 1).points(0, asked(at))


def kaplan_meier_by(
    group: ArrayLike, time: ArrayLike, event: ArrayLike, groups: int, at: Iterable[float] | None
) -> list[list[Estimate]]:
    """``kaplan_meier`` of many groups (indices 0 to ``groups`` - 1), all in one pass."""
    times, events = checked(time, event)
    curve = _curve(codes_of(group, times), times, events, groups)
    points = asked(at)
    return [curve.points(index, points) for index in range(groups)]


def _curve(group: np.ndarray, time: Floats, event: np.ndarray, groups: int) -> Curve:
    return Curve(Cells.of(group, time, event, groups))


def median(time: ArrayLike, event: ArrayLike) -> float | Reason:
    """The first time at which half or fewer are left (as Collett, 2015). EMPTY_ARM,
    MEDIAN_NOT_REACHED."""
    times, events = checked(time, event)
    if not times.size:
        return Reason.EMPTY_ARM
    curve = _curve(np.zeros(times.size, dtype=np.int64), times, events, 1)
    half = np.flatnonzero(curve.survival <= 0.5 + ROUNDING)
    return float(curve.cells.time[half[0]]) if half.size else Reason.MEDIAN_NOT_REACHED


def restricted_mean(time: ArrayLike, event: ArrayLike, horizon: float) -> Answer:
    """``{"horizon", "estimate", "std_error"}``: mean time without the event up to the horizon, the
    area under the curve (Irwin, 1949; error by Klein and Moeschberger, 2003, section 4.5).

    EMPTY_ARM; HORIZON_BEYOND_FOLLOW_UP when the last person's time comes before the horizon and
    the curve has not come to 0.
    """
    times, events = checked(time, event)
    if not times.size:
        return Reason.EMPTY_ARM
    curve = _curve(np.zeros(times.size, dtype=np.int64), times, events, 1)
    if times.max() < horizon and curve.survival[-1] > 0:
        return Reason.HORIZON_BEYOND_FOLLOW_UP
    cells = curve.cells
    used = (cells.events > 0) & (cells.time <= horizon)
    knots = np.concatenate(([0.0], cells.time[used], [horizon]))
    areas = np.diff(knots) * np.concatenate(([1.0], curve.survival[used]))
    # The area from each event on to the horizon.
    after = areas[::-1].cumsum()[::-1][1:]
    # In shares of the largest: squares of very long or very short times are no floats.
    largest = float(after.max(initial=0.0)) or 1.0
    d, n = cells.events[used], cells.at_risk[used]
    terms = np.divide(d * (after / largest) ** 2, n * (n - d), out=np.zeros_like(n), where=n > d)
    return {
        "horizon": horizon,
        "estimate": float(areas.sum()),
        "std_error": float(np.sqrt(terms.sum())) * largest,
    }


def rmst_difference(arm: ArrayLike, time: ArrayLike, event: ArrayLike, horizon: float) -> Answer:
    """``{"horizon", "estimate", "std_error", "p", "lower", "upper"}``: mean time without the event
    up to the horizon, treated (arm 1) minus reference (arm 0), in the unit of time (Royston and
    Parmar, 2013). EMPTY_ARM, HORIZON_BEYOND_FOLLOW_UP; ZERO_VARIANCE when no event before the
    horizon tells how uncertain it is.
    """
    times, events = checked(time, event)
    arms = codes_of(arm, times)
    treated = restricted_mean(times[arms == 1], events[arms == 1], horizon)
    reference = restricted_mean(times[arms == 0], events[arms == 0], horizon)
    if isinstance(treated, Reason):
        return treated
    if isinstance(reference, Reason):
        return reference
    estimate = treated["estimate"] - reference["estimate"]
    error = hypot(treated["std_error"], reference["std_error"])
    if error == 0:
        return Reason.ZERO_VARIANCE
    return {
        "horizon": horizon,
        "estimate": estimate,
        "std_error": error,
        "p": two_sided(estimate / error),
        "lower": estimate - Z * error,
        "upper": estimate + Z * error,
    }
