"""Shares, means, medians and limits, each with its interval. Only the worker works them out."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import sqrt

from outcomes.counting import Moments
from outcomes.disclosure import LIMIT, Shown
from outcomes.engine.proportions import wilson

PLACES = 4


def rate(n: Shown, of: Shown) -> dict:
    """A share with its 95% interval (Wilson, 1927), where both of its numbers are shown."""
    result: dict = {"n": n, "of": of}
    if isinstance(n, str) or isinstance(of, str):
        return result
    interval = wilson(n, of)
    if interval:
        low, high = interval
        result |= {"share": round(n / of, PLACES), "low": round(low, PLACES)}
        result["high"] = round(high, PLACES)
    return result


def mean(n: Shown, values: Moments) -> dict:
    """A mean with its 95% interval by Student's t; nothing of fewer than five people."""
    result: dict = {"n": n}
    if isinstance(n, str) or n < LIMIT:
        return result
    average = values.total / n
    spread = max(values.squares - n * average * average, 0.0) / (n - 1)
    half = _student(n - 1) * sqrt(spread / n)
    result |= {"mean": round(average, 2), "low": round(average - half, 2)}
    result["high"] = round(average + half, 2)
    return result


@lru_cache(maxsize=4096)
def _student(freedom: int) -> float:
    # Heavy, and needed by the worker only.
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.975))


def median(days: Counter[int]) -> dict:
    """The median with an interval that takes no shape for granted: two of the values themselves,
    the outermost that leave the median between them in 95 of 100 samples or more (Conover,
    Practical Nonparametric Statistics, 1999, section 3.2). No interval of fewer than six."""
    n = days.total()
    if n < LIMIT:
        return {"median": None, "low": None, "high": None}
    middle = (_at(days, (n - 1) // 2) + _at(days, n // 2)) / 2
    result: dict = {"median": middle, "low": None, "high": None}
    rank = _rank(n)
    if rank:
        result |= {"low": _at(days, rank - 1), "high": _at(days, n - rank)}
    return result


@lru_cache(maxsize=4096)
def _rank(n: int) -> int:
    """The largest rank r with at most 2.5% of samples having fewer than r values below the
    median; 0 where there is none."""
    from scipy.special import bdtr, bdtrik

    guess = int(bdtrik(0.025, n, 0.5)) + 1
    while guess > 0 and bdtr(guess - 1, n, 0.5) > 0.025:
        guess -= 1
    return guess


def _at(days: Counter[int], index: int) -> int:
    """The value at an index of the sorted values."""
    for value in sorted(days):
        index -= days[value]
        if index < 0:
            return value
    raise IndexError("there are not so many values")


# How far from the whole country's share a municipality may be by chance: two and three standard
# errors, as is the custom of such a plot.
FUNNEL = {"95": 0.025, "998": 0.001}


def funnel(share: float, most: int) -> list[dict]:
    """The limits of chance around a share, for every size of a municipality up to the largest.

    Exact binomial limits, drawn straight between the whole numbers (Spiegelhalter, «Funnel plots
    for comparing institutional performance», 2005, appendix A.1).
    """
    return [
        {"of": of} | {
            f"{side}{name}": round(_limit(share, of, tail if side == "low" else 1 - tail), PLACES)
            for name, tail in FUNNEL.items()
            for side in ("low", "high")
        }
        for of in _sizes(most)
    ]  # fmt: skip


def _sizes(most: int) -> Iterable[int]:
    """Every size at first, then wider and wider apart."""
    of = LIMIT
    while of < most:
        yield of
        of = max(of + 1, round(of * 1.05))
    yield max(most, LIMIT)


def _limit(share: float, of: int, chance: float) -> float:
    # Heavy, and needed by the worker only.
    from scipy.special import bdtr

    if share <= 0 or share >= 1:
        return share
    below, above = -1, of
    # The least number that so much of chance is at or under.
    while above - below > 1:
        middle = (below + above) // 2
        if bdtr(middle, of, share) >= chance:
            above = middle
        else:
            below = middle
    here = float(bdtr(above, of, share))
    before = float(bdtr(above - 1, of, share)) if above else 0.0
    part = (here - chance) / (here - before) if here > before else 0.0
    return min(max((above - part) / of, 0.0), 1.0)
