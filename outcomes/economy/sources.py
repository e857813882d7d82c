"""Where the effect comes from: a trial's stored results, the published figures, or one's own.

A trial's results are stored protected (EffectSnapshot); what may not be shown is not here either.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outcomes.economy.calculation import Effect, Estimate
from outcomes.economy.numbers import read_number
from outcomes.effects.people import Arm
from outcomes.effects.stored import VERSION, definition_of
from outcomes.engine.proportions import risk_difference
from outcomes.engine.reasons import known
from outcomes.models import EffectSnapshot, RiskGroup
from outcomes.recidivism import DEFAULT, DEFINITIONS, Definition

# New crime within two years in the highest-risk group of the published trial (proportions);
# see data/programme_facts.md. No interval and no denominators are public.
PUBLISHED_WITHOUT, PUBLISHED_WITH = 0.67, 0.29
LONGEST_MARK = 100


class Origin(StrEnum):
    """Which figures the effect is taken from."""

    HIGHEST = "highest"
    TRIAL = "trial"
    PUBLISHED = "published"
    OWN = "own"


NAMES: dict[str, str | Promise] = {
    Origin.HIGHEST: _("Our trial: those at highest risk"),
    Origin.TRIAL: _("Our trial: everybody"),
    Origin.PUBLISHED: _("The published trial of 2016–2018"),
    Origin.OWN: _("Numbers of your own"),
}


@dataclass(frozen=True)
class Counted:
    """People with a new sentence, of how many, in one arm."""

    n: int
    of: int

    @property
    def share(self) -> float:
        """0–1."""
        return self.n / self.of


@dataclass(frozen=True)
class Source:
    """An effect, and what is known of where it is from.

    ``measured``: from our own trial; else it is an assumption.
    """

    origin: Origin
    effect: Effect
    measured: bool = False
    trial: int | None = None
    trial_name: str = ""
    definition: Definition = DEFAULT
    with_mentors: Counted | None = None
    without: Counted | None = None
    computed_at: datetime | None = None
    is_demonstration: bool = False

    @property
    def name(self) -> str:
        return str(NAMES[self.origin])

    @property
    def is_of_highest_risk(self) -> bool:
        """Whether it is the effect among those at highest risk, and larger than among others."""
        return self.origin in (Origin.HIGHEST, Origin.PUBLISHED)


PUBLISHED = Source(
    Origin.PUBLISHED,
    Effect(Estimate(PUBLISHED_WITHOUT - PUBLISHED_WITH), PUBLISHED_WITHOUT, PUBLISHED_WITH),
)


class Results:
    """The stored results of the trials, read once: of those that have any that can be used. One
    that is under way has none yet."""

    def __init__(self) -> None:
        stored = list(
            EffectSnapshot.objects.filter(figures__version=VERSION)
            .select_related("trial")
            .order_by("-trial__created_at", "-trial", "definition")
        )
        usable = {snapshot.trial_id for snapshot in stored if _is_usable(snapshot)}
        self.snapshots = [snapshot for snapshot in stored if snapshot.trial_id in usable]

    @property
    def trials(self) -> list[tuple[str, str]]:
        """The trials that have results, newest first: number and name."""
        return list({str(s.trial_id): s.trial.name for s in self.snapshots}.items())

    @property
    def origins(self) -> list[Origin]:
        """What can be chosen from now."""
        measured = [Origin.HIGHEST, Origin.TRIAL] if self.snapshots else []
        return [*measured, Origin.PUBLISHED, Origin.OWN]

    def measured(self, origin: Origin, trial: str, definition: Definition) -> Source | None:
        """A trial's result for one group by one definition; the newest trial without a number.

        None where there is none, or where it may not be shown or cannot be estimated.
        """
        for snapshot in self.snapshots:
            if trial and str(snapshot.trial_id) != trial:
                continue
            if snapshot.definition == definition.key:
                return _read(snapshot, origin)
        return None


def _is_usable(snapshot: EffectSnapshot) -> bool:
    """Whether either group of a stored result can be calculated with."""
    return snapshot.definition in DEFINITIONS and any(
        _read(snapshot, origin) for origin in (Origin.HIGHEST, Origin.TRIAL)
    )


def _read(snapshot: EffectSnapshot, origin: Origin) -> Source | None:
    found = [_rate(snapshot.figures, origin, arm) for arm in (Arm.MENTORS, Arm.CONTROL)]
    with_mentors, without = (_counted(rate) for rate in found)
    if with_mentors is None or without is None:
        return None
    difference = known(risk_difference(with_mentors.n, with_mentors.of, without.n, without.of))
    if difference is None:
        return None
    return Source(
        origin,
        # The engine's is with minus without; here less is more.
        Effect(
            Estimate(-difference["estimate"], -difference["upper"], -difference["lower"]),
            without.share,
            with_mentors.share,
        ),
        measured=True,
        trial=snapshot.trial_id,
        trial_name=snapshot.trial.name,
        definition=definition_of(snapshot.figures),
        with_mentors=with_mentors,
        without=without,
        computed_at=snapshot.computed_at,
        is_demonstration=snapshot.trial.is_demonstration,
    )


def _rate(figures: dict[str, Any], origin: Origin, arm: Arm) -> dict[str, Any]:
    """The rate of one arm: of everybody, or of those at highest risk (outcomes.effects.results)."""
    if origin == Origin.TRIAL:
        return figures.get("arms", {}).get(arm, {}).get("rate", {})
    for factor in figures.get("subgroups", []):
        for level in factor["levels"]:
            if (factor["factor"], level["level"]) == ("risk", RiskGroup.HIGHEST):
                return level.get(arm, {})
    return {}


def _counted(rate: dict[str, Any]) -> Counted | None:
    """An arm's people, where all of the counts may be shown and there are any."""
    if "share" not in rate:
        return None
    return Counted(rate["n"], rate["of"])


# --- An effect that was shared ---------------------------------------------------------


@dataclass(frozen=True)
class Since:
    """A stored result that was computed again after an address was made with it."""

    computed_at: datetime
    reduction: Estimate
    is_same: bool


_MARK = "%Y%m%d%H%M%S"


def mark_of(source: Source) -> str:
    """The stored result behind an address, as the address holds it; empty where none is stored.

    Whose result, when it was computed, and the difference in percentage points.
    """
    if source.computed_at is None:
        return ""
    reduction = source.effect.reduction
    ends = [reduction.value, reduction.low or 0.0, reduction.high or 0.0]
    moment = source.computed_at.astimezone(UTC).strftime(_MARK)
    whose = f"{source.origin}-{source.trial}-{source.definition.key}"
    return "_".join([whose, moment, *(f"{100 * end:.1f}" for end in ends)])


def since(mark: str, source: Source) -> Since | None:
    """What an address was made with, when it has been computed again since; else None.

    Of another result than the one that is read now nothing is said, and nothing of a mark that
    cannot be read.
    """
    now = mark_of(source)
    if not now or mark == now or len(mark) > LONGEST_MARK:
        return None
    try:
        whose, moment, *ends = mark.split("_")
        computed_at = datetime.strptime(moment, _MARK).replace(tzinfo=UTC)
        value, low, high = (read_number(end) for end in ends)
        if value is None or low is None or high is None or whose != now.split("_")[0]:
            return None
        then = Estimate(value / 100, low / 100, high / 100)
    except ValueError:
        return None
    return Since(computed_at, then, is_same=now.split("_")[2:] == ends)
