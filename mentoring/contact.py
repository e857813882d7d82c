"""When a participant was last met, and when it has been silent for too long: the one definition,
wherever it is shown, sent or counted.

A meeting that was held is contact, with either mentor and in whatever way, a call too; attempts
and cancelled meetings are not.
"""

from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.db.models import BooleanField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from mentoring.models import Meeting, MeetingState, MentorPair
from mentoring.querysets import lasts_beyond
from participants.milestones import Milestone, latest_release_day, milestone_date
from participants.models import Enrolment

# After so many days without contact somebody should ask how it goes.
SILENT_AFTER_DAYS = 14


class Happened(Protocol):
    """A meeting, or what a page knows of one."""

    state: str


def is_contact(meeting: Happened) -> bool:
    """As `MeetingQuerySet.held` says it in SQL."""
    return meeting.state == MeetingState.HELD


def last_held(enrolment: str) -> QuerySet[Meeting]:
    """The last meeting that was held, for a subquery; `enrolment` leads from its outer query."""
    held = Meeting.objects.held().filter(enrolment=OuterRef(enrolment))
    return held.order_by("-happened_at", "-pk")[:1]


def with_last_contact(enrolments):
    """Annotates ``last_contact``: when the last meeting that was held took place, or None."""
    return enrolments.annotate(last_contact=Subquery(last_held("pk").values("happened_at")))


def silent_since(enrolment: Enrolment, contact_on: date | None, paired_on: date) -> date:
    """The day that silence is counted from: the last contact, or where there has been none the
    day the pair was formed; but not before the two months before the release begin."""
    begins = milestone_date(Milestone.PERIOD_START, enrolment.release_day)
    return max(begins, contact_on or paired_on)


def with_silence(enrolments, today: date | None = None):
    """Annotates ``last_contact``, ``paired_on`` (when today's pair was formed), ``quiet_on`` (the
    day of the last contact, else ``paired_on``) and ``is_silent``: that an enrolment with a pair,
    from two months before the release until the year is over, has been without contact for 14
    days or more, counted as `silent_since` counts them.
    """
    today = today or timezone.localdate()
    limit = today - timedelta(days=SILENT_AFTER_DAYS)
    # The first moment that is less than 14 days ago.
    lately = datetime.combine(
        limit + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone()
    )
    pairs = MentorPair.objects.current(today).filter(enrolment=OuterRef("pk")).order_by()
    quiet = Q(last_contact__lt=lately) | Q(last_contact=None, paired_on__lte=limit)
    return with_last_contact(enrolments).annotate(
        paired_on=Subquery(pairs.values("formed_on")[:1]),
        quiet_on=Coalesce(TruncDate("last_contact"), F("paired_on")),
        is_silent=Case(
            When(
                _begun_by(limit) & _under_way(today) & Q(paired_on__isnull=False) & quiet,
                then=Value(True),
            ),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def _begun_by(day: date) -> Q:
    """The two months before the release had begun on the day."""
    last = latest_release_day(Milestone.PERIOD_START, day)
    return Q(released_on__lte=last) | Q(released_on=None, expected_release__lte=last)


def _under_way(today: date) -> Q:
    """Neither ended, nor twelve months after the release."""
    over = latest_release_day(Milestone.MONTH_12, today - timedelta(days=1))
    return lasts_beyond(today, "ended_on") & lasts_beyond(over, "released_on")


def silent(enrolments, today: date | None = None):
    """Those without contact for 14 days or more, with what `with_silence` annotates."""
    today = today or timezone.localdate()
    limit = today - timedelta(days=SILENT_AFTER_DAYS)
    # What costs little is asked first.
    narrowed = enrolments.filter(_begun_by(limit), _under_way(today))
    return with_silence(narrowed, today).filter(is_silent=True)
