"""E-mails of an installation without a mail server: a folder of files, and reading it.

One file per message, named by its Message-ID and written whole or not at all. A message that is
sent again under the same Message-ID takes the first one's place, as with a careful receiver.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,149}")


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def file_name(message_id: str) -> str:
    """The file of a Message-ID; one that could mean anything to a file system is hashed."""
    inner = message_id.strip().removeprefix("<").removesuffix(">")
    return f"{inner if PLAIN_NAME.fullmatch(inner) else digest(inner)}.eml"


class FolderBackend(BaseEmailBackend):
    """Writes each e-mail to ``MAIL_DIR`` instead of sending it."""

    def send_messages(self, email_messages: Iterable) -> int:
        """How many were written; those without recipients are not."""
        written = 0
        for email in email_messages:
            if not email.recipients():
                continue
            try:
                message = email.message()
                self._write(file_name(str(message["Message-ID"])), message.as_bytes())
            except OSError:
                if not self.fail_silently:
                    raise
            else:
                written += 1
        return written

    def _write(self, name: str, content: bytes) -> None:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{uuid.uuid4()}"
        try:
            unfinished.write_bytes(content)
            unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)


@dataclass(frozen=True)
class Letter:
    """One e-mail of the folder. ``key`` names it in a URL and is no path."""

    key: str
    to: str
    subject: str
    sent_at: datetime
    text: str


def letters(limit: int) -> list[Letter]:
    """The latest `limit` e-mails, newest first. What cannot be read is left out."""
    dated = []
    for path in _files():
        try:
            dated.append((path.stat().st_mtime_ns, path))
        except FileNotFoundError:
            continue  # removed meanwhile
    found = (_read(path) for _time, path in sorted(dated, reverse=True)[:limit])
    return [letter for letter in found if letter is not None]


def letter(key: str) -> Letter | None:
    """The e-mail with that key; the key is compared with those of the files, never opened."""
    for path in _files():
        if digest(path.name) == key:
            return _read(path)
    return None


def _files() -> list[Path]:
    folder = Path(settings.MAIL_DIR)
    return [path for path in folder.glob("[!.]*.eml") if path.is_file() and not path.is_symlink()]


def _read(path: Path) -> Letter | None:
    try:
        content = path.read_bytes()
        written_at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
        message = message_from_bytes(content, policy=policy.default)
        return Letter(
            key=digest(path.name),
            to=str(message["To"] or ""),
            subject=str(message["Subject"] or ""),
            sent_at=_sent_at(message) or written_at,
            text=_text(message),
        )
    except (OSError, MessageError, LookupError, ValueError):
        return None


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return str(body.get_content()).strip() if body is not None else ""
