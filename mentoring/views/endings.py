"""Ending an enrolment, and opening it again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.ending import what_follows
from mentoring.forms.ending import EndingForm, ReopenForm
from mentoring.just_done import told
from mentoring.reopening import reopen, who_comes_back
from participants.assessments import latest_before, suggested_at_end
from participants.endings import (
    EndRefused,
    check_reopen,
    end_enrolment,
    ending_in_force,
    reopen_until,
)
from participants.models import Enrolment, NeedRating, RatingStage
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]


def _own(request, pk: int) -> Enrolment:
    # Read until something is changed: a page that is only looked at is no change.
    enrolments = Enrolment.objects.select_related("participant", "institution", "municipality")
    return get_visible(request, enrolments, event=Event.READ, pk=pk)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def enrolment_end(request, pk: int):
    """In two steps: how it ended; then what follows from it, and the button that ends it."""
    enrolment = _own(request, pk)
    if not enrolment.is_current:
        messages.warning(request, EndRefused("ended").sentence)
        return redirect("enrolment", enrolment.pk)
    ratings = list(NeedRating.objects.filter(enrolment=enrolment))
    reason = request.GET.get("reason", "")
    form = EndingForm(
        request.POST if request.method == "POST" else None,
        enrolment=enrolment,
        now=suggested_at_end(ratings, timezone.localdate()),
        before=latest_before(ratings, RatingStage.END),
        initial={"end_reason": reason},
    )
    follows: list[str] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if form.was_shown:
            try:
                ending = end_enrolment(
                    enrolment,
                    data["ended_on"],
                    data["end_reason"],
                    detail=form.detail,
                    told=form.told,
                    by=request.user,
                )
            except EndRefused as refused:
                form.refuse(refused)
            else:
                request.access.one(enrolment, Event.CHANGE, f"ended_on {ending.ended_on}")
                return told(enrolment, ending)
        else:
            follows = what_follows(enrolment, data["ended_on"], data["end_reason"])
    context = {
        "section": "enrolments",
        "enrolment": enrolment,
        "form": form,
        "follows": follows,
        "mark": form.mark if follows else "",
    }
    return render(request, "mentoring/ending/end.html", context)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def enrolment_reopen(request, pk: int):
    """What opening it again would mean, and doing it: Undo after an ending comes here too."""
    enrolment = _own(request, pk)
    ending = ending_in_force(enrolment)
    try:
        check_reopen(enrolment, ending, request.user)
    except EndRefused as refused:
        messages.warning(request, refused.sentence)
        return redirect("enrolment", enrolment.pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            comeback = reopen(enrolment, by=request.user, note=form.cleaned_data["note"])
        except EndRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            request.access.one(enrolment, Event.CHANGE, f"opened again, ended {enrolment.ended_on}")
            _tell(request, comeback)
            return redirect("enrolment", enrolment.pk)
    context = {
        "section": "enrolments",
        "enrolment": enrolment,
        "ending": ending,
        "form": form,
        "comeback": who_comes_back(enrolment),
        "until": reopen_until(enrolment, ending),
    }
    return render(request, "mentoring/ending/reopen.html", context)


def _tell(request, comeback) -> None:
    # Without names: a message may wait in a cookie.
    messages.success(request, _("The enrolment is open again."))
    if comeback.back:
        back = len(comeback.back)
        sentence = ngettext(
            "%(n)d mentor follows as before.", "%(n)d mentors follow as before.", back
        )
        messages.success(request, sentence % {"n": back})
    if comeback.missing:
        missing = len(comeback.missing)
        sentence = ngettext(
            "%(n)d mentor cannot follow any longer. Find another for the vacant seat.",
            "%(n)d mentors cannot follow any longer. Find a new pair.",
            missing,
        )
        messages.warning(request, sentence % {"n": missing})
