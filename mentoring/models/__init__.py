from mentoring.models.accompaniment import Accompaniment, Authority, AuthorityContact
from mentoring.models.concern import Concern, ConcernTopic, Urgency
from mentoring.models.cover import (
    Absence,
    CalendarFeed,
    Handover,
    StopNotice,
    StopReason,
    TurnAnswer,
    TurnRequest,
)
from mentoring.models.logbook import FormReceipt, MeetingAddition, MeetingDraft, MeetingVersion
from mentoring.models.meeting import (
    Attendance,
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
    "Absence",
    "Accompaniment",
    "Attendance",
    "Authority",
    "AuthorityContact",
    "CalendarFeed",
    "Clearance",
    "ClearanceKind",
    "Concern",
    "ConcernTopic",
    "FormReceipt",
    "Handover",
    "Meeting",
    "MeetingAddition",
    "MeetingArea",
    "MeetingDraft",
    "MeetingMode",
    "MeetingState",
    "MeetingVersion",
    "Mentor",
    "MentorPair",
    "MentorState",
    "NotHeldReason",
    "PairEndReason",
    "Reminder",
    "ReminderState",
    "Seat",
    "StopNotice",
    "StopReason",
    "TurnAnswer",
    "TurnRequest",
    "Urgency",
]
