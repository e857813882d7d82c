"""What hangs on the enrolments: needs, goals, meetings and what came after the release.

Each takes a part of those who may be handed out, in the order of their pseudonyms, and answers
with rows in that order; within an enrolment by month, so that no order says what came first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from mentoring.models import Meeting, MeetingMode, MeetingState
from outcomes.followups.words import history_of
from outcomes.histories import subject_histories
from outcomes.models import FollowUp, TrialSubject
from outcomes.recidivism import DEFINITIONS, History, classify, observe
from outcomes.research.codebook import NOT_KNOWN, NOT_RELEVANT
from outcomes.research.pseudonyms import Pseudonyms
from outcomes.research.reading import Person, Row
from participants.models import Goal, NeedRating

DAYS_IN_MONTH = 30.4375
REMOTE = [MeetingMode.PHONE, MeetingMode.VIDEO, MeetingMode.MESSAGE]
People = Mapping[int, Person]
Hanging = Callable[[People, Pseudonyms, date], Iterator[Row]]


def need_rows(part: People, names: Pseudonyms, today: date) -> Iterator[Row]:
    found = NeedRating.objects.filter(enrolment__in=part).order_by()
    for pk, stage, area, rating, no_need, day in _in_order(
        part,
        found.values_list("enrolment", "stage", "area", "rating", "no_need", "rated_on"),
    ):
        value = NOT_RELEVANT if rating is None else str(rating)
        yield [
            names.of("enrolment", pk), stage, area, value, str(int(no_need)), part[pk].months(day)
        ]  # fmt: skip


def goal_rows(part: People, names: Pseudonyms, today: date) -> Iterator[Row]:
    found = Goal.objects.filter(enrolment__in=part).order_by()
    for pk, area, state, agreed_on, closed_on in _in_order(
        part, found.values_list("enrolment", "area", "state", "agreed_on", "closed_on")
    ):
        months = part[pk].months
        yield [names.of("enrolment", pk), area, state, months(agreed_on), months(closed_on)]


def meeting_rows(part: People, names: Pseudonyms, today: date) -> Iterator[Row]:
    zone = ZoneInfo(settings.TIME_ZONE)
    held = Q(state=MeetingState.HELD)
    found = (
        Meeting.objects.filter(enrolment__in=part)
        .order_by()
        .annotate(month=TruncMonth("happened_at", tzinfo=zone))
        .values_list("enrolment", "month")
        .annotate(
            held=Count("pk", filter=held),
            not_held=Count("pk", filter=Q(state=MeetingState.NOT_HELD)),
            tried=Count("pk", filter=Q(state=MeetingState.TRIED)),
            in_person=Count("pk", filter=held & ~Q(mode__in=REMOTE)),
            remote=Count("pk", filter=held & Q(mode__in=REMOTE)),
            with_length=Count("duration_minutes", filter=held),
            minutes=Sum("duration_minutes", filter=held),
        )
    )
    for pk, month, *counts in _in_order(part, found):
        day = timezone.localtime(month, zone).date()
        yield [names.of("enrolment", pk), part[pk].months(day), *(str(n or 0) for n in counts)]


def _in_order(part: People, rows) -> list[tuple]:
    """In the order of the part; within an enrolment by what the rows say, not by their keys."""
    at = {pk: number for number, pk in enumerate(part)}
    return sorted(rows, key=lambda row: (at[row[0]], *(str(value) for value in row[1:])))


def follow_up_rows(part: People, names: Pseudonyms, today: date) -> Iterator[Row]:
    """Of those released, with a yes to data on offences."""
    asked = {
        pk: person.released_on
        for pk, person in part.items()
        if person.may_offences and person.released_on
    }
    found = FollowUp.objects.filter(enrolment__in=asked).prefetch_related("reoffences")
    known = {row.enrolment_id: row for row in found}
    for pk, released_on in asked.items():
        history = history_of(released_on, known.get(pk))
        yield from _followed(names.of("enrolment", pk), history, today)


def subject_follow_up_rows(
    subjects: Sequence[TrialSubject], names: Pseudonyms, today: date
) -> list[Row]:
    """Of the trial subjects without a case file."""
    alone = [row.pk for row in subjects if row.enrolment_id is None]
    histories = subject_histories(TrialSubject.objects.filter(pk__in=alone))
    rows: list[Row] = []
    for pk, history in histories.items():
        rows += _followed(names.of("subject", pk), history, today)
    return sorted(rows)


def _followed(case: str, history: History, today: date) -> Iterator[Row]:
    for definition in DEFINITIONS.values():
        seen = observe(history, definition, today)
        yield [
            case,
            definition.key,
            NOT_KNOWN if seen.time is None else str(round(seen.time / DAYS_IN_MONTH)),
            NOT_KNOWN if seen.event is None else str(int(seen.event)),
            str(classify(history, today, definition)),
        ]
