"""Logging what happened between a participant and their mentors, exactly once."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.concerns import raise_concern
from mentoring.drafts import one_form_at_a_time
from mentoring.entries import MeetingEntry, add_parts
from mentoring.models import FormReceipt, Meeting, MeetingDraft, MeetingGoalChange
from participants.goals import change_together, take_back_together
from participants.models import Enrolment, GoalChange
from primus.access.querysets import VisibleQuerySet


class FormAlreadySaved(Exception):
    """The form's token was used before, for another text or by another user, or what it saved
    has been undone.

    ``saved_at`` is when this user saved it; None when it was somebody else. ``is_undone`` says
    that this very form was saved and the meeting undone afterwards.
    """

    def __init__(self, saved_at: datetime | None, *, is_undone: bool = False):
        super().__init__("the form's token was used before")
        self.saved_at = saved_at
        self.is_undone = is_undone


def log_meeting(
    enrolment: Enrolment, entry: MeetingEntry, *, by, token: UUID, digest: str
) -> tuple[Meeting, bool]:
    """Save a meeting, with everything that belongs to it, once for each form token; its draft is
    gone with that.

    Returns the meeting and whether it is new. The same form (by its `digest`, see
    `drafts.digest_of`) sent again gives the meeting it saved the first time. Raises
    FormAlreadySaved when the token was used with another text, so that the new text is not lost
    in silence, and when the meeting has been undone; GoalRefused when a goal cannot be changed as
    the form says, and then nothing is saved.
    """
    try:
        with transaction.atomic():
            # Of two at once the second waits here until the first has saved all.
            one_form_at_a_time(by)
            meeting = Meeting.objects.create(
                enrolment=enrolment, logged_by=by, **entry.meeting_fields()
            )
            # The token was used before: the meeting is taken back with all of this.
            FormReceipt.objects.create(token=token, digest=digest, saved_by=by, meeting=meeting)
            _add_parts(meeting, entry, by)
            MeetingDraft.objects.filter(author=by, token=token).delete()
    except IntegrityError:
        saved = FormReceipt.objects.filter(token=token).select_related("meeting").first()
        if saved is None:
            raise
        if saved.saved_by_id != by.pk:
            raise FormAlreadySaved(None) from None
        if saved.digest != digest or saved.meeting is None:
            is_undone = saved.digest == digest
            raise FormAlreadySaved(saved.saved_at, is_undone=is_undone) from None
        return saved.meeting, False
    return meeting, True


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
