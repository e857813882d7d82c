"""Time to the event: the Kaplan–Meier curve, its median, and the mean time up to a horizon.

``time``: in the caller's unit. ``event``: 1 the event; everything else is censored, a competing
event too (the curve is then cause-specific). Events come before censorings at the same time.
"""

from collections.abc import Iterable

from numpy.typing import ArrayLike

from outcomes.engine.reasons import Answer, Estimate, Reason


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, at: Iterable[float] | None = None
) -> list[Estimate]:
    """Points ``{"time", "at_risk", "survival", "lower", "upper", "std_error"}`` of the curve.

    At the times asked for, else at every event time. ``at_risk``: those with time ≥ t. Error by
    Greenwood (1926); interval log-log (Kalbfleisch and Prentice, 1980), None while the survival is
    1 or once it is 0. Beyond the last person's time the survival is None, unless it has come to 0.
    """
    raise NotImplementedError


def median(time: ArrayLike, event: ArrayLike) -> float | Reason:
    """The first time at which half or fewer are left; MEDIAN_NOT_REACHED, EMPTY_ARM."""
    raise NotImplementedError


def rmst_difference(arm: ArrayLike, time: ArrayLike, event: ArrayLike, horizon: float) -> Answer:
    """``{"horizon", "estimate", "std_error", "p", "lower", "upper"}``: mean time without the event
    up to the horizon, treated (arm 1) minus reference (arm 0), in the unit of time (Royston and
    Parmar, 2013). EMPTY_ARM, HORIZON_BEYOND_FOLLOW_UP, ZERO_VARIANCE.
    """
    raise NotImplementedError


def kaplan_meier_by(
    group: ArrayLike, time: ArrayLike, event: ArrayLike, groups: int, at: Iterable[float]
) -> list[list[Estimate]]:
    """The curves of many groups (indices 0 to ``groups`` - 1) at the same times, in one pass."""
    raise NotImplementedError
