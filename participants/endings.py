"""The end of an enrolment: how it went, and opening it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.assessments import Answer, save_end_ratings
from participants.models import (
    ChangeKind,
    DeclinedReason,
    Ending,
    EndReason,
    Enrolment,
    EnrolmentChange,
    NotEligibleReason,
    SupportArea,
)
from participants.signals import enrolment_ended
from primus.refusals import Refused

# So many days after it was written down, an ending can still be taken back.
REOPEN_WITHIN_DAYS = 30

# Reasons that are said more closely, and in which words.
DETAILS = {
    EndReason.NOT_ELIGIBLE: NotEligibleReason,
    EndReason.DECLINED: DeclinedReason,
}

ENDS = ["ended_on", "end_reason", "end_detail"]


class EndRefused(Refused):
    """The enrolment does not end, or is not opened again. ``code`` says why."""

    SENTENCES = {
        "ended": _("This enrolment has ended."),
        "in_future": _("An enrolment ends today or on a day that has been."),
        "before_referral": _("An enrolment cannot end before the referral."),
        "before_release": _("An enrolment cannot end before the release."),
        "not_released": _("An enrolment without a confirmed release is not completed."),
        "unknown_reason": _("Choose a reason."),
        "unknown_detail": _("Choose why."),
        "taken_in": _(
            "They have had mentors or have been released, so they were taken in. "
            "Choose that they withdrew, or another reason."
        ),
        "open": _("This enrolment is open already."),
        "too_late": _(
            "An enrolment can be opened again for 30 days after it was ended. "
            "Refer the person anew: they get a new enrolment, and this one stays as it is."
        ),
        "newer": _(
            "This participant has a newer enrolment that is open, so this one stays as it is."
        ),
        # Said where the newer one is not the reader's to know of.
        "not_here": _(
            "This enrolment cannot be opened again from here. Talk to the national office."
        ),
    }

    @property
    def field(self) -> str | None:
        """The question of the form that a refusal is about."""
        return {
            "in_future": "ended_on",
            "before_referral": "ended_on",
            "before_release": "ended_on",
            "not_released": "end_reason",
            "unknown_reason": "end_reason",
            "unknown_detail": "end_detail",
            "taken_in": "end_reason",
        }.get(self.code)


@dataclass(frozen=True)
class Told:
    """What is written down at an ending, beside when and why: texts, and how the areas stand."""

    closing_note: str = ""
    mentors_said: str = ""
    needs: Mapping[SupportArea, Answer] = field(default_factory=dict)


def check_end(enrolment: Enrolment, ended_on: date, reason: str, detail: str = "") -> None:
    """Raise EndRefused for an ending that cannot be."""
    if not enrolment.is_current:
        raise EndRefused("ended")
    if reason not in EndReason.values:
        raise EndRefused("unknown_reason")
    known = DETAILS.get(EndReason(reason))
    if known is not None and detail not in known.values:
        raise EndRefused("unknown_detail")
    if known is not None and _was_taken_in(enrolment):
        raise EndRefused("taken_in")
    if ended_on > timezone.localdate():
        raise EndRefused("in_future")
    if ended_on < enrolment.referred_on:
        raise EndRefused("before_referral")
    if enrolment.released_on is not None and ended_on < enrolment.released_on:
        raise EndRefused("before_release")
    if reason == EndReason.COMPLETED and enrolment.released_on is None:
        raise EndRefused("not_released")


def _was_taken_in(enrolment: Enrolment) -> bool:
    """Whether the programme had begun for them: then they drop out, and are not turned down."""
    # By name: pairs are known further up. One formed by mistake and undone was none.
    pairs = enrolment.pairs.exclude(end_reason="by_mistake")
    return enrolment.released_on is not None or pairs.exists()


@transaction.atomic
def end_enrolment(
    enrolment: Enrolment,
    ended_on: date,
    reason: str,
    *,
    by=None,
    detail: str = "",
    told: Told | None = None,
) -> Ending:
    """End an enrolment; its mentors give up their seats in the same transaction.

    `detail` says more closely why it was not for this programme or was declined: then nobody was
    taken in, and neither wishes nor what was `told` are kept. Raises EndRefused when it has ended
    already, or the day or the reason cannot be.
    """
    row = Enrolment.objects.locked(enrolment.pk)
    check_end(row, ended_on, reason, detail)
    told = told or Told()
    row.ended_on = ended_on
    row.end_reason = reason
    if EndReason(reason) in DETAILS:
        # Of a referral that comes to nothing only who it was about and why is kept.
        row.end_detail = detail
        row.wishes, row.wished_times, row.trade = "", [], ""
        told = Told()
    row.save(update_fields=[*ENDS, "wishes", "wished_times", "trade"])
    ending = Ending.objects.create(
        enrolment=row,
        ended_on=ended_on,
        reason=reason,
        closing_note=told.closing_note,
        mentors_said=told.mentors_said,
        ended_by=by,
    )
    save_end_ratings(row, told.needs, ended_on, by)
    enrolment_ended.send(sender=Enrolment, enrolment=row, ending=ending)
    return ending


def reopen_until(enrolment: Enrolment, ending: Ending | None) -> date:
    """The last day on which an ended enrolment can be opened again.

    Counted from when the ending was written down: one that is entered late can still be a slip.
    """
    written_on = timezone.localdate(ending.ended_at) if ending else enrolment.ended_on
    assert written_on is not None, "the enrolment has not ended"
    return written_on + timedelta(days=REOPEN_WITHIN_DAYS)


def check_reopen(enrolment: Enrolment, ending: Ending | None, by) -> None:
    """Raise EndRefused for an enrolment that is open, has been closed too long, or whose
    participant is in the programme again."""
    if enrolment.ended_on is None:
        raise EndRefused("open")
    if timezone.localdate() > reopen_until(enrolment, ending):
        raise EndRefused("too_late")
    current = Enrolment.objects.filter(participant=enrolment.participant_id, ended_on=None)
    newer = current.first()
    if newer is not None:
        visible = Enrolment.objects.visible_to(by).filter(pk=newer.pk).exists()
        raise EndRefused("newer" if visible else "not_here")


def ending_in_force(enrolment: Enrolment) -> Ending | None:
    """How an ended enrolment ended; None where nothing was written down."""
    return enrolment.endings.filter(reopened_at=None).select_related("ended_by").first()


@transaction.atomic
def reopen_enrolment(enrolment: Enrolment, *, by, note: str = "") -> Ending | None:
    """Open an ended enrolment again; gives the ending it had, which keeps what was written.

    Its mentors are no matter here: see `mentoring.reopening`. Raises EndRefused.
    """
    row = Enrolment.objects.locked(enrolment.pk)
    ending = ending_in_force(row)
    check_reopen(row, ending, by)
    before = row.ended_on
    row.ended_on, row.end_reason, row.end_detail = None, "", ""
    try:
        with transaction.atomic():
            row.save(update_fields=ENDS)
    except IntegrityError as error:
        # Somebody referred the person again at the same moment.
        raise EndRefused("not_here") from error
    if ending is not None:
        ending.reopened_at, ending.reopened_by = timezone.now(), by
        ending.save(update_fields=["reopened_at", "reopened_by"])
    EnrolmentChange.objects.create(
        enrolment=row,
        kind=ChangeKind.REOPENED,
        before=before.isoformat(),
        note=note,
        changed_by=by,
    )
    return ending
