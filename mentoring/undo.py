"""Undoing a meeting that was logged by mistake: for ten minutes, and nothing typed is lost."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.drafts import Content, DraftRefused, give_back, one_form_at_a_time
from mentoring.meetings import take_back_goals
from mentoring.models import Meeting, MeetingDraft
from participants.models import GoalChange
from primus.accounts.models import User
from primus.refusals import Refused

UNDO_WITHIN = timedelta(minutes=10)


class UndoRefused(Refused):
    """The meeting stays. ``code`` says why."""

    SENTENCES = {
        "gone": _("This meeting has been undone already."),
        "too_late": _(
            "A meeting can be undone for ten minutes after it was saved. "
            "You can still correct what it says."
        ),
        "added_to": _(
            "Someone has added a line to this meeting, so it stays. You can still correct it."
        ),
        "other_draft": _(
            "You have begun on another meeting with %(name)s, and only one draft can be kept. "
            "Save or discard that one first."
        ),
    }


def undo_until(meeting: Meeting) -> datetime:
    """The moment after which the meeting can no longer be undone."""
    return meeting.logged_at + UNDO_WITHIN


@transaction.atomic
def undo_meeting(
    meeting: Meeting, *, by: User, answers: Content
) -> tuple[MeetingDraft, list[GoalChange]]:
    """Delete a meeting with all its parts and make a draft of its `answers`.

    A concern that was raised with it stays: the coordinator has been told. Gives the draft, and
    the changes of goals that could not be taken back because more has happened to the goals.
    Raises UndoRefused: gone, too_late, added_to, other_draft.
    """
    one_form_at_a_time(by)
    found = Meeting.objects.select_for_update().filter(pk=meeting.pk, logged_by=by).first()
    if found is None:
        raise UndoRefused("gone")
    if timezone.now() > undo_until(found):
        raise UndoRefused("too_late")
    if found.additions.exclude(written_by=by).exists():
        raise UndoRefused("added_to")
    try:
        draft = give_back(by, meeting.enrolment, answers)
    except DraftRefused as refused:
        raise UndoRefused("other_draft", name=refused.words["name"]) from refused
    kept = take_back_goals(found)
    found.delete()
    return draft, kept
