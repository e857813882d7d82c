"""What matters most: each assumption varied by itself, and what the result would then be."""

from dataclasses import dataclass, replace

from outcomes.economy.assumptions import COST, GAIN, HOURS, VARIATION, Assumption, Assumptions
from outcomes.economy.calculation import Effect, Estimate, calculate

EFFECT = "effect"
COUNT_HOURS = "count_hours"


@dataclass(frozen=True)
class Swing:
    """One thing varied: from what to what, and kroner back per krone at either end.

    ``low`` and ``high`` are in the thing's own unit (shares and reductions 0–1).
    """

    key: str
    assumption: Assumption | None
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def span(self) -> float:
        return abs(self.at_high - self.at_low)


def swings(given: Assumptions, effect: Effect) -> list[Swing]:
    """Every assumption that changes the result, the one that changes it most first.

    The effect is varied over its 95% interval, or by ±25% where that is not known; every other
    over its declared range, or by ±25%.
    """

    def back(changed: Assumptions, other: Effect = effect) -> float:
        result = calculate(changed, other).back
        return result.value if result is not None else 0.0

    found = [_of_effect(given, effect, back)]
    if not given.count_hours:
        counted = replace(given, count_hours=True)
        found.append(Swing(COUNT_HOURS, None, 0, 1, back(given), back(counted)))
    for one in (*COST, *HOURS, *GAIN):
        low, high = one.range_around(given[one.key])
        at_low, at_high = (back(given.changed(**{one.key: end})) for end in (low, high))
        found.append(Swing(one.key, one, low, high, at_low, at_high))
    moving = [swing for swing in found if swing.span > 1e-9]
    # A stable order where two come out alike.
    return sorted(moving, key=lambda swing: (-swing.span, swing.key))


def _of_effect(given: Assumptions, effect: Effect, back) -> Swing:
    reduction = effect.reduction
    low, high = reduction.low, reduction.high
    if low is None or high is None:
        ends = (reduction.value * (1 - VARIATION), reduction.value * (1 + VARIATION))
        low, high = min(ends), max(ends)
    at_low, at_high = (back(given, Effect(Estimate(end))) for end in (low, high))
    return Swing(EFFECT, None, low, high, at_low, at_high)
