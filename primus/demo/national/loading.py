"""Millions of rows into the database: COPY where it is PostgreSQL, many at once where it is SQLite.

Rows are given as plain values in a stated order and with their primary keys, because a model
instance for each of eight million rows would take longer than writing them. The database's own
constraints hold for them as for any other row.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

BATCH = 20_000
CACHE = 400_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Rows:
    """The rows of one table that wait to be written.

    ``names`` are the columns that each row gives, by the attributes' names; whatever else the
    table has gets its default. The first of them is the primary key.
    """

    def __init__(self, loader: "Loader", model: type[models.Model], names: Iterable[str]):
        self.loader, self.model = loader, model
        fields = {field.attname: field for field in model._meta.concrete_fields}
        given = [fields.pop(name) for name in names]
        rest = list(fields.values())
        self.columns = [field.column for field in (*given, *rest)]
        self.rest = tuple(loader.plain(_default(field)) for field in rest)
        self.waiting: list[tuple] = []
        last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        self.next: int = last or 0

    def add(self, *values) -> int:
        """Put in a row of the given values, without its key; returns the key it gets."""
        self.next += 1
        self.waiting.append((self.next, *values, *self.rest))
        if len(self.waiting) >= BATCH:
            self.loader.flush()
        return self.next


def _default(field: models.Field):
    return None if field.null and not field.has_default() else field.get_default()


class Loader:
    """Writes the tables in the order they were named in, so that what is pointed at is there."""

    def __init__(self) -> None:
        self.tables: list[Rows] = []
        self.is_postgresql = connection.vendor == "postgresql"
        with connection.cursor() as cursor:
            if self.is_postgresql:
                # Checked with each batch: else millions of checks are kept for the end.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            else:
                # In kilobytes: the indexes are written all over, and have to stay in memory.
                cursor.execute(f"PRAGMA cache_size = -{CACHE}")

    def rows(self, model: type[models.Model] | str, *names: str) -> Rows:
        found = apps.get_model(model) if isinstance(model, str) else model
        table = Rows(self, found, names)
        self.tables.append(table)
        return table

    def plain(self, value):
        """A value as the database takes it."""
        if isinstance(value, list | dict):
            return json.dumps(value)
        if isinstance(value, datetime) and not self.is_postgresql:
            return connection.ops.adapt_datetimefield_value(value)
        return value

    def flush(self) -> None:
        """Write all that waits."""
        for table in self.tables:
            if table.waiting:
                (self._copy if self.is_postgresql else self._insert)(table)
                table.waiting = []

    def finish(self) -> None:
        """Write what is left, and let the next key of each table follow the last one given."""
        self.flush()
        sequences = connection.ops.sequence_reset_sql(
            no_style(), [table.model for table in self.tables]
        )
        with connection.cursor() as cursor:
            for statement in sequences:
                cursor.execute(statement)

    def _copy(self, table: Rows) -> None:
        names = ", ".join(connection.ops.quote_name(column) for column in table.columns)
        name = connection.ops.quote_name(table.model._meta.db_table)
        lines = "\n".join("\t".join(map(_escaped, row)) for row in table.waiting)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {name} ({names}) FROM STDIN", StringIO(lines + "\n"))

    def _insert(self, table: Rows) -> None:
        names = ", ".join(connection.ops.quote_name(column) for column in table.columns)
        places = ", ".join(["%s"] * len(table.columns))
        name = connection.ops.quote_name(table.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {name} ({names}) VALUES ({places})",  # noqa: S608 - names of ours
                [tuple(map(_for_sqlite, row)) for row in table.waiting],
            )


def _escaped(value) -> str:
    """As COPY reads it."""
    if value is None:
        return "\\N"
    return value.translate(ESCAPES) if type(value) is str else str(value)


def _for_sqlite(value):
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value
