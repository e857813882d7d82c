"""Logging what happened between a participant and their mentors, exactly once."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from mentoring.concerns import raise_concern
from mentoring.drafts import one_form_at_a_time
from mentoring.entries import MeetingEntry, add_parts
from mentoring.models import FormReceipt, Meeting, MeetingDraft, MeetingGoalChange
from mentoring.receipts import FormAlreadySaved, save_once
from participants.goals import change_together, take_back_together
from participants.models import Enrolment, GoalChange
from primus.access.querysets import VisibleQuerySet


def log_meeting(
    enrolment: Enrolment, entry: MeetingEntry, *, by, token: UUID, answers: Any
) -> tuple[Meeting, bool]:
    """Save a meeting, with everything that belongs to it, once for each form token; its draft is
    gone with that.

    Returns the meeting and whether it is new. The same form (by its `answers`, see
    `drafts.answers_of`) sent again gives the meeting it saved the first time. Raises
    FormAlreadySaved when the token was used with another text, so that the new text is not lost
    in silence, and when the meeting has been undone; GoalRefused when a goal cannot be changed as
    the form says, and then nothing is saved.
    """

    def begin() -> dict[str, Model]:
        fields = entry.meeting_fields()
        return {"meeting": Meeting.objects.create(enrolment=enrolment, logged_by=by, **fields)}

    def save(receipt: FormReceipt) -> Meeting:
        meeting = cast(Meeting, receipt.meeting)
        _add_parts(meeting, entry, by)
        MeetingDraft.objects.filter(author=by, token=token).delete()
        return meeting

    with transaction.atomic():
        one_form_at_a_time(by)
        meeting = save_once(token, answers, by, save, begin=begin)
    if meeting is not None:
        return meeting, True
    receipt = FormReceipt.objects.select_related("meeting").get(token=token)
    if receipt.meeting is None:
        raise FormAlreadySaved(receipt.saved_at, is_undone=True)
    return receipt.meeting, False


def _add_parts(meeting: Meeting, entry: MeetingEntry, by) -> None:
    add_parts(meeting, entry)
    _change_goals(meeting, entry, by)
    if entry.concern:
        raise_concern(
            meeting.enrolment,
            by=by,
            text=entry.concern.text,
            urgency=entry.concern.urgency,
            topic=entry.concern.topic,
            meeting=meeting,
        )


def _change_goals(meeting: Meeting, entry: MeetingEntry, by) -> None:
    changes = change_together(
        meeting.enrolment,
        by,
        reached=entry.goals_reached,
        moved=entry.goals_moved,
        on=timezone.localdate(meeting.happened_at),
    )
    MeetingGoalChange.objects.bulk_create(
        MeetingGoalChange(meeting=meeting, change=change) for change in changes
    )


def take_back_goals(meeting: Meeting) -> list[GoalChange]:
    """Undo what the meeting's form did to goals; gives the changes that must stay because more
    has happened to their goals since. Called before the meeting itself is undone."""
    links = meeting.goal_changes.select_related("change__goal")
    return take_back_together([link.change for link in links])


def still_logged_to(enrolments: VisibleQuerySet) -> VisibleQuerySet:
    """Those to which a meeting may be logged: current ones, and those that ended so lately that
    the last meeting may not have been written down."""
    earliest = timezone.localdate() - timedelta(days=Meeting.BACKDATED_DAYS)
    return enrolments.filter(Q(ended_on=None) | Q(ended_on__gte=earliest))
