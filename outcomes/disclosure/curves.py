"""Curves over time: told of month by month, so that no step is a single person's."""

from bisect import bisect_right
from collections.abc import Iterable

from outcomes.disclosure.words import LIMIT, is_small

DAYS_PER_MONTH = 365 / 12


def month_day(month: int) -> int:
    """The last day from the start of so many months, all of one length: 24 months are 730 days."""
    return round(month * DAYS_PER_MONTH)


def monthly_grid(days: Iterable[int], months: int) -> list[int]:
    """How many of the days are told of by the end of month 0, 1, …, `months`.

    A curve drawn to the day shows each single person. On this grid a number is told only at the
    end of a month, and only when at least five more have come since the last one that was told:
    until then it stays as it was. The last step takes the rest, so that the end is exact. (The
    rounding of survival curves in OpenSAFELY does the same; a month alone is not enough where
    fewer than five come in it.) One to four days altogether are never told of: the whole grid is
    then 0, and whoever draws it has to leave it out.
    """
    came = sorted(days)
    told = [0] * (months + 1)
    for month in range(1, months + 1):
        count = bisect_right(came, month_day(month))
        last = told[month - 1]
        rest = bisect_right(came, month_day(months)) - count
        # A step that would leave one to four for the end waits for them.
        if count - last >= LIMIT and not is_small(rest):
            last = count
        told[month] = last
    return told
