"""How needs were rated at each stage, of those who have been released."""

from datetime import date

from django.db.models import Count, F, FilteredRelation, Q, Sum
from django.db.models.functions import ExtractYear

from outcomes.counting.cells import (
    DUE_MONTH,
    FIRST_STAGE,
    LAST_STAGE,
    STAGES,
    Counted,
    Moments,
    Rated,
    Released,
)
from participants.models import NeedRating, RatingStage, SupportArea
from participants.phases import latest_day_reached

CELL = ("enrolment__municipality", "year", "area")


def count_needs(counted: Counted, today: date) -> None:
    """Counted by the database, after `count_enrolments` has counted who was released."""
    for released in counted.released.values():
        _count_nobody_as_rated(released)
    ratings = (
        NeedRating.objects.filter(
            enrolment__released_on__lte=today,
            enrolment__referred_on__lte=today,
            enrolment__end_detail="",
        )
        .annotate(year=ExtractYear("enrolment__released_on"))
        .order_by()
    )
    _count_stages(counted, ratings, today)
    _count_change(counted, ratings, today)


def _count_nobody_as_rated(released: Released) -> None:
    """Everybody is missing at every stage that is due, until they are found."""
    for stage in STAGES:
        month = DUE_MONTH.get(stage, 0)
        due = sum(n for (over, _contact), n in released.time.items() if over >= month)
        for area in SupportArea.values:
            released.needs[area, str(stage), str(Rated.MISSING)] = due
            released.needs[area, str(stage), str(Rated.EARLY)] = released.people - due


def _count_stages(counted: Counted, ratings, today: date) -> None:
    rows = (
        ratings.filter(_is_due(today))
        .values_list(*CELL, "stage")
        .annotate(
            people=Count("pk"),
            rated=Count("rating"),
            total=Sum("rating"),
            squares=Sum(F("rating") * F("rating")),
        )
    )
    for municipality, year, area, stage, people, rated, total, squares in rows:
        released = counted.released[municipality, year]
        released.needs[area, stage, str(Rated.MISSING)] -= people
        released.needs[area, stage, str(Rated.RATED)] += rated
        released.needs[area, stage, str(Rated.NO_NEED)] += people - rated
        if rated:
            released.ratings[area, stage] += Moments(rated, total, squares)


def _last_release(stage: RatingStage, today: date) -> date:
    """The latest release of which a stage is due."""
    return latest_day_reached(today, -DUE_MONTH[stage])


def _is_due(today: date) -> Q:
    due = Q(stage__in=[stage for stage in STAGES if stage not in DUE_MONTH])
    for stage in DUE_MONTH:
        due |= Q(stage=stage, enrolment__released_on__lte=_last_release(stage, today))
    return due


def _count_change(counted: Counted, ratings, today: date) -> None:
    """The same people at both times."""
    other = "enrolment__need_ratings"
    rows = (
        ratings.filter(
            stage=FIRST_STAGE,
            rating__isnull=False,
            enrolment__released_on__lte=_last_release(LAST_STAGE, today),
        )
        .alias(
            last=FilteredRelation(
                other,
                condition=Q(**{f"{other}__stage": LAST_STAGE, f"{other}__area": F("area")}),
            )
        )
        .filter(last__rating__isnull=False)
        .values_list(*CELL, "rating", "last__rating")
        .annotate(Count("pk"))
    )
    for municipality, year, area, first, latest, people in rows:
        counted.released[municipality, year].change[area].add(latest - first, people)
