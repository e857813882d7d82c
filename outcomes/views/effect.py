from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from outcomes import tasks
from outcomes.charts.effect import EFFECT_CHARTS, EffectSubject
from outcomes.charts.picture import as_of
from outcomes.effects import measured, words
from outcomes.effects.forms import EffectForm
from outcomes.effects.stored import latest_run, snapshot_of
from outcomes.models import EffectSnapshot
from outcomes.recidivism import DEFAULT, DEFINITIONS, Definition
from outcomes.trials.reading import trials_for
from outcomes.views.charts import chart_file
from primus.access.declare import entry
from primus.accounts.models import Role
from primus.jobs.models import RunKind
from primus.jobs.runs import request_run

READERS = [Role.STAFF]


@entry(roles=READERS, event=None)
def effect(request):
    """The trial that was chosen, else the latest closed one with results, else the latest one;
    without any what will come."""
    trials = list(trials_for(request.user))
    if not trials:
        return render(request, "outcomes/effect/none.html", {"section": "effect"})
    definition = _definition(request)
    chosen = request.GET.get("trial")
    if chosen:
        trial = next((one for one in trials if str(one.pk) == chosen), None)
        if trial is None:
            raise Http404
    else:
        computed = set(EffectSnapshot.objects.values_list("trial", flat=True))
        # One that is still open has little to show yet.
        shown = [one for one in trials if one.pk in computed] or trials
        trial = next((one for one in shown if one.closed_on), shown[0])
    address = reverse("effect_trial", args=[trial.pk])
    asked = {} if definition == DEFAULT else {"definition": definition.key}
    return redirect(f"{address}?{urlencode(asked)}" if asked else address)


@entry(roles=READERS, event=None)
def effect_trial(request, pk):
    """What one trial shows, by one definition."""
    trials = list(trials_for(request.user))
    trial = next((one for one in trials if one.pk == pk), None)
    if trial is None:
        raise Http404
    definition = _definition(request)
    snapshot = snapshot_of(trial, definition)
    run = latest_run()
    context = {
        "section": "effect",
        "trial": trial,
        "definition": definition,
        "form": EffectForm(
            trials=trials, initial={"trial": str(trial.pk), "definition": definition.key}
        ),
        "snapshot": snapshot,
        "run": run,
        "may_compute": not (run and run.is_moving),
    }
    if snapshot is not None:
        subject = EffectSubject.of(snapshot, trial)
        figures = snapshot.figures
        context |= {
            "subject": subject,
            "definition": subject.definition,
            "figures": figures,
            "as_of": as_of(subject),
            "charts": {n: c for n, c in EFFECT_CHARTS.items() if c.has_figures(subject)},
            "headline": words.headline(figures),
            "measures": measured.measures(figures),
            "tiles": measured.tiles(figures),
            "within": words.period(subject.definition),
            "medians": _medians(figures),
            "not_counted": words.not_counted(figures),
            "why_no_curve": words.why_no_curve(figures),
        }
    return render(request, "outcomes/effect/effect.html", context)


@entry(roles=READERS, event=None)
def effect_chart(request, pk, name, kind):
    """One chart of a trial, as a file."""
    trial = get_object_or_404(trials_for(request.user), pk=pk)
    snapshot = snapshot_of(trial, _definition(request))
    if snapshot is None:
        raise Http404
    return chart_file(request, EFFECT_CHARTS, EffectSubject.of(snapshot, trial), name, kind)


@entry(roles=READERS, event=None)
@require_POST
def effect_recompute(request):
    """Have every trial computed anew; whoever asks while it is under way sees that run."""
    run, is_new = request_run(RunKind.EFFECT, request.user)
    if is_new:
        transaction.on_commit(lambda: tasks.recompute_effect.delay(run.pk))
    if request.htmx:
        return render(request, "jobs/_progress.html", {"run": run})
    return redirect("effect")


def _definition(request) -> Definition:
    """The definition that the address asks for; 404 for one that there is not."""
    key = request.GET.get("definition") or DEFAULT.key
    if key not in DEFINITIONS:
        raise Http404
    return DEFINITIONS[key]


def _medians(figures) -> list[int]:
    """The median weeks of both arms; none where one of them may not be told."""
    weeks = [figures["median"][arm] for arm in ("mentors", "control")]
    return [] if None in weeks else weeks
