"""A file with one person in each row, read as a cohort."""

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from outcomes.engine.cohort import Cohort, Refusal
from outcomes.engine.reasons import RowReason
from primus.refusals import Refused
from primus.spreadsheets import texts
from primus.spreadsheets.refusals import FileRefused

# As statistical programs write that nothing is known.
MISSING = frozenset({"", ".", "-", "na", "n/a", "nan", "null", "none"})
# The same where a name stands. "None" and "-" may be what an arm is called.
NO_NAME = frozenset({".", "NA", "N/A", "NaN", "nan"})
UNREADABLE = -math.inf


class CohortRefused(Refused):
    """The file cannot be read as a cohort. ``code`` says why."""

    SENTENCES = {
        "missing": "There is no file %(file)s.",
        "folder": "%(file)s is a folder, not a file.",
        "unopened": "%(file)s cannot be opened: %(why)s.",
        "not_text": "%(file)s is not a text file: save it as CSV (UTF-8).",
        "quotes": "A quotation mark that begins before row %(row)s of %(file)s has no end.",
        "empty": "%(file)s is empty.",
        "no_rows": "There are no rows below the headings of %(file)s.",
        "no_column": "%(file)s has no column %(column)s; its columns are: %(columns)s.",
        "two_columns": "%(file)s has more than one column %(column)s.",
    }


def number(cell: str) -> float:
    """A cell as a number, with a point or a comma: NaN where nothing is known, ``UNREADABLE``
    for text that is no number."""
    try:
        # The usual case first: there may be a million of them. An underscore is no digit.
        return float(cell) if "_" not in cell else UNREADABLE
    except ValueError:
        pass
    text = cell.strip().casefold()
    if text in MISSING:
        return math.nan
    if text.count(",") != 1 or "." in text:
        return UNREADABLE
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return UNREADABLE


def read(path: str, arm: str, time: str, event: str, stratum: str, *, strata: bool) -> Cohort:
    """The cohort of a ``.csv`` file, by the names of its columns; other columns are ignored.

    Semicolons, commas or tabs between the cells, UTF-8 with or without its mark, decimal points or
    commas. Rows count as a spreadsheet counts them: the headings are row 1. ``strata``: whether
    the file must have the column ``stratum``; it is read where there is one. Raises CohortRefused.
    """
    name = Path(path).name
    try:
        return _read(_content(path, name), name, (arm, time, event, stratum), strata)
    except FileRefused as error:
        code = "quotes" if error.code == "quotes" else "not_text"
        raise CohortRefused(code, file=name, row=error.words.get("row", "")) from error


def _content(path: str, name: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise CohortRefused("missing", file=name) from error
    except IsADirectoryError as error:
        raise CohortRefused("folder", file=name) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CohortRefused("unopened", file=name, why=why) from error


def _read(content: bytes, name: str, columns: Sequence[str], strata: bool) -> Cohort:
    rows = texts.rows(content)
    _row, headings = next(rows, (0, []))
    if not headings:
        raise CohortRefused("empty", file=name)
    arm_at, time_at, event_at = (_place(headings, column, name) for column in columns[:3])
    known = strata or any(_same(heading, columns[3]) for heading in headings)
    stratum_at = _place(headings, columns[3], name) if known else None

    width = len(headings)
    numbers, times, events = array("q"), array("d"), array("d")
    arms: list[str] = []
    stratum_cells: list[str] = []
    told: dict[int, RowReason] = {}
    # The same few names for a million people are kept once.
    names: dict[str, str] = {}
    for row, cells in rows:
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        elif any(cell.strip() for cell in cells[width:]):
            # Nobody knows which of them stands below which heading: none is read.
            told[row] = RowReason.TOO_MANY_CELLS
            cells = [""] * width
        time = number(cells[time_at])
        if time == UNREADABLE and cells[time_at].strip().casefold() not in ("-inf", "-infinity"):
            told[row] = RowReason.UNREADABLE_TIME
            time = math.nan
        numbers.append(row)
        times.append(time)
        events.append(number(cells[event_at]))
        arms.append(_name(cells[arm_at], names))
        if stratum_at is not None:
            stratum_cells.append(_name(cells[stratum_at], names))
    if not numbers:
        raise CohortRefused("no_rows", file=name)
    cohort = Cohort.of(
        arms, times, events, stratum_cells if stratum_at is not None else None, numbers
    )
    return replace(cohort, refused=tuple(_told(refusal, told) for refusal in cohort.refused))


def _name(cell: str, names: dict[str, str]) -> str:
    """A name as it stands, blank where nothing is known; ``names`` has those that were met."""
    try:
        return names[cell]
    except KeyError:
        return names.setdefault(cell, "" if cell.strip() in NO_NAME else cell)


def _told(refusal: Refusal, told: Mapping[int, RowReason]) -> Refusal:
    """What is known of the row itself: a time that is there and is no number is not missing."""
    known = told.get(refusal.row, refusal.reason)
    if known == RowReason.UNREADABLE_TIME and refusal.reason != RowReason.MISSING_TIME:
        return refusal
    return Refusal(refusal.row, known)


def _same(heading: str, column: str) -> bool:
    return heading.strip().casefold() == column.strip().casefold()


def _place(headings: Sequence[str], column: str, name: str) -> int:
    """Where a column is; capitals do not matter unless two columns differ by nothing else."""
    places = [i for i, heading in enumerate(headings) if heading.strip() == column.strip()]
    places = places or [i for i, heading in enumerate(headings) if _same(heading, column)]
    if not places:
        listed = ", ".join(heading.strip()[:40] for heading in headings[:20])
        raise CohortRefused("no_column", file=name, column=column, columns=listed)
    if len(places) > 1:
        raise CohortRefused("two_columns", file=name, column=column)
    return places[0]
