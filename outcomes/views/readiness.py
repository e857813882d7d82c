from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from outcomes.charts.economy import READINESS_CHARTS
from outcomes.charts.economy.subjects import ReadinessSubject
from outcomes.charts.picture import as_of, source
from outcomes.economy.findings import start_month
from outcomes.economy.here import known_here
from outcomes.economy.reading import declared_rows, read_preparation
from outcomes.views.charts import chart_file
from participants.models import Municipality
from primus.access.declare import entry
from primus.accounts.models import Role

SECTION = "readiness"


@entry(roles=[Role.STAFF], event=None)
def readiness(request):
    """Which municipality? The choice leads to its page, with what else the address says."""
    if code := request.GET.get("place"):
        if not Municipality.objects.filter(pk=code[:4]).exists():
            raise Http404
        asked = request.GET.copy()
        asked.pop("place")
        address = reverse("readiness_municipality", args=[code[:4]])
        return redirect(f"{address}?{asked.urlencode()}" if asked else address)
    regions: dict[str, list[Municipality]] = {}
    for municipality in Municipality.objects.order_by("region", "name"):
        regions.setdefault(municipality.region, []).append(municipality)
    context = {"section": SECTION, "regions": regions}
    return render(request, "outcomes/readiness/choose.html", context)


@entry(roles=[Role.STAFF], event=None)
def readiness_municipality(request, code):
    """What it takes in one municipality: a page to print for its committee."""
    municipality = get_object_or_404(Municipality, pk=code)
    read = read_preparation(request.GET)
    read.form.show_at(request.path, typing=bool(request.htmx), then="#result")
    context = {
        "section": SECTION,
        "municipality": municipality,
        "read": read,
        "form": read.form,
        "here": known_here(code),
    }
    if read.readiness is not None:
        subject = ReadinessSubject.of(read, municipality)
        recruiting = read.readiness.recruiting
        context |= {
            "subject": subject,
            "charts": {n: c for n, c in READINESS_CHARTS.items() if c.has_figures(subject)},
            "as_of": as_of(subject),
            "source_line": source(subject),
            "first_pair": start_month(recruiting.first_pair),
            "enough": start_month(recruiting.enough),
            "rows": declared_rows(read),
        }
    return render(request, "outcomes/readiness/municipality.html", context)


@entry(roles=[Role.STAFF], event=None)
def readiness_chart(request, code, name, kind):
    """A chart of a municipality's preparation, as a file."""
    municipality = get_object_or_404(Municipality, pk=code)
    read = read_preparation(request.GET)
    if read.readiness is None:
        raise Http404
    subject = ReadinessSubject.of(read, municipality)
    return chart_file(request, READINESS_CHARTS, subject, name, kind)
