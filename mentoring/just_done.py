"""What has just been done to an enrolment, told on its page with the way back."""

from dataclasses import dataclass
from typing import cast

from django.db import models
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from participants.models import ChangeKind, Ending, Enrolment, EnrolmentChange, ReleaseDateMove
from primus.access.querysets import VisibleQuerySet

# What the page's address calls each, and its rows.
KINDS: dict[str, type[models.Model]] = {
    "moved": ReleaseDateMove,
    "changed": EnrolmentChange,
    "ended": Ending,
}


@dataclass(frozen=True)
class JustDone:
    """What the alert says, and where its Undo button leads, if there is a way back."""

    sentence: str
    undo_url: str = ""


def told(enrolment: Enrolment, row: models.Model) -> HttpResponse:
    """Back to the enrolment's page, which tells what was done."""
    name = next(name for name, model in KINDS.items() if isinstance(row, model))
    return redirect(f"{reverse('enrolment', args=[enrolment.pk])}?{name}={row.pk}")


def just_done(request, enrolment: Enrolment) -> JustDone | None:
    """What the address says was done, if the reader may know and it still stands. One query at
    most, and only where the address says anything."""
    for name, model in KINDS.items():
        number = request.GET.get(name, "")
        if number.isdecimal() and len(number) < 19:
            rows = cast(VisibleQuerySet, model._default_manager.all())
            row = rows.visible_to(request.user).filter(enrolment=enrolment, pk=number).first()
            return _sentence(enrolment, row) if row is not None else None
    return None


def _sentence(enrolment: Enrolment, row) -> JustDone | None:
    if isinstance(row, ReleaseDateMove):
        stands = enrolment.expected_release == row.new_date and enrolment.is_current
        undo = reverse("release_move_undo", args=[row.pk])
        return JustDone(_("The expected release has been moved."), undo if stands else "")
    if isinstance(row, Ending):
        if row.reopened_at is not None or enrolment.is_current:
            return None
        return JustDone(
            _("The enrolment has ended, and so has the mentors' access."),
            reverse("enrolment_reopen", args=[enrolment.pk]),
        )
    return _of_change(enrolment, row)


def _of_change(enrolment: Enrolment, change: EnrolmentChange) -> JustDone | None:
    match change.kind:
        case ChangeKind.RELEASE_CONFIRMED | ChangeKind.RELEASE_CORRECTED:
            sentence = _("The release is confirmed.")
            if change.kind == ChangeKind.RELEASE_CORRECTED:
                sentence = _("The day of the release is corrected.")
            now = enrolment.released_on.isoformat() if enrolment.released_on else ""
            undo = reverse("release_confirm_undo", args=[change.pk])
            return JustDone(sentence, undo if now == change.after else "")
        case ChangeKind.INSTITUTION:
            words = {"institution": change.after}
            return JustDone(_("The participant is in %(institution)s now.") % words)
        case ChangeKind.COORDINATOR:
            words = {"name": change.after}
            return JustDone(_("%(name)s answers for this enrolment now.") % words)
    return None
