"""A coordinator's enrolments, most urgent first, each with what to do next."""

from datetime import date, timedelta

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from mentoring.absences import attach_absences
from mentoring.contact import with_silence
from mentoring.models import MentorPair
from mentoring.next_steps import next_action
from mentoring.seats import attach_seats, seats_filled
from participants.milestones import GATE_WEEK_DAYS
from participants.models import Enrolment
from participants.phases import MONTHS_AFTER_RELEASE, Phase, latest_day_reached

# From when on a release without a pair is urgent, and from when it is late.
PAIR_WITHIN_DAYS = 60
PAIR_LATE_DAYS = 30


class Rank:
    """Why an enrolment stands where it does in the list; the lowest comes first."""

    NO_PAIR = 1
    RELEASED_ALONE = 2
    UNCONFIRMED = 3
    VACANT_SEAT = 4
    GATE_WEEK = 5
    TO_BE_RELEASED = 6
    RELEASED = 7
    YEAR_OVER = 8
    ENDED = 9
    # Where the nearest release comes first; in the others it is the latest.
    NEAREST_FIRST = (NO_PAIR, UNCONFIRMED, VACANT_SEAT, GATE_WEEK, TO_BE_RELEASED)


def with_seats_filled(enrolments, today: date | None = None):
    """Annotates ``has_pair``, and ``seats_filled``: how many of its two seats are held today."""
    pairs = MentorPair.objects.current(today).filter(enrolment=OuterRef("pk"))
    return enrolments.annotate(has_pair=Exists(pairs), seats_filled=seats_filled(today))


def year_over(today: date) -> Q:
    """The twelve months after the release were over yesterday or before, as `is_year_over`."""
    last = latest_day_reached(today - timedelta(days=1), -MONTHS_AFTER_RELEASE)
    return Q(released_on__lte=last)


def with_urgency(enrolments, today: date | None = None):
    """Annotates ``urgency`` (see Rank) and what it rests on: phase, pair, seats, release."""
    today = today or timezone.localdate()
    enrolments = with_seats_filled(enrolments.with_phase(today), today)
    enrolments = enrolments.annotate(release_on=Coalesce("released_on", "expected_release"))
    soon = Q(release_on__lte=today + timedelta(days=PAIR_WITHIN_DAYS))
    gate_week = Q(release_on__lte=today + timedelta(days=GATE_WEEK_DAYS))
    released = Q(phase_now=Phase.POST_RELEASE)
    return enrolments.annotate(
        urgency=Case(
            When(Q(phase_now=Phase.ENDED), then=Rank.ENDED),
            When(year_over(today), then=Rank.YEAR_OVER),
            When(Q(has_pair=False) & released, then=Rank.RELEASED_ALONE),
            When(Q(has_pair=False) & soon, then=Rank.NO_PAIR),
            When(Q(phase_now=Phase.UNCONFIRMED), then=Rank.UNCONFIRMED),
            When(Q(has_pair=True, seats_filled__lt=2), then=Rank.VACANT_SEAT),
            When(Q(phase_now=Phase.PRE_RELEASE) & gate_week, then=Rank.GATE_WEEK),
            When(released, then=Rank.RELEASED),
            default=Rank.TO_BE_RELEASED,
            output_field=IntegerField(),
        )
    )


def by_urgency(enrolments):
    """Most urgent first; within it the nearest release, and after release the latest one."""
    ahead = Case(When(urgency__in=Rank.NEAREST_FIRST, then=F("release_on")))
    return enrolments.order_by("urgency", ahead, "-release_on", "pk")


def caseload(user):
    """The user's enrolments with all that a row of the list needs from the database."""
    enrolments = Enrolment.objects.visible_to(user)
    enrolments = with_silence(with_urgency(enrolments))
    return enrolments.select_related("participant", "municipality", "institution")


def attach_rows(enrolments) -> list[Enrolment]:
    """Give each enrolment its seats, who of them is away, its next action, and whether a pair
    comes late."""
    rows = attach_seats(enrolments)
    attach_absences(rows)
    for enrolment in rows:
        enrolment.action = next_action(enrolment)
        enrolment.is_late = (
            enrolment.urgency == Rank.NO_PAIR and enrolment.days_to_release <= PAIR_LATE_DAYS
        )
    return rows
