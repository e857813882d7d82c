"""Writing down a mentor's clearances, and taking out what was written by mistake."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.clearing import ClearanceRefused, add_clearance, renewal_of
from mentoring.forms.mentor_care import ClearanceForm
from mentoring.models import Clearance, ClearanceKind
from mentoring.views.mentor import COORDINATORS, mentor_of
from primus.access.declare import entry, get_visible
from primus.access.models import Event

FIELD_OF = {"future": "obtained_on", "order": "expires_on", "already": "obtained_on"}


@entry(roles=COORDINATORS, event=Event.CREATE)
def clearance_add(request, pk: int):
    """A clearance that the mentor has obtained, or has renewed (``?kind=``)."""
    found = mentor_of(request, pk)
    kind = request.GET.get("kind", "")
    initial = {"obtained_on": timezone.localdate()}
    if kind in ClearanceKind.values:
        initial |= {"kind": kind, "expires_on": renewal_of(found, kind)}
    form = ClearanceForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            clearance = add_clearance(found, said["kind"], said["obtained_on"], said["expires_on"])
        except ClearanceRefused as refused:
            form.add_error(FIELD_OF[refused.code], refused.sentence)
        else:
            request.access.one(clearance, Event.CREATE)
            messages.success(request, _("The clearance is saved."))
            return redirect("mentor", found.pk)
    context = {"section": "mentors", "mentor": found, "form": form}
    return render(request, "mentoring/mentors/clearance.html", context)


@entry(roles=COORDINATORS, event=Event.DELETE)
@require_POST
def clearance_remove(request, pk: int):
    """Take out a clearance that was written down by mistake."""
    clearance = get_visible(request, Clearance.objects.select_related("mentor"), pk=pk)
    clearance.delete()
    messages.success(request, _("The clearance is taken out."))
    return redirect("mentor", clearance.mentor_id)
