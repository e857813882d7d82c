from outcomes.models.followup import FollowUp, Reoffence, Sanction
from outcomes.models.snapshot import DashboardSnapshot

__all__ = ["DashboardSnapshot", "FollowUp", "Reoffence", "Sanction"]
