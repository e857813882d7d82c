"""The dry run and the import: a file's rows in batches, each batch in one transaction.

A worker takes the file by counting up its attempt. Whoever finds another number has been given
up, and writes nothing more; so two workers never work on one file, and one that was killed leaves
whole batches only. What a row does and that it has done it are written in one transaction.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation

from primus.access import log
from primus.access.models import Event
from primus.jobs.models import Run
from primus.jobs.runs import Progress, RunIsClosed
from primus.spreadsheets.layouts import Done, Importer, Layout, Row, Verdict, layout_of
from primus.spreadsheets.models import ImportFile, ImportRow, ImportState, RowOutcome
from primus.spreadsheets.problems import Problem, RowRefused, alone
from primus.spreadsheets.reading import below_headings
from primus.spreadsheets.refusals import FileRefused

# Rows in one transaction. Others wait for it to end before they can write, on SQLite.
BATCH = 200
VIEW = "primus.spreadsheets.work"

WORKING = {ImportState.CHECKING: ImportState.CHECKED, ImportState.APPLYING: ImportState.APPLIED}


def work(run: Run, progress: Progress) -> None:
    """Go on with what the run was asked for. Raises RunIsClosed when another has taken over."""
    taken = ImportFile.objects.filter(run=run, state__in=WORKING)
    if not taken.update(attempt=F("attempt") + 1):
        return
    do(taken.select_related("uploaded_by").get(), progress)


def do(file: ImportFile, progress: Progress) -> None:
    """Check or import a file that the caller has taken. Raises RunIsClosed as `work` does."""
    with translation.override(file.uploaded_by.language):
        _Work(file, progress).do()


class _Work:
    """One worker at one file."""

    def __init__(self, file: ImportFile, progress: Progress):
        self.file = file
        self.user = file.uploaded_by
        self.progress = progress
        self.layout: Layout = layout_of(file.kind)

    def do(self) -> None:
        if self.file.state == ImportState.CHECKING:
            self._check()
        else:
            self._apply()

    def _hold(self) -> None:
        """Keep the file from others until the transaction ends, if it is still ours to work on.

        Nothing is done in the name of somebody who may no longer do it.
        """
        held = ImportFile.objects.visible_to(self.user).select_for_update()
        if not held.filter(pk=self.file.pk, attempt=self.file.attempt).exists():
            raise RunIsClosed(f"import {self.file.pk}")

    def _become(self, state: ImportState, **values) -> None:
        ours = ImportFile.objects.filter(pk=self.file.pk, attempt=self.file.attempt)
        ours.update(state=state, **values)

    # --- The dry run -----------------------------------------------------------------------

    def _check(self) -> None:
        self.progress.expect(self.file.length)
        with transaction.atomic():
            self._hold()
            self.file.rows.all().delete()
        earlier: dict = {}
        try:
            below = below_headings(self.file.name, bytes(self.file.content))
            for batch in _batches(below, BATCH):
                with transaction.atomic():
                    self._hold()
                    self._check_batch(batch, earlier)
                self.progress.advance(len(batch))
        except FileRefused:
            # It was read through when it was uploaded, so this is a file read by newer rules.
            self._become(ImportState.REFUSED)
            return
        with transaction.atomic():
            self._hold()
            if self.layout.importer(self.user).together:
                self._keep_together()
            self._become(ImportState.CHECKED)

    def _check_batch(self, batch: list[tuple[int, list[str]]], earlier: dict) -> None:
        importer = self.layout.importer(self.user)
        rows = [self.layout.read(number, cells, self.file.columns) for number, cells in batch]
        verdicts = importer.examine(rows)
        for row, verdict in zip(rows, verdicts, strict=True):
            importer.compare(row, verdict, earlier)
        if not importer.together:
            with transaction.atomic():
                for row, verdict in sorted(zip(rows, verdicts, strict=True), key=_by_subject):
                    if _is_good(row, verdict):
                        self._try(importer, row, verdict)
                # What the rules say of them is known now; nothing of it has happened.
                transaction.set_rollback(True)
        ImportRow.objects.bulk_create(
            self._result(ImportRow(file=self.file, number=row.number), row, verdict)
            for row, verdict in zip(rows, verdicts, strict=True)
        )

    def _keep_together(self) -> None:
        """Nobody's rows are good while one of them is bad."""
        bad = self.file.rows.filter(outcome=RowOutcome.BAD, subject__isnull=False)
        self.file.rows.to_apply().filter(subject__in=bad.order_by().values("subject")).update(
            outcome=RowOutcome.BAD, problems=alone(Problem("together")), changes={}
        )

    def _try(self, importer: Importer, row: Row, verdict: Verdict) -> Done | None:
        """Apply one row whole or not at all; None where it is refused, and the row knows why."""
        try:
            with transaction.atomic():
                return importer.apply(row, verdict)
        except RowRefused as refusal:
            row.refuse(refusal.field, refusal.refused)
        except IntegrityError:
            # Somebody else came first with something that only the database can see.
            row.refuse("", Problem("refused"))
        return None

    def _result(self, found: ImportRow, row: Row, verdict: Verdict) -> ImportRow:
        found.cells = row.cells
        found.problems = row.problems
        found.outcome = RowOutcome.BAD if row.problems else verdict.outcome
        found.changes = verdict.changes if _is_good(row, verdict) else {}
        found.subject = verdict.subject
        return found

    # --- The import ------------------------------------------------------------------------

    def _apply(self) -> None:
        done = self.file.rows.filter(applied_at__isnull=False).count()
        self.progress.expect(done + self.file.rows.to_apply().count())
        if done:
            self.progress.advance(done)
        for numbers in self._waiting():
            with transaction.atomic():
                self._hold()
                rows = self.file.rows.to_apply()
                # A person can have more rows than a question has room for.
                parts = _batches(numbers, BATCH)
                batch = [
                    row for part in parts for row in rows.filter(pk__in=part).order_by("number")
                ]
                self._apply_batch(batch)
            self.progress.advance(len(batch))
        with transaction.atomic():
            self._hold()
            self._become(ImportState.APPLIED, applied_at=timezone.now())

    def _waiting(self) -> Iterator[list[int]]:
        """The rows to import in batches, each person's in one where they belong together."""
        together = self.layout.importer(self.user).together
        order = ["subject", "number"] if together else ["number"]
        batch: list[int] = []
        last = None
        for subject, pk in list(
            self.file.rows.to_apply().order_by(*order).values_list("subject", "pk")
        ):
            if len(batch) >= BATCH and not (together and subject == last):
                yield batch
                batch = []
            batch.append(pk)
            last = subject
        if batch:
            yield batch

    def _apply_batch(self, batch: list[ImportRow]) -> None:
        importer = self.layout.importer(self.user)
        rows = [self.layout.read(row.number, row.cells, self.file.columns) for row in batch]
        verdicts = importer.examine(rows)
        each = list(zip(batch, rows, verdicts, strict=True))
        done = self._all(importer, each) if importer.together else self._one_by_one(importer, each)
        before = [_told(found) for found in batch]
        for found, row, verdict in each:
            self._result(found, row, verdict)
        # Most come out as the check has said: that is one statement, and not one for each.
        as_said = {
            found.pk
            for found, told in zip(batch, before, strict=True)
            if found.applied_at and told == _told(found)
        }
        for part in _batches(as_said, BATCH):
            self.file.rows.filter(pk__in=part).update(applied_at=timezone.now())
        ImportRow.objects.bulk_update(
            [found for found in batch if found.pk not in as_said],
            ["outcome", "problems", "changes", "subject", "applied_at"],
        )
        log.record_each(self.user, Event.CREATE, (o for d in done for o in d.created), view=VIEW)
        log.record_each(self.user, Event.CHANGE, (o for d in done for o in d.changed), view=VIEW)

    def _one_by_one(self, importer: Importer, each: list[tuple[ImportRow, Row, Verdict]]):
        done: list[Done] = []
        now = timezone.now()
        for found, row, verdict in sorted(each, key=_by_subject):
            if _is_good(row, verdict):
                applied = self._try(importer, row, verdict)
                if applied is not None:
                    done.append(applied)
                    verdict.subject = applied.subject.pk
                    found.applied_at = now
        return done

    def _all(self, importer: Importer, each: list[tuple[ImportRow, Row, Verdict]]):
        good = [(found, row, verdict) for found, row, verdict in each if _is_good(row, verdict)]
        try:
            with transaction.atomic():
                done = importer.apply_all([(row, verdict) for _found, row, verdict in good])
        except IntegrityError:
            for _found, row, _verdict in good:
                row.refuse("", Problem("refused"))
            return []
        now = timezone.now()
        for found, _row, _verdict in good:
            found.applied_at = now
        return done


def _told(found: ImportRow) -> tuple:
    """What is said of a row, but for when it was imported."""
    return found.outcome, found.problems, found.changes, found.subject


def _is_good(row: Row, verdict: Verdict) -> bool:
    """Whether there is anything to do, and nothing against it."""
    return not row.problems and verdict.outcome in (RowOutcome.CREATE, RowOutcome.CHANGE)


def _by_subject(each: tuple) -> tuple[bool, int]:
    """By number of whom a row is about, whoever is new last: two files about the same people lock
    them in the same order, and never wait for each other in a circle."""
    subject = each[-1].subject
    return subject is None, subject or 0


def _batches(things: Iterable, size: int) -> Iterator[list]:
    source = iter(things)
    while batch := list(islice(source, size)):
        yield batch
