"""Files as somebody sends them, and the way they go, for tests."""

import csv
import io
import re
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from primus.spreadsheets.models import ImportFile
from primus.spreadsheets.tasks import go_on


def as_csv(rows, *, delimiter=";", encoding="utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The workbook with some of its parts replaced by others."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, part in parts.items():
            target.writestr(name, part)
    return out.getvalue()


class Importing:
    """A coordinator at the pages of the import. The worker's part is done at once."""

    def __init__(self, client, kind: str):
        self.client, self.kind = client, kind

    def upload(self, content: bytes, name: str = "list.csv"):
        url = reverse("import_create", args=[self.kind])
        return self.client.post(url, {"file": SimpleUploadedFile(name, content)})

    def check(self, content: bytes, name: str = "list.csv", **columns) -> ImportFile:
        """Upload a file, leave its columns as they were recognised (but for `columns`), and have
        it checked."""
        answer = self.upload(content, name)
        assert answer.status_code == 302, error_of(answer)
        file = ImportFile.objects.latest("pk")
        assert answer.url == reverse("import_columns", args=[file.pk])
        chosen = {f"column_{field}": at for field, at in {**file.columns, **columns}.items()}
        answer = self.client.post(answer.url, chosen)
        assert answer.status_code == 302, answer.content.decode()
        return self.work(file)

    def work(self, file: ImportFile) -> ImportFile:
        file.refresh_from_db()
        go_on(file.run_id)
        file.refresh_from_db()
        return file

    def apply(self, file: ImportFile) -> ImportFile:
        assert self.client.post(reverse("import_apply", args=[file.pk])).status_code == 302
        return self.work(file)

    def page(self, file: ImportFile, **query) -> str:
        answer = self.client.get(reverse("import_file", args=[file.pk]), query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    def bad_rows(self, file: ImportFile) -> bytes:
        answer = self.client.get(reverse("import_bad_rows", args=[file.pk]))
        assert answer.status_code == 200
        return answer.content


def error_of(answer) -> str:
    """The sentence beside the field."""
    found = re.search(r'id="id_file_error"[^>]*>(.*?)</', answer.content.decode(), re.S)
    return found[1] if found else answer.content.decode()


def outcomes(file: ImportFile) -> list[str]:
    return list(file.rows.order_by("number").values_list("outcome", flat=True))


def problems(file: ImportFile) -> dict[int, dict[str, list[str]]]:
    """The codes of what is wrong, by row and field."""
    return {
        row.number: {name: [code for code, _words in said] for name, said in row.problems.items()}
        for row in file.rows.order_by("number")
        if row.problems
    }
