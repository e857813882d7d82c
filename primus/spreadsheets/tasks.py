from contextlib import suppress

from celery import shared_task

from primus.jobs.models import Run
from primus.jobs.runs import RunIsClosed, running
from primus.spreadsheets import files
from primus.spreadsheets.work import work


# The longest file takes many minutes. Less than the time after which Redis hands a message out
# again (see settings).
@shared_task(name="primus.spreadsheets.tasks.go_on", time_limit=100 * 60)
def go_on(run_id: int) -> None:
    """Check or import the file that the run was asked for."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        return
    # A message that is delivered a second time finds its run closed, and leaves it so.
    with suppress(RunIsClosed), running(run) as progress:
        work(run, progress)


@shared_task(name="primus.spreadsheets.tasks.delete_old_files", expires=60 * 60)
def delete_old_files() -> None:
    """Delete the files that were uploaded two weeks ago, with their rows."""
    files.delete_too_old()
