"""People watched from a start until something happened: the arrays that all else takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomes.engine.reasons import RowReason

CENSORED, EVENT, COMPETING = 0, 1, 2


@dataclass(frozen=True)
class Refusal:
    """A row that is not analysed: its number (as given, else from 1) and why."""

    row: int
    reason: RowReason


@dataclass(frozen=True, eq=False)
class Cohort:
    """Everybody who is analysed. Rows i of the arrays are one person.

    ``arms``: the arms' names, sorted. An arm whose every row was refused is still named.
    ``arm``: index into ``arms``. ``time``: in the caller's unit, finite and ≥ 0.
    ``event``: 0 censored, 1 event, 2 competing event (death, emigration).
    ``strata``, ``stratum``: names and index, -1 where a person's stratum is unknown; None where
    there are no strata. ``refused``: the rows that are not in the arrays.
    """

    arms: tuple[str, ...]
    arm: NDArray[np.int64]
    time: NDArray[np.float64]
    event: NDArray[np.int8]
    strata: tuple[str, ...] = ()
    stratum: NDArray[np.int64] | None = None
    refused: tuple[Refusal, ...] = ()

    @classmethod
    def of(
        cls,
        arm: Iterable[Any],
        time: ArrayLike,
        event: ArrayLike,
        stratum: Iterable[Any] | None = None,
        rows: Sequence[int] | None = None,
    ) -> "Cohort":
        """Check every row; keep the good ones and say why the others are refused.

        ``arm``, ``stratum``: names (anything with a str; None, NaN and blank are missing).
        ``time``, ``event``: numbers, NaN or None for missing. ``rows``: the rows' numbers in
        what they came from, else 1, 2, …. Raises ValueError when the lengths differ: that is a
        mistake of the caller and not of the data.
        """
        raise NotImplementedError
