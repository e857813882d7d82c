"""Notes that coordinators keep about an enrolment. No mentor ever sees one."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import CoordinatorNote, Enrolment
from primus.refusals import Refused

# So long whoever wrote a note can remove it; after that it is kept.
REMOVED_WITHIN = timedelta(hours=1)


class NoteRefused(Refused):
    """The note is not written, or stays. ``code`` says why."""

    SENTENCES = {
        "empty": _("Write the note first."),
        "kept": _("A note can be removed for an hour after it was written. This one is kept."),
    }


def write_note(enrolment: Enrolment, text: str, by) -> CoordinatorNote:
    """Keep a note. Raises NoteRefused("empty")."""
    if not text.strip():
        raise NoteRefused("empty")
    return CoordinatorNote.objects.create(enrolment=enrolment, text=text.strip(), written_by=by)


def can_remove(note: CoordinatorNote, by) -> bool:
    """Whether it is one's own, and was written within the hour."""
    return note.written_by_id == by.pk and timezone.now() <= note.written_at + REMOVED_WITHIN


def remove_note(note: CoordinatorNote, by) -> None:
    """Undo a note. Raises NoteRefused("kept")."""
    if not can_remove(note, by):
        raise NoteRefused("kept")
    note.delete()
