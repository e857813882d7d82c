"""Log lines without what errors quote.

The message of an error can hold a person's data: PostgreSQL quotes the whole row that broke a
rule, a mail server the address it refused. Its class and the lines of code say where to look.
Addresses that open something by themselves (a mentor's calendar, an invitation, a new password)
are written without their secret.
"""

import logging
import re
import sys
from copy import copy
from traceback import StackSummary, walk_tb

# Celery puts the error's own text into its lines.
CELERY_TRACE = "celery.app.trace"
SECRETS = re.compile(r"(/calendar/|/invitation/|/password/reset/[0-9A-Za-z]+-)[^/\s\"'?#]+")


def without_secrets(text: str) -> str:
    """A text with the secrets of addresses left out."""
    return SECRETS.sub(r"\1…", text)


class QuietFormatter(logging.Formatter):
    """Formats tracebacks and Celery's lines about failed tasks with the classes of errors only."""

    def formatException(self, ei) -> str:
        error = ei[1]
        return "" if error is None else "\n".join(_lines(error, set()))

    def format(self, record: logging.LogRecord) -> str:
        # A copy, and without the text that another formatter may have kept with the traceback.
        record = copy(record)
        record.exc_text = None
        if record.name == CELERY_TRACE and isinstance(record.args, dict) and "exc" in record.args:
            # A retry is logged without the error, while it is being handled.
            error = record.exc_info[1] if record.exc_info else sys.exception()
            error = getattr(error, "exc", None) or error
            record.args = {**record.args, "exc": type(error).__name__}
        return without_secrets(super().format(record))


def _lines(error: BaseException, seen: set[int]) -> list[str]:
    """The traceback of an error and, before it, of what it came from."""
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _lines(before, seen) if before is not None and id(before) not in seen else []
    kind = type(error)
    return [
        *lines,
        "Traceback (most recent call last):",
        *(
            line.rstrip("\n")
            for line in StackSummary.extract(walk_tb(error.__traceback__)).format()
        ),
        f"{kind.__module__}.{kind.__qualname__}",
    ]
