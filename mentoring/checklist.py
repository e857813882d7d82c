"""Ticking the gate-week checklist, two mentors at once."""

from django.db import transaction
from django.utils import timezone

from participants.models import ChecklistItem, ChecklistPoint, Enrolment


@transaction.atomic
def tick(enrolment: Enrolment, *, done: set[int], undone: set[int], by) -> None:
    """Mark points (by primary key) as done today by `by`, or as not done after all.

    Only the points named are touched, so that two who tick at once do not undo each other. A
    point that was already done keeps who did it and when.
    """
    known = set(ChecklistPoint.objects.filter(pk__in=done | undone).values_list("pk", flat=True))
    for point in sorted(done & known):
        item, _ = ChecklistItem.objects.get_or_create(enrolment=enrolment, point_id=point)
        ChecklistItem.objects.filter(pk=item.pk, done_on=None).update(
            done_on=timezone.localdate(), done_by=by
        )
    ChecklistItem.objects.filter(enrolment=enrolment, point__in=undone & known).update(
        done_on=None, done_by=None
    )
