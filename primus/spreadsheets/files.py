"""What is done with an uploaded file: taken in, its columns chosen, checked, imported, deleted."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from primus.jobs.models import Run, RunKind
from primus.jobs.runs import request_run
from primus.refusals import Refused
from primus.spreadsheets.layouts import layout_of
from primus.spreadsheets.models import ImportFile, ImportState, RowOutcome
from primus.spreadsheets.reading import contents
from primus.spreadsheets.refusals import LARGEST, LARGEST_MB, FileRefused


class ImportRefused(Refused):
    """What was asked for cannot be done with the file as it stands. ``code`` says why."""

    SENTENCES = {
        "moving": _("Wait until this is finished."),
        "not_now": _("Something has happened to this file meanwhile. Look at it as it is now."),
    }


# The longest name a file keeps; it is shown to whoever uploaded it.
LONGEST_NAME = ImportFile._meta.get_field("name").max_length or 0


def take_in(user, kind: str, upload: UploadedFile | None) -> ImportFile:
    """Keep an uploaded file, if it can be read. Raises FileRefused, and keeps nothing then."""
    if upload is None:
        raise FileRefused("no_file")
    if (upload.size or 0) > LARGEST:
        raise FileRefused("too_large", most=str(LARGEST_MB))
    name = PurePath(upload.name or "")
    content = upload.read()
    found = contents(name.name, content)
    return ImportFile.objects.create(
        kind=kind,
        name=name.stem[: LONGEST_NAME - len(name.suffix)] + name.suffix,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        headings=found.headings,
        samples=found.samples,
        length=found.length,
        columns=layout_of(kind).recognise(found.headings),
        uploaded_by=user,
    )


def sent_before(file: ImportFile) -> ImportFile | None:
    """The last time before this that the same user imported the very same file, as far as it is
    still kept."""
    same = ImportFile.objects.filter(
        uploaded_by=file.uploaded_by_id, digest=file.digest, kind=file.kind
    )
    return same.filter(state=ImportState.APPLIED, pk__lt=file.pk).first()


def _locked(file: ImportFile, *states: ImportState) -> ImportFile:
    row = ImportFile.objects.select_for_update().get(pk=file.pk)
    if row.is_moving:
        raise ImportRefused("moving")
    if row.state not in states:
        raise ImportRefused("not_now")
    return row


def _begin(row: ImportFile, state: ImportState) -> Run:
    from primus.spreadsheets import tasks

    run, _is_new = request_run(RunKind.IMPORT, row.uploaded_by, f"file {row.pk}")
    row.state = state
    row.run = run
    row.save(update_fields=["state", "run", "columns"])
    transaction.on_commit(lambda: tasks.go_on.delay(run.pk))
    return run


@transaction.atomic
def check(file: ImportFile, columns: Mapping[str, int]) -> Run:
    """Begin the dry run with these columns; what an earlier one found is thrown away.

    Raises ImportRefused while a worker is at the file, and once rows of it have been imported.
    """
    row = _locked(
        file,
        ImportState.UPLOADED,
        ImportState.CHECKING,
        ImportState.CHECKED,
        ImportState.REFUSED,
    )
    row.columns = dict(columns)
    return _begin(row, ImportState.CHECKING)


@transaction.atomic
def apply(file: ImportFile) -> Run:
    """Begin the import of the rows that would change something.

    Raises ImportRefused while a worker is at the file, and where it has not been checked.
    """
    return _begin(_locked(file, ImportState.CHECKED), ImportState.APPLYING)


@transaction.atomic
def take_up(file: ImportFile) -> Run:
    """Go on with what a worker began and did not come to an end with. Raises ImportRefused."""
    row = _locked(file, ImportState.CHECKING, ImportState.APPLYING)
    return _begin(row, ImportState(row.state))


@transaction.atomic
def delete(file: ImportFile) -> None:
    """Delete the file and its rows; what was imported from it stays. Raises ImportRefused while a
    worker is at it."""
    row = _locked(file, *ImportState)
    row.delete()


def delete_too_old() -> None:
    """Delete the files whose time is over."""
    ImportFile.objects.too_old().delete()


def counts(file: ImportFile) -> dict[str, int]:
    """How many rows there are of each outcome, and of those how many have been imported."""
    found = dict.fromkeys(RowOutcome.values, 0)
    applied = 0
    for outcome, number, done in (
        file.rows.order_by().values_list("outcome").annotate(Count("pk"), Count("applied_at"))
    ):
        found[outcome] = number
        applied += done
    return found | {"applied": applied, "all": sum(found.values())}
