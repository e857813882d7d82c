"""``python -m bench.imports``: the longest file that is taken, read, tried and imported.

On a database of its own (DATABASE_URL says another; it must be empty). Seconds of each step by the
clock, and of the processor, which a busy machine does not change; and the most memory that the
process ever held. Ends with 1 when a budget is broken.
"""

import io
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bench.installation import own_database

ROWS = int(os.environ.get("BENCH_ROWS", "50000"))


@dataclass(frozen=True)
class Step:
    """What is measured, and its budget in milliseconds of the processor for each row."""

    name: str
    do: Callable
    budget: float


MEMORY = 400  # MB, of the whole process
HEADINGS = [
    *("Fornavn", "Efternavn", "Fødselsdato", "Køn", "Sprog", "Telefon", "E-mail", "Kommune"),
    *("Postnummer", "Institution", "Henvist", "Forventet løsladelse", "Løsladelsesform"),
    *("Ønsker", "Samtykke"),
]


def workbook(rows: int) -> bytes:
    """So many new participants in every column of the template."""
    from django.utils import timezone
    from openpyxl import Workbook

    from participants.models import Institution

    today = timezone.localdate()
    day, soon = today - timedelta(days=10), today + timedelta(days=60)
    place = Institution.objects.earliest("name").name
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for n in range(rows):
        born = today - timedelta(days=7000 + n % 15_000)
        sheet.append(
            [
                *(f"Deltagine{n % 977}", f"Opdigtsen{n}", born, "mand", "dansk, engelsk"),
                *(12345678, f"d{n}@example.org", "Aarhus", 8000, place, day, soon, "parole"),
                *("Vil gerne mødes udenfor byen, helst om eftermiddagen.", day),
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def measure() -> int:
    """Print a line for each step; the number of budgets that are broken."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from participants.models import Coordinator, Enrolment
    from primus.accounts.models import Role, User
    from primus.jobs.models import Run, RunKind
    from primus.jobs.runs import running
    from primus.spreadsheets import files
    from primus.spreadsheets.models import ImportFile, ImportKind, ImportState
    from primus.spreadsheets.work import work

    user = User.objects.create(email="bench@example.org", role=Role.COORDINATOR, first_name="B")
    Coordinator.objects.create(user=user).municipalities.set(["0751"])
    content = workbook(ROWS)
    print(f"{ROWS} rows, {len(content) / 1e6:.1f} MB", flush=True)

    def take_in(_file):
        upload = SimpleUploadedFile("bench.xlsx", content)
        return files.take_in(user, ImportKind.PARTICIPANTS, upload)

    def go_on(state):
        def do(file):
            run = Run.objects.create(kind=RunKind.IMPORT, requested_by=user)
            ImportFile.objects.filter(pk=file.pk).update(run=run, state=state)
            with running(run) as progress:
                work(run, progress)
            return file

        return do

    steps = [
        Step("read and keep", take_in, 0.4),
        Step("dry run", go_on(ImportState.CHECKING), 6),
        Step("import", go_on(ImportState.APPLYING), 8),
        Step("the same file again, read", take_in, 0.4),
        Step("the same file again, dry run", go_on(ImportState.CHECKING), 3),
    ]
    broken, file = 0, None
    for step in steps:
        begun, worked = time.perf_counter(), time.process_time()
        file = step.do(file)
        took, worked = time.perf_counter() - begun, time.process_time() - worked
        each = worked * 1000 / ROWS
        over = f"  over {step.budget} ms a row" if each > step.budget else ""
        broken += bool(over)
        print(
            f"{step.name:<30}{took:>8.1f} s{worked:>8.1f} s{each:>7.2f} ms a row{over}", flush=True
        )
    counts = files.counts(file)
    assert Enrolment.objects.count() == ROWS == counts["same"], counts
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory':<30}{peak:>8.0f} MB" + (f"  over {MEMORY}" if peak > MEMORY else ""))
    return broken + (peak > MEMORY)


def main() -> int:
    with own_database():
        return 1 if measure() else 0


if __name__ == "__main__":
    sys.exit(main())
