"""The figures of the dashboards, counted for every municipality in one pass.

A fixed number of questions to the database, whatever the number of municipalities. What comes
out is unprotected and never stored: outcomes.snapshots protects it first.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone

from mentoring.models import Meeting, Mentor, MentorPair, Seat
from mentoring.seats import seats_filled
from outcomes.models import Reoffence
from outcomes.recidivism import DEFAULT, Definition, History, Offence, classify
from participants.models import Enrolment, NeedRating, RatingStage
from participants.phases import CURRENT_PHASES, add_months

MONTHS = 24
RELEASED_MONTHS = 12
STREAM = 5000


class Seats:
    """How an enrolment under way stands with mentors."""

    TWO = "two"
    VACANT = "vacant"
    NONE = "none"
    ALL = (TWO, VACANT, NONE)


@dataclass
class Figures:
    """The counts of one municipality, as they are."""

    phases: Counter = field(default_factory=Counter)
    seats: Counter = field(default_factory=Counter)
    released: int = 0
    released_without_two: int = 0
    meetings: Counter = field(default_factory=Counter)  # month → held meetings
    people_met: Counter = field(default_factory=Counter)  # month → enrolments met with
    # area → (rating at start, latest rating) → people
    needs: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    outcomes: Counter = field(default_factory=Counter)
    # year of release → outcome → people
    outcomes_by_year: dict[int, Counter] = field(default_factory=lambda: defaultdict(Counter))
    mentors_free: int = 0
    mentors_full: int = 0
    places: int = 0
    places_free: int = 0

    @property
    def under_way(self) -> int:
        return sum(self.phases[phase] for phase in CURRENT_PHASES)


def months_until(today: date) -> list[date]:
    """The first days of the last 24 months, the current one (not yet over) last."""
    first = today.replace(day=1)
    return [add_months(first, -back) for back in range(MONTHS - 1, -1, -1)]


def released_since(today: date) -> date:
    """The first day of the twelve months that the releases of the period are counted in."""
    return add_months(today, -RELEASED_MONTHS) + timedelta(days=1)


def count_all(today: date, definition: Definition = DEFAULT) -> dict[str, Figures]:
    """The figures of every municipality that has any, by municipality code."""
    found: dict[str, Figures] = defaultdict(Figures)
    _count_enrolments(found, today, definition)
    _count_meetings(found, today)
    _count_needs(found)
    _count_mentors(found, today)
    return dict(found)


def _count_enrolments(found: dict[str, Figures], today: date, definition: Definition) -> None:
    offences: dict[int, list[Offence]] = defaultdict(list)
    known = Reoffence.objects.order_by().values_list(
        "follow_up__enrolment", "offence_on", "convicted_on", "sanction"
    )
    for enrolment, offence_on, convicted_on, sanction in known.iterator(chunk_size=STREAM):
        offences[enrolment].append(Offence(offence_on, convicted_on, sanction))

    rows = (
        Enrolment.objects.taken_in()
        .with_phase(today)
        .annotate(
            paired=Exists(MentorPair.objects.current(today).filter(enrolment=OuterRef("pk"))),
            seats_now=seats_filled(today),
            seats_at_release=seats_filled(OuterRef("released_on")),
        )
        .order_by()
        .values_list(
            "pk",
            "municipality",
            "phase_now",
            "paired",
            "seats_now",
            "released_on",
            "seats_at_release",
            "follow_up__register_date",
            "follow_up__died_on",
            "follow_up__emigrated_on",
        )
    )
    since = released_since(today)
    for (
        pk,
        municipality,
        phase,
        paired,
        seats_now,
        released_on,
        seats_at_release,
        register_date,
        died_on,
        emigrated_on,
    ) in rows.iterator(chunk_size=STREAM):
        figures = found[municipality]
        figures.phases[phase] += 1
        if phase in CURRENT_PHASES:
            two = Seats.TWO if seats_now >= len(Seat.NUMBERS) else Seats.VACANT
            figures.seats[two if paired else Seats.NONE] += 1
        if released_on is None or released_on > today:
            continue
        if released_on >= since:
            figures.released += 1
            figures.released_without_two += seats_at_release < len(Seat.NUMBERS)
        known_offences = tuple(offences.get(pk, ()))
        history = History(released_on, register_date, died_on, emigrated_on, known_offences)
        outcome = classify(history, today, definition)
        figures.outcomes[outcome] += 1
        figures.outcomes_by_year[released_on.year][outcome] += 1


def _count_meetings(found: dict[str, Figures], today: date) -> None:
    zone = ZoneInfo(settings.TIME_ZONE)
    first = months_until(today)[0]
    rows = (
        Meeting.objects.held()
        .filter(
            happened_at__gte=datetime(first.year, first.month, 1, tzinfo=zone),
            # One logged ahead of time has not been held yet.
            happened_at__lt=datetime(today.year, today.month, today.day, tzinfo=zone)
            + timedelta(days=1),
        )
        .annotate(month=TruncMonth("happened_at", tzinfo=zone))
        .order_by()
        .values_list("enrolment__municipality", "month")
        .annotate(Count("pk"), Count("enrolment", distinct=True))
    )
    for municipality, month, held, people in rows:
        key = timezone.localtime(month, zone).date()
        found[municipality].meetings[key] = held
        found[municipality].people_met[key] = people


def _count_needs(found: dict[str, Figures]) -> None:
    """The same people at both times: those rated at start and at least once since."""
    later = (
        NeedRating.objects.filter(
            enrolment=OuterRef("enrolment"), area=OuterRef("area"), rating__isnull=False
        )
        .exclude(stage=RatingStage.START)
        .order_by("-rated_on", "-pk")
        .values("rating")[:1]
    )
    rows = (
        NeedRating.objects.filter(stage=RatingStage.START, rating__isnull=False)
        .annotate(latest=Subquery(later))
        .filter(latest__isnull=False)
        .order_by()
        .values_list("enrolment__municipality", "area", "rating", "latest")
        .annotate(Count("pk"))
    )
    for municipality, area, start, latest, people in rows:
        found[municipality].needs[area][start, latest] += people


def _count_mentors(found: dict[str, Figures], today: date) -> None:
    """Mentors who may be given somebody: taking part now, and cleared."""
    rows = (
        Mentor.objects.active()
        .cleared(today)
        .with_load(today)
        .order_by()
        .values_list("municipality", "capacity", "load")
    )
    for municipality, capacity, load in rows.iterator(chunk_size=STREAM):
        figures = found[municipality]
        free = max(capacity - load, 0)
        figures.places += capacity
        figures.places_free += free
        if free:
            figures.mentors_free += 1
        else:
            figures.mentors_full += 1
