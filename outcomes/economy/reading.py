"""From an address to everything a page says: what was typed, the effect, the result.

The pages and their charts read the same address here, so that they never differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isclose
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from outcomes.economy.assumptions import Assumptions, Group
from outcomes.economy.calculation import Result, Year, calculate, of_year
from outcomes.economy.forms import AssumptionsForm, EconomyForm, ReadinessForm
from outcomes.economy.readiness import Readiness, prepare
from outcomes.economy.sensitivity import Swing, swings
from outcomes.economy.sources import (
    PUBLISHED,
    Origin,
    Results,
    Since,
    Source,
    mark_of,
    since,
)
from outcomes.economy.wording import with_unit
from outcomes.recidivism import DEFAULT, DEFINITIONS

# What an address holds beside the answers: the result it was made with.
SEEN = "seen"


@dataclass(frozen=True)
class Reading:
    """An address as it was read. ``source`` and ``given`` are None when something is wrong in it.

    ``fell_back``: a trial's result was asked for, and there is none that can be used.
    """

    form: AssumptionsForm
    source: Source | None
    given: Assumptions | None
    fell_back: bool = False
    since: Since | None = None

    @property
    def query(self) -> dict[str, str]:
        """What has to stand in an address for all of this to be found again."""
        mark = mark_of(self.source) if self.source else ""
        return self.form.typed | ({SEEN: mark} if mark else {})

    @property
    def address(self) -> str:
        return urlencode(self.query)

    @property
    def stamp(self) -> str:
        """What tells these figures from all others. The day is in it: it stands in the pictures."""
        text = f"{sorted(self.query.items())} {timezone.localdate()}"
        return sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Economy(Reading):
    """What a krone gives back, as an address asks for it."""

    result: Result | None = None
    year: Year | None = None

    @property
    def swings(self) -> list[Swing]:
        if self.given is None or self.source is None:
            return []
        return swings(self.given, self.source.effect)


@dataclass(frozen=True)
class Preparation(Reading):
    """What it takes in a municipality, as an address asks for it. ``readiness`` is None also when
    nobody has said how many are released."""

    readiness: Readiness | None = None

    @property
    def result(self) -> Result | None:
        return self.readiness.result if self.readiness else None


def read_economy(asked: Mapping[str, str], results: Results | None = None) -> Economy:
    """The economy as `asked` (an address's query, or a scenario's assumptions)."""
    results = results or Results()
    form = EconomyForm(asked, results=results)
    if not form.is_valid():
        return Economy(form, None, None)
    source, fell_back = _source(form, results)
    given = form.given
    result = calculate(given, source.effect)
    return Economy(
        form,
        source,
        given,
        fell_back,
        since(asked.get(SEEN, ""), source),
        result,
        of_year(result, given["participants"]),
    )


def read_preparation(asked: Mapping[str, str]) -> Preparation:
    """A municipality's preparation as `asked`."""
    results = Results()
    form = ReadinessForm(asked, results=results)
    if not form.is_valid():
        return Preparation(form, None, None)
    source, fell_back = _source(form, results)
    given = form.given
    return Preparation(
        form,
        source,
        given,
        fell_back,
        since(asked.get(SEEN, ""), source),
        prepare(given, source.effect) if form.says_releases else None,
    )


def _source(form: AssumptionsForm, results: Results) -> tuple[Source, bool]:
    """The effect asked for; the published one, and that it stands in, where it is not there."""
    wanted = form.cleaned_data["effect"]
    if wanted == Origin.OWN:
        return Source(Origin.OWN, form.own_effect), False
    if wanted == Origin.PUBLISHED:
        return PUBLISHED, form.wanted not in ("", Origin.PUBLISHED)
    definition = DEFINITIONS.get(form.cleaned_data["definition"], DEFAULT)
    found = results.measured(wanted, form.cleaned_data["trial"], definition)
    return (found, False) if found else (PUBLISHED, True)


@dataclass(frozen=True)
class Declared:
    """One line of what is assumed and what is measured, as it is read."""

    label: str
    value: str
    source: str


def declared_rows(read: Reading) -> list[Declared]:
    """Every assumption that the figures rest on, with its value and where it is from."""
    given = read.given
    if given is None:
        return []
    rows = []
    for one in read.form.asked:
        if one.key not in given.values or (one.group == Group.HOURS and not given.count_hours):
            continue
        value = given[one.key]
        is_default = one.default is not None and isclose(value, one.default)
        own = one.default is not None and not is_default
        source = _("Changed on this page.") if own else str(one.source)
        rows.append(Declared(str(one.label), with_unit(one, value), source))
    return rows
