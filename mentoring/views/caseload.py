"""A coordinator's list of own enrolments, with the concerns that wait above it."""

from django.shortcuts import render

from mentoring.caseload import attach_rows, caseload
from mentoring.forms.caseload import CaseloadFilter
from mentoring.models import Concern
from mentoring.reminders import for_home
from mentoring.seats import attach_seats
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of

PER_PAGE = 25


def open_concerns(user) -> tuple[list[Concern], list[Concern]]:
    """The user's concerns that wait for an answer, and those answered but not yet closed."""
    concerns = list(
        Concern.objects.visible_to(user)
        .unresolved()
        .select_related("enrolment__participant", "raised_by", "acknowledged_by")
        .order_by("acknowledge_by", "pk")
    )
    # Each enrolment once, since two concerns can be about the same one.
    seats = attach_seats({c.enrolment_id: c.enrolment for c in concerns}.values())
    by_number = {enrolment.pk: enrolment for enrolment in seats}
    for concern in concerns:
        concern.places = by_number[concern.enrolment_id].places
    waiting = [c for c in concerns if c.acknowledged_at is None]
    return waiting, [c for c in concerns if c.acknowledged_at is not None]


@entry(roles=[Role.COORDINATOR], event=Event.LIST)
def enrolment_list(request):
    found = CaseloadFilter(request.GET, queryset=caseload(request.user), user=request.user)
    page = page_of(request, found.qs, PER_PAGE)
    rows = attach_rows(page.object_list)
    if found.search:
        request.access.many(rows, Event.SEARCH, detail=f"search: {found.search}")
    else:
        request.access.many(rows)
    context = {
        "section": "enrolments",
        "filter": found,
        "filtered": bool(found.chosen),
        "only_current": "phase" not in found.chosen,
        "page": page,
        "rows": rows,
        "waiting": [],
    }
    if request.htmx:
        # Only the list changes with the filter; what stands above it stays as it is.
        request.access.nobody()
        return render(request, "mentoring/_enrolment_rows.html", context)
    waiting, answered = open_concerns(request.user)
    reminders = for_home(request.user)
    request.access.many([*waiting, *answered])
    request.access.many(reminder.enrolment for reminder in reminders)
    request.access.nobody()
    return render(
        request,
        "mentoring/enrolment_list.html",
        {**context, "waiting": waiting, "answered": answered, "reminders": reminders},
    )
