"""The dates of an enrolment: moving the expected release, confirming it, and taking back either."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.milestones import Milestone, milestone_date
from participants.models import (
    ChangeKind,
    Enrolment,
    EnrolmentChange,
    MoveReason,
    ReleaseDateMove,
)
from participants.phases import add_months
from participants.signals import release_changed
from primus.refusals import Refused

# An expected release further ahead than this is a slip of the pen.
YEARS_AHEAD = 5
# So long whoever changed a date can take it back by one button; after that they change it again.
UNDO_WITHIN = timedelta(hours=1)


class ReleaseRefused(Refused):
    """The date cannot be. ``code`` says why."""

    SENTENCES = {
        "before_referral": _("The release cannot be before the referral."),
        "too_far": _("The release cannot be more than five years ahead. Check the year."),
        "in_future": _("Confirm the release when it has happened, not before."),
        "same_date": _("This is the date already expected. Choose another."),
        "released": _("The release has been confirmed, so its date no longer moves."),
        "ended": _("This enrolment has ended."),
        "unknown_reason": _("Choose a reason."),
        "not_undone": _("It is too late to undo this: the date has been changed since."),
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
def take_back_move(move: ReleaseDateMove, by) -> ReleaseDateMove:
    """Undo a move within the hour by whoever made it; gives the move back, which is kept too.

    Raises ReleaseRefused("not_undone") when the date has moved again, the release is confirmed,
    or the hour is over; ("ended") when the enrolment has ended.
    """
    row = _locked(move.enrolment)
    if row.released_on is not None or row.expected_release != move.new_date:
        raise ReleaseRefused("not_undone")
    _check_can_undo(move.moved_at, move.moved_by_id, by)
    if row.release_date_moves.order_by("-moved_at", "-pk").first() != move:
        raise ReleaseRefused("not_undone")
    back = ReleaseDateMove.objects.create(
        enrolment=row,
        old_date=move.new_date,
        new_date=move.old_date,
        reason=MoveReason.MISTAKE,
        moved_by=by,
    )
    row.expected_release = move.old_date
    row.save(update_fields=["expected_release"])
    release_changed.send(sender=Enrolment, enrolment=row)
    return back


def _check_can_undo(done_at, done_by: int | None, by) -> None:
    if done_by != by.pk or timezone.now() > done_at + UNDO_WITHIN:
        raise ReleaseRefused("not_undone")


@transaction.atomic
def confirm_release(enrolment: Enrolment, released_on: date, *, by) -> EnrolmentChange | None:
    """Make the release a fact, or correct the day of it; None when it says so already.

    Raises ReleaseRefused when the day lies ahead or before the referral, or the enrolment ended.
    """
    row = _locked(enrolment)
    if released_on > timezone.localdate():
        raise ReleaseRefused("in_future")
    if released_on < row.referred_on:
        raise ReleaseRefused("before_referral")
    before = row.released_on
    if before == released_on:
        return None
    _set_release(row, released_on)
    return EnrolmentChange.objects.create(
        enrolment=row,
        kind=ChangeKind.RELEASE_CORRECTED if before else ChangeKind.RELEASE_CONFIRMED,
        before=before.isoformat() if before else "",
        after=released_on.isoformat(),
        changed_by=by,
    )


@transaction.atomic
def take_back_release(change: EnrolmentChange, by) -> EnrolmentChange:
    """Undo the confirming or correcting of a release within the hour by whoever did it.

    Raises ReleaseRefused("not_undone") when it was corrected again or the hour is over.
    """
    row = _locked(change.enrolment)
    dates = (ChangeKind.RELEASE_CONFIRMED, ChangeKind.RELEASE_CORRECTED)
    if change.kind not in dates or row.released_on is None:
        raise ReleaseRefused("not_undone")
    if row.released_on.isoformat() != change.after:
        raise ReleaseRefused("not_undone")
    _check_can_undo(change.changed_at, change.changed_by_id, by)
    _set_release(row, date.fromisoformat(change.before) if change.before else None)
    return EnrolmentChange.objects.create(
        enrolment=row,
        kind=ChangeKind.RELEASE_TAKEN_BACK,
        before=change.after,
        after=change.before,
        changed_by=by,
    )


def _set_release(row: Enrolment, day: date | None) -> None:
    row.released_on = day
    row.save(update_fields=["released_on"])
    release_changed.send(sender=Enrolment, enrolment=row)
