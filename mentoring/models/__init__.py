from mentoring.models.accompaniment import Accompaniment, Authority, AuthorityContact
from mentoring.models.calendar import CalendarEntry, CalendarFeed
from mentoring.models.concern import Concern, ConcernTopic, Urgency
from mentoring.models.cover import (
    Absence,
    Handover,
    StopNotice,
    StopReason,
    TurnAnswer,
    TurnRequest,
)
from mentoring.models.letter import Letter
from mentoring.models.logbook import (
    FormReceipt,
    MeetingAddition,
    MeetingDraft,
    MeetingGoalChange,
    MeetingVersion,
)
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
from mentoring.models.sendable import SendState

__all__ = [
    "Absence",
    "Accompaniment",
    "Attendance",
    "Authority",
    "AuthorityContact",
    "CalendarEntry",
    "CalendarFeed",
    "Clearance",
    "ClearanceKind",
    "Concern",
    "ConcernTopic",
    "FormReceipt",
    "Handover",
    "Letter",
    "Meeting",
    "MeetingAddition",
    "MeetingArea",
    "MeetingDraft",
    "MeetingGoalChange",
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
    "SendState",
    "StopNotice",
    "StopReason",
    "TurnAnswer",
    "TurnRequest",
    "Urgency",
]
