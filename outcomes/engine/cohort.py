"""People watched from a start until something happened: the arrays that all else takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomes.engine.reasons import Reason, RowReason

CENSORED, EVENT, COMPETING = 0, 1, 2


@dataclass(frozen=True)
class Refusal:
    """A row that is not analysed: its number (as given, else from 1) and why."""

    row: int
    reason: RowReason


@dataclass(frozen=True, eq=False)
class Cohort:
    """Everybody who is analysed. Place i of the arrays is one person.

    ``arms``: the arms' names, sorted. An arm whose every row was refused is still named.
    ``arm``: index into ``arms``. ``time``: in the caller's unit, finite and ≥ 0.
    ``event``: 0 censored, 1 event, 2 competing event (death, emigration).
    ``strata``, ``stratum``: names and index, -1 where a person's stratum is unknown; None where
    there are no strata. ``refused``: the rows that are not in the arrays, in the rows' order.
    """

    arms: tuple[str, ...]
    arm: NDArray[np.int64]
    time: NDArray[np.float64]
    event: NDArray[np.int64]
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
        what they came from, else 1, 2, …. A row with several faults is told the first, in the
        order of ``RowReason``. Raises ValueError when the lengths differ: that is a mistake of
        the caller and not of the data.
        """
        arms, arm_index = indexed(arm)
        times = np.asarray(time, dtype=np.float64)
        events = np.asarray(event, dtype=np.float64)
        wrong = _Wrong(times.size)
        wrong.mark(arm_index < 0, RowReason.MISSING_ARM)
        wrong.mark(np.isnan(times), RowReason.MISSING_TIME)
        wrong.mark(np.isinf(times), RowReason.INFINITE_TIME)
        wrong.mark(times < 0, RowReason.NEGATIVE_TIME)
        wrong.mark(np.isnan(events), RowReason.MISSING_EVENT)
        wrong.mark((events != 0) & (events != 1) & (events != 2), RowReason.UNKNOWN_EVENT)
        if rows is not None and len(rows) != times.size:
            raise ValueError("There must be one number for each row.")
        strata, stratum_index = ((), None) if stratum is None else indexed(stratum)
        if stratum_index is not None and stratum_index.shape != times.shape:
            raise ValueError("There must be one stratum for each person.")
        good = wrong.code < 0
        return cls(
            arms,
            arm_index[good],
            times[good],
            events[good].astype(np.int64),
            strata,
            # A column that is there and says nothing is no column.
            stratum_index[good] if stratum_index is not None and strata else None,
            wrong.refusals(rows),
        )

    @classmethod
    def from_dates(
        cls,
        arm: Iterable[Any],
        released_on: Iterable[date | None],
        until: Iterable[date | None],
        event: ArrayLike,
        stratum: Iterable[Any] | None = None,
        rows: Sequence[int] | None = None,
    ) -> "Cohort":
        """The same from dates: ``time`` is the days from release until the offence (event 1), the
        death or emigration (2), or the end of what is known (0). An offence before the release is
        refused as such, and any other end before it as a negative time.
        """
        begin = np.array(list(released_on), dtype="datetime64[D]")
        end = np.array(list(until), dtype="datetime64[D]")
        if begin.shape != end.shape:
            raise ValueError("There must be two dates for each person.")
        days = (end - begin) / np.timedelta64(1, "D")
        events = np.asarray(event, dtype=np.float64)
        cohort = cls.of(arm, days, events, stratum, rows)
        numbers = range(1, days.size + 1) if rows is None else rows
        early = {numbers[int(i)] for i in np.flatnonzero((days < 0) & (events == EVENT))}
        refused = (
            replace(refusal, reason=RowReason.OFFENCE_BEFORE_RELEASE)
            if refusal.row in early and refusal.reason == RowReason.NEGATIVE_TIME
            else refusal
            for refusal in cohort.refused
        )
        return replace(cohort, refused=tuple(refused))

    def only(self, chosen: ArrayLike) -> "Cohort":
        """Those for whom ``chosen`` is true (one boolean for each person); the arms keep their
        names, though one may be empty now."""
        mask = np.asarray(chosen, dtype=bool)
        return replace(
            self,
            arm=self.arm[mask],
            time=self.time[mask],
            event=self.event[mask],
            stratum=None if self.stratum is None else self.stratum[mask],
        )

    def counted(self, horizon: float) -> list[tuple[int, int]] | Reason:
        """For each arm: how many had the event by the horizon, of how many.

        Only when everybody's status then is known: INCOMPLETE_FOLLOW_UP when anybody is censored
        before the horizon. Who is censored at the horizon or later has been watched up to it; who
        died or emigrated before it is known not to have had the event. An event after it does not
        count.
        """
        if ((self.event == CENSORED) & (self.time < horizon)).any():
            return Reason.INCOMPLETE_FOLLOW_UP
        had = (self.event == EVENT) & (self.time <= horizon)
        of = np.bincount(self.arm, minlength=len(self.arms))
        n = np.bincount(self.arm[had], minlength=len(self.arms))
        return [(int(a), int(b)) for a, b in zip(n, of, strict=True)]


def indexed(values: Iterable[Any]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The different names, sorted (as numbers when all of them are), and the index of each value;
    -1 for None, NaN and blank."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iub":
        different, index = _whole_numbers(values)
        return tuple(str(value) for value in different), index
    plain = values.tolist() if isinstance(values, np.ndarray) else values
    found: dict[Any, int] = {}
    names: dict[str, int] = {}

    def place(value: Any) -> int:
        name = "" if value is None or value != value else str(value).strip()
        found[value] = names.setdefault(name, len(names)) if name else -1
        return found[value]

    index = np.fromiter(
        (found[value] if value in found else place(value) for value in plain), dtype=np.int64
    )
    order = sorted(names, key=_as_numbers(names))
    moved = np.empty(len(order) + 1, dtype=np.int64)
    moved[[names[name] for name in order]] = np.arange(len(order))
    moved[-1] = -1
    return tuple(order), moved[index]


def _whole_numbers(values: NDArray[Any]) -> tuple[list[Any], NDArray[np.int64]]:
    """As np.unique; without sorting where the numbers are as small as arms' are."""
    if values.size and values.dtype.kind != "b" and values.min() >= 0 and values.max() < 1000:
        used = np.flatnonzero(np.bincount(values))
        place = np.zeros(1000, dtype=np.int64)
        place[used] = np.arange(used.size)
        return used.tolist(), place[values]
    different, index = np.unique(values, return_inverse=True)
    return different.tolist(), index.astype(np.int64, copy=False)


def _as_numbers(names: Iterable[str]) -> Any:
    try:
        numbers = {name: float(name) for name in names}
    except ValueError:
        return None
    return lambda name: (numbers[name], name)


class _Wrong:
    """Which rows are refused and why: the first fault that is marked stays."""

    def __init__(self, size: int):
        self.reasons: list[RowReason] = []
        self.code = np.full(size, -1, dtype=np.int8)

    def mark(self, rows: NDArray[np.bool_], reason: RowReason) -> None:
        if rows.shape != self.code.shape:
            raise ValueError("There must be one arm, time and event for each person.")
        if rows.any():
            self.code[rows & (self.code < 0)] = len(self.reasons)
            self.reasons.append(reason)

    def refusals(self, rows: Sequence[int] | None) -> tuple[Refusal, ...]:
        numbers = range(1, self.code.size + 1) if rows is None else rows
        return tuple(
            Refusal(numbers[int(i)], self.reasons[self.code[i]])
            for i in np.flatnonzero(self.code >= 0)
        )
