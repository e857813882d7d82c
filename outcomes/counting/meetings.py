"""Held meetings after release, of each participant: counted by the database, month by month."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import (
    ExtractDay,
    ExtractMonth,
    ExtractYear,
    Mod,
    TruncDate,
    TruncMonth,
)

from mentoring.models import Meeting
from outcomes.counting.cells import LATER_CONTACT_MONTHS, MONTHS

STREAM = 5000


@dataclass(slots=True)
class Contacts:
    """What is known of the contact with one participant after the release."""

    first_on: date | None = None
    # Whether there was any, six months or more after the release.
    later: bool = False
    by_month: list[int] = field(default_factory=lambda: [0] * MONTHS)

    def within(self, days: int, released_on: date) -> bool:
        """Whether there was any within so many days of the release."""
        return self.first_on is not None and (self.first_on - released_on).days <= days


def first_contacts(today: date) -> dict[int, Contacts]:
    """The contacts of every enrolment that has any after its release, by its key."""
    zone = ZoneInfo(settings.TIME_ZONE)
    tomorrow = datetime.combine(today + timedelta(days=1), time.min, tzinfo=zone)
    meetings = (
        Meeting.objects.held()
        .filter(
            # One logged ahead of time has not been held yet.
            happened_at__lt=tomorrow,
            enrolment__released_on__lte=today,
        )
        .annotate(day=TruncDate("happened_at", tzinfo=zone))
        .filter(day__gte=F("enrolment__released_on"))
    )
    rows = (
        _with_month(meetings)
        .order_by()
        .values_list("enrolment", "enrolment__released_on", "calendar_month", "is_short")
        .annotate(Count("pk"), Min("day"))
    )
    found: dict[int, Contacts] = {}
    for enrolment, released_on, start, is_short, held, first_on in rows.iterator(STREAM):
        month = 12 * (start.year - released_on.year) + start.month - released_on.month - is_short
        contacts = found.get(enrolment)
        if contacts is None:
            contacts = found[enrolment] = Contacts()
        if contacts.first_on is None or first_on < contacts.first_on:
            contacts.first_on = first_on
        if month >= LATER_CONTACT_MONTHS:
            contacts.later = True
        if month < MONTHS:
            contacts.by_month[month] += held
    return found


def _with_month(meetings: QuerySet[Meeting]) -> QuerySet:
    """Annotates ``calendar_month``, the month that ``day`` is in, and ``is_short``: that the month
    counted from the release is not whole by then. Whole months are counted as
    `participants.phases.add_months` does: the last day of a shorter month stands for the days it
    lacks. The rest is worked out in Python: every date asked of the database costs time.
    """
    is_last_of_month = (
        Q(day_month__in=[4, 6, 9, 11], day_day=30)
        | Q(day_month=2, day_day=29)
        | (Q(day_month=2, day_day=28) & ~Q(day_leap=0))
    )
    return meetings.alias(
        day_day=ExtractDay("day"),
        day_month=ExtractMonth("day"),
        day_leap=Mod(ExtractYear("day"), Value(4)),
        release_day=ExtractDay("enrolment__released_on"),
    ).annotate(
        calendar_month=TruncMonth("day"),
        is_short=Case(
            When(Q(day_day__lt=F("release_day")) & ~is_last_of_month, then=Value(1)),
            default=Value(0),
        ),
    )
