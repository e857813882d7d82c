"""What ``analyse`` found, to be read in a terminal."""

from collections.abc import Iterator
from typing import Any

REASONS = {
    "empty_cohort": "there is nobody",
    "empty_arm": "there is nobody in one of the arms",
    "one_arm": "there is only one arm",
    "more_than_two_arms": "there are more than two arms",
    "too_many_arms": "there are too many arms: is this the right column?",
    "no_events": "there were no events",
    "zero_variance": "the data do not tell how uncertain it is",
    "zero_difference": "the risks are the same",
    "monotone_likelihood": "the best ratio would be zero or infinite",
    "incomplete_follow_up": "somebody is censored before the horizon",
    "horizon_beyond_follow_up": "nobody in an arm was followed that long",
    "median_not_reached": "more than half are left at the end",
    "no_strata": "there is no column of strata",
    "missing_stratum": "somebody's stratum is not known",
}
HEADINGS = ("time", "at risk", "survival", "95% interval", "std. error")


def lines(result: dict[str, Any], reference: str | None) -> Iterator[str]:
    """The report, line by line. ``reference``: the arm that the other was compared with."""
    reasons = result["reasons"]
    for name, arm in result["arms"].items():
        people = "1 person" if arm["n"] == 1 else f"{arm['n']} people"
        yield f"{name}: {people}, {arm['events']} with the event"
        median = arm["median"]
        path = f"arms.{name}.median"
        yield f"  median: {_number(median) if median is not None else _reason(reasons, path)}"
        if arm["survival"]:
            yield "  " + "".join(f"{heading:>18}" for heading in HEADINGS)
            yield from (f"  {_point(point)}" for point in arm["survival"])
        yield ""
    if len(result["arms"]) == 2:
        treated = next(name for name in result["arms"] if name != reference)
        yield f"{treated} compared with {reference}, 95% intervals"
    for key, label in (("log_rank", "log-rank"), ("stratified_log_rank", "stratified log-rank")):
        found = result[key]
        yield _line(label, found and f"chi2 {found['chi2']:.4f}, p {_p(found['p'])}", reasons, key)
    for key in ("risk_difference", "relative_risk"):
        found = result[key]
        text = found and f"{_interval(found)} at {_number(found['time'])}"
        yield _line(key.replace("_", " "), text, reasons, key)
    found = result["nnt"]
    text = found and f"{_needed(found)} at {_number(found['time'])}"
    yield _line("number needed to treat", text, reasons, "nnt")
    found = result["hazard_ratio"]
    text = found and f"{_interval(found)}, p {_p(found['p'])}"
    yield _line("hazard ratio", text, reasons, "hazard_ratio")
    found = result["rmst_difference"]
    text = found and (
        f"{found['estimate']:.4f} (std. error {found['std_error']:.4f}) up to "
        f"{_number(found['horizon'])}, p {_p(found['p'])}"
    )
    yield _line("difference in mean time", text, reasons, "rmst_difference")


def _line(label: str, text: str | None, reasons: dict[str, str], key: str) -> str:
    return f"  {label + ':':<26}{text or _reason(reasons, key)}"


def _reason(reasons: dict[str, str], key: str) -> str:
    code = reasons[key]
    return f"not estimable, {REASONS[code]} ({code})"


def _point(point: dict[str, Any]) -> str:
    cells = [_number(point["time"]), str(point["at_risk"])]
    cells.append("–" if point["survival"] is None else f"{point['survival']:.4f}")
    both = point["lower"] is not None
    cells.append(f"{point['lower']:.4f}–{point['upper']:.4f}" if both else "–")
    cells.append("–" if point["std_error"] is None else f"{point['std_error']:.4f}")
    return "".join(f"{cell:>18}" for cell in cells)


def _interval(found: dict[str, Any]) -> str:
    return f"{found['estimate']:.4f} ({found['lower']:.4f} to {found['upper']:.4f})"


def _needed(found: dict[str, Any]) -> str:
    """As Altman (1998) writes it: numbers needed to benefit and to harm, and infinity between."""
    sides = {"benefit": "to benefit", "harm": "to harm"}
    text = f"{abs(found['estimate']):.1f} {sides[found['direction']]}"
    parts = []
    for side, words in sides.items():
        if found[side]:
            fewest, most = found[side]
            end = "infinity" if most is None else f"{most:.1f}"
            parts.append(f"{fewest:.1f} to {end} {words}")
    return f"{text} ({'; '.join(parts)})"


def _number(value: float) -> str:
    return f"{value:.10g}"


def _p(value: float) -> str:
    return f"{value:.4f}" if value >= 0.0001 else f"{value:.2g}"
