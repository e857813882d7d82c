"""How needs were rated at each stage, of those who have been released."""

from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import ExtractYear

from outcomes.counting.cells import FIRST_STAGE, LAST_STAGE, STAGES, Counted, Rated
from outcomes.counting.enrolments import Calendar
from participants.models import NeedRating

CELL = ("enrolment__municipality", "year", "area")


def count_needs(counted: Counted, today: date) -> None:
    """Counted by the database, after `count_enrolments` has counted everybody as not rated."""
    calendar = Calendar(today)
    ratings = (
        NeedRating.objects.filter(
            enrolment__released_on__lte=today,
            enrolment__referred_on__lte=today,
            enrolment__end_detail="",
        )
        .annotate(year=ExtractYear("enrolment__released_on"))
        .order_by()
    )
    _count_stages(counted, ratings, calendar)
    _count_change(counted, ratings, calendar)


def _count_stages(counted: Counted, ratings, calendar: Calendar) -> None:
    rows = (
        ratings.filter(_is_due(calendar))
        .values_list(*CELL, "stage", "rating")
        .annotate(Count("pk"))
    )
    for municipality, year, area, stage, rating, people in rows:
        released = counted.released[municipality, year]
        how = Rated.NO_NEED if rating is None else Rated.RATED
        released.needs[area, stage, str(Rated.MISSING)] -= people
        released.needs[area, stage, str(how)] += people
        if rating is not None:
            released.ratings[area, stage].add(rating, people)


def _is_due(calendar: Calendar) -> Q:
    due = Q(stage__in=[stage for stage in STAGES if stage not in calendar.due])
    for stage, last in calendar.due.items():
        due |= Q(stage=stage, enrolment__released_on__lte=last)
    return due


def _count_change(counted: Counted, ratings, calendar: Calendar) -> None:
    """The same people at both times."""
    last = NeedRating.objects.filter(
        enrolment=OuterRef("enrolment"), area=OuterRef("area"), stage=LAST_STAGE
    ).values("rating")[:1]
    rows = (
        ratings.filter(
            stage=FIRST_STAGE,
            rating__isnull=False,
            enrolment__released_on__lte=calendar.due[LAST_STAGE],
        )
        .annotate(last=Subquery(last))
        .filter(last__isnull=False)
        .values_list(*CELL, "rating", "last")
        .annotate(Count("pk"))
    )
    for municipality, year, area, first, latest, people in rows:
        counted.released[municipality, year].change[area].add(latest - first, people)
