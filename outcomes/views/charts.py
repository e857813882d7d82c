from django.http import Http404, HttpResponse

from outcomes.charts import CHARTS, Chart, DashboardSubject
from outcomes.charts.base import WIDTHS, Subject
from outcomes.charts.picture import as_csv, picture
from outcomes.charts.theme import THEMES
from outcomes.dashboards import municipalities_for, snapshot_of
from outcomes.views.choices import chosen
from primus.access.declare import entry
from primus.accounts.models import Role

TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
KEPT_SECONDS = 24 * 60 * 60


@entry(roles=[Role.STAFF], event=None)
def chart(request, name, kind):
    """A chart of the whole country, as a file."""
    return _file(request, None, name, kind)


@entry(roles=[Role.STAFF, Role.COORDINATOR], event=None)
def chart_municipality(request, code, name, kind):
    """A chart of one municipality, as a file."""
    municipality = municipalities_for(request.user).filter(pk=code).first()
    if municipality is None:
        raise Http404
    return _file(request, municipality, name, kind)


def _file(request, municipality, name: str, kind: str) -> HttpResponse:
    period, definition = chosen(request)
    snapshot = snapshot_of(municipality.code if municipality else None, period)
    if snapshot is None:
        raise Http404
    subject = DashboardSubject.of(snapshot, municipality, definition)
    return chart_file(request, CHARTS, subject, name, kind)


def chart_file(
    request, charts: dict[str, Chart], subject: Subject, name: str, kind: str
) -> HttpResponse:
    """One of the charts as a file, as the address asks for it; 404 for what there is not."""
    chart = charts.get(name)
    if chart is None or kind not in TYPES or not chart.has_figures(subject):
        raise Http404
    if kind != "csv" and not chart.has_picture:
        raise Http404
    if kind == "csv":
        content: str | bytes = as_csv(chart, subject)
    else:
        content = picture(chart, subject, kind=kind, **_appearance(request, chart))
    response = HttpResponse(content, content_type=TYPES[kind])
    # The page shows the pictures; the links under them save a file.
    shown = "inline" if kind == "svg" else "attachment"
    filename = f"primus-{name}-{subject.slug}.{kind}"
    response["Content-Disposition"] = f'{shown}; filename="{filename}"'
    if request.GET.get("v") == subject.stamp:
        # The address names the figures and the language, so what it leads to never changes.
        response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


def _appearance(request, chart) -> dict:
    """Theme, width and whether the words are left out, from the address; 404 for any other."""
    asked = request.GET
    theme, width = asked.get("theme", "light"), asked.get("width", str(chart.width))
    if theme not in THEMES or width not in map(str, (*WIDTHS, chart.width)):
        raise Http404
    return {"theme_name": theme, "width": int(width), "bare": asked.get("bare") == "1"}
