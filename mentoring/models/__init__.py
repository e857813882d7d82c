from mentoring.models.accompaniment import Accompaniment, Authority, AuthorityContact
from mentoring.models.calendar import CalendarEntry, CalendarFeed
from mentoring.models.concern import Concern, ConcernAction, ConcernTopic, StaffDuty, Urgency
from mentoring.models.cover import (
    Absence,
    Handover,
    StopNotice,
    StopReason,
    TurnAnswer,
    TurnRequest,
)
from mentoring.models.letter import Letter, LetterOccasion
from mentoring.models.logbook import (
    FormReceipt,
    MeetingAddition,
    MeetingDraft,
    MeetingGoalChange,
    MeetingVersion,
)
from mentoring.models.matching import (
    Criterion,
    DeclineReason,
    MatchWeight,
    Overtaking,
    PairProposal,
    ProposalAnswer,
    ProposalState,
    Replacement,
    WaitingListPlan,
)
from mentoring.models.meeting import (
    Attendance,
    Meeting,
    MeetingArea,
    MeetingMode,
    MeetingState,
    NotHeldReason,
)
from mentoring.models.mentor import (
    Clearance,
    ClearanceKind,
    ConflictKind,
    Mentor,
    MentorConflict,
    MentorNote,
    MentorState,
    MentorStep,
)
from mentoring.models.message import Message, MessageRecipient
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
    "ConcernAction",
    "ConcernTopic",
    "ConflictKind",
    "Criterion",
    "DeclineReason",
    "FormReceipt",
    "Handover",
    "Letter",
    "LetterOccasion",
    "MatchWeight",
    "Meeting",
    "MeetingAddition",
    "MeetingArea",
    "MeetingDraft",
    "MeetingGoalChange",
    "MeetingMode",
    "MeetingState",
    "MeetingVersion",
    "Mentor",
    "MentorConflict",
    "MentorNote",
    "MentorPair",
    "MentorState",
    "MentorStep",
    "Message",
    "MessageRecipient",
    "NotHeldReason",
    "Overtaking",
    "PairEndReason",
    "PairProposal",
    "ProposalAnswer",
    "ProposalState",
    "Reminder",
    "ReminderState",
    "Replacement",
    "Seat",
    "SendState",
    "StaffDuty",
    "StopNotice",
    "StopReason",
    "TurnAnswer",
    "TurnRequest",
    "Urgency",
    "WaitingListPlan",
]
