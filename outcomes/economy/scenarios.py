"""Sets of assumptions kept under a name, for all of staff."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from outcomes.economy.reading import Economy, Results, read_economy
from outcomes.models import EconomyScenario
from primus.accounts.models import User
from primus.refusals import Refused


class ScenarioRefused(Refused):
    SENTENCES = {"name_taken": _("There is a scenario of that name already.")}


def keep(name: str, economy: Economy, user: User) -> EconomyScenario:
    """Keep what the page shows under a name; the result that it was made with is kept along.

    Raises ScenarioRefused("name_taken") also where two save the same name at once.
    """
    return _saved(EconomyScenario(name=name, assumptions=economy.query, created_by=user))


def rename(scenario: EconomyScenario, name: str) -> EconomyScenario:
    """Give a scenario another name. Raises ScenarioRefused("name_taken")."""
    scenario.name = name
    return _saved(scenario)


def _saved(scenario: EconomyScenario) -> EconomyScenario:
    try:
        with transaction.atomic():
            scenario.save()
    except IntegrityError as taken:
        raise ScenarioRefused("name_taken") from taken
    return scenario


def read_scenario(scenario: EconomyScenario, results: Results | None = None) -> Economy:
    """A scenario with today's results."""
    kept = {str(key): str(value) for key, value in scenario.assumptions.items()}
    return read_economy(kept, results)
