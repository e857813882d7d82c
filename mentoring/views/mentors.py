"""A coordinator's directory of mentors."""

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import push_url

from mentoring.directory import attach_rows, directory, invited
from mentoring.forms.mentors import MentorFilter
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.filters import choices_of
from primus.paging import page_of

PER_PAGE = 25
INVITED_AT_MOST = 10


@entry(roles=[Role.COORDINATOR], event=Event.LIST)
def mentor_list(request):
    """The choices come in the address; with a search they are posted instead."""
    found = MentorFilter(choices_of(request), queryset=directory(request.user), user=request.user)
    address = reverse("mentor_list")
    if request.method == "POST":
        kept = found.address
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
    request.access.nobody()
    context = {
        "section": "mentors",
        "filter": found,
        "filtered": bool(found.chosen),
        "without_left": "state" not in found.chosen,
        "page": page,
        "rows": rows,
        "more": page.paginator.count - len(rows) if found.search else 0,
    }
    if request.htmx:
        response = render(request, "mentoring/mentors/_rows.html", context)
        return push_url(response, address) if request.method == "POST" else response
    waiting = list(invited(request.user)[: INVITED_AT_MOST + 1])
    request.access.many(waiting[:INVITED_AT_MOST])
    context |= {
        "invited": waiting[:INVITED_AT_MOST],
        "more_invited": len(waiting) > INVITED_AT_MOST,
    }
    return render(request, "mentoring/mentors/list.html", context)
