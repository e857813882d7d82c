"""A coordinator's list of enrolments."""

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import push_url

from mentoring.caseload import attach_rows, caseload
from mentoring.forms.caseload import CaseloadFilter
from mentoring.models import Concern
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.filters import choices_of
from primus.paging import page_of

PER_PAGE = 25


@entry(roles=[Role.COORDINATOR], event=Event.LIST)
def enrolment_list(request):
    """The choices come in the address; with a search they are posted instead."""
    found = CaseloadFilter(choices_of(request), queryset=caseload(request.user), user=request.user)
    address = reverse("enrolment_list")
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
    context = {
        "section": "enrolments",
        "filter": found,
        "filtered": bool(found.chosen),
        "only_current": "phase" not in found.chosen,
        "page": page,
        "rows": rows,
        "more": page.paginator.count - len(rows) if found.search else 0,
    }
    request.access.nobody()
    if request.htmx:
        response = render(request, "mentoring/_enrolment_rows.html", context)
        return push_url(response, address) if request.method == "POST" else response
    # They stand on the desk; here only that there are some.
    context["waiting"] = Concern.objects.visible_to(request.user).waiting().count()
    return render(request, "mentoring/enrolment_list.html", context)
