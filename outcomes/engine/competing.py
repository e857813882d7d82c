"""The share that has had the event by a time, where others die or leave first."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from outcomes.engine.cohort import EVENT
from outcomes.engine.reasons import Estimate
from outcomes.engine.survival import asked, log_log
from outcomes.engine.tables import Cells, Floats, checked


def cumulative_incidence(
    time: ArrayLike, event: ArrayLike, at: Iterable[float] | None = None, cause: int = EVENT
) -> list[Estimate]:
    """Points ``{"time", "at_risk", "incidence", "lower", "upper", "std_error"}``.

    At the times asked for, else whenever somebody has an event that is counted. ``event``: 0
    censored, else which; ``cause``: the one that is counted. Estimate by Aalen and Johansen
    (1978); error by Dinse and Larson (1986, equation 6), which is Greenwood's where nothing
    competes; interval log-log (Choudhury, 2002), None while the incidence is 0 and where the error
    is. Beyond the last person's time all is None, unless everybody has had one event or another.
    Raises ValueError for arrays that ``Cohort`` would have refused.
    """
    times, events = checked(time, event)
    cells = Cells.of(np.zeros(times.size, dtype=np.int64), times, events, 1, cause)
    incidence, variance, free = _aalen_johansen(cells)
    points = asked(at)
    if points is None:
        points = cells.time[cells.events > 0]
    return [_point(cells, incidence, variance, free, float(t)) for t in points]


def _aalen_johansen(cells: Cells) -> tuple[Floats, Floats, Floats]:
    """At each cell: the incidence, its variance, and the share without any event."""
    n, d, d1 = cells.at_risk, cells.any_event, cells.events
    free = np.cumprod((n - d) / n).astype(np.float64)
    before = np.concatenate(([1.0], free))[:-1]
    incidence: Floats = np.cumsum(before * d1 / n)
    # The sum over i of (F - F_i)² a_i, (F - F_i) b_i and c_i, with F outside of the sums. After
    # a time at which all have an event F is F_i for ever, so that its a_i is not needed.
    a = np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d)
    b = before * d1 / n**2
    c = before**2 * d1 * (n - d1) / n**3
    squares = (
        incidence**2 * np.cumsum(a)
        - 2 * incidence * np.cumsum(incidence * a)
        + np.cumsum(incidence**2 * a)
    )
    variance: Floats = (
        squares + np.cumsum(c) - 2 * (incidence * np.cumsum(b) - np.cumsum(incidence * b))
    )
    return incidence, np.maximum(variance, 0.0), free


def _point(
    cells: Cells, incidence: Floats, variance: Floats, free: Floats, time: float
) -> Estimate:
    here = int(np.searchsorted(cells.time, time, side="right")) - 1
    leaving = int(np.searchsorted(cells.time, time, side="left"))
    size = cells.time.size
    point: Estimate = {
        "time": time,
        "at_risk": int(cells.at_risk[leaving]) if leaving < size else 0,
    }
    if leaving == size and not (size and free[-1] == 0):
        return point | dict.fromkeys(("incidence", "lower", "upper", "std_error"))
    share = 0.0 if here < 0 else min(float(incidence[here]), 1.0)
    error = 0.0 if here < 0 else float(np.sqrt(variance[here]))
    point |= {"incidence": share, "lower": None, "upper": None, "std_error": error}
    if not 0 < share < 1 or not error:
        return point
    lower, upper = log_log(share, error / abs(share * float(np.log(share))))
    return point | {"lower": lower, "upper": upper}
