"""A checked row as a reader is shown it, and as it is downloaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.functional import Promise

from primus.spreadsheets.cells import address
from primus.spreadsheets.layouts import WHY, Layout, why_columns
from primus.spreadsheets.models import ImportFile, ImportRow, RowOutcome
from primus.spreadsheets.problems import sentence

# What stands in a cell is shown no longer than this.
LONGEST = 80


@dataclass
class CellProblem:
    """What is wrong with one cell, or where ``cell`` is empty with the whole row."""

    heading: str
    cell: str
    said: str
    sentences: list[str]

    @property
    def text(self) -> str:
        """In one line, as it stands in a downloaded file."""
        told = " ".join(self.sentences)
        return f"{self.heading}: {told}" if self.heading else told


@dataclass
class Change:
    label: str | Promise
    before: str
    after: str


@dataclass
class ShownRow:
    """One row: whom it is about, what it would do or has done, what is wrong or changes.

    ``person`` is who it is about already, if the reader may see them.
    """

    number: int
    who: str
    outcome: RowOutcome
    applied_at: datetime | None
    problems: list[CellProblem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    person: models.Model | None = None
    # Where to read more about them.
    address: str = ""
    # Whether the rows of the file bring new people.
    brings_people: bool = True

    @property
    def is_known(self) -> bool:
        """Whether somebody new to the file is not new to the programme."""
        new = self.outcome == RowOutcome.CREATE and not self.applied_at
        return new and self.brings_people and bool(self.person)


class Reader:
    """The rows of one file, for the user it belongs to."""

    def __init__(self, file: ImportFile, layout: Layout):
        self.file, self.layout = file, layout
        self.importer = layout.importer(file.uploaded_by)

    def shown(self, rows: Iterable[ImportRow]) -> list[ShownRow]:
        """With one question for all of those the rows are about."""
        rows = list(rows)
        people = self.importer.people({row.subject for row in rows if row.subject})
        return [self._shown(row, people) for row in rows]

    def _shown(self, row: ImportRow, people: dict[int, models.Model]) -> ShownRow:
        person = people.get(row.subject) if row.subject else None
        return ShownRow(
            number=row.number,
            who=self.layout.title_of(row.cells, self.file.columns),
            outcome=RowOutcome(row.outcome),
            applied_at=row.applied_at,
            problems=self.problems_of(row),
            # What is known of somebody the reader no longer sees is not theirs to read.
            changes=list(self._changes_of(row)) if person else [],
            person=person,
            address=self.layout.address_of(person) if person else "",
            brings_people=not self.importer.together,
        )

    def problems_of(self, row: ImportRow) -> list[CellProblem]:
        """In the order of the file's columns; what is wrong with the whole row comes first."""
        found = [(-1, name, said) for name, said in row.problems.items() if not name]
        for name, said in row.problems.items():
            if name:
                found.append((self.file.columns.get(name, len(row.cells)), name, said))
        return [self._problem(row, *one) for one in sorted(found, key=lambda one: one[0])]

    def _problem(self, row: ImportRow, position: int, name: str, said: list) -> CellProblem:
        column = self.layout.column(name)
        headings = self.file.headings
        in_file = name in self.file.columns
        heading = headings[position] if in_file and position < len(headings) else ""
        value = row.cells[position] if in_file and position < len(row.cells) else ""
        return CellProblem(
            heading=heading or (str(column.label) if column else ""),
            cell=address(row.number, position) if in_file else "",
            said=value if len(value) <= LONGEST else f"{value[:LONGEST]}…",
            sentences=[sentence(code, words, self.layout.sentences) for code, words in said],
        )

    def _changes_of(self, row: ImportRow) -> Iterator[Change]:
        for name, (before, after) in row.changes.items():
            column = self.layout.column(name)
            if column is not None:
                yield Change(column.label, before, after)

    def bad_rows(self) -> Iterator[list[str]]:
        """The rows that were not imported as they came, with a last column that says why."""
        left_out = set(why_columns(self.file.headings))
        width = len(self.file.headings)

        def kept(cells: list[str]) -> list[str]:
            return [cell for position, cell in enumerate(cells) if position not in left_out]

        yield [*kept(self.file.headings), str(WHY)]
        for row in self.file.rows.filter(outcome=RowOutcome.BAD).order_by("number").iterator():
            cells = row.cells[:width] + [""] * (width - len(row.cells))
            yield [*kept(cells), " ".join(problem.text for problem in self.problems_of(row))]


def template(layout: Layout) -> list[list[str]]:
    """A file to begin with: the headings, and one row that shows how it is meant."""
    return [
        [str(column.label) for column in layout.columns],
        [str(column.example) for column in layout.columns],
    ]
