"""What Primus itself knows of a municipality, as far as it may be shown."""

from dataclasses import dataclass

from django.utils import timezone

from outcomes.models import DashboardSnapshot


@dataclass(frozen=True)
class Here:
    """Read from the stored dashboards, which are protected: None is not known, or not shown.

    ``released``: participants released in ``year``; they had said yes already. ``mentors``:
    mentors who are cleared and take part today.
    """

    year: int
    released: int | None = None
    mentors: int | None = None

    @property
    def knows_anything(self) -> bool:
        return self.released is not None or self.mentors is not None


def known_here(code: str) -> Here:
    """What is known of a municipality (by its code). One question to the database."""
    year = timezone.localdate().year - 1
    stored = DashboardSnapshot.objects.filter(municipality=code, period__in=("", str(year)))
    figures = {snapshot.period: snapshot.figures for snapshot in stored}
    released = figures.get(str(year), {}).get("without_two", {}).get("of")
    mentors = figures.get("", {}).get("mentors", {}).get("active")
    return Here(
        year,
        released if isinstance(released, int) else None,
        mentors if isinstance(mentors, int) else None,
    )
