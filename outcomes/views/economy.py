from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from outcomes.charts.economy import ECONOMY_CHARTS
from outcomes.charts.economy.subjects import EconomySubject
from outcomes.charts.picture import as_of, source
from outcomes.economy.findings import economy_title
from outcomes.economy.forms import ScenarioForm
from outcomes.economy.reading import Economy, declared_rows, read_economy
from outcomes.economy.scenarios import ScenarioRefused, keep, read_scenario, rename
from outcomes.economy.sources import Results
from outcomes.models import EconomyScenario
from outcomes.views.charts import chart_file
from primus.access.declare import entry
from primus.accounts.models import Role

SECTION = "economy"
# A number of a scenario longer than this is none.
LONGEST_NUMBER = 9


@entry(roles=[Role.STAFF], event=None)
def economy(request):
    """What a krone gives back: the assumptions of the address, or of a scenario."""
    results = Results()
    scenario = _scenario(request.GET.get("scenario"))
    if scenario is not None:
        read = read_scenario(scenario, results)
    else:
        read = read_economy(request.GET, results)
    return _page(request, read, results, scenario=scenario, form=ScenarioForm())


@entry(roles=[Role.STAFF], event=None)
def economy_chart(request, name, kind):
    """A chart of the economy, as a file; the address has all of the assumptions."""
    read = read_economy(request.GET)
    if read.result is None:
        raise Http404
    return chart_file(request, ECONOMY_CHARTS, EconomySubject.of(read), name, kind)


@entry(roles=[Role.STAFF], event=None)
@require_POST
def scenario_create(request):
    """Keep the assumptions of the page under a name."""
    results = Results()
    # As long as the longest address that the page itself makes, and more.
    read = read_economy(QueryDict(request.POST.get("assumptions", "")[:4000]), results)
    form = ScenarioForm(request.POST)
    if read.result is not None and form.is_valid():
        try:
            scenario = keep(form.cleaned_data["name"], read, request.user)
        except ScenarioRefused as refused:
            form.add_error("name", refused.sentence)
        else:
            messages.success(request, _("«%(name)s» is saved.") % {"name": scenario.name})
            return redirect(f"{reverse('economy')}?scenario={scenario.pk}")
    return _page(request, read, results, form=form)


@entry(roles=[Role.STAFF], event=None)
def scenario(request, pk):
    """Give a scenario another name, or remove it."""
    found = get_object_or_404(EconomyScenario, pk=pk)
    name = found.name
    typed = request.POST if request.method == "POST" else None
    form = ScenarioForm(typed, initial={"name": name})
    if form.is_valid():
        try:
            rename(found, form.cleaned_data["name"])
        except ScenarioRefused as refused:
            form.add_error("name", refused.sentence)
        else:
            messages.success(request, _("The scenario is now called «%(name)s».") % {"name": found})
            return redirect("economy")
    context = {"section": SECTION, "scenario": found, "name": name, "form": form}
    return render(request, "outcomes/economy/scenario.html", context)


@entry(roles=[Role.STAFF], event=None)
@require_POST
def scenario_remove(request, pk):
    """Remove a scenario. Its full address still leads to the same assumptions."""
    found = get_object_or_404(EconomyScenario, pk=pk)
    name = found.name
    found.delete()
    messages.success(request, _("«%(name)s» is removed.") % {"name": name})
    return redirect("economy")


def _scenario(number: str | None) -> EconomyScenario | None:
    """The scenario of an address; 404 for one that there is not."""
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        raise Http404
    return get_object_or_404(EconomyScenario, pk=int(number))


def _page(request, read: Economy, results: Results, *, form, scenario=None):
    kept = [(one, read_scenario(one, results)) for one in EconomyScenario.objects.all()]
    other = next((pair for pair in kept if str(pair[0].pk) == request.GET.get("compare")), None)
    read.form.show_at(reverse("economy"), typing=bool(request.htmx))
    context = {
        "section": SECTION,
        "read": read,
        "form": read.form,
        "scenario": scenario,
        "scenarios": kept,
        "scenario_form": form,
        "address": request.build_absolute_uri(f"{reverse('economy')}?{read.address}"),
        "other": other,
        "has_results": bool(results.snapshots),
        "title": economy_title(read),
    }
    if read.result is not None:
        subject = EconomySubject.of(read)
        context |= {
            "subject": subject,
            "charts": {n: c for n, c in ECONOMY_CHARTS.items() if c.has_figures(subject)},
            "as_of": as_of(subject),
            "source_line": source(subject),
            "rows": declared_rows(read),
        }
    return render(request, "outcomes/economy/economy.html", context)
