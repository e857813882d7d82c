"""The file that is handed out: one archive with a table in each file, and the codebook."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from primus.spreadsheets.writing import write_text


class Archive:
    """A .zip in the making. Each file in it is dated the first of the month, as all else."""

    def __init__(self, today: date):
        self._out = io.BytesIO()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)
        self._dated = (today.year, today.month, 1, 0, 0, 0)

    @contextmanager
    def _file(self, name: str) -> Iterator[io.TextIOWrapper]:
        info = zipfile.ZipInfo(name, self._dated)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._zip.open(info, "w") as raw:
            # The mark says to a spreadsheet that it is UTF-8.
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            yield text
            text.flush()
            text.detach()

    def table(self, name: str, columns: list[str], rows: Iterable[list[str]]) -> int:
        """Put in a table; returns how many rows it has."""
        count = 0

        def counted() -> Iterator[list[str]]:
            nonlocal count
            for row in rows:
                count += 1
                yield row

        with self._file(f"{name}.csv") as file:
            write_text(file, [columns])
            write_text(file, counted())
        return count

    def text(self, name: str, text: str) -> None:
        with self._file(f"{name}.txt") as file:
            file.write(text.replace("\n", "\r\n"))

    def content(self) -> bytes:
        """The whole of it; nothing can be put in afterwards."""
        self._zip.close()
        return self._out.getvalue()
