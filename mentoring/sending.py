"""Sending the reminders of the ledger, each exactly once.

A row is claimed by a conditional update before its e-mail goes out, so two workers never send
the same one, on SQLite too. A worker that is killed in between leaves a claim that grows old:
the row is then sent again under the same Message-ID, by which the receiver knows the two as one.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from mentoring.models import Reminder, ReminderState
from mentoring.querysets import ReminderQuerySet
from mentoring.reminder_texts import words_for

logger = logging.getLogger(__name__)

BATCH = 200
# So many failures in a row are the mail server's: the rest waits for the next run.
GIVE_UP_AFTER = 20
SECONDS_BETWEEN_STEPS = 1.0


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
    reminders: ReminderQuerySet | None = None, progress: Progress | None = None
) -> Sent:
    """Send all reminders that wait, or those of the given ones that do.

    What cannot be sent keeps the class of the error, waits for the next run and holds up nobody.
    """
    reminders = Reminder.objects.all() if reminders is None else reminders
    # Those that failed come last, longest ago first, so that they cannot starve the others.
    order = ("error", F("claimed_at").asc(nulls_first=True), "pk")
    numbers = list(reminders.waiting().order_by(*order).values_list("pk", flat=True))
    advance = _steps(progress, len(numbers))
    result = Sent()
    if not numbers:
        return result

    connection = get_connection()
    failures_in_a_row = 0
    try:
        for reminder in _in_batches(numbers):
            claimed_at = _claim(reminder)
            if claimed_at is not None:
                if _deliver(reminder, connection, claimed_at):
                    result.sent += 1
                    failures_in_a_row = 0
                else:
                    result.failed += 1
                    failures_in_a_row += 1
            if failures_in_a_row >= GIVE_UP_AFTER:
                logger.warning("%s e-mails in a row failed; the rest waits.", GIVE_UP_AFTER)
                break
            advance(1)
    finally:
        advance(0, at_once=True)
        _close(connection)
    return result


def _in_batches(numbers: list[int]) -> Iterator[Reminder]:
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        found = Reminder.objects.select_related("recipient").in_bulk(batch)
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


def _claim(reminder: Reminder) -> datetime | None:
    """Take the row for this sender, and when; None if another has it or it was cancelled."""
    now = timezone.now()
    claimed = (
        Reminder.objects.waiting()
        .filter(pk=reminder.pk)
        .update(state=ReminderState.SENDING, claimed_at=now)
    )
    return now if claimed else None


def _deliver(reminder: Reminder, connection: BaseEmailBackend, claimed_at: datetime) -> bool:
    """Send the e-mail of a claimed row and write what became of it."""
    sending = Reminder.objects.filter(pk=reminder.pk, state=ReminderState.SENDING)
    try:
        compose(reminder, connection).send()
    except Exception as error:  # whatever it is, the others are to be sent
        # Its class only: the message could quote the recipient.
        name = type(error).__name__[:120]
        logger.warning("Reminder %s could not be sent: %s", reminder.pk, name)
        sending.filter(claimed_at=claimed_at).update(state=ReminderState.PLANNED, error=name)
        _close(connection)
        return False
    sending.update(state=ReminderState.SENT, sent_at=timezone.now(), error="")
    return True


def _close(connection: BaseEmailBackend) -> None:
    """A connection that failed is opened anew for the next e-mail."""
    try:
        connection.close()
    except Exception as error:
        logger.warning("The mail connection could not be closed: %s", type(error).__name__)


def message_id(reminder: Reminder) -> str:
    """The row's own Message-ID: the same however often it is sent, and saying nothing of it."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"<reminder-{reminder.pk}-{reminder.created_at:%Y%m%d%H%M%S%f}@{host}>"


def compose(reminder: Reminder, connection: BaseEmailBackend | None = None) -> EmailMessage:
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
        return EmailMessage(
            subject=f"Primus: {words.title}",
            body=body,
            to=[recipient.email],
            connection=connection,
            headers={"Message-ID": message_id(reminder), "Auto-Submitted": "auto-generated"},
        )
