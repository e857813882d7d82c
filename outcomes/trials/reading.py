"""Which trials somebody may open, and what of them stands on a page."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from outcomes.models import RiskGroup, Stratum, Trial

# From so few places left, whoever runs the trial is told.
FEW_PLACES = 10


def trials_for(user) -> QuerySet[Trial]:
    """The trials a user may open: all for staff, those of their municipalities for a coordinator.

    A trial itself holds nobody's data; its subjects are seen by `visible_to`.
    """
    trials = Trial.objects.order_by("-created_at", "-pk")
    if user.is_staff_role:
        return trials
    own = Stratum.objects.filter(municipality__coordinators__user=user)
    return trials.filter(pk__in=own.values("trial"))


@dataclass(frozen=True)
class RunningOut:
    """A stratum with few places left, or none."""

    municipality: str
    risk_group: str
    is_full: bool


def running_out(trial: Trial) -> list[RunningOut]:
    """The strata with few places left, or none. How many are left is not said, and nothing of
    strata that are small from the start: it would tell how many were drawn."""
    free = Count("places", filter=Q(places__subject=None))
    strata = Stratum.objects.filter(trial=trial).annotate(free=free, places_in_all=Count("places"))
    few = Q(free__lt=FEW_PLACES, places_in_all__gte=2 * FEW_PLACES)
    rows = (
        strata.filter(few | Q(free=0, places_in_all__gte=FEW_PLACES))
        .order_by("municipality__name", "risk_group")
        .values_list("municipality__name", "risk_group", "free")
    )
    return [RunningOut(name, str(RiskGroup(group).label), n == 0) for name, group, n in rows]
