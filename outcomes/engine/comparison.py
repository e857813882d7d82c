"""Are the arms different? Tests and ratios over the whole of the follow-up.

``arm``: 0 for the reference, 1 for the treated (``log_rank`` takes any number of arms). Competing
events are censored: what is compared is the hazard of the event itself. Every function of arrays
raises ValueError for those that ``Cohort`` would have refused.

Not scipy's ``logrank`` (its whole numbers overflow with many ties), nor statsmodels' ``survdiff``
(takes NaN and negative times without a word) and ``PHReg`` (answers with a figure where the best
ratio is zero): these here count each time once, and the tests compare them with those of others.
"""

from collections.abc import Callable
from math import exp, isfinite, log, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from outcomes.engine.normal import ALPHA, Z, quantile, two_sided
from outcomes.engine.proportions import chi2_test
from outcomes.engine.reasons import Answer, Reason
from outcomes.engine.tables import Floats, Ints, Table, checked, codes_of

# How near to a top or a limit is near enough, and what is as good as no variance.
PRECISION = 1e-12


def log_rank(
    arm: ArrayLike, time: ArrayLike, event: ArrayLike, stratum: ArrayLike | None = None
) -> Answer:
    """``{"chi2", "df", "p"}`` (Mantel, 1966; Peto and Peto, 1972), summed over strata where given.

    The variance is hypergeometric, exact with ties. ONE_ARM; NO_EVENTS; ZERO_VARIANCE when the
    arms are never at risk together at an event.
    """
    times, events = checked(time, event)
    arms = codes_of(arm, times)
    size = int(arms.max()) + 1 if arms.size else 0
    if np.count_nonzero(np.bincount(arms)) < 2:
        return Reason.ONE_ARM
    if not (events == 1).any():
        return Reason.NO_EVENTS
    excess, variance = np.zeros(size), np.zeros((size, size))
    for mine in _parts(stratum, times):
        table = Table.of(arms[mine], times[mine], events[mine], size)
        more = _excess(table)
        excess, variance = excess + more[0], variance + more[1]
    return _quadratic(excess, variance)


def _parts(stratum: ArrayLike | None, times: Floats) -> list[Ints | slice]:
    """The places of each stratum's people."""
    if stratum is None:
        return [slice(None)]
    strata = codes_of(stratum, times)
    order = np.argsort(strata, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(strata[order])) + 1)  # type: ignore[return-value]


def _excess(table: Table) -> tuple[Floats, Floats]:
    """Events observed minus expected in each arm, and their covariance."""
    n, d = table.at_risk.sum(axis=0), table.events.sum(axis=0)
    shares = table.at_risk / n
    spread = d * np.divide(n - d, n - 1, out=np.zeros_like(n), where=n > 1)
    excess = (table.events - d * shares).sum(axis=1)
    weighted = shares * spread
    return excess, np.diag(weighted.sum(axis=1)) - weighted @ shares.T


def _quadratic(excess: Floats, variance: Floats) -> Answer:
    # Arms that were never at risk together with another at an event say nothing.
    telling = np.diag(variance) > PRECISION * max(1.0, float(np.abs(variance).max()))
    excess, variance = excess[telling], variance[np.ix_(telling, telling)]
    if excess.size < 2:
        return Reason.ZERO_VARIANCE
    if excess.size == 2:
        return chi2_test(float(excess[0] ** 2 / variance[0, 0]), 1)
    # The rows sum to 0, and strata that share no arm lose one more.
    rank = int(np.linalg.matrix_rank(variance, hermitian=True))
    inverse = np.linalg.pinv(variance, hermitian=True)
    return chi2_test(float(excess @ inverse @ excess), rank)


class _Terms:
    """What Cox' partial likelihood of two arms is made of: one term for each event.

    With ties by Efron (1977): the l-th of D events at a time leaves l/D of them out of those at
    risk. ``reference`` and ``treated``: how many are at risk then; ``had``: events of the treated.
    Terms in which only one arm is at risk say nothing of the ratio and are left out.
    """

    def __init__(self, table: Table):
        n0, n1 = table.at_risk
        d0, d1 = table.events
        both = (n0 > 0) & (n1 > 0)
        n0, n1, d0, d1 = n0[both], n1[both], d0[both], d1[both]
        d = d0 + d1
        ties = d.astype(np.int64)
        gone = np.arange(int(ties.sum())) - np.repeat(np.cumsum(ties) - ties, ties)
        share = gone / np.repeat(d, ties)
        self.reference = np.repeat(n0, ties) - share * np.repeat(d0, ties)
        self.treated = np.repeat(n1, ties) - share * np.repeat(d1, ties)
        self.had = float(d1.sum())

    def score(self, beta: float) -> tuple[float, float]:
        """The likelihood's slope and minus its curvature."""
        weighted = exp(beta) * self.treated
        share = weighted / (self.reference + weighted)
        return self.had - float(share.sum()), float((share * (1 - share)).sum())

    def log_likelihood(self, beta: float) -> float:
        return beta * self.had - float(np.log(self.reference + exp(beta) * self.treated).sum())

    def exists(self) -> bool:
        """Whether the likelihood has its top at a finite ratio."""
        return 0 < self.had < self.reference.size


def _top(score: Callable[[float], tuple[float, float]]) -> float:
    """Where a concave likelihood that has a top has it: its slope is above 0 before and below 0
    after."""
    low, high = -1.0, 1.0
    while score(low)[0] < 0:
        low *= 2
    while score(high)[0] > 0:
        high *= 2
    return float(brentq(lambda beta: score(beta)[0], low, high, xtol=PRECISION))


def _terms(arm: Ints, time: Floats, event: Ints) -> _Terms | Reason:
    """The terms of a likelihood that has a top, else why it has none."""
    if arm.size and arm.max() > 1:
        raise ValueError("An arm is 0 or 1.")
    if np.count_nonzero(np.bincount(arm, minlength=2)) < 2:
        return Reason.EMPTY_ARM
    if np.count_nonzero(np.bincount(arm[event == 1], minlength=2)) < 2:
        return Reason.NO_EVENTS
    terms = _Terms(Table.of(arm, time, event, 2))
    if not terms.reference.size:
        return Reason.ZERO_VARIANCE
    return terms if terms.exists() else Reason.MONOTONE_LIKELIHOOD


def hazard_ratio(arm: ArrayLike, time: ArrayLike, event: ArrayLike) -> Answer:
    """``{"estimate", "lower", "upper", "p"}``: treated over reference by Cox' regression (Cox,
    1972), ties by Efron (1977), Wald's interval and test.

    EMPTY_ARM; NO_EVENTS of anybody or of one arm; ZERO_VARIANCE when the arms are never at risk
    together at an event; MONOTONE_LIKELIHOOD when the best ratio would be zero or infinite.
    """
    times, events = checked(time, event)
    terms = _terms(codes_of(arm, times), times, events)
    if isinstance(terms, Reason):
        return terms
    beta = _top(terms.score)
    _slope, curvature = terms.score(beta)
    error = 1 / sqrt(curvature) if curvature > 0 else np.inf
    # As good as infinite: no float holds the upper limit.
    if not isfinite(error) or abs(beta) + Z * error > log(np.finfo(float).max):
        return Reason.MONOTONE_LIKELIHOOD
    return {
        "estimate": exp(beta),
        "lower": exp(beta - Z * error),
        "upper": exp(beta + Z * error),
        "p": two_sided(beta / error),
    }


def interaction(arm: ArrayLike, time: ArrayLike, event: ArrayLike, subgroup: ArrayLike) -> Answer:
    """``{"chi2", "df", "p"}``: whether the hazard ratio is the same in every subgroup.

    Likelihood ratio of Cox' regression with a ratio for each subgroup against one with a common
    ratio, both stratified by subgroup (Collett, 2015, chapter 11). ``subgroup``: indices from 0.
    ONE_SUBGROUP; else the first subgroup's reason why its ratio is not estimable.
    """
    times, events = checked(time, event)
    arms = codes_of(arm, times)
    parts = _parts(subgroup, times)
    if len(parts) < 2:
        return Reason.ONE_SUBGROUP
    found: list[_Terms] = []
    for mine in parts:
        terms = _terms(arms[mine], times[mine], events[mine])
        if isinstance(terms, Reason):
            return terms
        found.append(terms)

    def score(beta: float) -> tuple[float, float]:
        scores = [terms.score(beta) for terms in found]
        return sum(slope for slope, _ in scores), sum(curvature for _, curvature in scores)

    common = _top(score)
    gained = sum(
        terms.log_likelihood(_top(terms.score)) - terms.log_likelihood(common) for terms in found
    )
    return chi2_test(max(2 * gained, 0.0), len(found) - 1)


def minimum_detectable_effect(of1: int, of0: int, risk0: float, power: float = 0.8) -> Answer:
    """``{"difference", "risk", "relative", "power", "alpha"}``: the smallest fall in risk that a
    trial of this size finds with this power at a two-sided 5%, when ``risk0`` of the reference
    have the event (Fleiss, Levin and Paik, 2003, section 4.2, without continuity correction).

    ``difference`` is negative, ``risk`` the treated's, ``relative`` one over the other. EMPTY_ARM;
    NO_EVENTS for a ``risk0`` of 0; NOT_DETECTABLE when not even a risk of 0 would be found.
    Raises ValueError for a risk or a power that there cannot be.
    """
    if not (0 <= risk0 <= 1 and ALPHA < power < 1 and of1 >= 0 and of0 >= 0):
        raise ValueError("A risk is 0–1 and a power between 0.05 and 1.")
    if not of1 or not of0:
        return Reason.EMPTY_ARM
    if not risk0:
        return Reason.NO_EVENTS

    def short(risk1: float) -> float:
        """By how much the difference is too small to be found."""
        mean = (of1 * risk1 + of0 * risk0) / (of1 + of0)
        same = sqrt(mean * (1 - mean) * (1 / of1 + 1 / of0))
        other = sqrt(risk1 * (1 - risk1) / of1 + risk0 * (1 - risk0) / of0)
        return Z * same + quantile(power) * other - (risk0 - risk1)

    if short(0.0) > 0:
        return Reason.NOT_DETECTABLE
    found = float(brentq(short, 0.0, risk0, xtol=PRECISION))
    return {
        "difference": found - risk0,
        "risk": found,
        "relative": found / risk0,
        "power": power,
        "alpha": ALPHA,
    }


def minimum_detectable_hazard_ratio(events: int, share1: float, power: float = 0.8) -> Answer:
    """``{"estimate", "power", "alpha"}``: the largest hazard ratio under 1 that so many events,
    in both arms together, find with this power (Schoenfeld, 1981). ``share1``: the share of the
    people who are treated, 0–1. NO_EVENTS; EMPTY_ARM. Raises ValueError for what cannot be.
    """
    if not (0 <= share1 <= 1 and ALPHA < power < 1 and events >= 0):
        raise ValueError("A share is 0–1 and a power between 0.05 and 1.")
    if not events:
        return Reason.NO_EVENTS
    if share1 in (0, 1):
        return Reason.EMPTY_ARM
    needed = (Z + quantile(power)) / sqrt(events * share1 * (1 - share1))
    return {"estimate": exp(-needed), "power": power, "alpha": ALPHA}
