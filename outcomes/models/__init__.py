from outcomes.models.followup import FollowUp, Reoffence, Sanction
from outcomes.models.research import NotMadeReason, ResearchExport
from outcomes.models.scenario import EconomyScenario
from outcomes.models.snapshot import DashboardSnapshot, EffectSnapshot
from outcomes.models.trial import (
    AgeGroup,
    Eligibility,
    NotInTrialReason,
    PriorSentences,
    RiskGroup,
    Stratum,
    Trial,
    TrialArm,
    TrialPlace,
    TrialSubject,
)

__all__ = [
    "AgeGroup",
    "DashboardSnapshot",
    "EconomyScenario",
    "EffectSnapshot",
    "Eligibility",
    "FollowUp",
    "NotInTrialReason",
    "NotMadeReason",
    "PriorSentences",
    "Reoffence",
    "ResearchExport",
    "RiskGroup",
    "Sanction",
    "Stratum",
    "Trial",
    "TrialArm",
    "TrialPlace",
    "TrialSubject",
]
