"""How many questions a page asks the database."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

# Beginning and ending transactions is not asking; and in tests there are savepoints besides.
BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "BEGIN", "COMMIT")


def asked(captured) -> list[str]:
    """The statements that ask or change, in order."""
    statements = (query["sql"] for query in captured.captured_queries)
    return [sql for sql in statements if not sql.lstrip("-; ").startswith(BOOKKEEPING)]


@contextmanager
def query_budget(most: int):
    """Fail with every statement listed when the block asks the database more than `most` times.

    Yields a list that holds the statements afterwards.
    """
    statements: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements.extend(asked(captured))
    if len(statements) > most:
        listed = "\n".join(f"{n:3}. {sql}" for n, sql in enumerate(statements, start=1))
        pytest.fail(f"{len(statements)} queries, at most {most} allowed:\n{listed}", pytrace=False)


@pytest.fixture(name="query_budget")
def query_budget_fixture(db):
    return query_budget
