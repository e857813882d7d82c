from mentoring.models.concern import Concern, ConcernTopic, Urgency
from mentoring.models.meeting import (
    Accompaniment,
    Attendance,
    Authority,
    Meeting,
    MeetingArea,
    MeetingMode,
    MeetingState,
    NotHeldReason,
)
from mentoring.models.mentor import Clearance, ClearanceKind, Mentor, MentorState
from mentoring.models.pair import MentorPair, PairEndReason, Seat
from mentoring.models.reminder import Reminder, ReminderState

__all__ = [
    "Accompaniment",
    "Attendance",
    "Authority",
    "Clearance",
    "ClearanceKind",
    "Concern",
    "ConcernTopic",
    "Meeting",
    "MeetingArea",
    "MeetingMode",
    "MeetingState",
    "Mentor",
    "MentorPair",
    "MentorState",
    "NotHeldReason",
    "PairEndReason",
    "Reminder",
    "ReminderState",
    "Seat",
    "Urgency",
]
