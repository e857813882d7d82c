"""Moving and confirming a release, and taking back either."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.just_done import told
from mentoring.moving import preview_of
from participants.forms.releases import ReleaseConfirmForm, ReleaseMoveForm
from participants.models import ChangeKind, Enrolment, EnrolmentChange, ReleaseDateMove
from participants.releases import (
    ReleaseRefused,
    confirm_release,
    move_release,
    take_back_move,
    take_back_release,
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
    context |= {"section": "enrolments", "enrolment": enrolment, "form": form}
    return render(request, f"participants/{name}.html", context)


def _refused(request, enrolment: Enrolment, code: str):
    """Back to the enrolment, with why its dates do not move any longer."""
    messages.warning(request, ReleaseRefused(code).sentence)
    return redirect("enrolment", enrolment.pk)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def release_move(request, pk: int):
    """In two steps: the day and why; then what moves with it, and the button that moves it."""
    enrolment = _own(request, pk)
    if not enrolment.is_current:
        return _refused(request, enrolment, "ended")
    if enrolment.released_on is not None:
        return _refused(request, enrolment, "released")
    form = ReleaseMoveForm(request.POST if request.method == "POST" else None, enrolment=enrolment)
    preview = new_day = None
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
                detail = f"expected_release {move.old_date} → {move.new_date}"
                request.access.one(enrolment, Event.CHANGE, detail)
                return told(enrolment, move)
        else:
            new_day = data["new_date"]
            preview = preview_of(enrolment, new_day)
    return _page(request, "release_move", enrolment, form, preview=preview, new_day=new_day)


@entry(roles=COORDINATORS, event=Event.CHANGE)
@require_POST
def release_move_undo(request, pk: int):
    moves = ReleaseDateMove.objects.select_related("enrolment")
    move = get_visible(request, moves, event=Event.READ, pk=pk)
    try:
        back = take_back_move(move, request.user)
    except ReleaseRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        detail = f"undone: expected_release {back.old_date} → {back.new_date}"
        request.access.one(move.enrolment, Event.CHANGE, detail)
        messages.success(request, _("It is as it was before."))
    return redirect("enrolment", move.enrolment_id)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def release_confirm(request, pk: int):
    enrolment = _own(request, pk)
    if not enrolment.is_current:
        return _refused(request, enrolment, "ended")
    likely = min(enrolment.release_day, timezone.localdate())
    form = ReleaseConfirmForm(
        request.POST if request.method == "POST" else None, initial={"released_on": likely}
    )
    if request.method == "POST" and form.is_valid():
        try:
            change = confirm_release(enrolment, form.cleaned_data["released_on"], by=request.user)
        except ReleaseRefused as refused:
            form.add_error("released_on", refused.sentence)
        else:
            if change is None:
                messages.info(request, _("Nothing was changed."))
                return redirect("enrolment", enrolment.pk)
            detail = f"released_on {change.before or '–'} → {change.after}"
            request.access.one(enrolment, Event.CHANGE, detail)
            return told(enrolment, change)
    return _page(request, "release_confirm", enrolment, form)


@entry(roles=COORDINATORS, event=Event.CHANGE)
@require_POST
def release_confirm_undo(request, pk: int):
    dates = [ChangeKind.RELEASE_CONFIRMED, ChangeKind.RELEASE_CORRECTED]
    changes = EnrolmentChange.objects.filter(kind__in=dates).select_related("enrolment")
    change = get_visible(request, changes, event=Event.READ, pk=pk)
    try:
        back = take_back_release(change, request.user)
    except ReleaseRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        detail = f"undone: released_on {back.before} → {back.after or '–'}"
        request.access.one(change.enrolment, Event.CHANGE, detail)
        messages.success(request, _("It is as it was before."))
    return redirect("enrolment", change.enrolment_id)
