"""What the dashboard pages read: which municipalities a user may open, and the stored figures."""

from django.db.models import Q, QuerySet

from outcomes.models import DashboardSnapshot
from outcomes.snapshots import VERSION
from participants.models import Municipality
from primus.accounts.models import User
from primus.jobs.models import Run, RunKind, RunState


def municipalities_for(user: User) -> QuerySet[Municipality]:
    """The municipalities whose dashboard a user may open, by name."""
    if user.is_staff_role:
        return Municipality.objects.all()
    if user.is_coordinator:
        return Municipality.objects.of_coordinator(user)
    return Municipality.objects.none()


def snapshot_of(code: str | None, period: str = "") -> DashboardSnapshot | None:
    """The stored figures of a municipality, or of the whole country, in a year or in all of them;
    None where there are none.

    Figures that an earlier version of Primus stored are read by nobody: they are recomputed.
    """
    snapshot = DashboardSnapshot.objects.filter(municipality=code, period=period).first()
    if snapshot is None or snapshot.figures.get("version") != VERSION:
        return None
    return snapshot


def stored_periods(code: str | None) -> tuple[list[str], bool]:
    """The years that a place has figures of, newest first; and whether there are any figures at
    all, of the whole country if not of the place."""
    stored = DashboardSnapshot.objects.filter(Q(municipality=code) | Q(municipality=None))
    found = list(stored.order_by("-period").values_list("municipality", "period"))
    return [period for place, period in found if place == code and period], bool(found)


def latest_run() -> Run | None:
    """The last recomputation, when it is still under way or did not end well."""
    run = Run.objects.filter(kind=RunKind.SNAPSHOTS).first()
    return None if run is None or run.state == RunState.DONE else run
