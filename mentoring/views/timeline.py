"""Everything that happened to an enrolment, for its coordinators."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mentoring.enrolment_page import frame
from mentoring.timeline import Kind, timeline_of
from mentoring.views.enrolment_meetings import choices, one_of
from participants.models import Enrolment
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of

PER_PAGE = 40


@entry(roles=[Role.COORDINATOR], event=Event.READ)
def enrolment_timeline(request, pk: int):
    """Page by page, newest first; ``kind`` in the address narrows it."""
    enrolments = Enrolment.objects.select_related("created_by")
    found, context = frame(request, pk, "timeline", enrolments=enrolments)
    chosen = one_of(request.GET.get("kind"), Kind)
    lines = timeline_of(found, Kind(chosen) if chosen else None)
    context |= {
        "page": page_of(request, lines, PER_PAGE),
        "kinds": choices(chosen, _("All"), Kind.choices),
        "chosen": chosen,
    }
    return render(request, "mentoring/enrolment/timeline.html", context)
