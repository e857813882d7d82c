from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from mentoring.checklist import tick
from mentoring.overview import attach_checklist
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role


def numbers(values: list[str]) -> set[int]:
    """The primary keys among what was sent; anything else is left out."""
    return {
        int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19
    }


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CHANGE)
@require_POST
def checklist_save(request, pk: int):
    """Tick or untick points: what differs from what the page showed, and nothing else."""
    enrolment = get_visible(request, Enrolment.objects.current(), pk=pk)
    now, before = numbers(request.POST.getlist("point")), numbers(request.POST.getlist("was"))
    tick(enrolment, done=now - before, undone=before - now, by=request.user)
    if not request.htmx:
        return redirect(
            "home" if request.user.is_mentor else "enrolment",
            *(() if request.user.is_mentor else (pk,)),
        )
    attach_checklist([enrolment])
    return render(request, "mentoring/_checklist.html", {"enrolment": enrolment})
