"""Files on their way out: rows that were not imported, and one to begin with."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import TextIO

from primus.spreadsheets.cells import harmless, letters

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
CONTENT_TYPES = {".xlsx": XLSX, ".csv": CSV}
# What XML has no room for, what it writes otherwise, and a line's end that it would change.
TO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]) | {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
    ord("\r"): "&#13;",
}
# A workbook means a sign by this, so that what was typed like it is written otherwise.
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# The parts of a workbook beside its sheet. Style 1 is text, style 2 is text in bold.
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Primus" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        "</cellStyleXfs>"
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        ' applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}
SHEET_BEGINS = (
    f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    '<cols><col min="1" max="60" width="18" customWidth="1"/></cols><sheetData>'
)
SHEET_ENDS = "</sheetData></worksheet>"


def written(extension: str, rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a file of that kind, the headings first. No cell of it runs as a formula."""
    return _workbook(rows) if extension == ".xlsx" else _text(rows)


def _text(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    write_text(out, ([harmless(cell) for cell in row] for row in rows))
    # The mark says that it is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def write_text(out: TextIO, rows: Iterable[Sequence[str]]) -> None:
    """Write the rows as a Danish spreadsheet writes and reads them; nothing that people have typed
    goes through here without `harmless`."""
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)


def _workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook in which every cell says of itself that it is text.

    So it is neither a formula nor a number that loses its zero. Row by row, and by ourselves: a
    library that knows all that a cell can be takes ten times as long over a long list.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, part in PARTS.items():
            book.writestr(name, HEAD + part)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((HEAD + SHEET_BEGINS).encode())
            columns: list[str] = []
            for number, row in enumerate(rows, start=1):
                columns += [letters(position) for position in range(len(columns), len(row))]
                style = 2 if number == 1 else 1
                cells = (
                    f'<c r="{column}{number}" s="{style}" t="inlineStr">'
                    f'<is><t xml:space="preserve">{_xml(text)}</t></is></c>'
                    for column, text in zip(columns, row, strict=False)
                    if text
                )
                sheet.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())
            sheet.write(SHEET_ENDS.encode())
    return out.getvalue()


def _xml(text: str) -> str:
    return ESCAPE.sub("_x005F_", text).translate(TO_XML)
