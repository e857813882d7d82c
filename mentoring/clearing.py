"""A mentor's clearances: dates only, and which come next."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import Clearance, Mentor
from primus.refusals import Refused


class ClearanceRefused(Refused):
    """The clearance cannot be written down. ``code`` says why."""

    SENTENCES = {
        "future": _("Choose today or a day that has been."),
        "order": _("The last day cannot be before the first."),
        "already": _("A clearance of this kind from that day is there already."),
    }


def add_clearance(
    mentor: Mentor, kind: str, obtained_on: date, expires_on: date | None
) -> Clearance:
    """Write down that a mentor obtained a clearance, also one that renews another.

    `expires_on` is its last day in force, None where it does not run out. Raises
    ClearanceRefused.
    """
    if obtained_on > timezone.localdate():
        raise ClearanceRefused("future")
    if expires_on is not None and expires_on < obtained_on:
        raise ClearanceRefused("order")
    try:
        with transaction.atomic():
            return Clearance.objects.create(
                mentor=mentor, kind=kind, obtained_on=obtained_on, expires_on=expires_on
            )
    except IntegrityError as error:
        raise ClearanceRefused("already") from error


def renewal_of(mentor: Mentor, kind: str) -> date | None:
    """The last day of a clearance of a kind that is obtained today, if it lasts as long as the
    latest one did; None where there has been none, or it does not run out."""
    latest = mentor.clearances.filter(kind=kind).order_by("-obtained_on").first()
    if latest is None or latest.expires_on is None:
        return None
    return timezone.localdate() + (latest.expires_on - latest.obtained_on)
