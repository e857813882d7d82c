"""What the calculation takes for granted, each declared once: unit, default, bounds, source.

None of it is a result of this software. A default marked as an assumption is to be replaced by
the programme's own figure; the page says so wherever the result stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Two mentors follow one participant (design, section 2).
MENTORS_EACH = 2
# The years that the quoted gain is spread over.
GAIN_YEARS = 10
# «Within 2 years, over 10 years», any crime and serious crime; see data/programme_facts.md.
GAIN_ANY = 505_300
GAIN_SERIOUS = 764_000
# How far an assumption without a declared range is varied to each side (proportion).
VARIATION = 0.25


class Unit(StrEnum):
    KRONER = "kroner"
    SHARE = "share"  # kept as 0–1, read and written in per cent
    NUMBER = "number"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"


class Group(StrEnum):
    COST = "cost"
    HOURS = "hours"
    GAIN = "gain"
    PAYERS = "payers"
    SCALE = "scale"
    PLACE = "place"
    MENTORS = "mentors"


OWN_FIGURES = _("Assumption. To be replaced by the programme's own figure.")
SOM = _(
    "Den Socialøkonomiske Investeringsmodel (SØM), as quoted to the Legal Affairs Committee: "
    "one person kept out of crime for two years, counted over ten years. Second-hand."
)


@dataclass(frozen=True)
class Assumption:
    """One number that the calculation takes for granted.

    ``default``, ``least``, ``most``, ``low`` and ``high`` are in the unit; a share is 0–1.
    ``low`` and ``high`` are how far it may reasonably lie; without them it is ±25%.
    ``default`` None: nothing is assumed, it has to be given.
    """

    key: str
    label: str | Promise
    group: Group
    unit: Unit
    default: float | None
    least: float
    most: float
    source: str | Promise = OWN_FIGURES
    low: float | None = None
    high: float | None = None
    whole: bool = False

    @property
    def factor(self) -> int:
        """What the kept value is multiplied by where people read it: 100 for a share."""
        return 100 if self.unit == Unit.SHARE else 1

    def range_around(self, value: float) -> tuple[float, float]:
        """The lowest and the highest it is varied to, within its bounds, with `value` inside."""
        low = value * (1 - VARIATION) if self.low is None else self.low
        high = value * (1 + VARIATION) if self.high is None else self.high
        return max(min(low, value), self.least), min(max(high, value), self.most)


COST = [
    Assumption(
        "salary",
        _("Coordinator's salary and desk, a year (kr.)"),
        Group.COST,
        Unit.KRONER,
        560_000,
        100_000,
        2_000_000,
    ),
    Assumption(
        "caseload",
        _("Participants at a time for each full-time coordinator"),
        Group.COST,
        Unit.NUMBER,
        40,
        1,
        200,
        low=25,
        high=50,
    ),
    Assumption(
        "months",
        _("Months of support for each participant"),
        Group.COST,
        Unit.MONTHS,
        14,
        1,
        36,
        _("The programme: two months before release and twelve after."),
        low=12,
        high=16,
    ),
    Assumption(
        "recruitment",
        _("Finding, checking and training one mentor (kr.)"),
        Group.COST,
        Unit.KRONER,
        4_500,
        0,
        100_000,
    ),
    Assumption(
        "turnover",
        _("Mentors who stop in a year (%)"),
        Group.COST,
        Unit.SHARE,
        0.35,
        0,
        1,
        low=0.2,
        high=0.5,
    ),
    Assumption(
        "follows",
        _("Participants that each mentor follows at a time"),
        Group.COST,
        Unit.NUMBER,
        1,
        0.5,
        5,
        low=1,
        high=1.5,
    ),
    Assumption(
        "expenses",
        _("A mentor's expenses a month: travel, coffee (kr.)"),
        Group.COST,
        Unit.KRONER,
        75,
        0,
        10_000,
    ),
    Assumption(
        "administration",
        _("Administration for each participant (kr.)"),
        Group.COST,
        Unit.KRONER,
        2_000,
        0,
        500_000,
    ),
]
HOURS = [
    Assumption(
        "hours",
        _("Hours a week that each mentor gives"),
        Group.HOURS,
        Unit.HOURS,
        4,
        0,
        40,
        _("Assumption: a mentor gives 3–5 hours a week."),
        low=3,
        high=5,
    ),
    Assumption(
        "hour_value",
        _("What one of their hours is worth (kr.)"),
        Group.HOURS,
        Unit.KRONER,
        150,
        0,
        2_000,
    ),
]
GAIN = [
    Assumption(
        "gain",
        _("What society saves for each person kept out of crime (kr.)"),
        Group.GAIN,
        Unit.KRONER,
        GAIN_ANY,
        1_000,
        10_000_000,
        SOM,
        high=GAIN_SERIOUS,
    ),
    Assumption(
        "horizon",
        _("Years of the saving that are counted"),
        Group.GAIN,
        Unit.YEARS,
        GAIN_YEARS,
        1,
        GAIN_YEARS,
        _("The quoted saving is counted over ten years. Fewer can be counted, not more."),
        low=2,
        high=GAIN_YEARS,
        whole=True,
    ),
    Assumption(
        "rate",
        _("Discount rate a year (%)"),
        Group.GAIN,
        Unit.SHARE,
        0,
        0,
        0.1,
        _(
            "Assumption. We do not know whether the quoted saving is discounted already. If it "
            "is not, the Ministry of Finance's 3.5% is usual."
        ),
        low=0,
        high=0.035,
    ),
]
_SHARE_SOURCE = _("Assumption. How the saving is divided is not public in what we could read.")
PAYERS = [
    Assumption(
        "state",
        pgettext_lazy("who saves", "State (%)"),
        Group.PAYERS,
        Unit.SHARE,
        0.65,
        0,
        1,
        source=_SHARE_SOURCE,
    ),
    Assumption(
        "municipality",
        pgettext_lazy("who saves", "Municipality (%)"),
        Group.PAYERS,
        Unit.SHARE,
        0.30,
        0,
        1,
        source=_SHARE_SOURCE,
    ),
    Assumption(
        "region",
        pgettext_lazy("who saves", "Region (%)"),
        Group.PAYERS,
        Unit.SHARE,
        0.05,
        0,
        1,
        source=_SHARE_SOURCE,
    ),
]
SCALE = [
    Assumption(
        "participants",
        _("Participants a year"),
        Group.SCALE,
        Unit.NUMBER,
        100,
        1,
        20_000,
        _("Chosen for the example: it changes the sums of a year, not what a krone gives back."),
    ),
]
PLACE = [
    Assumption(
        "releases",
        _("People released to the municipality in a year"),
        Group.PLACE,
        Unit.NUMBER,
        None,
        0,
        10_000,
        _("Typed here: the municipality's own expectation."),
        whole=True,
    ),
    Assumption("yes", _("Of them say yes (%)"), Group.PLACE, Unit.SHARE, 0.5, 0, 1),
]
MENTORS = [
    Assumption(
        "existing",
        _("Mentors there are already"),
        Group.MENTORS,
        Unit.NUMBER,
        0,
        0,
        20_000,
        _("Typed here. Where Primus knows the number, it stands above the form."),
        whole=True,
    ),
    Assumption("recruits", _("New mentors a month"), Group.MENTORS, Unit.NUMBER, 5, 0, 1_000),
    Assumption(
        "preparation",
        _("Months from the first talk until a mentor is ready"),
        Group.MENTORS,
        Unit.MONTHS,
        2,
        0,
        24,
    ),
]

# What the two pages ask for.
ECONOMY = [*COST, *HOURS, *GAIN, *PAYERS, *SCALE]
READINESS = [*PLACE, *MENTORS, *COST, *HOURS, *GAIN, *PAYERS]
BY_KEY = {one.key: one for one in [*ECONOMY, *PLACE, *MENTORS]}
PAYER_KEYS = tuple(one.key for one in PAYERS)

PAYER_NAMES: dict[str, str | Promise] = {
    "state": pgettext_lazy("who saves", "State"),
    "municipality": pgettext_lazy("who saves", "Municipality"),
    "region": pgettext_lazy("who saves", "Region"),
}


class Spread(StrEnum):
    """How the saving lies over its years."""

    EVEN = "even"
    EARLY = "early"


@dataclass(frozen=True)
class Assumptions:
    """A whole set: numbers by key (shares 0–1), and the two choices that are not numbers."""

    values: Mapping[str, float]
    count_hours: bool = False
    spread: Spread = Spread.EVEN

    def __getitem__(self, key: str) -> float:
        return self.values[key]

    def changed(self, **values: float) -> "Assumptions":
        """The same with some numbers in the place of others."""
        return Assumptions({**self.values, **values}, self.count_hours, self.spread)


def defaults(declared: Iterable[Assumption] = tuple(ECONOMY), **values: float) -> Assumptions:
    """The declared defaults; what has none has to be among `values`."""
    found = {one.key: one.default for one in declared if one.default is not None}
    return Assumptions({**found, **values})
