from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from outcomes import tasks
from outcomes.charts import CHARTS, DashboardSubject
from outcomes.charts.picture import as_of
from outcomes.dashboards import latest_run, municipalities_for, snapshot_of
from outcomes.forms import PlaceForm
from outcomes.models import DashboardSnapshot
from outcomes.recidivism import REASONS
from outcomes.snapshots import row
from primus.access.declare import entry
from primus.accounts.models import Role
from primus.jobs.models import RunKind
from primus.jobs.runs import request_run

READERS = [Role.STAFF, Role.COORDINATOR]


@entry(roles=READERS, event=None)
def dashboard(request):
    """The whole country for staff; a coordinator is led to the first of their municipalities."""
    municipalities = list(municipalities_for(request.user))
    if place := request.GET.get("place"):
        return redirect("dashboard_municipality", code=_chosen(municipalities, place).code)
    if request.user.is_staff_role:
        return _page(request, None, municipalities)
    if not municipalities:
        return render(request, "outcomes/no_municipality.html", {"section": "figures"})
    return redirect("dashboard_municipality", code=municipalities[0].code)


@entry(roles=READERS, event=None)
def dashboard_municipality(request, code):
    """One municipality: any for staff, their own for a coordinator."""
    municipalities = list(municipalities_for(request.user))
    return _page(request, _chosen(municipalities, code), municipalities)


@entry(roles=[Role.STAFF], event=None)
@require_POST
def dashboard_recompute(request):
    """Have every dashboard recomputed; whoever asks while it is under way sees that run."""
    run, is_new = request_run(RunKind.SNAPSHOTS, request.user)
    if is_new:
        transaction.on_commit(lambda: tasks.recompute_snapshots.delay(run.pk))
    if request.htmx:
        return render(request, "jobs/_progress.html", {"run": run})
    return redirect("dashboard")


def _chosen(municipalities, code: str):
    for municipality in municipalities:
        if municipality.code == code:
            return municipality
    raise Http404


def _page(request, municipality, municipalities):
    places = [(m.code, m.name) for m in municipalities]
    if request.user.is_staff_role:
        places.insert(0, PlaceForm.COUNTRY)
    snapshot = snapshot_of(municipality.code if municipality else None)
    run = latest_run()
    context = {
        "section": "figures",
        "municipality": municipality,
        "form": PlaceForm(
            places=places, initial={"place": municipality.code if municipality else ""}
        ),
        "several": len(places) > 1,
        "snapshot": snapshot,
        "ever_computed": snapshot is not None or DashboardSnapshot.objects.exists(),
        "run": run,
        "may_compute": request.user.is_staff_role and not (run and run.is_moving),
    }
    if snapshot is not None:
        subject = DashboardSubject.of(snapshot, municipality)
        figures = snapshot.figures
        reasons = figures["recidivism"].get("reasons", {})
        context |= {
            "subject": subject,
            "figures": figures,
            "as_of": as_of(subject),
            "meetings_before": figures["meetings"][-2],
            "charts": {n: c for n, c in CHARTS.items() if c.has_figures(subject)},
            "municipalities_words": CHARTS["municipalities"].words(subject),
            "all_row": row(figures),
            "reasons": [
                (words, reasons[reason]) for reason, words in REASONS.items() if reason in reasons
            ],
        }
    return render(request, "outcomes/dashboard.html", context)
