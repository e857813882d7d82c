"""The normal distribution, without numpy: a page may show an interval without loading it."""

from math import erfc, sqrt
from statistics import NormalDist

ALPHA = 0.05
# 1.96: every interval is two-sided 95%.
Z = NormalDist().inv_cdf(1 - ALPHA / 2)


def quantile(share: float) -> float:
    """The value that this share of a standard normal distribution lies below."""
    return NormalDist().inv_cdf(share)


def two_sided(z: float) -> float:
    """The probability of a value as far from 0 as z, or farther, on either side."""
    return erfc(abs(z) / sqrt(2))
