"""What the pages read: the stored results of a trial."""

from dataclasses import replace
from typing import Any

from outcomes.models import EffectSnapshot, Trial
from outcomes.recidivism import DEFINITIONS, Definition
from primus.jobs.models import Run, RunKind, RunState

# What the figures are read by; a snapshot of another version is as good as none.
VERSION = 2


def snapshot_of(trial: Trial, definition: Definition) -> EffectSnapshot | None:
    """The stored results of a trial by one definition; None before the first."""
    snapshot = EffectSnapshot.objects.filter(trial=trial, definition=definition.key).first()
    if snapshot is None or snapshot.figures.get("version") != VERSION:
        return None
    return snapshot


def definition_of(figures: dict[str, Any]) -> Definition:
    """What stored figures were counted by, and for how many days."""
    return replace(DEFINITIONS[figures["definition"]], window=figures["window"])


def latest_run() -> Run | None:
    """The last computation, when it is still under way or did not end well."""
    run = Run.objects.filter(kind=RunKind.EFFECT).first()
    return None if run is None or run.state == RunState.DONE else run
