"""New crime after release: who is counted, among whom, and who cannot be observed yet.

Each definition is a declared object; one function classifies one release by it. Pure functions
on dates, no database. The definitions and their users are listed in docs/figures.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outcomes.models import Sanction

PRISON = frozenset({Sanction.UNSUSPENDED, Sanction.SUSPENDED, Sanction.SUPERVISED})


@dataclass(frozen=True)
class Definition:
    """One way of counting: which sanctions count, and how long is waited.

    ``window``: days from release in which the offence must fall, both ends included.
    ``wait``: days after the window in which the conviction must have fallen.
    """

    key: str
    name: str | Promise
    counted: str | Promise
    sanctions: frozenset[str]
    window: int
    wait: int

    def complete_on(self, released_on: date) -> date:
        """The first register date at which everything that could count is known."""
        return released_on + timedelta(days=self.window + self.wait)


DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        Definition(
            "kriminalforsorgen",
            _("The Danish Prison and Probation Service"),
            _("a new sentence to prison, suspended or not, or to supervision"),
            PRISON,
            730,
            365,
        ),
        Definition(
            "dst", _("Statistics Denmark"), _("any new conviction"), frozenset(Sanction), 730, 365
        ),
        Definition(
            "krus",
            _("KRUS, Norway"),
            _("a new sentence carried out by the correctional service"),
            frozenset({Sanction.UNSUSPENDED, Sanction.SUPERVISED}),
            730,
            365,
        ),
        Definition(
            "jdl",
            _("Justice Data Lab, UK"),
            _("any new conviction for an offence within one year"),
            frozenset(Sanction),
            365,
            183,
        ),
    )
}
DEFAULT = DEFINITIONS["kriminalforsorgen"]


class Outcome(StrEnum):
    """What one release counts as. Only the first two are part of a proportion."""

    REOFFENDED = "reoffended"
    NOT_REOFFENDED = "not_reoffended"
    NO_FOLLOW_UP = "no_follow_up"
    TOO_EARLY = "too_early"
    DIED = "died"
    EMIGRATED = "emigrated"


OBSERVABLE = (Outcome.REOFFENDED, Outcome.NOT_REOFFENDED)
NOT_OBSERVABLE = (Outcome.TOO_EARLY, Outcome.NO_FOLLOW_UP, Outcome.DIED, Outcome.EMIGRATED)
REASONS = {
    Outcome.TOO_EARLY: _("It is less than three years since the release"),
    Outcome.NO_FOLLOW_UP: _("Not looked up in the registers"),
    Outcome.DIED: _("Died within two years"),
    Outcome.EMIGRATED: _("Left the country within two years"),
}


@dataclass(frozen=True)
class Offence:
    offence_on: date
    convicted_on: date
    sanction: str


@dataclass(frozen=True)
class History:
    """What is known of one release. Without a register date nothing is known."""

    released_on: date
    register_date: date | None = None
    died_on: date | None = None
    emigrated_on: date | None = None
    offences: tuple[Offence, ...] = ()


def is_event(offence: Offence, released_on: date, definition: Definition) -> bool:
    """Whether one conviction counts: offence within the window, convicted within the wait."""
    days = (offence.offence_on - released_on).days
    return (
        0 <= days <= definition.window
        and offence.sanction in definition.sanctions
        and offence.convicted_on <= definition.complete_on(released_on)
    )


def classify(history: History, today: date, definition: Definition = DEFAULT) -> Outcome:
    """What one release counts as on a day.

    Whoever died or emigrated before the window ended, and whoever's window and wait are not
    complete in the register, is left out whatever is already known of them: to count their
    reoffences but not their time without would make the share too high.
    """
    if history.register_date is None:
        return Outcome.NO_FOLLOW_UP
    window_ends = history.released_on + timedelta(days=definition.window)
    for left_on, outcome in (
        (history.died_on, Outcome.DIED),
        (history.emigrated_on, Outcome.EMIGRATED),
    ):
        if left_on is not None and left_on < window_ends:
            return outcome
    if min(history.register_date, today) < definition.complete_on(history.released_on):
        return Outcome.TOO_EARLY
    if any(is_event(offence, history.released_on, definition) for offence in history.offences):
        return Outcome.REOFFENDED
    return Outcome.NOT_REOFFENDED


def count(
    histories: Iterable[History], today: date, definition: Definition = DEFAULT
) -> dict[str, int]:
    """How many releases there are of each outcome."""
    counts: dict[str, int] = dict.fromkeys(Outcome, 0)
    for history in histories:
        counts[classify(history, today, definition)] += 1
    return counts


def wilson(numerator: int, denominator: int) -> tuple[float, float] | None:
    """The 95% score interval of a proportion, in 0–1; None of nobody (Wilson, 1927)."""
    if not denominator:
        return None
    # Heavy, and needed by the worker only.
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(numerator, denominator, alpha=0.05, method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))
