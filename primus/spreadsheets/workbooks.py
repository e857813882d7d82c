"""Reading an .xlsx file without trusting it.

A workbook is a zip of XML files. What the zip says of itself is looked at before anything is
unpacked, and nothing is unpacked further than it said. The sheet goes by once, cell by cell, and
the first formula ends it: openpyxl, which knows far more of workbooks, takes more than twice
as long for a long one, and gives no say in what it unpacks.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from xml.parsers import expat

from primus.spreadsheets.cells import address, position_of
from primus.spreadsheets.refusals import LONGEST_CELL, MOST_COLUMNS, FileRefused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a list of 50,000 people in 40 columns comes to, and then some.
LARGEST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 1000
# Text packs to a tenth; only nothing, a million times over, packs to a hundredth.
MOST_PACKED, SMALL = 150, 4 * 1024 * 1024
MOST_STRINGS = 1_500_000
# No spreadsheet goes further down.
LAST_ROW = 1_048_576
CHUNK = 64 * 1024

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DATE_STYLES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# In a number's format: what is quoted, in brackets or after a backslash is no part of a date.
NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')

Start = Callable[[str, dict[str, str]], None]


class Book:
    """One workbook: what its first visible sheet says, row by row. Raises FileRefused."""

    def __init__(self, content: bytes):
        self._zip = _opened(content)
        with _damage():
            self._read_contents()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that says something, with its number."""
        with _damage():
            yield from _Sheet(self._strings, self._dates, self._epoch).rows(self._open(self._sheet))

    # --- What lies where -------------------------------------------------------------------

    def _open(self, path: str):
        return self._zip.open(path)

    def _relations(self, of: str) -> dict[str, tuple[str, str]]:
        """What a part leads to: by number, the kind and the path."""
        folder, name = posixpath.split(of)
        found: dict[str, tuple[str, str]] = {}

        def start(tag, attributes):
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
                kind = attributes["Type"].rpartition("/")[2]
                found[attributes["Id"]] = kind, target.lstrip("/")

        _parse(self._open(posixpath.join(folder, "_rels", f"{name}.rels")), start)
        return found

    def _read_contents(self) -> None:
        roots = dict(self._relations("").values())
        if "officeDocument" not in roots:
            raise FileRefused("not_a_workbook")
        book = roots["officeDocument"]
        sheets: list[dict[str, str]] = []
        self._epoch = date(1899, 12, 30)

        def start(tag, attributes):
            if tag == "sheet":
                # The number's own name has a prefix, which can be any.
                sheets.append({key.rpartition(":")[2]: value for key, value in attributes.items()})
            elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self._epoch = date(1904, 1, 1)

        _parse(self._open(book), start)
        relations = self._relations(book)
        parts = dict(relations.values())
        seen = [
            relations[sheet["id"]][1]
            for sheet in sheets
            if sheet.get("state", "visible") == "visible"
            and relations.get(sheet["id"], ("", ""))[0] == "worksheet"
        ]
        if not seen:
            raise FileRefused("no_sheet")
        self._sheet = seen[0]
        self._strings = self._read_strings(parts.get("sharedStrings"))
        self._dates = self._read_styles(parts.get("styles"))

    def _read_strings(self, path: str | None) -> list[str]:
        strings: list[str] = []
        pieces: list[str] = []
        wanted = [False]
        aside = [0]

        def start(tag, _attributes):
            if tag == "si":
                pieces.clear()
            elif tag == "rPh":  # how a Japanese word is said
                aside[0] += 1
            wanted[0] = tag == "t" and not aside[0]

        def end(tag):
            wanted[0] = False
            if tag == "rPh":
                aside[0] -= 1
            elif tag == "si":
                if len(strings) == MOST_STRINGS:
                    raise FileRefused("bomb")
                strings.append(_unescaped("".join(pieces)))

        def text(said):
            if wanted[0]:
                pieces.append(said)

        if path:
            _parse(self._open(path), start, end, text)
        return strings

    def _read_styles(self, path: str | None) -> frozenset[str]:
        """The styles, by their place in the list, that show a number as a day."""
        formats: dict[str, bool] = {}
        dates: set[str] = set()
        here: list[str] = []
        count = [0]

        def start(tag, attributes):
            here.append(tag)
            if tag == "numFmt":
                shape = NOT_FORMAT.sub("", attributes["formatCode"]).lower()
                formats[attributes["numFmtId"]] = bool(re.search(r"[dy]|m(?!\d)", shape))
            elif tag == "xf" and here[-2:-1] == ["cellXfs"]:
                number = attributes.get("numFmtId", "0")
                if formats.get(number, int(number) in DATE_STYLES):
                    dates.add(str(count[0]))
                count[0] += 1

        if path:
            _parse(self._open(path), start, lambda _tag: here.pop())
        return frozenset(dates)


class _Sheet:
    """One sheet going by."""

    def __init__(self, strings: list[str], dates: frozenset[str], epoch: date):
        self.strings, self.dates, self.epoch = strings, dates, epoch
        self.ready: list[tuple[int, list[str]]] = []
        self.columns: dict[str, int] = {}
        self.number = 0
        self.cells: list[str] = []
        self.position = -1
        self.kind = self.style = ""
        self.said = ""
        self.reading = False
        self.aside = 0

    def rows(self, part) -> Iterator[tuple[int, list[str]]]:
        chunk = part.read(CHUNK)
        parser = _parser(self.start, self.end, self.text, prefixed=b":worksheet" in chunk)
        while chunk:
            parser.Parse(chunk)
            yield from self.ready
            self.ready.clear()
            chunk = part.read(CHUNK)
        parser.Parse(b"", True)
        yield from self.ready

    # A long sheet has millions of these: the commonest are asked for first.

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.position = self._position(attributes.get("r", ""))
            self.said = ""
        elif tag == "v" or tag == "t":
            self.reading = not self.aside
        elif tag == "row":
            above = self.number
            self.number = int(attributes.get("r", above + 1))
            # Each row has its own number, and what is wrong with it is kept by that.
            if not above < self.number <= LAST_ROW:
                raise FileRefused("damaged")
            self.cells = []
            self.position = -1
        elif tag == "f":
            raise FileRefused("formula", cell=address(self.number, self.position))
        elif tag == "rPh":
            self.aside += 1

    def end(self, tag: str) -> None:
        if tag == "v" or tag == "t":
            self.reading = False
        elif tag == "c":
            if self.said:
                self._keep(self._value(self.said))
        elif tag == "row":
            if self.cells:
                self.ready.append((self.number, self.cells))
        elif tag == "rPh":
            self.aside -= 1

    def text(self, said: str) -> None:
        if self.reading:
            self.said += said

    def _position(self, reference: str) -> int:
        name = reference.rstrip("0123456789")
        if name not in self.columns:
            if not name:
                return self.position + 1
            self.columns[name] = position_of(name)
        return self.columns[name]

    def _keep(self, text: str) -> None:
        if not text:
            return
        if self.position >= MOST_COLUMNS:
            raise FileRefused("many_columns", most=str(MOST_COLUMNS))
        if len(text) > LONGEST_CELL:
            raise FileRefused("long_cell", cell=address(self.number, self.position))
        missing = self.position + 1 - len(self.cells)
        if missing > 0:
            self.cells.extend([""] * missing)
        self.cells[self.position] = text

    def _value(self, said: str) -> str:
        if self.kind == "s":
            return self.strings[int(said)]
        if self.kind == "b":
            return "1" if said == "1" else "0"
        if self.kind == "d":
            return said[:10]
        if self.kind != "n":
            return _unescaped(said)
        return self._day(said) if self.style in self.dates else _number(said)

    def _day(self, said: str) -> str:
        try:
            return (self.epoch + timedelta(days=int(float(said)))).isoformat()
        except (ValueError, OverflowError):
            return said


def _number(said: str) -> str:
    """A number as it is read: 12345678 and not 12345678.0 or 1.2345678E7."""
    try:
        number = float(said)
        return str(int(number)) if number == int(number) and abs(number) < 1e15 else said
    except (ValueError, OverflowError):
        return said


def _unescaped(text: str) -> str:
    """Signs that XML has no room for are written _x0000_ in a workbook."""
    if "_x" not in text:
        return text
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\0" in text:
        raise FileRefused("nul")
    # Half a sign is none, and no database takes it: a ValueError, like other damage.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    return text.replace("\r", "")


# --- Opening --------------------------------------------------------------------------------


def _opened(content: bytes) -> zipfile.ZipFile:
    """The zip, when what it says of itself can be true of a list of people."""
    if content.startswith(OLE):
        # A workbook with a password lies in the same wrapping as the old format.
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise FileRefused("password" if locked else "old_format")
    if not content.startswith(ZIP):
        raise FileRefused("nul" if b"\0" in content[:CHUNK] else "not_a_workbook")
    with _damage():
        opened = zipfile.ZipFile(io.BytesIO(content))
        parts = opened.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("password")
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise FileRefused("bomb")
    for part in parts:
        if part.file_size > SMALL and part.file_size > MOST_PACKED * max(part.compress_size, 1):
            raise FileRefused("bomb")
    if "_rels/.rels" not in opened.namelist():
        raise FileRefused("not_a_workbook")
    return opened


class _damage:
    """Whatever goes wrong while a workbook is read is said as one thing: it is damaged."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind, error, _trace) -> None:
        broken = (
            zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, IndexError, ValueError,
            NotImplementedError, EOFError, OSError, RecursionError,
        )  # fmt: skip
        if isinstance(error, broken):
            raise FileRefused("damaged") from error


def _parser(start: Start, end=None, text=None, *, prefixed: bool = True):
    """A parser that knows tags by their own names, and no entities at all.

    Where nothing is `prefixed`, no time goes with looking for it.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def local(name: str) -> str:
        return name.rpartition(":")[2]

    def starts(name, attributes):
        start(local(name) if ":" in name else name, attributes)

    def refuse(*_args):
        # A workbook has none. In them lie files of this machine, and a thousand times nothing.
        raise FileRefused("damaged")

    parser.StartElementHandler = starts if prefixed else start
    if end:
        parser.EndElementHandler = (lambda name: end(local(name))) if prefixed else end
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _parse(part, start: Start, end=None, text=None) -> None:
    parser = _parser(start, end, text)
    while chunk := part.read(CHUNK):
        parser.Parse(chunk)
    parser.Parse(b"", True)
