from participants.models.changes import ChangeKind, CoordinatorNote, Ending, EnrolmentChange
from participants.models.checklist import ChecklistItem, ChecklistPoint, PointApplies
from participants.models.consent import Consent, ConsentKind
from participants.models.coordinator import Coordinator
from participants.models.enrolment import (
    DeclinedReason,
    EndReason,
    Enrolment,
    MoveReason,
    NotEligibleReason,
    ReferralSource,
    ReleaseDateMove,
    ReleaseKind,
)
from participants.models.goals import Goal, GoalChange, GoalChangeKind, GoalState
from participants.models.needs import TIMED_STAGES, NeedRating, RatingStage, SupportArea
from participants.models.participant import Gender, GenderWish, Participant
from participants.models.places import Institution, InstitutionKind, Municipality

__all__ = [
    "TIMED_STAGES",
    "ChangeKind",
    "ChecklistItem",
    "ChecklistPoint",
    "Consent",
    "ConsentKind",
    "Coordinator",
    "CoordinatorNote",
    "DeclinedReason",
    "EndReason",
    "Ending",
    "Enrolment",
    "EnrolmentChange",
    "Gender",
    "GenderWish",
    "Goal",
    "GoalChange",
    "GoalChangeKind",
    "GoalState",
    "Institution",
    "InstitutionKind",
    "MoveReason",
    "Municipality",
    "NeedRating",
    "NotEligibleReason",
    "Participant",
    "PointApplies",
    "RatingStage",
    "ReferralSource",
    "ReleaseDateMove",
    "ReleaseKind",
    "SupportArea",
]
