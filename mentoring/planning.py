"""From the dates of enrolments to the ledger of reminders: who is to be told what, today.

A milestone is due from its day for a grace period, so that a worker that was down catches up,
and only the latest one reached counts, so that nobody gets three old ones at once. Planning
compares what is due with what the ledger holds and mends the difference; doing it twice, or in
two processes at once, changes nothing more.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.models import Reminder, ReminderState, Seat
from mentoring.querysets import lasts_beyond
from participants.milestones import Milestone, latest_release_day
from participants.models import Coordinator, Enrolment
from primus.accounts.models import Role

# Until the release is a fact, what is expected counts; from then on only the fact does.
WHILE_EXPECTED = (Milestone.PERIOD_START, Milestone.GATE_WEEK, Milestone.RELEASE)
ONCE_RELEASED = (
    Milestone.RELEASE,
    Milestone.DAY_14,
    Milestone.MONTH_3,
    Milestone.MONTH_6,
    Milestone.MONTH_9,
    Milestone.MONTH_12,
)
KINDS = tuple(dict.fromkeys(WHILE_EXPECTED + ONCE_RELEASED))

UNSENT = (ReminderState.PLANNED, ReminderState.SENDING)
GRACE = timedelta(days=14)
BATCH = 500


class Occasion(NamedTuple):
    """A milestone and the day it falls on."""

    kind: Milestone
    on: date


class Key(NamedTuple):
    """What makes a reminder the same one: as the ledger's unique constraint."""

    enrolment: int
    recipient: int
    kind: str
    on: date


@dataclass
class Planned:
    """What a planning changed in the ledger, in rows."""

    created: int = 0
    revived: int = 0
    cancelled: int = 0


def latest_occasion(enrolment: Enrolment, today: date) -> Occasion | None:
    """The latest milestone with a reminder that the enrolment has reached; none once it ended."""
    if enrolment.ended_on is not None and enrolment.ended_on <= today:
        return None
    kinds = WHILE_EXPECTED if enrolment.released_on is None else ONCE_RELEASED
    reached = [Occasion(kind, day) for kind in kinds if (day := enrolment.milestone(kind)) <= today]
    return reached[-1] if reached else None


def due_occasion(enrolment: Enrolment, today: date) -> Occasion | None:
    """The milestone that the enrolment's mentors and coordinators are to be reminded of today.

    Each stays due for the grace period; the first, two months before, until gate week opens.
    """
    occasion = latest_occasion(enrolment, today)
    if occasion is None:
        return None
    if occasion.kind != Milestone.PERIOD_START and today - occasion.on >= GRACE:
        return None
    return occasion


def _due(today: date) -> Q:
    """The same as SQL on the enrolment's dates: the days of release that make a milestone due."""

    def released(field: str, kind: Milestone) -> Q:
        last = latest_release_day(kind, today)
        if kind == Milestone.PERIOD_START:
            before = latest_release_day(Milestone.GATE_WEEK, today)
        else:
            before = latest_release_day(kind, today - GRACE)
        return Q(**{f"{field}__gt": before, f"{field}__lte": last})

    expected = Q()
    for kind in WHILE_EXPECTED:
        expected |= released("expected_release", kind)
    fact = Q()
    for kind in ONCE_RELEASED:
        fact |= released("released_on", kind)
    return lasts_beyond(today, "ended_on") & ((Q(released_on=None) & expected) | fact)


def plan_for(
    enrolments: QuerySet[Enrolment] | None = None,
    today: date | None = None,
    on_step: Callable[[], None] = lambda: None,
) -> Planned:
    """Bring the ledger in step with the dates, for all enrolments or for those given.

    Creates what is due and lacking, cancels what has not been sent and is due no longer (the
    date moved, the enrolment ended, the mentor left the seat), and takes back a cancellation
    when a date moves back. `on_step` is called after every batch.
    """
    today = today or timezone.localdate()
    enrolments = Enrolment.objects.all() if enrolments is None else enrolments
    enrolments = enrolments.order_by()
    numbers = set(enrolments.filter(_due(today)).values_list("pk", flat=True))
    unsent = Reminder.objects.waiting().values("enrolment")
    numbers |= set(enrolments.filter(pk__in=unsent).values_list("pk", flat=True))

    planned = Planned()
    if not numbers:
        return planned
    coordinators = _coordinators()
    for batch in _batches(sorted(numbers)):
        _plan_batch(batch, today, coordinators, planned)
        on_step()
    return planned


def _batches(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]


def _coordinators() -> dict[str, set[int]]:
    """The users to remind in each municipality, by its code."""
    users: dict[str, set[int]] = defaultdict(set)
    pairs = Coordinator.objects.filter(
        user__is_active=True, user__role=Role.COORDINATOR, municipalities__isnull=False
    ).values_list("municipalities", "user")
    for municipality, user in pairs.order_by():
        users[municipality].add(user)
    return users


def _mentors(numbers: list[int], today: date) -> dict[int, set[int]]:
    """The users who follow today, by enrolment; not who only hands over."""
    users: dict[int, set[int]] = defaultdict(set)
    seats = Seat.objects.current(today).filter(
        pair__enrolment__in=numbers,
        mentor__user__is_active=True,
        mentor__user__role=Role.MENTOR,
    )
    for enrolment, user in seats.order_by().values_list("pair__enrolment", "mentor__user"):
        users[enrolment].add(user)
    return users


def _plan_batch(
    numbers: list[int], today: date, coordinators: dict[str, set[int]], planned: Planned
) -> None:
    mentors = _mentors(numbers, today)
    wanted: set[Key] = set()
    dates = ("municipality", "expected_release", "released_on", "ended_on")
    for enrolment in Enrolment.objects.filter(pk__in=numbers).only(*dates).order_by("pk"):
        occasion = due_occasion(enrolment, today)
        if occasion is not None:
            recipients = mentors[enrolment.pk] | coordinators.get(enrolment.municipality_id, set())
            wanted |= {
                Key(enrolment.pk, user, occasion.kind.value, occasion.on) for user in recipients
            }

    # Older rows than any that is due matter only while they are unsent.
    oldest = min((key.on for key in wanted), default=today)
    rows = Reminder.objects.filter(
        Q(state__in=UNSENT) | Q(occasion_on__gte=oldest), enrolment__in=numbers
    ).values_list("pk", "state", "enrolment", "recipient", "kind", "occasion_on")
    existing: set[Key] = set()
    outdated, to_revive = [], []
    for pk, state, enrolment_id, recipient_id, kind, on in rows.order_by():
        key = Key(enrolment_id, recipient_id, kind, on)
        existing.add(key)
        if key in wanted:
            if state == ReminderState.CANCELLED:
                to_revive.append(pk)
        elif state in UNSENT:
            outdated.append(pk)
    missing = sorted(wanted - existing)

    with transaction.atomic():
        Reminder.objects.bulk_create(
            [
                Reminder(
                    enrolment_id=key.enrolment,
                    recipient_id=key.recipient,
                    kind=key.kind,
                    occasion_on=key.on,
                )
                for key in missing
            ],
            ignore_conflicts=True,
        )
        # Each by a condition on the state, so that what is being sent meanwhile stays sent.
        planned.created += len(missing)
        planned.cancelled += (
            Reminder.objects.waiting().filter(pk__in=outdated).update(state=ReminderState.CANCELLED)
        )
        planned.revived += Reminder.objects.filter(
            pk__in=to_revive, state=ReminderState.CANCELLED
        ).update(state=ReminderState.PLANNED, error="")
