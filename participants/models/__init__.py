from participants.models.checklist import ChecklistItem, ChecklistPoint, PointApplies
from participants.models.consent import Consent, ConsentKind
from participants.models.coordinator import Coordinator
from participants.models.enrolment import (
    EndReason,
    Enrolment,
    MoveReason,
    ReleaseDateMove,
    ReleaseKind,
)
from participants.models.goals import Goal, GoalChange, GoalChangeKind, GoalState
from participants.models.needs import NeedRating, RatingStage, SupportArea
from participants.models.participant import Gender, GenderWish, Participant
from participants.models.places import Institution, InstitutionKind, Municipality

__all__ = [
    "ChecklistItem",
    "ChecklistPoint",
    "Consent",
    "ConsentKind",
    "Coordinator",
    "EndReason",
    "Enrolment",
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
    "Participant",
    "PointApplies",
    "RatingStage",
    "ReleaseDateMove",
    "ReleaseKind",
    "SupportArea",
]
