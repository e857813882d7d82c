"""Logging what happened between a participant and their mentors, exactly once."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from mentoring.concerns import raise_concern
from mentoring.models import (
    Accompaniment,
    Attendance,
    Concern,
    FormReceipt,
    Meeting,
    MeetingArea,
    Mentor,
)
from participants.models import Enrolment


class FormAlreadySaved(Exception):
    """The form's token was used before, for another text or by another user.

    ``saved_at`` is when this user saved it; None when it was somebody else.
    """

    def __init__(self, saved_at: datetime | None):
        super().__init__("the form's token was used before")
        self.saved_at = saved_at


@dataclass(frozen=True)
class ConcernEntry:
    """What the mentor wants the coordinator to know now."""

    text: str
    urgency: str
    topic: str


@dataclass(frozen=True)
class MeetingEntry:
    """What one filled form says. Dates and times are Danish; texts are kept as they were typed."""

    state: str
    happened_at: datetime
    mode: str = ""
    not_held_reason: str = ""
    note: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    mentor_ids: tuple[int, ...] = ()
    areas: dict[str, str] = field(default_factory=dict)
    authority: str = ""
    outcome: str = ""
    concern: ConcernEntry | None = None

    def digest(self, *, exact_time: bool) -> str:
        """A fingerprint of the content.

        With «now» as the time, a form that is sent again carries a later time than the first;
        then only the day counts.
        """
        content = asdict(self)
        content["happened_at"] = self.happened_at if exact_time else self.happened_at.date()
        text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def log_meeting(
    enrolment: Enrolment, entry: MeetingEntry, *, by, token: UUID, exact_time: bool = True
) -> tuple[Meeting, bool]:
    """Save a meeting, with everything that belongs to it, once for each form token.

    Returns the meeting and whether it is new. The same form sent again gives the meeting it
    saved the first time. Raises FormAlreadySaved when the token was used with another text, so
    that the new text is not lost in silence.
    """
    digest = f"{enrolment.pk}:{entry.digest(exact_time=exact_time)}"
    digest = hashlib.sha256(digest.encode()).hexdigest()
    try:
        with transaction.atomic():
            # First, so that of two at once the second waits here until the first has saved all.
            receipt = FormReceipt.objects.create(token=token, digest=digest, saved_by=by)
            meeting = Meeting.objects.create(
                enrolment=enrolment,
                state=entry.state,
                happened_at=entry.happened_at,
                mode=entry.mode,
                not_held_reason=entry.not_held_reason,
                note=entry.note,
                next_step=entry.next_step,
                next_step_on=entry.next_step_on,
                logged_by=by,
            )
            receipt.meeting = meeting
            receipt.save(update_fields=["meeting"])
            _add_parts(meeting, entry, by)
    except IntegrityError:
        saved = FormReceipt.objects.filter(token=token).select_related("meeting").first()
        if saved is None:
            raise
        if saved.saved_by_id != by.pk:
            raise FormAlreadySaved(None) from None
        if saved.digest != digest or saved.meeting is None:
            raise FormAlreadySaved(saved.saved_at) from None
        return saved.meeting, False
    return meeting, True


def _add_parts(meeting: Meeting, entry: MeetingEntry, by) -> Concern | None:
    mentors = Mentor.objects.filter(pk__in=entry.mentor_ids)
    Attendance.objects.bulk_create(Attendance(meeting=meeting, mentor=m) for m in mentors)
    MeetingArea.objects.bulk_create(
        MeetingArea(meeting=meeting, area=area, text=text) for area, text in entry.areas.items()
    )
    if entry.authority:
        Accompaniment.objects.create(
            meeting=meeting, authority=entry.authority, outcome=entry.outcome
        )
    if entry.concern is None:
        return None
    return raise_concern(
        meeting.enrolment,
        by=by,
        text=entry.concern.text,
        urgency=entry.concern.urgency,
        topic=entry.concern.topic,
        meeting=meeting,
    )
