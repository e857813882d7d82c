"""Are the arms different? Tests and ratios over the whole of the follow-up.

``arm``: 0 for the reference, 1 for the treated (``log_rank`` takes any number of arms). Competing
events are censored: what is compared is the hazard of the event itself.
"""

from numpy.typing import ArrayLike

from outcomes.engine.reasons import Answer


def log_rank(
    arm: ArrayLike, time: ArrayLike, event: ArrayLike, stratum: ArrayLike | None = None
) -> Answer:
    """``{"chi2", "p"}`` (Mantel, 1966; Peto and Peto, 1972), summed over strata where given.

    ONE_ARM, NO_EVENTS, ZERO_VARIANCE (the arms are never at risk together when there are events).
    """
    raise NotImplementedError


def hazard_ratio(arm: ArrayLike, time: ArrayLike, event: ArrayLike) -> Answer:
    """``{"estimate", "lower", "upper", "p"}``: treated over reference by Cox' regression (1972),
    ties by Efron (1977), Wald's interval and test.

    EMPTY_ARM, NO_EVENTS (of anybody, or of one arm), ZERO_VARIANCE, MONOTONE_LIKELIHOOD.
    """
    raise NotImplementedError


def interaction(arm: ArrayLike, time: ArrayLike, event: ArrayLike, subgroup: ArrayLike) -> Answer:
    """``{"chi2", "df", "p", "subgroups": {<index>: answer of hazard_ratio}}``: whether the hazard
    ratio is the same in every subgroup, by the likelihood ratio in Cox' regression stratified by
    subgroup. ONE_SUBGROUP; else the reason why a subgroup's ratio is not estimable.
    """
    raise NotImplementedError


def minimum_detectable_effect(of1: int, of0: int, risk0: float, power: float = 0.8) -> Answer:
    """``{"difference", "risk", "relative", "power", "alpha"}``: the smallest fall in risk that a
    trial of this size finds with this power at a two-sided 5%, when ``risk0`` of the reference
    have the event (Fleiss, Levin and Paik, 2003, without continuity correction).

    EMPTY_ARM, NO_EVENTS (``risk0`` of 0), NOT_DETECTABLE.
    """
    raise NotImplementedError


def minimum_detectable_hazard_ratio(events: int, share1: float, power: float = 0.8) -> Answer:
    """``{"estimate", "power", "alpha"}``: the largest hazard ratio under 1 that so many events find
    (Schoenfeld, 1981), with ``share1`` of the people treated. NO_EVENTS, EMPTY_ARM.
    """
    raise NotImplementedError
