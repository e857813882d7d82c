"""The share that has had the event by a time, where others die or leave first."""

from collections.abc import Iterable

from numpy.typing import ArrayLike

from outcomes.engine.reasons import Estimate


def cumulative_incidence(
    time: ArrayLike, event: ArrayLike, at: Iterable[float] | None = None, cause: int = 1
) -> list[Estimate]:
    """Points ``{"time", "at_risk", "incidence", "lower", "upper", "std_error"}``.

    Aalen and Johansen (1978); error by Dinse and Larson (1986), which is Greenwood's without
    competing events; interval log-log (Choudhury, 2002), None while the incidence is 0.
    ``event``: 0 censored, else which event; ``cause``: the one that is counted. Beyond the last
    person's time the incidence is None, unless everybody has had one event or another.
    """
    raise NotImplementedError
