"""Files on their way out: rows that were not imported, and one to begin with."""

import csv
import io
from collections.abc import Iterable, Sequence

from primus.spreadsheets.cells import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
CONTENT_TYPES = {".xlsx": XLSX, ".csv": CSV}
# What XML has no room for.
CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def written(extension: str, rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a file of that kind, the headings first. No cell of it runs as a formula."""
    return _workbook(rows) if extension == ".xlsx" else _text(rows)


def _text(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    # As a Danish spreadsheet writes and reads it; the mark says that it is UTF-8.
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _workbook(rows: Iterable[Sequence[str]]) -> bytes:
    # Here and not above: it brings numpy along, which a web process does without until then.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text.translate(CONTROL))
            # Text whatever it looks like: neither a formula nor a number that loses its zero.
            cell.data_type = "s"
            cell.number_format = "@"
            if not number:
                cell.font = bold
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
