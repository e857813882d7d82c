from urllib.parse import urlencode

from django.core.cache import caches
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from outcomes import tasks
from outcomes.charts import CHARTS, DashboardSubject
from outcomes.charts.base import choice
from outcomes.charts.municipalities import SORTS, all_row, municipality_rows
from outcomes.charts.picture import DAY, as_of
from outcomes.dashboards import latest_run, municipalities_for, snapshot_of, stored_periods
from outcomes.forms import DashboardForm
from outcomes.recidivism import REASONS, Definition
from outcomes.views.choices import chosen
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
        return redirect(_address(request, _chosen_place(municipalities, place)))
    if request.user.is_staff_role:
        return _page(request, None, municipalities)
    if not municipalities:
        return render(request, "outcomes/no_municipality.html", {"section": "figures"})
    return redirect(_address(request, municipalities[0]))


@entry(roles=READERS, event=None)
def dashboard_municipality(request, code):
    """One municipality: any for staff, their own for a coordinator."""
    municipalities = list(municipalities_for(request.user))
    return _page(request, _chosen_place(municipalities, code), municipalities)


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


def _chosen_place(municipalities, code: str):
    for municipality in municipalities:
        if municipality.code == code:
            return municipality
    raise Http404


def _address(request, municipality) -> str:
    """A municipality's page with the period and the definition that this one is asked for by."""
    return _with(reverse("dashboard_municipality", args=[municipality.code]), *chosen(request))


def _with(path: str, period: str, definition: Definition, **more: str) -> str:
    """A page's address with what is chosen on it."""
    asked = choice(period, definition) | more
    return f"{path}?{urlencode(asked)}" if asked else path


def _page(request, municipality, municipalities):
    period, definition = chosen(request)
    snapshot = snapshot_of(municipality.code if municipality else None, period)
    if snapshot is not None:
        periods, ever_computed = list(snapshot.figures["periods"]), True
    else:
        periods, ever_computed = stored_periods(municipality.code if municipality else None)
    run = latest_run()
    sort = request.GET.get("sort", "")
    if sort not in SORTS or municipality:
        sort = ""
    context = {
        "section": "figures",
        "municipality": municipality,
        "period": period,
        "definition": definition,
        "form": _form(request, municipality, municipalities, periods, sort),
        "snapshot": snapshot,
        "ever_computed": ever_computed,
        "all_years": _with(request.path, "", definition),
        "run": run,
        "may_compute": request.user.is_staff_role and not (run and run.is_moving),
    }
    if snapshot is not None:
        subject = DashboardSubject.of(snapshot, municipality, definition)
        context |= {
            "as_of": as_of(subject),
            "is_demonstration": subject.is_demonstration,
            "figures": _figures(request.path, subject, sort),
        }
    return render(request, "outcomes/dashboard.html", context)


def _form(request, municipality, municipalities, periods: list[str], sort: str) -> DashboardForm:
    period, definition = chosen(request)
    places = [(m.code, m.name) for m in municipalities]
    if request.user.is_staff_role:
        places.insert(0, DashboardForm.COUNTRY)
    if period and period not in periods:
        periods = [*periods, period]
    return DashboardForm(
        places=places,
        periods=periods,
        action=request.path,
        initial={
            "place": municipality.code if municipality else "",
            "period": period,
            "definition": definition.key,
            "sort": sort,
        },
    )


def _figures(path: str, subject: DashboardSubject, sort: str) -> str:
    """What the page shows of the stored figures: the same for everyone, until they are computed
    anew, and so written once."""
    told_apart_by = [
        subject.stamp,
        subject.code or "",
        subject.definition.key,
        sort,
        get_language(),
        str(subject.is_demonstration),
    ]
    return caches["pages"].get_or_set(
        f"dashboard:{':'.join(told_apart_by)}",
        lambda: render_to_string("outcomes/_figures.html", _written(path, subject, sort)),
        DAY,
    )


def _written(path: str, subject: DashboardSubject, sort: str) -> dict:
    """What stands in the part of the page with figures."""
    reasons = subject.recidivism.get("reasons", {})
    charts = {name: chart for name, chart in CHARTS.items() if chart.has_figures(subject)}
    return {
        "subject": subject,
        "definition": subject.definition,
        "figures": subject.figures,
        "as_of": as_of(subject),
        "charts": charts,
        "counted_by": [
            (
                other,
                counted,
                _with(path, subject.period, other, **({"sort": sort} if sort else {})),
            )
            for other, counted in CHARTS["definitions"].rows(subject)
        ],
        "recidivism": subject.recidivism,
        "reasons": [
            (words, reasons[reason]) for reason, words in REASONS.items() if reason in reasons
        ],
        "municipality_rows": [
            (
                row,
                _with(
                    reverse("dashboard_municipality", args=[row.code]),
                    subject.period,
                    subject.definition,
                ),
            )
            for row in municipality_rows(subject, sort or "released")
        ],
        "all_row": all_row(subject) if "municipalities" in charts else None,
        "sorts": [
            (
                words,
                _with(path, subject.period, subject.definition, sort=key),
                key == (sort or "released"),
            )
            for key, words in SORTS.items()
        ],
    }
