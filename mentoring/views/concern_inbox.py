"""A coordinator's concerns: those that wait, with their clock, and what is done about others."""

from django.shortcuts import render

from mentoring.forms.concern_inbox import InboxFilter
from mentoring.models import Concern
from mentoring.seats import attach_seats
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of

PER_PAGE = 25


@entry(roles=[Role.COORDINATOR], event=Event.LIST)
def concern_inbox(request):
    """What was chosen stands in the address; the list of those that wait is never cut off."""
    rows = Concern.objects.visible_to(request.user).select_related(
        "enrolment__participant", "enrolment__municipality", "raised_by", "acknowledged_by"
    )
    found = InboxFilter(request.GET or None, queryset=rows, user=request.user)
    context = {"section": "desk", "filter": found, "is_closed": found.is_closed}
    if found.is_closed:
        closed = found.qs.filter(resolved_at__isnull=False).order_by("-resolved_at", "-pk")
        page = page_of(request, closed, PER_PAGE)
        shown = list(page.object_list)
        context |= {"page": page, "closed": shown}
    else:
        shown = list(found.qs.unresolved().most_urgent_first())
        context |= {
            "waiting": [concern for concern in shown if concern.acknowledged_at is None],
            "taken": [concern for concern in shown if concern.acknowledged_at is not None],
        }
    # Each enrolment once, since two concerns can be about the same one.
    seats = attach_seats({c.enrolment_id: c.enrolment for c in shown}.values())
    places = {enrolment.pk: enrolment.places for enrolment in seats}
    for concern in shown:
        concern.places = places[concern.enrolment_id]
    request.access.many(shown)
    request.access.nobody()
    return render(request, "mentoring/concerns/inbox.html", context)
