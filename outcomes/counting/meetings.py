"""The days on which each participant was met, and in which months after the release."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import CharField
from django.db.models.functions import Cast, TruncDate

from mentoring.models import Meeting
from outcomes.counting.cells import LATER_CONTACT_MONTHS, MONTHS
from outcomes.counting.listed import Listed
from participants.phases import add_months


@dataclass(slots=True)
class Contacts:
    """The held meetings with one participant, from the release on."""

    first_on: date
    # How many in each whole month since the release; the last holds what is later.
    by_month: list[int]

    def within(self, days: int, released_on: date) -> bool:
        """Whether there was any within so many days of the release."""
        return (self.first_on - released_on).days <= days

    @property
    def is_late(self) -> bool:
        """Whether there was any six months or more after the release."""
        return any(self.by_month[LATER_CONTACT_MONTHS:])


def days_met(today: date) -> dict[int, str]:
    """The days until today on which there was a held meeting, as a text of ISO dates, by the
    enrolment's key."""
    zone = ZoneInfo(settings.TIME_ZONE)
    # One logged ahead of time has not been held yet.
    tomorrow = datetime.combine(today + timedelta(days=1), time.min, tzinfo=zone)
    day = Cast(TruncDate("happened_at", tzinfo=zone), CharField())
    return dict(
        Meeting.objects.held()
        .filter(happened_at__lt=tomorrow)
        .order_by()
        .values_list("enrolment")
        .annotate(days=Listed(day))
    )


def contacts_after(released_on: date, days: str) -> Contacts | None:
    """The contacts of somebody who was met on these days (as of `days_met`)."""
    starts = _starts_of_months(released_on)
    # ISO dates are ordered as their texts are, and need not be read.
    after = [day for day in days.split(",") if day >= starts[0]]
    if not after:
        return None
    by_month = [0] * len(starts)
    for day in after:
        by_month[bisect_right(starts, day) - 1] += 1
    return Contacts(date.fromisoformat(min(after)), by_month)


@cache
def _starts_of_months(released_on: date) -> list[str]:
    """The first day of each month since a release, and of what is later, as ISO dates."""
    return [add_months(released_on, month).isoformat() for month in range(MONTHS + 1)]
