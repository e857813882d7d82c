"""Reading files: the ways lists are written, and what is refused before anything is kept."""

import io
import zipfile
from datetime import date, datetime

import pytest

from primus.spreadsheets import reading
from primus.spreadsheets.cells import harmless, letters, plain, position_of
from primus.spreadsheets.models import ImportFile
from primus.spreadsheets.parsers import day, past_day
from primus.spreadsheets.problems import Problem
from primus.spreadsheets.refusals import LARGEST, MOST_ROWS, FileRefused
from primus.spreadsheets.tests.sending import (
    Importing,
    as_csv,
    as_xlsx,
    error_of,
    with_parts,
)

LIST = [["Fornavn", "Født"], ["Søren", "17-05-1990"], ["Åse; Bo", "31.12.1985"]]
SHEET = "xl/worksheets/sheet1.xml"


def read(name, content):
    return [cells for _number, cells in reading.rows(name, content)]


def refusal(name, content) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        reading.contents(name, content)
    assert refused.value.sentence
    return refused.value


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_text_in_each_way_it_is_written(delimiter, encoding):
    assert read("a.CSV", as_csv(LIST, delimiter=delimiter, encoding=encoding)) == LIST


def test_text_with_a_line_that_says_what_stands_between():
    content = b"sep=,\r\n" + as_csv(LIST, delimiter=",", encoding="utf-8")
    assert read("a.csv", content) == LIST


def test_rows_keep_the_numbers_that_a_spreadsheet_gives_them():
    content = as_csv([["Navn"], [], ["  "], ["Bo\nJensen"], ["Eva"]], encoding="utf-8")
    assert list(reading.rows("a.csv", content)) == [
        (1, ["Navn"]),
        (4, ["Bo\nJensen"]),
        (5, ["Eva"]),
    ]


def test_a_workbook_is_read_as_its_cells_look():
    rows = [
        ["Navn", "Født", "Mødt", "Tlf.", "Andel", "Ja", "Tom"],
        ["Søren", date(1990, 5, 17), datetime(2026, 1, 2, 13, 0), 12345678, 0.5, True, None],  # noqa: DTZ001
    ]
    assert read("a.xlsx", as_xlsx(rows))[1] == [
        "Søren", "1990-05-17", "2026-01-02", "12345678", "0.5", "1",
    ]  # fmt: skip


def test_the_first_sheet_that_is_seen_is_read():
    from openpyxl import Workbook

    book = Workbook()
    book.active.sheet_state = "hidden"
    book.active["A1"] = "hemmeligt"
    book.create_sheet("Deltagere").append(["Fornavn"])
    out = io.BytesIO()
    book.save(out)
    assert read("a.xlsx", out.getvalue()) == [["Fornavn"]]


def bomb(declared: int) -> bytes:
    return with_parts(as_xlsx(LIST), {SHEET: b" " * declared})


def lying_bomb() -> bytes:
    """Says of itself that it is small."""
    content = bytearray(bomb(LARGEST))
    size = LARGEST.to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def encrypted(content: bytes) -> bytes:
    """With the mark that its parts are locked."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        offset = source.infolist()[0].header_offset
    changed = bytearray(content)
    changed[offset + 6] |= 1
    at = changed.find(b"PK\x01\x02")
    changed[at + 8] |= 1
    return bytes(changed)


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>"""
LONG = b"<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>" + b"x" * 40_000
LONG += b"</v></c></row></sheetData></worksheet>"
SAME_ROW = b"<worksheet><sheetData>" + b"<row r='1'><c t='str'><v>Bo</v></c></row>" * 2
SAME_ROW += b"</sheetData></worksheet>"
FAR_DOWN = SAME_ROW.replace(b"'1'", b"'99999999999'", 1)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("code", "name", "content"),
    [
        ("too_large", "a.csv", b"x" * (LARGEST + 1)),
        ("empty", "a.csv", b""),
        ("unknown", "a.pdf", b"%PDF-1.7"),
        ("old_format", "a.xls", OLE),
        ("old_format", "a.xlsx", OLE),
        ("password", "a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
        ("password", "a.xlsx", encrypted(as_xlsx(LIST))),
        ("not_a_workbook", "a.xlsx", as_csv(LIST)),
        ("not_a_workbook", "a.xlsx", with_parts(as_xlsx(LIST), {"_rels/.rels": b"<x/>"})),
        ("not_text", "a.csv", as_xlsx(LIST)),
        ("bomb", "a.xlsx", bomb(200 * 1024 * 1024)),
        ("bomb", "a.xlsx", bomb(LARGEST)),
        ("damaged", "a.xlsx", lying_bomb()),
        ("damaged", "a.xlsx", as_xlsx(LIST)[:-40]),
        ("damaged", "a.xlsx", with_parts(as_xlsx(LIST), {SHEET: ENTITIES})),
        ("damaged", "a.xlsx", with_parts(as_xlsx(LIST), {SHEET: b"<worksheet><sheet"})),
        ("damaged", "a.xlsx", with_parts(as_xlsx(LIST), {SHEET: SAME_ROW})),
        ("damaged", "a.xlsx", with_parts(as_xlsx(LIST), {SHEET: FAR_DOWN})),
        ("damaged", "a.xlsx", as_xlsx([["Fornavn"], ["So_xD800_ren"]])),
        ("nul", "a.csv", b"Fornavn\nSo\0ren\n"),
        ("nul", "a.csv", as_csv(LIST, encoding="utf-16")),
        ("nul", "a.xlsx", b"\0\0\0\0"),
        ("nul", "a.xlsx", as_xlsx([["Fornavn"], ["So_x0000_ren"]])),
        ("encoding", "a.csv", b"Fornavn\n\x81\x8d\n"),
        ("quotes", "a.csv", b'Fornavn;Efternavn\nBo;"Jensen\n' + b"x;y\n" * 20_000),
        ("quotes", "a.csv", b'Fornavn;Efternavn\nBo;"Jensen\nIb;Olsen\n'),
        ("quotes", "a.csv", b'Fornavn;Efternavn\nBo;"Jensen'),
        ("no_rows", "a.csv", b"\n\n"),
        ("no_rows", "a.csv", b"Fornavn;Efternavn\n"),
        ("no_rows", "a.xlsx", as_xlsx([["Fornavn"]])),
        ("many_rows", "a.csv", b"Fornavn\n" + b"Bo\n" * (MOST_ROWS + 1)),
        ("many_columns", "a.csv", b";".join(b"h%d" % n for n in range(10_000)) + b"\nBo"),
        ("many_columns", "a.xlsx", as_xlsx([[f"h{n}" for n in range(10_000)], ["Bo"]])),
        ("long_cell", "a.xlsx", with_parts(as_xlsx(LIST), {SHEET: LONG})),
        ("formula", "a.csv", b"Fornavn;Tlf\nBo;=1+1\n"),
        ("formula", "a.xlsx", as_xlsx([["Fornavn", "Tlf"], ["Bo", "=SUM(A1:A2)"]])),
        ("same_heading", "a.csv", b"Telefon;Navn;TELEFON\n1;2;3\n"),
    ],
)
def test_refused_early_and_in_words(code, name, content):
    assert refusal(name, content).code == code


def test_what_is_refused_says_where():
    assert "B2" in refusal("a.xlsx", as_xlsx([["A", "B"], ["Bo", "=1"]])).sentence
    assert "B2" in refusal("a.csv", b"A;B\nBo;=1\n").sentence
    same = refusal("a.csv", b"Telefon;Navn;TELEFON\n1;2;3\n").sentence
    assert "A" in same
    assert "C" in same


def test_nothing_of_a_refused_file_is_kept(coordinator_client):
    importing = Importing(coordinator_client, "participants")
    for content in (b"x" * (50 * 1024 * 1024), b"Fornavn;Tlf\nBo;=1+1\n"):
        answer = importing.upload(content)
        assert answer.status_code == 200
        assert 'class="field-error' in answer.content.decode(), error_of(answer)
    assert importing.upload(b"").status_code == 200
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize(
    "said",
    ["31-12-2026", "31.12.2026", "31/12-26", "31. 12. 2026", "2026-12-31", "2026-12-31 00:00:00"],
)
def test_days_as_danes_write_them(said):
    assert day(said) == date(2026, 12, 31)


def test_a_birth_in_two_digits_has_been():
    assert past_day("1/2-90") == date(1990, 2, 1)
    assert past_day("1/2-05") == date(2005, 2, 1)
    with pytest.raises(Problem):
        day("31-02-2026")


def test_cells_are_called_as_in_a_spreadsheet():
    for position in (0, 25, 26, 701, 702):
        assert position_of(letters(position)) == position
    assert letters(27) == "AB"


@pytest.mark.parametrize(
    "text", ["=1+1", "+45 12 34 56 78", "-", "@x", "\tx", "  =1", "\u00a0@x", "plain", "'quoted"]
)
def test_what_is_made_harmless_is_read_as_it_was(text):
    made = harmless(text)
    assert not made.lstrip().startswith(("=", "+", "-", "@"))
    assert not made.startswith("\t")
    assert plain(made) == text.strip()
