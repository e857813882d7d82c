"""A file with one person in each row, read as a cohort."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from outcomes.engine.cohort import Cohort, Refusal
from outcomes.engine.reasons import RowReason
from primus.refusals import Refused
from primus.spreadsheets import texts
from primus.spreadsheets.refusals import FileRefused

# As statistical programs write that nothing is known.
MISSING = frozenset({"", ".", "-", "na", "n/a", "nan", "null", "none"})
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
        "none_usable": "No row of %(file)s can be used; the first, row %(row)s: %(why)s.",
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
    unreadable: list[int] = []
    # The same few names for a million people are kept once.
    names: dict[str, str] = {}
    for row, cells in rows:
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        time = number(cells[time_at])
        if time == UNREADABLE and cells[time_at].strip().casefold() not in ("-inf", "-infinity"):
            unreadable.append(row)
            time = math.nan
        numbers.append(row)
        times.append(time)
        events.append(number(cells[event_at]))
        arms.append(names.setdefault(cells[arm_at], cells[arm_at]))
        if stratum_at is not None:
            stratum_cells.append(names.setdefault(cells[stratum_at], cells[stratum_at]))
    if not numbers:
        raise CohortRefused("no_rows", file=name)
    cohort = Cohort.of(
        arms, times, events, stratum_cells if stratum_at is not None else None, numbers
    )
    cohort = replace(cohort, refused=_told(cohort.refused, unreadable))
    if not cohort.time.size:
        first = cohort.refused[0]
        raise CohortRefused(
            "none_usable", file=name, row=str(first.row), why=first.reason.replace("_", " ")
        )
    return cohort


def _told(refused: Sequence[Refusal], unreadable: Sequence[int]) -> tuple[Refusal, ...]:
    """A time that is there and is no number is not a missing one."""
    rows = set(unreadable)
    return tuple(
        Refusal(refusal.row, RowReason.UNREADABLE_TIME)
        if refusal.row in rows and refusal.reason == RowReason.MISSING_TIME
        else refusal
        for refusal in refused
    )


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
