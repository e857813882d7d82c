"""Held meetings after release, of each participant: counted by the database, month by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.db.models.functions import (
    Cast,
    ExtractDay,
    ExtractMonth,
    ExtractYear,
    Mod,
    TruncDate,
)

from mentoring.models import Meeting
from outcomes.counting.cells import LATER_CONTACT_MONTHS, Counted, Moments
from participants.phases import add_months

STREAM = 5000


@dataclass(slots=True)
class Contacts:
    """The first and the last held meeting with one participant, from the release on."""

    first_on: date
    last_on: date

    def within(self, days: int, released_on: date) -> bool:
        """Whether there was any within so many days of the release."""
        return (self.first_on - released_on).days <= days

    def later(self, released_on: date) -> bool:
        """Whether there was any six months or more after the release."""
        return self.last_on >= add_months(released_on, LATER_CONTACT_MONTHS)


def first_contacts(today: date) -> dict[int, Contacts]:
    """The contacts of every enrolment that has any after its release, by its key."""
    rows = (
        _after_release(today)
        .order_by()
        .values_list("enrolment")
        .annotate(first_on=Min("day"), last_on=Max("day"))
    )
    return {
        enrolment: Contacts(first_on, last_on)
        for enrolment, first_on, last_on in rows.iterator(chunk_size=STREAM)
    }


def count_meetings(counted: Counted, over: Mapping[int, date], today: date) -> None:
    """Meetings in each month after the release, of those of whom it is over: how many, and how
    unevenly they fall. ``over``: the latest release of which so many months are over."""
    are_over = Case(
        *[When(enrolment__released_on__lte=over[months], then=Value(months))
          for months in sorted(over, reverse=True)],
        default=Value(0),
        output_field=IntegerField(),
    )  # fmt: skip
    of_each = (
        _with_month(_after_release(today).filter(enrolment__end_detail=""))
        .annotate(
            place=F("enrolment__municipality"),
            year=Cast(ExtractYear("enrolment__released_on"), IntegerField()),
            months_over=are_over,
        )
        .filter(months_over__gt=0)
        .order_by()
        .values("enrolment", "place", "year", "months_over", "month")
        .annotate(held=Count("pk"))
    )
    inner, parameters = of_each.query.sql_with_params()
    # Counted once more, over people: with the whole country's meetings it would take as long to
    # fetch one row for each person and month as to do all the rest.
    names = ("place", "year", "months_over", "month")
    columns = ", ".join(map(connection.ops.quote_name, names))
    held = connection.ops.quote_name("held")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, COUNT(*), SUM({held}), SUM({held} * {held}) "  # noqa: S608
            f"FROM ({inner}) each_month GROUP BY {columns}",
            parameters,
        )
        for place, year, months_over, month, people, total, squares in cursor:
            # Months that are not over are left out here: the month takes long to work out twice.
            if month < months_over:
                moments = Moments(people, int(total), int(squares))
                counted.released[place, year].meetings[months_over, month + 1] += moments


def _after_release(today: date) -> QuerySet:
    """Held meetings from the day of release until today, with their ``day``."""
    zone = ZoneInfo(settings.TIME_ZONE)
    tomorrow = datetime.combine(today + timedelta(days=1), time.min, tzinfo=zone)
    return (
        Meeting.objects.held()
        .filter(
            # One logged ahead of time has not been held yet.
            happened_at__lt=tomorrow,
            enrolment__released_on__lte=today,
            enrolment__referred_on__lte=today,
        )
        .annotate(day=TruncDate("happened_at", tzinfo=zone))
        .filter(day__gte=F("enrolment__released_on"))
    )


def _with_month(meetings: QuerySet) -> QuerySet:
    """Annotates ``month``: how many whole calendar months there are from the release to ``day``,
    as `participants.phases.add_months` counts them: the last day of a shorter month stands for
    the days it lacks."""
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
        month=Cast(
            12 * (ExtractYear("day") - ExtractYear("enrolment__released_on"))
            + ExtractMonth("day")
            - ExtractMonth("enrolment__released_on")
            - Case(
                When(Q(day_day__lt=F("release_day")) & ~is_last_of_month, then=Value(1)),
                default=Value(0),
            ),
            IntegerField(),
        )
    )
