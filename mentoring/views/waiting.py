"""The waiting list of a municipality: a pair for everyone at once, found by the worker."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from mentoring import tasks
from mentoring.matching.waiting import as_it_stands, latest_plan, latest_run, waiting_in
from mentoring.models import Mentor
from participants.models import Municipality
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.jobs.models import RunKind
from primus.jobs.runs import request_run

COORDINATORS = [Role.COORDINATOR]


def _chosen(request, code: str | None) -> tuple[Municipality | None, list[Municipality]]:
    """The municipality that was asked for, or the first of the coordinator's own; and all these."""
    own = list(Municipality.objects.of_coordinator(request.user).order_by("name"))
    if not code:
        return (own[0] if own else None), own
    for municipality in own:
        if municipality.code == code:
            return municipality, own
    raise Http404


@entry(roles=COORDINATORS, event=Event.LIST)
def waiting_list(request):
    """Who waits for a pair, and what was found for each when all were looked at at once."""
    municipality, own = _chosen(request, request.GET.get("municipality"))
    context = {"section": "enrolments", "municipality": municipality, "municipalities": own}
    rows, plan = [], None
    if municipality is not None:
        enrolments = list(waiting_in(municipality.code))
        plan = latest_plan(municipality.code)
        rows = as_it_stands(enrolments, plan, Mentor.objects.visible_to(request.user))
        context["run"] = latest_run(municipality.code)
        request.access.many(enrolments)
        two = [person.row for row in rows if row.suggestion for person in row.suggestion.people]
        request.access.many({mentor.pk: mentor for mentor in two}.values())
    if not rows:
        request.access.nobody()
    context |= {
        "rows": rows,
        "plan": plan,
        "found": sum(row.found == "pair" for row in rows),
        "has_new": any(row.found in ("new", "gone") for row in rows),
    }
    return render(request, "mentoring/waiting_list.html", context)


@entry(roles=COORDINATORS, event=None)
@require_POST
def waiting_list_find(request):
    """Have pairs found for everyone who waits; who asks while it is under way sees that run."""
    municipality, _own = _chosen(request, request.POST.get("municipality"))
    if municipality is None:
        raise Http404
    run, is_new = request_run(RunKind.WAITING_LIST, request.user, subject=municipality.code)
    if is_new:
        transaction.on_commit(lambda: tasks.find_waiting_pairs.delay(run.pk))
    if request.htmx:
        return render(request, "jobs/_progress.html", {"run": run})
    return redirect(f"{reverse('waiting_list')}?municipality={municipality.code}")
