"""A file as rows of text, whatever it was; refused in words where it cannot be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from primus.spreadsheets import texts
from primus.spreadsheets.cells import address, keys, letters, plain
from primus.spreadsheets.refusals import (
    LARGEST,
    LARGEST_MB,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    FileRefused,
)
from primus.spreadsheets.workbooks import OLE, ZIP, Book

SAMPLES = 3


@dataclass
class Contents:
    """What stands in a file: its headings, how many rows there are below them, and the first."""

    headings: list[str]
    length: int
    samples: list[list[str]] = field(default_factory=list)


def _raw_rows(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    extension = PurePath(name).suffix.lower()
    if extension == ".xlsx":
        return Book(content).rows()
    if extension not in (".csv", ".txt"):
        raise FileRefused("old_format" if extension == ".xls" else "unknown")
    if content.startswith((ZIP, OLE)):
        raise FileRefused("not_text")
    return texts.rows(content)


def rows(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number (from 1, as a spreadsheet counts), the headings first.

    Raises FileRefused while it goes on, as soon as something is met that cannot be taken.
    """
    for number, row in _raw_rows(name, content):
        cells = [plain(cell) for cell in row]
        # What was made harmless is text, and stays text.
        runs = [cell.lstrip()[:1] == "=" for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise FileRefused("many_columns", most=str(MOST_COLUMNS))
        for position, cell in enumerate(cells):
            if runs[position]:
                raise FileRefused("formula", cell=address(number, position))
            if len(cell) > LONGEST_CELL:
                raise FileRefused("long_cell", cell=address(number, position))
        if cells:
            yield number, cells


def contents(name: str, content: bytes) -> Contents:
    """Look the whole file through once. Raises FileRefused for what is not taken."""
    if len(content) > LARGEST:
        raise FileRefused("too_large", most=str(LARGEST_MB))
    if not content:
        raise FileRefused("empty")
    found = rows(name, content)
    first = next(found, None)
    if first is None:
        raise FileRefused("no_rows")
    headings = first[1]
    _check_headings(headings)
    seen = Contents(headings, length=0)
    for _number, cells in found:
        if seen.length == MOST_ROWS:
            raise FileRefused("many_rows", most=f"{MOST_ROWS:,}".replace(",", "."))
        seen.length += 1
        if len(seen.samples) < SAMPLES:
            seen.samples.append(cells)
    if not seen.length:
        raise FileRefused("no_rows")
    return seen


def _check_headings(headings: list[str]) -> None:
    places: dict[str, int] = {}
    for position, heading in enumerate(headings):
        # By what is read: a column without a heading is only not recognised.
        key = min(keys(heading))
        if not key:
            continue
        if key in places:
            raise FileRefused(
                "same_heading",
                heading=heading,
                first=letters(places[key]),
                second=letters(position),
            )
        places[key] = position


def below_headings(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of people, each as long as the headings at least."""
    found = rows(name, content)
    headings = next(found, (0, []))[1]
    width = len(headings)
    return ((number, cells + [""] * (width - len(cells))) for number, cells in found)
