"""Starting a run, moving it on and finishing it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone

from primus.jobs.models import Run, RunKind, RunState


def request_run(kind: RunKind, user=None, subject: str = "") -> tuple[Run, bool]:
    """A new waiting run of this kind on this subject, or the one under way; and whether it is new.

    A run that fell silent (its worker was killed) is closed as failed, so that it blocks nobody.
    """
    silent_since = timezone.now() - Run.SILENT_AFTER
    Run.objects.unfinished().filter(kind=kind, subject=subject, moved_at__lt=silent_since).update(
        state=RunState.FAILED, error="Silent", finished_at=timezone.now()
    )
    try:
        with transaction.atomic():
            return Run.objects.create(kind=kind, subject=subject, requested_by=user), True
    except IntegrityError:
        run = Run.objects.unfinished().filter(kind=kind, subject=subject).first()
        if run is None:  # it finished between the two statements
            return request_run(kind, user, subject)
        return run, False


class Progress:
    """Lets the work say how far it has come; each step is visible at once."""

    def __init__(self, run: Run):
        self.run = run

    def expect(self, total: int) -> None:
        self._write(total=total)

    def advance(self, by: int = 1) -> None:
        self._write(done=min(self.run.done + by, self.run.total))

    def _write(self, **values: int) -> None:
        for name, value in values.items():
            setattr(self.run, name, value)
        _unfinished(self.run).update(moved_at=timezone.now(), **values)


class RunIsClosed(RuntimeError):
    """The run was finished, given up as silent, or taken over before this worker could end it."""


def _unfinished(run: Run):
    return Run.objects.unfinished().filter(pk=run.pk)


def _finish(run: Run, **values) -> None:
    now = timezone.now()
    _unfinished(run).update(finished_at=now, moved_at=now, **values)


@contextmanager
def running(run: Run) -> Iterator[Progress]:
    """Mark the run as running, then as done, or as failed if the work raises (and raise on).

    A run that was begun by a worker that was killed is begun again. Raises RunIsClosed for one
    that has ended: the broker may hand out a message twice. Use it outside of a transaction:
    what it writes is to be seen at once.
    """
    now = timezone.now()
    if not _unfinished(run).update(state=RunState.RUNNING, done=0, total=0, moved_at=now):
        raise RunIsClosed(f"run {run.pk}")
    run.refresh_from_db()
    try:
        yield Progress(run)
    except RunIsClosed:
        # Another is at it now, and will say how it ends.
        raise
    except BaseException as error:
        _finish(run, state=RunState.FAILED, error=type(error).__name__)
        raise
    _finish(run, state=RunState.DONE, done=run.total)
    run.refresh_from_db()
