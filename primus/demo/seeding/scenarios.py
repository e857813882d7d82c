"""Sets of assumptions that staff have kept, so that there is something to compare with."""

from datetime import timedelta

from outcomes.economy.assumptions import GAIN_SERIOUS
from outcomes.economy.sources import Origin
from outcomes.models import EconomyScenario
from primus.accounts.models import Role, User
from primus.demo.accounts import DEMO_ACCOUNTS
from primus.demo.seeding.world import World, write

# What each differs in from the defaults, as an address says it.
KEPT: list[tuple[str, dict[str, str], int]] = [
    ("De frivilliges timer regnet med", {"count_hours": "yes"}, 34),
    ("Kun de første to år", {"horizon": "2"}, 33),
    ("Alvorlig kriminalitet", {"gain": str(GAIN_SERIOUS)}, 20),
    ("Alle i forsøget", {"effect": Origin.TRIAL}, 6),
]


def write_scenarios(world: World) -> None:
    """A few scenarios, kept by the demonstration's member of staff."""
    (email,) = [email for email, role in DEMO_ACCOUNTS if role == Role.STAFF]
    by = User.objects.get(email=email)
    write(
        EconomyScenario,
        [
            EconomyScenario(
                name=name,
                assumptions={"effect": Origin.HIGHEST, **differing},
                created_by=by,
                created_at=world.at(world.today - timedelta(days=days_ago), 9, 16),
            )
            for name, differing, days_ago in KEPT
        ],
    )
