from contextlib import suppress

from celery import shared_task

from outcomes import snapshots
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import RunIsClosed, request_run, running


@shared_task(name="outcomes.tasks.recompute_snapshots")
def recompute_snapshots(run_id: int | None = None) -> None:
    """Recompute every dashboard, as the run that was asked for or as one of its own (nightly)."""
    if run_id is None:
        run, is_new = request_run(RunKind.SNAPSHOTS)
        if not is_new:
            return
    else:
        found = Run.objects.filter(pk=run_id).first()
        if found is None:
            return
        run = found
    # A message that is delivered a second time finds its run closed, and leaves it so.
    with suppress(RunIsClosed), running(run) as progress:
        snapshots.recompute(progress)
