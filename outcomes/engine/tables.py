"""How many are at risk, and how many have the event, at each time: what all curves and tests need.

A million people followed by the day have some thousand different times: they are counted once,
by the day, and everything else is worked out from the counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomes.engine.cohort import EVENT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Counting by the time itself needs a place for each number up to the largest; no more of them
# than this many for each person, and this many besides.
SPARSE = 4
SPARE = 100_000


def checked(time: ArrayLike, event: ArrayLike) -> tuple[Floats, Ints]:
    """The two as arrays. Raises ValueError for what ``Cohort.of`` would have refused."""
    times = np.asarray(time, dtype=np.float64)
    events = np.asarray(event)
    if times.ndim != 1 or times.shape != events.shape:
        raise ValueError("There must be one time and one event for each person.")
    if events.size == 0:
        return times, events.astype(np.int64)
    # NaN is neither: it fails both comparisons.
    if not (times.min() >= 0 and times.max() < np.inf):
        raise ValueError("A time is a number from 0.")
    if events.dtype.kind == "f" and not np.isfinite(events).all():
        raise ValueError("An event is 0, 1 or 2.")
    codes = events.astype(np.int64, copy=False)
    if codes.min() < 0 or (codes != events).any():
        raise ValueError("An event is 0, 1 or 2.")
    return times, codes


def codes_of(values: ArrayLike, like: Floats) -> Ints:
    """Indices of arms, strata or groups. Raises ValueError for another length, or below 0."""
    codes = np.asarray(values).astype(np.int64, copy=False)
    if codes.shape != like.shape or (codes.size and codes.min() < 0):
        raise ValueError("There must be one arm, from 0, for each person.")
    return codes


def ranked(time: Floats) -> tuple[Floats, Ints]:
    """Times in order, and which of them is each person's. Some may be nobody's."""
    if time.size == 0:
        return time, np.zeros(0, dtype=np.int64)
    largest = time.max()
    if largest <= SPARSE * time.size + SPARE:
        whole = time.astype(np.int64)
        if (whole == time).all():
            return np.arange(int(largest) + 1, dtype=np.float64), whole
    times, rank = np.unique(time, return_inverse=True)
    return times, rank


@dataclass(frozen=True, eq=False)
class Table:
    """Arms (rows) by times (columns) at which somebody in any arm has the event."""

    time: Floats
    at_risk: Floats
    events: Floats

    @classmethod
    def of(cls, arm: Ints, time: Floats, event: Ints, arms: int, cause: int = EVENT) -> "Table":
        """Count each arm. ``arm``: 0 to ``arms`` - 1."""
        times, rank = ranked(time)
        cell = arm * times.size + rank if arms > 1 else rank
        shape, cells = (arms, times.size), arms * times.size
        leaving = np.bincount(cell, minlength=cells).reshape(shape)
        events = np.bincount(cell[event == cause], minlength=cells).reshape(shape)
        at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
        some = events.any(axis=0)
        # As floats: products of counts of a million people pass the largest whole number.
        return cls(times[some], at_risk[:, some].astype(float), events[:, some].astype(float))


@dataclass(frozen=True, eq=False)
class Cells:
    """Every time of every group, the groups after each other, each in order of time.

    ``start``: where each group begins, and after the last where it ends. ``any_event``: events of
    all kinds, ``events``: those of the one that is asked about.
    """

    start: Ints
    group: Ints
    time: Floats
    at_risk: Floats
    events: Floats
    any_event: Floats

    @classmethod
    def of(cls, group: Ints, time: Floats, event: Ints, groups: int, cause: int = EVENT) -> "Cells":
        """Count each group. ``group``: 0 to ``groups`` - 1; one may be empty."""
        times, rank = ranked(time)
        width = max(times.size, 1)
        cell = group * width + rank if groups > 1 else rank
        if groups * width <= SPARSE * time.size + SPARE:
            leaving = np.bincount(cell, minlength=groups * width)
            used = np.flatnonzero(leaving)
            leaving, size = leaving[used], groups * width
            events = np.bincount(cell[event == cause], minlength=size)[used]
            any_event = np.bincount(cell[event != 0], minlength=size)[used]
        else:
            used, cell = np.unique(cell, return_inverse=True)
            leaving = np.bincount(cell, minlength=used.size)
            events = np.bincount(cell[event == cause], minlength=used.size)
            any_event = np.bincount(cell[event != 0], minlength=used.size)
        which = used // width
        start = np.searchsorted(which, np.arange(groups + 1))
        # Those of the group who have not left at an earlier time.
        gone = np.concatenate(([0], np.cumsum(leaving)))
        at_risk = gone[start[which + 1]] - gone[:-1]
        return cls(
            start,
            which,
            times[used % width],
            at_risk.astype(float),
            events.astype(float),
            any_event.astype(float),
        )

    def running(self, values: Floats) -> Floats:
        """Sums of values from the beginning of each group, this cell included."""
        total = np.concatenate(([0.0], np.cumsum(values)))
        return total[1:] - total[self.start[self.group]]

    def last_at(self, at: Floats) -> Ints:
        """For each group and time asked for: its last cell at or before then; -1 before all."""
        found = np.empty((self.start.size - 1, at.size), dtype=np.int64)
        for group, (begin, end) in enumerate(zip(self.start[:-1], self.start[1:], strict=True)):
            place = np.searchsorted(self.time[begin:end], at, side="right") + begin - 1
            found[group] = np.where(place < begin, -1, place)
        return found
