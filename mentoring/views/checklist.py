"""The gate-week checklist: ticking it, and saying who sees to a point."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.checklist import PointRefused, applies, attach_checklist, take, tick
from mentoring.enrolment_page import section_of
from mentoring.forms.checklist import TakeForm
from mentoring.seats import attach_seats
from participants.models import ChecklistItem, ChecklistPoint, Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role


def numbers(values: list[str]) -> set[int]:
    """The primary keys among what was sent; anything else is left out."""
    return {
        int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19
    }


def where_after(request, enrolment: Enrolment) -> str:
    """Back to where the list stands: a mentor's home, or the enrolment's page."""
    if request.user.is_mentor:
        return f"{reverse('mentor_home')}#checklist-{enrolment.pk}"
    return reverse("enrolment", args=[enrolment.pk])


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CHANGE)
@require_POST
def checklist_save(request, pk: int):
    """Tick or untick points: what differs from what the page showed, and nothing else."""
    enrolment = get_visible(request, Enrolment.objects.current(), pk=pk)
    now, before = numbers(request.POST.getlist("point")), numbers(request.POST.getlist("was"))
    tick(enrolment, done=now - before, undone=before - now, by=request.user)
    if not request.htmx:
        return redirect(where_after(request, enrolment))
    attach_checklist([enrolment])
    return render(request, "mentoring/_checklist.html", {"enrolment": enrolment})


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CHANGE)
def checklist_take(request, pk: int, point: int):
    """Who of the two sees to one point, and by when."""
    enrolments = Enrolment.objects.current().select_related("participant")
    enrolment = get_visible(request, enrolments, event=Event.READ, pk=pk)
    found = ChecklistPoint.objects.filter(pk=point, is_active=True).first()
    if found is None or not applies(found, enrolment):
        raise Http404
    attach_seats([enrolment])
    item = ChecklistItem.objects.filter(enrolment=enrolment, point=found).first()
    holders = [seat.mentor.user for seat in enrolment.seats_now]
    taken = item.taken_by_id if item else None
    mine = request.user.pk if request.user.is_mentor else None
    form = TakeForm(
        request.POST if request.method == "POST" else None,
        holders=holders,
        reader=request.user,
        initial={
            "who": taken or mine,
            # By the day before the release, or today when that is over.
            "due_on": (item and item.due_on)
            or max(timezone.localdate(), enrolment.release_day - timedelta(days=1)),
            "seen": taken,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            take(enrolment, found, form.chosen, form.day, seen=form.cleaned_data["seen"])
        except PointRefused as refused:
            about_day = refused.code in ("past", "no_day")
            form.add_error("due_on" if about_day else None, refused.sentence)
        else:
            request.access.one(enrolment, Event.CHANGE, "checklist")
            messages.success(request, _("Saved: %(point)s.") % {"point": found})
            return redirect(where_after(request, enrolment))
    context = {
        "section": section_of(request.user),
        "enrolment": enrolment,
        "point": found,
        "form": form,
        "back": where_after(request, enrolment),
    }
    return render(request, "mentoring/checklist_take.html", context)
