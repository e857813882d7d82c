"""Reading a .csv file: which letters it is written in, what stands between its cells."""

import csv
import io
from collections.abc import Iterator
from itertools import chain

from primus.spreadsheets.refusals import LONGEST_CELL, FileRefused

DELIMITERS = (";", ",", "\t")
ENCODINGS = ("utf-8-sig", "cp1252")
# Stands below the last row and nowhere else: a quotation mark without end has swallowed it.
END = "\0"


def text_of(content: bytes) -> str:
    """The text of the file: UTF-8 with or without its mark, else Windows-1252.

    Raises FileRefused for what is no text.
    """
    if b"\0" in content:
        raise FileRefused("nul")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("encoding")


def _delimiter(text: str) -> tuple[str, str]:
    """What stands between the cells, and the text without a first line that only says so."""
    first, _sep, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return first.strip()[-1], rest
    # By the line with the headings, since notes further down are full of commas.
    line = next((line for line in io.StringIO(text) if line.strip(' \t\r\n;,"')), "")
    return max(DELIMITERS, key=line.count), text


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row that says something, with its number as a spreadsheet counts (from 1)."""
    delimiter, text = _delimiter(text_of(content))
    number = 0
    lines = chain(io.StringIO(text, newline=""), [END])
    reader = csv.reader(lines, delimiter=delimiter)
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        for number, cells in enumerate(reader, start=1):
            if cells == [END]:
                return
            if cells and cells[-1].endswith(END):
                raise FileRefused("quotes", row=str(number + 1))
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise FileRefused("quotes", row=str(number + 1)) from error
    finally:
        csv.field_size_limit(limit)
