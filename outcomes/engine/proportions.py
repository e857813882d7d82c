"""Proportions of counted people, one and two of them, with 95% intervals.

Risks are 0–1. ``n1`` of ``of1`` are the treated with the event, ``n0`` of ``of0`` the reference's.
"""

from outcomes.engine.reasons import Answer


def wilson(n: int, of: int) -> tuple[float, float] | None:
    """The 95% score interval of a proportion, in 0–1; None of nobody (Wilson, 1927)."""
    raise NotImplementedError


def risk_difference(n1: int, of1: int, n0: int, of0: int) -> Answer:
    """``{"estimate", "lower", "upper"}``: treated minus reference, from -1 to 1.

    Newcombe's hybrid score interval (Newcombe, 1998, method 10). EMPTY_ARM of nobody.
    """
    raise NotImplementedError


def relative_risk(n1: int, of1: int, n0: int, of0: int) -> Answer:
    """``{"estimate", "lower", "upper"}``: treated over reference; Katz' interval on the
    logarithm (Katz et al., 1978). EMPTY_ARM; NO_EVENTS in an arm; ZERO_VARIANCE when all had it.
    """
    raise NotImplementedError


def nnt(n1: int, of1: int, n0: int, of0: int) -> Answer:
    """How many must be treated for one to be spared the event (Altman, 1998).

    ``{"estimate", "lower", "upper", "direction", "disjoint", "benefit", "harm"}``. Numbers
    needed to benefit are positive, numbers needed to harm negative. When the difference's
    interval spans 0 then ``disjoint`` is true, ``lower`` (benefit, positive) is *above* ``upper``
    (harm, negative), and the interval runs from ``lower`` up through infinity and from minus
    infinity up to ``upper``. ``benefit`` and ``harm`` say the same as ``[from, to]`` in positive
    numbers of people, ``to`` None for infinity; None where the interval holds no such number.
    ``direction``: "benefit" or "harm", of the estimate. ZERO_DIFFERENCE, EMPTY_ARM.
    """
    raise NotImplementedError


def interaction(tables: list[tuple[int, int, int, int]]) -> Answer:
    """``{"chi2", "df", "p"}``: whether the risk difference is the same in every subgroup.

    ``tables``: ``(n1, of1, n0, of0)`` of each subgroup. Weighted squares around the common
    difference (Cochran, 1954; two subgroups: Altman and Bland, 2003). ONE_SUBGROUP, EMPTY_ARM,
    ZERO_VARIANCE.
    """
    raise NotImplementedError
