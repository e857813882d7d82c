"""Everything about one cohort, as one object that can be stored and read without numpy."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from outcomes.engine.cohort import EVENT, Cohort
from outcomes.engine.comparison import hazard_ratio, log_rank
from outcomes.engine.proportions import nnt, relative_risk, risk_difference
from outcomes.engine.reasons import Answer, Estimate, Reason
from outcomes.engine.survival import asked, kaplan_meier, median, rmst_difference

# Names by which the arm to compare with is known when nobody says which it is.
CONTROLS = ("control", "controls", "kontrol", "kontrolgruppe", "placebo", "reference", "standard")
Measure = Callable[[int, int, int, int], Answer]
AT_HORIZON: dict[str, Measure] = {
    "risk_difference": risk_difference,
    "relative_risk": relative_risk,
    "nnt": nnt,
}
# Beyond so many numbers (arms by times) a test over all arms is no longer sensible.
LARGEST_TABLE = 20_000_000


def default_reference(arms: Iterable[str]) -> str | None:
    """The arm to compare with when none is named: the first that is called as controls are, else
    the first there is; the arms are sorted, so that 0 comes before 1. None where there are no arms.
    """
    names = list(arms)
    called = {name.casefold(): name for name in reversed(names)}
    for control in CONTROLS:
        if control in called:
            return called[control]
    return names[0] if names else None


def analyse(
    cohort: Cohort, at: Iterable[float] | None = None, reference: str | None = None
) -> dict[str, Any]:
    """``{"arms", "log_rank", "stratified_log_rank", "risk_difference", "relative_risk", "nnt",
    "hazard_ratio", "rmst_difference", "reasons", "refused"}``, each as docs/engine.md says.

    ``at``: the times of the curves and, the last of them, the horizon; else each arm's own event
    times, and the last of all. ``reference``: the arm that the other is compared with; else
    ``default_reference``. ``reasons`` says of everything that is None why it is:
    ``{"nnt": "zero_difference", "arms.<arm>.survival.<time>": "no_events"}``. Holds neither NaN
    nor infinity. Raises ValueError for a reference that is no arm and for times that are no times.
    """
    times = asked(at)
    if times is not None and not times.size:
        raise ValueError("There must be a time.")
    if reference is not None and reference not in cohort.arms:
        raise ValueError(f"No arm is called {reference}.")
    reasons: dict[str, str] = {}
    horizon = _horizon(cohort, times)
    result: dict[str, Any] = {
        "arms": _arms(cohort, times, reasons),
        **_tests(cohort, reasons),
        **_measures(cohort, horizon, reference or default_reference(cohort.arms), reasons),
    }
    result["reasons"] = reasons
    result["refused"] = [
        {"row": refusal.row, "reason": str(refusal.reason)} for refusal in cohort.refused
    ]
    return result


def _horizon(cohort: Cohort, times: np.ndarray | None) -> float | Reason:
    if times is not None:
        return float(times[-1])
    had = cohort.time[cohort.event == EVENT]
    return float(had.max()) if had.size else Reason.NO_EVENTS


def _arms(cohort: Cohort, times: np.ndarray | None, reasons: dict[str, str]) -> dict[str, Any]:
    # Sorted once, not looked through again for each arm.
    order = np.argsort(cohort.arm, kind="stable")
    bounds = np.searchsorted(cohort.arm[order], np.arange(len(cohort.arms) + 1))
    arms = {}
    for index, name in enumerate(cohort.arms):
        mine = order[bounds[index] : bounds[index + 1]]
        arms[name] = _arm(name, cohort.time[mine], cohort.event[mine], times, reasons)
    return arms


def _arm(
    name: str,
    time: np.ndarray,
    event: np.ndarray,
    times: np.ndarray | None,
    reasons: dict[str, str],
) -> dict[str, Any]:
    half = median(time, event)
    if isinstance(half, Reason):
        reasons[f"arms.{name}.median"] = half.value
    points = kaplan_meier(time, event, times)
    if not points:
        nothing = Reason.NO_EVENTS if time.size else Reason.EMPTY_ARM
        reasons[f"arms.{name}.survival"] = nothing.value
    for point in points:
        reason = _point_reason(point, time.size)
        if reason:
            # As JSON writes the time, but for the decimals of whole numbers.
            reasons[f"arms.{name}.survival.{repr(point['time']).removesuffix('.0')}"] = reason.value
    return {
        "n": int(time.size),
        "events": int((event == EVENT).sum()),
        "median": None if isinstance(half, Reason) else half,
        "survival": points,
    }


def _point_reason(point: Estimate, people: int) -> Reason | None:
    """Why a point of the curve lacks its interval, or everything."""
    if point["lower"] is not None:
        return None
    if not people:
        return Reason.EMPTY_ARM
    if point["survival"] is None:
        return Reason.HORIZON_BEYOND_FOLLOW_UP
    return Reason.NO_EVENTS if point["survival"] == 1 else Reason.ZERO_VARIANCE


def _tests(cohort: Cohort, reasons: dict[str, str]) -> dict[str, Any]:
    """Log-rank over all arms, however many."""
    reason = _untestable(cohort)
    plain: Answer = reason or log_rank(cohort.arm, cohort.time, cohort.event)
    stratified: Answer
    if reason:
        stratified = reason
    elif cohort.stratum is None:
        stratified = Reason.NO_STRATA
    elif (cohort.stratum < 0).any():
        stratified = Reason.MISSING_STRATUM
    else:
        stratified = log_rank(cohort.arm, cohort.time, cohort.event, cohort.stratum)
    return {
        "log_rank": _told("log_rank", plain, ("chi2", "p"), reasons),
        "stratified_log_rank": _told("stratified_log_rank", stratified, ("chi2", "p"), reasons),
    }


def _untestable(cohort: Cohort) -> Reason | None:
    few = _too_few(cohort)
    if few:
        return few
    if len(cohort.arms) * np.unique(cohort.time).size > LARGEST_TABLE:
        return Reason.TOO_MANY_ARMS
    return None


def _too_few(cohort: Cohort) -> Reason | None:
    if not cohort.time.size:
        return Reason.EMPTY_COHORT
    if len(cohort.arms) == 1:
        return Reason.ONE_ARM
    if len(np.unique(cohort.arm)) < 2:
        return Reason.EMPTY_ARM
    return None


def _measures(
    cohort: Cohort, horizon: float | Reason, reference: str | None, reasons: dict[str, str]
) -> dict[str, Any]:
    """What compares two arms, treated with reference."""
    reason = _too_few(cohort)
    if not reason and len(cohort.arms) > 2:
        reason = Reason.MORE_THAN_TWO_ARMS
    # By the place of the arms: the reference, then the treated.
    places = (0, 1) if reason or reference == cohort.arms[0] else (1, 0)
    treated = (cohort.arm == places[1]).astype(np.int64)
    result = {
        key: _told(key, reason or _at_horizon(cohort, horizon, places, measure), None, reasons)
        for key, measure in AT_HORIZON.items()
    }
    hazard = reason or hazard_ratio(treated, cohort.time, cohort.event)
    result["hazard_ratio"] = _told("hazard_ratio", hazard, None, reasons)
    rmst = reason or (
        horizon
        if isinstance(horizon, Reason)
        else rmst_difference(treated, cohort.time, cohort.event, horizon)
    )
    fields = ("horizon", "estimate", "std_error", "p")
    result["rmst_difference"] = _told("rmst_difference", rmst, fields, reasons)
    return result


def _at_horizon(
    cohort: Cohort, horizon: float | Reason, places: tuple[int, int], measure: Measure
) -> Answer:
    """A measure of the proportions with the event at the horizon."""
    counted = horizon if isinstance(horizon, Reason) else cohort.counted(horizon)
    if isinstance(counted, Reason):
        return counted
    reference, treated = places
    answer = measure(*counted[treated], *counted[reference])
    return answer if isinstance(answer, Reason) else {"time": horizon, **answer}


def _told(
    key: str, answer: Answer, fields: tuple[str, ...] | None, reasons: dict[str, str]
) -> Estimate | None:
    """The figures (of them these fields), or None with its reason noted."""
    if isinstance(answer, Reason):
        reasons[key] = answer.value
        return None
    return answer if fields is None else {field: answer[field] for field in fields}
