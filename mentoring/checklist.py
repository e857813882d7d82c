"""The gate-week checklist: when it is near, what is on it, and ticking it, two mentors at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import Seat
from participants.closed_days import closed_reason
from participants.milestones import GATE_WEEK_DAYS, Milestone
from participants.models import ChecklistItem, ChecklistPoint, Enrolment, PointApplies
from participants.phases import Phase
from primus.accounts.models import User
from primus.refusals import Refused


class PointRefused(Refused):
    """A point of the checklist cannot be taken on as asked. ``code`` says why."""

    SENTENCES = {
        "done": _("This has been done already."),
        "taken": _("%(name)s has taken this on in the meantime."),
        "not_here": _("Only a mentor who follows the participant today can take this on."),
        "past": _("Choose today or a day to come."),
        "no_day": _("Choose a day by when."),
    }


@dataclass(frozen=True)
class Row:
    """One point on one enrolment's list; without an item, nobody has touched it yet."""

    point: ChecklistPoint
    item: ChecklistItem | None

    @property
    def is_done(self) -> bool:
        return self.item is not None and self.item.done_on is not None

    @property
    def taken_by(self) -> User | None:
        """Who sees to it, until it is done."""
        return self.item.taken_by if self.item is not None and not self.is_done else None

    @property
    def is_late(self) -> bool:
        """Whether somebody said it would be done by a day that has passed."""
        due_on = self.item.due_on if self.item is not None else None
        return self.taken_by is not None and due_on is not None and due_on < timezone.localdate()


def in_gate_weeks(enrolment: Enrolment) -> bool:
    """From 14 days before the expected release until three days after it has happened."""
    today = timezone.localdate()
    if enrolment.phase == Phase.POST_RELEASE:
        return today <= enrolment.milestone(Milestone.DAY_3)
    return enrolment.phase in (Phase.PRE_RELEASE, Phase.UNCONFIRMED) and (
        enrolment.days_to_release <= GATE_WEEK_DAYS
    )


def applies(point: ChecklistPoint, enrolment: Enrolment) -> bool:
    """Whether a point belongs on an enrolment's list, by the day of its release."""
    if point.applies == PointApplies.CLOSED_DAY:
        return closed_reason(enrolment.release_day) is not None
    return True


def attach_checklist(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``checklist_now``: its rows where the release is near, else none;
    ``checklist_done``, how many of them are done; and ``checklist_folded``, which a page that has
    little room sets. One query where any is near.

    A point without a row is simply not done yet, so reading writes nothing. What belongs to this
    release alone comes first.
    """
    enrolments = list(enrolments)
    near = [e for e in enrolments if in_gate_weeks(e)]
    for enrolment in enrolments:
        enrolment.checklist_now, enrolment.checklist_done = [], 0
        enrolment.checklist_folded = False
    if not near:
        return
    touched = Q(items__enrolment__in=[e.pk for e in near])
    rows = (
        ChecklistPoint.objects.filter(is_active=True)
        .annotate(here=FilteredRelation("items", condition=touched))
        .select_related("here__done_by", "here__taken_by")  # type: ignore[misc]
    )
    points: dict[int, ChecklistPoint] = {}
    items: dict[tuple[int, int], ChecklistItem] = {}
    for row in rows:
        points.setdefault(row.pk, row)
        item = getattr(row, "here", None)  # set only where there is one
        if item is not None:
            items[item.enrolment_id, row.pk] = item
    ordered = sorted(points.values(), key=lambda p: p.applies == PointApplies.ALWAYS)
    for enrolment in near:
        enrolment.checklist_now = [
            Row(point, items.get((enrolment.pk, point.pk)))
            for point in ordered
            if applies(point, enrolment)
        ]
        enrolment.checklist_done = sum(row.is_done for row in enrolment.checklist_now)


@transaction.atomic
def tick(enrolment: Enrolment, *, done: set[int], undone: set[int], by) -> None:
    """Mark points (by primary key) as done today by `by`, or as not done after all.

    Only the points named are touched, so that two who tick at once do not undo each other. A
    point that was already done keeps who did it and when.
    """
    known = set(ChecklistPoint.objects.filter(pk__in=done | undone).values_list("pk", flat=True))
    for point in sorted(done & known):
        item, _new = ChecklistItem.objects.get_or_create(enrolment=enrolment, point_id=point)
        ChecklistItem.objects.filter(pk=item.pk, done_on=None).update(
            done_on=timezone.localdate(), done_by=by
        )
    ChecklistItem.objects.filter(enrolment=enrolment, point__in=undone & known).update(
        done_on=None, done_by=None
    )


@transaction.atomic
def take(
    enrolment: Enrolment,
    point: ChecklistPoint,
    who: User | None,
    due_on: date | None,
    *,
    seen: int | None,
) -> ChecklistItem:
    """Say who sees to a point and by when; nobody, when `who` is None.

    `seen` is the key of the user who had it when the form was opened. Raises PointRefused when it
    has been done, when somebody else has taken it on since, when `who` does not follow the
    participant today, or without a day from today on.
    """
    Enrolment.objects.locked(enrolment.pk)
    item = (
        ChecklistItem.objects.filter(enrolment=enrolment, point=point)
        .select_related("taken_by")
        .first()
    ) or ChecklistItem(enrolment=enrolment, point=point)
    if item.done_on is not None:
        raise PointRefused("done")
    if item.taken_by_id not in (seen, who.pk if who else None):
        name = item.taken_by.first_name if item.taken_by else _("Nobody")
        raise PointRefused("taken", name=str(name))
    if who is not None:
        if not Seat.objects.held().filter(pair__enrolment=enrolment, mentor__user=who).exists():
            raise PointRefused("not_here")
        if due_on is None:
            raise PointRefused("no_day")
        if due_on < timezone.localdate():
            raise PointRefused("past")
    item.taken_by, item.due_on = who, due_on if who else None
    item.save()
    return item
