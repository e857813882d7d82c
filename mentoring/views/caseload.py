"""A coordinator's list of own enrolments, with the concerns that wait above it."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import push_url

from mentoring.caseload import attach_rows, caseload
from mentoring.forms.caseload import CaseloadFilter
from mentoring.models import Concern, StopNotice
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
        .most_urgent_first()
    )
    # Each enrolment once, since two concerns can be about the same one.
    seats = attach_seats({c.enrolment_id: c.enrolment for c in concerns}.values())
    by_number = {enrolment.pk: enrolment for enrolment in seats}
    for concern in concerns:
        concern.places = by_number[concern.enrolment_id].places
    waiting = [c for c in concerns if c.acknowledged_at is None]
    return waiting, [c for c in concerns if c.acknowledged_at is not None]


def mentors_who_stop(user) -> list[StopNotice]:
    """The notices of the user's mentors that nobody has seen to, the nearest day first."""
    notices = list(
        StopNotice.objects.visible_to(user)
        .to_see_to()
        .select_related("seat__mentor__user", "seat__pair__enrolment__participant")
        .order_by("stops_on", "pk")
    )
    attach_seats(notice.enrolment for notice in notices)
    return notices


def _kept(found: CaseloadFilter) -> str:
    """What was chosen, as the query of an address that can be kept and shared. Not what was
    searched for: that is mostly a person's name, and addresses lie in histories and logs."""
    chosen = {name: value for name, value in found.chosen.items() if name != "q"}
    if "municipality" in chosen:
        chosen["municipality"] = chosen["municipality"].pk
    return urlencode(chosen)


@entry(roles=[Role.COORDINATOR], event=Event.LIST)
def enrolment_list(request):
    """The choices come in the address; with a search they are posted instead."""
    choices = request.POST if request.method == "POST" else without_search(request.GET)
    found = CaseloadFilter(choices, queryset=caseload(request.user), user=request.user)
    address = reverse("enrolment_list")
    if request.method == "POST":
        kept = _kept(found)
        address += f"?{kept}" if kept else ""
        if not request.htmx and not found.search:
            return redirect(address)
        # The links to further pages go on from what was chosen.
        request.GET = QueryDict(kept)
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
        "more": page.paginator.count - len(rows) if found.search else 0,
        "waiting": [],
    }
    if request.htmx:
        # Only the list changes with the filter; what stands above it stays as it is.
        request.access.nobody()
        response = render(request, "mentoring/_enrolment_rows.html", context)
        return push_url(response, address) if request.method == "POST" else response
    waiting, answered = open_concerns(request.user)
    reminders = for_home(request.user)
    stopping = mentors_who_stop(request.user)
    request.access.many([*waiting, *answered])
    request.access.many(stopping)
    request.access.many(reminder.enrolment for reminder in reminders)
    request.access.nobody()
    return render(
        request,
        "mentoring/enrolment_list.html",
        {
            **context,
            "waiting": waiting,
            "answered": answered,
            "stopping": stopping,
            "reminders": reminders,
        },
    )


def without_search(choices):
    kept = choices.copy()
    kept.pop("q", None)
    return kept
