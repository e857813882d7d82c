import re

from django.apps import apps
from django.db.models import OuterRef, Q, Subquery
from django.shortcuts import render

from primus.access import words
from primus.access.declare import entry
from primus.access.filters import AccessFilter
from primus.access.models import AccessEntry, Event
from primus.accounts.models import Role
from primus.filters import keep_choices, kept_choices
from primus.paging import PER_PAGE

PLAIN_NUMBER = re.compile(r"[0-9]{1,18}")


# Reading the log reaches case numbers and users, no participant's data, and is no event of its
# own: else each page of it would write the first row of the next. Asking who has seen one
# certain case is another matter, and is recorded as a search.
@entry(roles=(Role.ADMINISTRATOR, Role.COORDINATOR), event=None)
def access_log(request):
    """Who did what, newest first; a coordinator sees what concerns their municipalities."""
    if request.method == "POST":
        return keep_choices(request)
    # By name, because municipalities are known further up.
    municipality = apps.get_model("participants", "Municipality").objects.filter(
        code=OuterRef("municipality_code")
    )
    rows = AccessEntry.objects.visible_to(request.user).annotate(
        municipality_name=Subquery(municipality.values("name")[:1])
    )
    chosen = AccessFilter(kept_choices(request), rows)
    # From a row on rather than by page: rows arrive while one reads, and counting all is slow.
    page = chosen.qs
    before = request.GET.get("before", "")
    last = rows.filter(pk=int(before)).first() if PLAIN_NUMBER.fullmatch(before) else None
    if last is not None:
        page = page.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    found = list(page[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    for row in shown:
        row.about = words.about(row)
        row.searched_for = words.searched_for(row)
        row.purpose = words.purpose(row)
        row.role_label = dict(Role.choices).get(row.role, row.role)
    case = chosen.form.cleaned_data.get("case", "")
    if case:
        request.access.many([], event=Event.SEARCH, detail=case)
    return render(
        request,
        "access/access_log.html",
        {
            "filter": chosen,
            "rows": shown,
            "older": shown[-1].pk if len(found) > PER_PAGE else None,
            "newest": last is None,
            "section": "access_log",
        },
    )
