"""What a kind of file holds, and what becomes of a row of it.

A layout is declared by the app that the rows are about: its columns, what they are called in
Danish and English, how their cells are read. Its importer says what a row would do, and does it.
The rest (reading files, choosing columns, the dry run, the import in the background, what could
not be imported) is alike for all and knows no column.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from primus.refusals import Refused
from primus.spreadsheets.cells import keys
from primus.spreadsheets.models import ImportKind, RowOutcome
from primus.spreadsheets.parsers import Parser
from primus.spreadsheets.problems import Problem, Problems, add

# The heading of the column that says why a row was not imported; what stands in it is not read.
WHY = _("Why it was not imported")


@dataclass(frozen=True)
class Column:
    """One field of a row.

    ``filled``: every row must have it, so the file must have the column. ``in_file``: the file
    must have the column, since an empty cell says something. ``for_new``: a row about somebody new
    must have it.

    ``also``: other headings it is known by, in any language. ``example``: what could stand in it.
    ``hint``: what is worth knowing before one fills it in.
    """

    name: str
    label: str | Promise
    parse: Parser
    also: tuple[str, ...] = ()
    filled: bool = False
    in_file: bool = False
    for_new: bool = False
    example: str | Promise = ""
    hint: str | Promise = ""

    def known_by(self) -> frozenset[str]:
        """By which its heading is recognised."""
        return _in_every_language(self.label).union(*(keys(name) for name in self.also))


def _in_every_language(text: str | Promise) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= keys(str(text))
    return found


@dataclass
class Row:
    """One row of people as it was read: its values by field, and what is wrong with its cells."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)

    def refuse(self, name: str, refused: Refused) -> None:
        add(self.problems, name, refused)


@dataclass
class Verdict:
    """What a row would do. ``known`` is what the importer wants to remember until it does it."""

    outcome: RowOutcome
    changes: dict[str, list[str]] = field(default_factory=dict)
    subject: int | None = None
    known: Any = None


@dataclass
class Done:
    """What a row has done: whom it is about, and who else it touched, for the access log."""

    subject: models.Model
    created: list[models.Model] = field(default_factory=list)
    changed: list[models.Model] = field(default_factory=list)


class Importer:
    """What becomes of the rows of one user's file. Made anew for each run and each page.

    ``together``: a person may have several rows, which are imported together or not at all, and
    all people's at once (`apply_all`). `examine` then says all that is wrong: nothing is tried.
    """

    together = False

    def __init__(self, user):
        self.user = user

    def key(self, row: Row) -> object:
        """The same for two rows about the same person; None where that cannot be said."""
        raise NotImplementedError

    def compare(self, row: Row, verdict: Verdict, earlier: dict) -> None:
        """Note what is wrong with a row beside those above it in the file. `earlier` is empty at
        the first row, and kept to the last."""
        key = self.key(row)
        if key is None:
            return
        if key in earlier:
            row.refuse("", Problem("twice", row=str(earlier[key])))
        earlier.setdefault(key, row.number)

    def examine(self, rows: Sequence[Row]) -> list[Verdict]:
        """What each row would do, the questions asked for all at once. Adds to their problems."""
        raise NotImplementedError

    def apply(self, row: Row, verdict: Verdict) -> Done:
        """Do what the verdict says. Raises RowRefused where the rules have it otherwise.

        The dry run does it too, and takes it back: what it says is what happens.
        """
        raise NotImplementedError

    def apply_all(self, good: Sequence[tuple[Row, Verdict]]) -> list[Done]:
        """Do what the verdicts say of all these rows, with a fixed number of questions to the
        database; only where the importer takes rows `together`."""
        raise NotImplementedError

    def people(self, subjects: Iterable[int]) -> dict[int, models.Model]:
        """Those of the subjects that the user may see now, by number."""
        raise NotImplementedError


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of file, in the order a new one would have them."""

    kind: ImportKind
    columns: tuple[Column, ...]
    importer: Callable[..., Importer]
    # The fields that say who a row is about.
    title: tuple[str, ...]
    # The menu's entry that its pages belong to, and the page one comes from.
    section: str
    list_url: str
    # The page about one of the people, by number; "" where there is none.
    page_url: str = ""
    # The same where it takes more than a number to say which page that is.
    page_of: Callable[..., str] | None = None
    # Sentences of problems beside the general ones, by code.
    sentences: Mapping[str, str | Promise] = field(default_factory=dict)
    # What is worth knowing of the file as a whole before one uploads it.
    hint: str | Promise = ""
    # A template with what can be done when the file is imported, and what it is given.
    afterwards: str = ""
    afterwards_context: Callable[..., dict] = dict

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def address_of(self, person: models.Model) -> str:
        """Where to read more about one of the people; "" where there is no such page."""
        if self.page_of is not None:
            return self.page_of(person)
        return reverse(self.page_url, args=[person.pk]) if self.page_url else ""

    def recognise(self, headings: Sequence[str]) -> dict[str, int]:
        """Which heading is which field; the first where two could be the same one."""
        named = [keys(heading) - {""} for heading in headings]
        ignored = set(why_columns(headings))
        found: dict[str, int] = {}
        taken: set[int] = set()
        # What a column is called comes before what it is also known by.
        for names in (
            [(c.name, _in_every_language(c.label)) for c in self.columns],
            [(c.name, c.known_by()) for c in self.columns],
        ):
            for name, known in names:
                for position, heading in enumerate(named):
                    free = position not in taken | ignored and name not in found
                    if free and heading & known:
                        found[name] = position
                        taken.add(position)
        return found

    def read(self, number: int, cells: list[str], columns: Mapping[str, int]) -> Row:
        """The values of a row's cells, and what is wrong with them."""
        row = Row(number, cells)
        for column in self.columns:
            position = columns.get(column.name)
            said = ""
            if position is not None and position < len(cells):
                said = unicodedata.normalize("NFC", cells[position]).strip()
            if said:
                try:
                    row.values[column.name] = column.parse(said)
                except Problem as problem:
                    row.refuse(column.name, problem)
            elif column.filled:
                row.refuse(column.name, Problem("missing"))
        if self.title_of(cells, columns) == " ".join(self.example_of(n) for n in self.title):
            row.refuse("", Problem("example"))
        return row

    def example_of(self, name: str) -> str:
        """What stands in the column of the file that one can begin with."""
        column = self.column(name)
        return str(column.example) if column else ""

    def demand(self, row: Row) -> None:
        """Note what is missing of somebody new."""
        for column in self.columns:
            if column.for_new and column.name not in row.values | row.problems:
                row.refuse(column.name, Problem("missing"))

    def title_of(self, cells: Sequence[str], columns: Mapping[str, int]) -> str:
        """Whom a row is about, as its own cells say it."""
        places = (columns.get(name) for name in self.title)
        said = (cells[at] for at in places if at is not None and at < len(cells))
        return " ".join(filter(None, said))


def why_columns(headings: Sequence[str]) -> list[int]:
    """Where a file that was downloaded says why its rows were not imported."""
    why = _in_every_language(WHY) - {""}
    return [position for position, heading in enumerate(headings) if keys(heading) & why]


_layouts: dict[str, Layout] = {}


def register(layout: Layout) -> None:
    """Make a kind of file known; its app does so when it is ready."""
    _layouts[layout.kind] = layout


def layout_of(kind: str) -> Layout:
    """Raises KeyError for a kind that nobody imports."""
    return _layouts[kind]


def layouts() -> list[Layout]:
    return list(_layouts.values())
