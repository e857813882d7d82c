"""What must be followed up after a mentor was a companion at an authority: a task for the pair."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from mentoring.models import Accompaniment
from participants.models import Enrolment
from primus.accounts.models import User


def open_follow_ups(enrolments: Iterable[Enrolment]) -> QuerySet[Accompaniment]:
    """What is still to be followed up, the most urgent first."""
    return (
        Accompaniment.objects.to_follow_up()
        .filter(meeting__enrolment__in=enrolments)
        .order_by("follow_up_on", "pk")
    )


def mark_done(accompaniment: Accompaniment, by: User) -> None:
    """Say that the follow-up has been seen to, by either mentor. Who was first stays."""
    Accompaniment.objects.to_follow_up().filter(pk=accompaniment.pk).update(
        follow_up_done_on=timezone.localdate(), follow_up_done_by=by
    )


def mark_undone(accompaniment: Accompaniment) -> None:
    """Take back that a follow-up was done."""
    Accompaniment.objects.filter(pk=accompaniment.pk).update(
        follow_up_done_on=None, follow_up_done_by=None
    )
