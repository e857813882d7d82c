"""Proportions of counted people, one and two of them, with 95% intervals.

Risks are 0–1. ``n1`` of ``of1`` are the treated with the event, ``n0`` of ``of0`` the reference's.
Everybody is counted: who cannot be observed is in neither number.

statsmodels has the same (``proportion_confint`` and ``confint_proportions_2indep``, to the last
digits, as a test says). Here they are closed formulas without numpy because a page on which an
assumption is changed needs them, and the web process never loads statsmodels. Its score interval
of a difference (Miettinen and Nurminen, ``method="score"``) has a known fault; Newcombe's has none.
"""

from math import exp, log, sqrt

from outcomes.engine.normal import Z
from outcomes.engine.reasons import Answer, Estimate, Reason


def wilson(n: int, of: int) -> tuple[float, float] | None:
    """The 95% score interval of a proportion, in 0–1; None of nobody (Wilson, 1927).

    Raises ValueError for counts that cannot be.
    """
    _check(n, of)
    if not of:
        return None
    share, square = n / of, Z * Z
    middle = share + square / (2 * of)
    half = Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    scale = 1 + square / of
    # Exactly, and not only but for the last digit of a float.
    low = 0.0 if n == 0 else (middle - half) / scale
    high = 1.0 if n == of else (middle + half) / scale
    return low, high


def _check(n: int, of: int) -> None:
    if not 0 <= n <= of:
        raise ValueError("So many of so many there cannot be.")


def risk_difference(n1: int, of1: int, n0: int, of0: int) -> Answer:
    """``{"estimate", "lower", "upper"}``: treated minus reference, from -1 to 1.

    Newcombe's hybrid score interval without continuity correction (Newcombe, 1998, method 10).
    EMPTY_ARM.
    """
    one, two = wilson(n1, of1), wilson(n0, of0)
    if one is None or two is None:
        return Reason.EMPTY_ARM
    p1, p0 = n1 / of1, n0 / of0
    estimate = p1 - p0
    return {
        "estimate": estimate,
        "lower": estimate - sqrt((p1 - one[0]) ** 2 + (two[1] - p0) ** 2),
        "upper": estimate + sqrt((one[1] - p1) ** 2 + (p0 - two[0]) ** 2),
    }


def relative_risk(n1: int, of1: int, n0: int, of0: int) -> Answer:
    """``{"estimate", "lower", "upper"}``: treated over reference, the interval on the logarithm
    (Katz, Baptista, Azen and Pike, 1978).

    EMPTY_ARM; NO_EVENTS when nobody in one of the arms had it; ZERO_VARIANCE when all in both had.
    """
    _check(n1, of1)
    _check(n0, of0)
    if not of1 or not of0:
        return Reason.EMPTY_ARM
    if not n1 or not n0:
        return Reason.NO_EVENTS
    variance = _log_variance(n1, of1, n0, of0)
    if not variance:
        return Reason.ZERO_VARIANCE
    estimate = (n1 / of1) / (n0 / of0)
    half = Z * sqrt(variance)
    return {
        "estimate": estimate,
        "lower": exp(log(estimate) - half),
        "upper": exp(log(estimate) + half),
    }


def nnt(n1: int, of1: int, n0: int, of0: int) -> Answer:
    """How many must be treated for one to be spared the event (Laupacis et al., 1988; the
    interval by Altman, 1998): minus one over the risk difference and its limits.

    ``{"estimate", "lower", "upper", "direction", "disjoint", "benefit", "harm"}``. A number needed
    to benefit is positive, a number needed to harm negative. When the difference's interval spans
    0, ``disjoint`` is true, ``lower`` (positive, benefit) is *above* ``upper`` (negative, harm),
    and the interval runs from ``lower`` up to infinity and on from minus infinity to ``upper``:
    what lies between the two is what it does not hold. ``benefit`` and ``harm`` say the same in
    positive numbers, ``[fewest, most]``, most None for infinity; None where it holds no such
    number. ``lower`` or ``upper`` is None for infinity, where a limit of the difference is 0.
    ``direction`` of the estimate: "benefit" or "harm". EMPTY_ARM; ZERO_DIFFERENCE.
    """
    difference = risk_difference(n1, of1, n0, of0)
    if isinstance(difference, Reason):
        return difference
    # In whole numbers: 1/10 - 2/20 is 0, and not what floats make of it.
    if n1 * of0 == n0 * of1:
        return Reason.ZERO_DIFFERENCE
    low, high = difference["lower"], difference["upper"]
    estimate = -1 / difference["estimate"]
    return {
        "estimate": estimate,
        "lower": -1 / low if low else None,
        "upper": -1 / high if high else None,
        "direction": "benefit" if estimate > 0 else "harm",
        "disjoint": low < 0 < high,
        "benefit": _needed(max(-high, 0.0), -low),
        "harm": _needed(max(low, 0.0), high),
    }


def _needed(least: float, most: float) -> list[float | None] | None:
    """From the least and the most by which the risk changes this way."""
    if most <= 0:
        return None
    return [1 / most, 1 / least if least > 0 else None]


def interaction(tables: list[tuple[int, int, int, int]], *, ratio: bool = False) -> Answer:
    """``{"chi2", "df", "p"}``: whether the risk difference is the same in every subgroup; with
    ``ratio`` whether the relative risk is, which is another question.

    ``tables``: ``(n1, of1, n0, of0)`` of each. Squares around the common effect, weighted by
    precision (Cochran, 1954; with two subgroups it is the test of Altman and Bland, 2003).
    ONE_SUBGROUP; EMPTY_ARM; NO_EVENTS in an arm (of ratios); ZERO_VARIANCE when a subgroup does
    not tell how uncertain it is.
    """
    if len(tables) < 2:
        return Reason.ONE_SUBGROUP
    effects: list[float] = []
    weights: list[float] = []
    for n1, of1, n0, of0 in tables:
        answer = (relative_risk if ratio else risk_difference)(n1, of1, n0, of0)
        if isinstance(answer, Reason):
            return answer
        variance = _log_variance(n1, of1, n0, of0) if ratio else _variance(n1, of1, n0, of0)
        if not variance:
            return Reason.ZERO_VARIANCE
        effects.append(log(answer["estimate"]) if ratio else answer["estimate"])
        weights.append(1 / variance)
    pairs = list(zip(effects, weights, strict=True))
    common = sum(weight * effect for effect, weight in pairs) / sum(weights)
    chi2 = sum(weight * (effect - common) ** 2 for effect, weight in pairs)
    return chi2_test(chi2, len(tables) - 1)


def _variance(n1: int, of1: int, n0: int, of0: int) -> float:
    """Of the risk difference."""
    return n1 * (of1 - n1) / of1**3 + n0 * (of0 - n0) / of0**3


def _log_variance(n1: int, of1: int, n0: int, of0: int) -> float:
    """Of the relative risk's logarithm (Katz)."""
    return (of1 - n1) / (n1 * of1) + (of0 - n0) / (n0 * of0)


def chi2_test(chi2: float, df: int) -> Estimate:
    """``{"chi2", "df", "p"}`` of a statistic that is chi-squared when there is no difference."""
    # Heavy, and needed by the worker only.
    from scipy.special import chdtrc

    return {"chi2": chi2, "df": df, "p": float(chdtrc(df, chi2))}
