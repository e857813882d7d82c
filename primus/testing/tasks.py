"""Tasks that only the tests' worker knows."""

import threading

from celery import shared_task

from primus.jobs.models import Run
from primus.jobs.runs import running


@shared_task(name="primus.testing.tasks.work")
def work(run_id: int, *, finish: bool) -> None:
    """A run of two steps that stands still after the first unless it is to finish."""
    with running(Run.objects.get(pk=run_id)) as progress:
        progress.expect(2)
        progress.advance()
        if not finish:
            threading.Event().wait()
        progress.advance()
