from collections.abc import Callable
from contextlib import suppress

from celery import shared_task

from outcomes import snapshots
from outcomes.research import exports
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import Progress, RunIsClosed, request_run, running


@shared_task(name="outcomes.tasks.recompute_snapshots")
def recompute_snapshots(run_id: int | None = None) -> None:
    """Recompute every dashboard, as the run that was asked for or as one of its own (nightly)."""
    _as_run(RunKind.SNAPSHOTS, run_id, snapshots.recompute)


@shared_task(name="outcomes.tasks.recompute_effect")
def recompute_effect(run_id: int | None = None) -> None:
    """Compute the effect of every trial, as the run that was asked for or as one of its own."""
    # The engine loads numpy, which the web process has no use for.
    from outcomes.effects.snapshots import recompute

    _as_run(RunKind.EFFECT, run_id, recompute)


@shared_task(name="outcomes.tasks.make_research_export", time_limit=60 * 60)
def make_research_export(run_id: int) -> None:
    """Make the file for research that the run was asked for."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        return
    with suppress(RunIsClosed), running(run) as progress:
        exports.make(run, progress)


@shared_task(name="outcomes.tasks.forget_research_exports", expires=60 * 60)
def forget_research_exports() -> None:
    """Delete the files for research whose time is over."""
    exports.forget_old()


def _as_run(kind: RunKind, run_id: int | None, work: Callable[[Progress], object]) -> None:
    if run_id is None:
        run, is_new = request_run(kind)
        if not is_new:
            return
    else:
        found = Run.objects.filter(pk=run_id).first()
        if found is None:
            return
        run = found
    # A message that is delivered a second time finds its run closed, and leaves it so.
    with suppress(RunIsClosed), running(run) as progress:
        work(progress)
