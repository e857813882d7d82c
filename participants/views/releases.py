"""Moving and confirming a release, and ending an enrolment."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.closed_days import closed_reason
from participants.forms import EnrolmentEndForm, ReleaseConfirmForm, ReleaseMoveForm
from participants.models import Enrolment
from participants.releases import (
    ReleaseRefused,
    confirm_release,
    end_enrolment,
    move_release,
    what_moves,
)
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]


def _own(request, pk: int) -> Enrolment:
    # Read until something is changed: a page that is only looked at is no change.
    enrolments = Enrolment.objects.select_related("participant", "institution", "municipality")
    return get_visible(request, enrolments, event=Event.READ, pk=pk)


def _page(request, name: str, enrolment: Enrolment, form, **context):
    return render(
        request,
        f"participants/{name}.html",
        {
            "section": "enrolments",
            "enrolment": enrolment,
            "form": form,
            **context,
        },
    )


def _closed(request, enrolment: Enrolment):
    """Back to the enrolment, with why its dates do not move any longer."""
    messages.warning(request, ReleaseRefused("ended").sentence)
    return redirect("enrolment", enrolment.pk)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def release_move(request, pk: int):
    enrolment = _own(request, pk)
    if not enrolment.is_current:
        return _closed(request, enrolment)
    if enrolment.released_on is not None:
        messages.warning(request, ReleaseRefused("released").sentence)
        return redirect("enrolment", enrolment.pk)
    form = ReleaseMoveForm(request.POST if request.method == "POST" else None, enrolment=enrolment)
    moves = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.was_shown:
            try:
                move = move_release(
                    enrolment,
                    data["new_date"],
                    reason=data["reason"],
                    note=data["note"],
                    by=request.user,
                )
            except ReleaseRefused as refused:
                form.add_error(None, refused.sentence)
            else:
                request.access.one(
                    enrolment, Event.CHANGE, f"expected_release {move.old_date} → {move.new_date}"
                )
                messages.success(request, _("The expected release has been moved."))
                return redirect("enrolment", enrolment.pk)
        else:
            moves = what_moves(enrolment, data["new_date"])
    new_day = form.cleaned_data["new_date"] if moves else None
    return _page(
        request,
        "release_move",
        enrolment,
        form,
        moves=moves,
        new_day=new_day,
        new_closed=closed_reason(new_day) if new_day else None,
    )


@entry(roles=COORDINATORS, event=Event.CHANGE)
def release_confirm(request, pk: int):
    enrolment = _own(request, pk)
    if not enrolment.is_current:
        return _closed(request, enrolment)
    likely = min(enrolment.release_day, timezone.localdate())
    form = ReleaseConfirmForm(
        request.POST if request.method == "POST" else None, initial={"released_on": likely}
    )
    if request.method == "POST" and form.is_valid():
        try:
            confirmed = confirm_release(enrolment, form.cleaned_data["released_on"])
        except ReleaseRefused as refused:
            form.add_error("released_on", refused.sentence)
        else:
            detail = f"released_on {enrolment.released_on or '–'} → {confirmed.released_on}"
            request.access.one(enrolment, Event.CHANGE, detail)
            messages.success(request, _("The release is confirmed."))
            return redirect("enrolment", enrolment.pk)
    return _page(request, "release_confirm", enrolment, form)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def enrolment_end(request, pk: int):
    enrolment = _own(request, pk)
    if not enrolment.is_current:
        return _closed(request, enrolment)
    form = EnrolmentEndForm(
        request.POST if request.method == "POST" else None,
        initial={"ended_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            ended = end_enrolment(enrolment, data["ended_on"], data["end_reason"])
        except ReleaseRefused as refused:
            field = (
                "end_reason" if refused.code in ("not_released", "unknown_reason") else "ended_on"
            )
            form.add_error(field, refused.sentence)
        else:
            request.access.one(enrolment, Event.CHANGE, f"ended_on {ended.ended_on}")
            messages.success(request, _("The enrolment has ended, and so has the mentors' access."))
            return redirect("enrolment", enrolment.pk)
    return _page(request, "enrolment_end", enrolment, form)
