from django.shortcuts import get_object_or_404, render
from django_htmx.http import HTMX_STOP_POLLING, trigger_client_event

from primus.access.declare import entry
from primus.accounts.models import Role
from primus.jobs.models import Run, RunKind


@entry(roles=[Role.STAFF, Role.COORDINATOR], event=None)
def run_progress(request, pk):
    """How far a run has come: a page, or for htmx the part of it that moves.

    The last answer stops the asking and sends ``run-finished`` to the page, with the run's
    number and what became of it.
    """
    run = get_object_or_404(Run.objects.visible_to(request.user), pk=pk)
    sections = {RunKind.SNAPSHOTS: "figures", RunKind.EFFECT: "effect"}
    section = sections.get(RunKind(run.kind), "enrolments")
    context = {"run": run, "said": False, "section": section}
    if not request.htmx:
        return render(request, "jobs/run.html", context)
    if run.is_moving:
        return render(request, "jobs/_progress_state.html", context)
    response = render(
        request, "jobs/_progress_state.html", context | {"said": True}, status=HTMX_STOP_POLLING
    )
    return trigger_client_event(response, "run-finished", {"run": run.pk, "state": run.shown})
