"""Sending the e-mails of a ledger (reminders, letters to coordinators), each exactly once.

A row is claimed by a conditional update before its e-mail goes out, so two workers never send
the same one, on SQLite too. A worker that is killed in between leaves a claim that grows old:
the row is then sent again under the same Message-ID, by which the receiver knows the two as one.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from mentoring.models import Letter, Reminder, SendState
from mentoring.querysets import SendableQuerySet
from mentoring.reminder_texts import words_for

logger = logging.getLogger(__name__)

BATCH = 200
# So many failures in a row are the mail server's: the rest waits for the next run.
GIVE_UP_AFTER = 20
SECONDS_BETWEEN_STEPS = 1.0

# What stands for one e-mail to one recipient.
Row = Reminder | Letter
# Makes the e-mail of a row; None when it has become nobody's news.
Compose = Callable[[Any, BaseEmailBackend | None], EmailMessage | None]


class Progress(Protocol):
    """Where the sender says how far it has come (see primus.jobs.runs)."""

    def expect(self, total: int) -> None: ...

    def advance(self, by: int = 1) -> None: ...


@dataclass
class Sent:
    """What a sending came to, in e-mails."""

    sent: int = 0
    failed: int = 0


def send_waiting(
    rows: SendableQuerySet | None = None,
    progress: Progress | None = None,
    compose: Compose | None = None,
) -> Sent:
    """Send all reminders that wait, or those of the given rows that do, each as `compose` makes it.

    What cannot be sent keeps the class of the error, waits for the next run and holds up nobody.
    """
    rows = Reminder.objects.all() if rows is None else rows
    compose = compose or compose_reminder
    # Those that failed come last, longest ago first, so that they cannot starve the others.
    order = ("error", F("claimed_at").asc(nulls_first=True), "pk")
    numbers = list(rows.waiting().order_by(*order).values_list("pk", flat=True))
    advance = _steps(progress, len(numbers))
    result = Sent()
    if not numbers:
        return result

    connection = get_connection()
    failures_in_a_row = 0
    try:
        for row in _in_batches(rows.model, numbers):
            claimed_at = _claim(row)
            if claimed_at is not None:
                became = _deliver(row, connection, claimed_at, compose)
                if became == SendState.PLANNED:
                    result.failed += 1
                    failures_in_a_row += 1
                else:
                    result.sent += became == SendState.SENT
                    failures_in_a_row = 0
            if failures_in_a_row >= GIVE_UP_AFTER:
                logger.warning("%s e-mails in a row failed; the rest waits.", GIVE_UP_AFTER)
                break
            advance(1)
    finally:
        advance(0, at_once=True)
        _close(connection)
    return result


def _in_batches(model: type[Row], numbers: list[int]) -> Iterator[Row]:
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        found = model._default_manager.select_related("recipient").in_bulk(batch)
        yield from (found[pk] for pk in batch if pk in found)


def _steps(progress: Progress | None, total: int) -> Callable[..., None]:
    """Counts one by one and writes at most once a second."""
    if progress is None:
        return lambda by, at_once=False: None
    progress.expect(total)
    unwritten, written_at = 0, monotonic()

    def advance(by: int, at_once: bool = False) -> None:
        nonlocal unwritten, written_at
        unwritten += by
        if at_once or monotonic() - written_at >= SECONDS_BETWEEN_STEPS:
            progress.advance(unwritten)
            unwritten, written_at = 0, monotonic()

    return advance


def _claim(row: Row) -> datetime | None:
    """Take the row for this sender, and when; None if another has it or it was cancelled."""
    now = timezone.now()
    claimed = (
        type(row)
        .objects.waiting()
        .filter(pk=row.pk)
        .update(state=SendState.SENDING, claimed_at=now)
    )
    return now if claimed else None


def _deliver(
    row: Row, connection: BaseEmailBackend, claimed_at: datetime, compose: Compose
) -> SendState:
    """Send the e-mail of a claimed row and write what became of it: sent, cancelled when it is
    nobody's news any more, or planned again when it failed."""
    claimed = type(row).objects.filter(pk=row.pk, state=SendState.SENDING)
    try:
        message = compose(row, connection)
        if message is None:
            claimed.update(state=SendState.CANCELLED, error="")
            return SendState.CANCELLED
        message.send()
    except Exception as error:  # whatever it is, the others are to be sent
        # Its class only: the message could quote the recipient.
        name = type(error).__name__[:120]
        logger.warning("%s %s could not be sent: %s", type(row).__name__, row.pk, name)
        claimed.filter(claimed_at=claimed_at).update(state=SendState.PLANNED, error=name)
        _close(connection)
        return SendState.PLANNED
    claimed.update(state=SendState.SENT, sent_at=timezone.now(), error="")
    return SendState.SENT


def _close(connection: BaseEmailBackend) -> None:
    """A connection that failed is opened anew for the next e-mail."""
    try:
        connection.close()
    except Exception as error:
        logger.warning("The mail connection could not be closed: %s", type(error).__name__)


def message_id(row: Row) -> str:
    """The row's own Message-ID: the same however often it is sent, and saying nothing of it."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    kind = type(row).__name__.lower()
    return f"<{kind}-{row.pk}-{row.created_at:%Y%m%d%H%M%S%f}@{host}>"


def letter(
    row: Row, *, to: str, subject: str, body: str, connection: BaseEmailBackend | None
) -> EmailMessage:
    """The e-mail of a row, as every e-mail of a ledger is addressed."""
    return EmailMessage(
        subject=subject,
        body=body,
        to=[to],
        connection=connection,
        headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
    )


def compose_reminder(
    reminder: Reminder, connection: BaseEmailBackend | None = None
) -> EmailMessage:
    """The e-mail of a reminder, in the recipient's language.

    It says what kind of day it is and what to do, and never whom it is about: no name, no case
    number, no date, no municipality.
    """
    recipient = reminder.recipient
    with translation.override(recipient.language):
        words = words_for(reminder.kind, recipient.role)
        body = render_to_string(
            "mentoring/email/reminder.txt",
            {"words": words, "url": settings.BASE_URL + reverse("home")},
        )
        return letter(
            reminder,
            to=recipient.email,
            subject=f"Primus: {words.title}",
            body=body,
            connection=connection,
        )
