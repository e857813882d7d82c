"""The dates of an enrolment: moving the expected release, confirming it, and the end."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.milestones import Milestone, milestone_date
from participants.models import EndReason, Enrolment, MoveReason, ReleaseDateMove
from participants.phases import add_months
from participants.signals import enrolment_ended, release_changed
from primus.refusals import Refused

# An expected release further ahead than this is a slip of the pen.
YEARS_AHEAD = 5


class ReleaseRefused(Refused):
    """The date cannot be. ``code`` says why."""

    SENTENCES = {
        "before_referral": _("The release cannot be before the referral."),
        "too_far": _("The release cannot be more than five years ahead. Check the year."),
        "in_future": _("Confirm the release when it has happened, not before."),
        "same_date": _("This is the date already expected. Choose another."),
        "released": _("The release has been confirmed, so its date no longer moves."),
        "ended": _("This enrolment has ended."),
        "end_in_future": _("An enrolment ends today or on a day that has been."),
        "end_before_referral": _("An enrolment cannot end before the referral."),
        "end_before_release": _("An enrolment cannot end before the release."),
        "not_released": _("An enrolment without a confirmed release is not completed."),
        "unknown_reason": _("Choose a reason."),
    }


@dataclass(frozen=True)
class Moved:
    """One milestone that moves with the release: from when to when."""

    milestone: Milestone
    old: date
    new: date


def check_expected(expected: date, referred_on: date) -> None:
    """Raise ReleaseRefused for an expected release that cannot be."""
    if expected < referred_on:
        raise ReleaseRefused("before_referral")
    if expected > add_months(timezone.localdate(), 12 * YEARS_AHEAD):
        raise ReleaseRefused("too_far")


def what_moves(enrolment: Enrolment, new_date: date) -> list[Moved]:
    """Every milestone of the enrolment as it is and as it would be."""
    return [
        Moved(
            milestone=milestone,
            old=enrolment.milestone(milestone),
            new=milestone_date(milestone, new_date),
        )
        for milestone in Milestone
    ]


def _locked(enrolment: Enrolment) -> Enrolment:
    """The row as it is now, held until the transaction ends. Raises ReleaseRefused("ended")."""
    row = Enrolment.objects.locked(enrolment.pk)
    if not row.is_current:
        raise ReleaseRefused("ended")
    return row


@transaction.atomic
def move_release(
    enrolment: Enrolment, new_date: date, *, reason: str, note: str = "", by
) -> ReleaseDateMove:
    """Move the expected release and keep the move with its reason.

    Raises ReleaseRefused when the release has been confirmed, the enrolment has ended, or the
    date cannot be.
    """
    row = _locked(enrolment)
    if row.released_on is not None:
        raise ReleaseRefused("released")
    if reason not in MoveReason.values:
        raise ReleaseRefused("unknown_reason")
    if new_date == row.expected_release:
        raise ReleaseRefused("same_date")
    check_expected(new_date, row.referred_on)
    move = ReleaseDateMove.objects.create(
        enrolment=row,
        old_date=row.expected_release,
        new_date=new_date,
        reason=reason,
        note=note,
        moved_by=by,
    )
    row.expected_release = new_date
    row.save(update_fields=["expected_release"])
    release_changed.send(sender=Enrolment, enrolment=row)
    return move


@transaction.atomic
def confirm_release(enrolment: Enrolment, released_on: date) -> Enrolment:
    """Make the release a fact, or correct the day of it.

    Raises ReleaseRefused when the day lies ahead or before the referral, or the enrolment ended.
    """
    row = _locked(enrolment)
    if released_on > timezone.localdate():
        raise ReleaseRefused("in_future")
    if released_on < row.referred_on:
        raise ReleaseRefused("before_referral")
    row.released_on = released_on
    row.save(update_fields=["released_on"])
    release_changed.send(sender=Enrolment, enrolment=row)
    return row


@transaction.atomic
def end_enrolment(enrolment: Enrolment, ended_on: date, reason: str) -> Enrolment:
    """End an enrolment; its mentors give up their seats in the same transaction.

    Raises ReleaseRefused when it has ended already, or the day or the reason cannot be.
    """
    row = _locked(enrolment)
    if reason not in EndReason.values:
        raise ReleaseRefused("unknown_reason")
    if ended_on > timezone.localdate():
        raise ReleaseRefused("end_in_future")
    if ended_on < row.referred_on:
        raise ReleaseRefused("end_before_referral")
    if row.released_on is not None and ended_on < row.released_on:
        raise ReleaseRefused("end_before_release")
    if reason == EndReason.COMPLETED and row.released_on is None:
        raise ReleaseRefused("not_released")
    row.ended_on = ended_on
    row.end_reason = reason
    row.save(update_fields=["ended_on", "end_reason"])
    enrolment_ended.send(sender=Enrolment, enrolment=row)
    return row
