"""Curves over time: told of at the ends of months only, so that no step has a day."""

DAYS_PER_MONTH = 365 / 12


def month_day(month: int) -> int:
    """The last day from the start of so many months, all of one length: 24 months are 730 days."""
    return round(month * DAYS_PER_MONTH)


def monthly_grid(months: int, until: float) -> dict[int, int]:
    """The days from the start on which a curve is told of: {month: its last day}, from month 0.

    No further than `until` (days), where the last of those followed was still followed. Drawn to
    the day a curve would show the day of each single event.
    """
    return {month: month_day(month) for month in range(months + 1) if month_day(month) <= until}
