"""Answering a concern."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentoring.concerns import ConcernRefused, acknowledge, resolve
from mentoring.forms.concerns import OutcomeForm
from mentoring.models import Concern
from mentoring.seats import attach_seats
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
def concern(request, pk: int):
    concerns = Concern.objects.select_related(
        "enrolment__participant",
        "enrolment__municipality",
        "meeting",
        "raised_by",
        "acknowledged_by",
    )
    found = get_visible(request, concerns, event=Event.READ, pk=pk)
    if request.method == "POST" and request.POST.get("do") == "acknowledge":
        return _acknowledge(request, found)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            resolve(found, request.user, form.cleaned_data["outcome"])
        except ConcernRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            request.access.one(found, Event.CHANGE, "resolved")
            messages.success(request, _("The concern is closed. The mentors see what came of it."))
            return redirect("enrolment_list")
    attach_seats([found.enrolment])
    return render(
        request,
        "mentoring/concern.html",
        {
            "section": "enrolments",
            "concern": found,
            "enrolment": found.enrolment,
            "mentors": [place.mentor for place in found.enrolment.places if place.mentor],
            "form": form,
        },
    )


def _acknowledge(request, found: Concern):
    try:
        acknowledge(found, request.user)
    except ConcernRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        request.access.one(found, Event.CHANGE, "acknowledged")
        messages.success(request, _("The mentor can see that you have taken it."))
    return redirect("concern", found.pk)
