"""Who can be signed in as in demonstration mode. Fictitious people, and no secret."""

from primus.accounts.models import Role

DEMO_PASSWORD = "primus-demonstration"  # noqa: S105 - printed on the sign-in page
DEMO_ACCOUNTS: list[tuple[str, Role]] = [
    ("mentor@example.org", Role.MENTOR),
    ("coordinator@example.org", Role.COORDINATOR),
    ("staff@example.org", Role.STAFF),
    ("administrator@example.org", Role.ADMINISTRATOR),
]
