"""Computing the effect of every trial by every definition, and keeping it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from outcomes.effects.counting import counted
from outcomes.effects.people import read
from outcomes.effects.publishing import published
from outcomes.effects.results import figures
from outcomes.models import EffectSnapshot, Trial
from outcomes.trials.consort import definitions_of, flow
from primus.jobs.runs import Progress


def recompute(progress: Progress, today: date | None = None) -> int:
    """Compute and store the effect of each trial; returns how many snapshots there are now.

    Each trial is protected by all definitions together, and its snapshots change together. What
    is shown stays as it was until then.
    """
    today = today or timezone.localdate()
    trials = list(Trial.objects.order_by("pk"))
    progress.expect(len(trials))
    for trial in trials:
        store(trial, computed(trial, today))
        progress.advance()
    return EffectSnapshot.objects.count()


def computed(trial: Trial, today: date) -> list[EffectSnapshot]:
    """The snapshots of one trial, not stored yet."""
    people = read(trial, today)
    definitions = definitions_of(trial).values()
    table = counted(people, flow(trial, today), definitions, today)
    cells = published(table, trial.definition)
    now = timezone.now()
    return [
        EffectSnapshot(
            trial=trial,
            definition=definition.key,
            computed_at=now,
            figures=figures(cells, people, definition, today),
        )
        for definition in definitions
    ]


def store(trial: Trial, snapshots: list[EffectSnapshot]) -> None:
    """Put these in the place of all that are stored of the trial."""
    with transaction.atomic():
        EffectSnapshot.objects.filter(trial=trial).delete()
        EffectSnapshot.objects.bulk_create(snapshots)
