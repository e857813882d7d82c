"""Who coordinates where."""

from collections.abc import Iterable

from django.db.models import QuerySet

from primus.accounts.models import Role, User


def coordinators_of(municipality_codes: Iterable[str]) -> QuerySet[User]:
    """The users who can sign in and coordinate at least one of the municipalities, each once."""
    return (
        User.objects.active()
        .filter(role=Role.COORDINATOR, coordinator__municipalities__in=set(municipality_codes))
        .distinct()
    )


def only_coordinator_of(municipality_code: str) -> User | None:
    """The coordinator, where the municipality has exactly one; else nobody is named."""
    found = list(coordinators_of([municipality_code])[:2])
    return found[0] if len(found) == 1 else None
