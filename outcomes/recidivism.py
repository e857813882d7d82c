"""New crime after release: who is counted, among whom, and who cannot be observed yet.

Each definition is a declared object. `observe` gives one person's time by it, for curves and
rates; `classify` what one release counts as in a proportion. Both ask the same rules: `leaving`,
`known_until` and `first_event`. Pure functions on dates, no database. The definitions and their
users are listed in docs/figures.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outcomes.models import Sanction

PRISON = frozenset({Sanction.UNSUSPENDED, Sanction.SUSPENDED, Sanction.SUPERVISED})


@dataclass(frozen=True)
class Definition:
    """One way of counting: which sanctions count, how long is waited, and among whom.

    ``window``: days from release in which the offence must fall, both ends included.
    ``wait``: days after the window in which the conviction must have fallen.
    ``residents_only``: whoever died or left the country before the window ended is no part of
    the population, whatever they did before; else their follow-up ends that day.
    """

    key: str
    name: str | Promise
    counted: str | Promise
    sanctions: frozenset[str]
    window: int
    wait: int
    residents_only: bool = False

    def complete_on(self, released_on: date) -> date:
        """The first register date at which everything that could count is known."""
        return released_on + timedelta(days=self.window + self.wait)


DEFINITIONS: dict[str, Definition] = {
    definition.key: definition
    for definition in (
        Definition(
            key="kriminalforsorgen",
            name=_("The Danish Prison and Probation Service"),
            counted=_("a new sentence to prison, suspended or not, or to supervision"),
            sanctions=PRISON,
            window=730,
            wait=365,
        ),
        Definition(
            key="dst",
            name=_("Statistics Denmark"),
            counted=_("any new conviction"),
            sanctions=frozenset(Sanction),
            window=730,
            wait=365,
            residents_only=True,
        ),
        Definition(
            key="krus",
            name=_("KRUS, Norway"),
            counted=_("a new sentence carried out by the correctional service"),
            sanctions=frozenset({Sanction.UNSUSPENDED, Sanction.SUPERVISED}),
            window=730,
            wait=365,
        ),
        Definition(
            key="jdl",
            name=_("Justice Data Lab, UK"),
            counted=_("any new conviction"),
            sanctions=frozenset(Sanction),
            window=365,
            wait=183,
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
# Why somebody is part of no proportion: the time is not over, or nobody has looked.
REASONS = {
    Outcome.TOO_EARLY: _("The time since the release is still too short"),
    Outcome.NO_FOLLOW_UP: _("Not looked up in the registers, or not far enough"),
    Outcome.DIED: _("Died before the time was over"),
    Outcome.EMIGRATED: _("Left the country before the time was over"),
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


class Event(IntEnum):
    """What one person's time ended with, in the engine's numbers."""

    CENSORED = 0
    REOFFENCE = 1
    # Death or emigration: from then on a reoffence can no longer be seen.
    COMPETING = 2


@dataclass(frozen=True)
class Observed:
    """One person's time: whole days from release to the event, or to the end of follow-up.

    ``time`` and ``event`` are None for whoever has no time to be followed, and ``reason`` says
    why; it is None for everybody else.
    """

    time: int | None
    event: Event | None
    reason: Outcome | None = None

    @property
    def has_left(self) -> bool:
        """Whether it is no question of time: they died or left before they could be followed."""
        return self.reason in (Outcome.DIED, Outcome.EMIGRATED)


@dataclass(frozen=True)
class Leaving:
    """When somebody could no longer be followed, in days from release, and why."""

    days: int
    outcome: Outcome


def leaving(history: History) -> Leaving | None:
    """The first of death and emigration; death, when both are on one day."""
    if history.died_on is None and history.emigrated_on is None:
        return None
    known = [
        Leaving((day - history.released_on).days, outcome)
        for day, outcome in (
            (history.died_on, Outcome.DIED),
            (history.emigrated_on, Outcome.EMIGRATED),
        )
        if day is not None
    ]
    return min(known, key=lambda left: left.days, default=None)


def known_until(history: History, today: date) -> date | None:
    """The last day whose convictions are known: a register cannot have been read past today."""
    return history.register_date and min(history.register_date, today)


def is_event(offence: Offence, released_on: date, definition: Definition) -> bool:
    """Whether one conviction counts: offence within the window, convicted within the wait.

    The wait runs from the end of the window, not from the offence: a conviction may come up to
    window + wait days after the release, whenever in the window the offence was.
    """
    days = (offence.offence_on - released_on).days
    return (
        0 <= days <= definition.window
        and offence.sanction in definition.sanctions
        and offence.convicted_on <= definition.complete_on(released_on)
    )


def first_event(history: History, definition: Definition, known: date) -> int | None:
    """Days from release to the first offence that counts, of those convicted by a known day."""
    return min(
        (
            (offence.offence_on - history.released_on).days
            for offence in history.offences
            if offence.convicted_on <= known and is_event(offence, history.released_on, definition)
        ),
        default=None,
    )


def observe(history: History, definition: Definition, today: date) -> Observed:
    """One person's time by a definition, as it is known on a day.

    Follow-up ends with the window, death, emigration, or the register date less the wait,
    whichever is first: what came after may not have been convicted yet. An offence on the last
    day counts, one after it does not. A death or emigration on that day is an event of its own,
    and comes before a mere end.
    """
    left = leaving(history)
    if left is not None and definition.residents_only and left.days < definition.window:
        return Observed(None, None, left.outcome)
    known = known_until(history, today)
    if known is None:
        return Observed(None, None, _unread(history, today, definition.wait))
    ends = min(definition.window, (known - history.released_on).days - definition.wait)
    if left is not None:
        ends = min(ends, left.days)
    if ends < 0:
        gone = left is not None and left.days == ends
        reason = left.outcome if left and gone else _unread(history, today, definition.wait)
        return Observed(None, None, reason)
    first = first_event(history, definition, known)
    if first is not None and first <= ends:
        return Observed(first, Event.REOFFENCE)
    if left is not None and left.days == ends:
        return Observed(ends, Event.COMPETING)
    return Observed(ends, Event.CENSORED)


def _unread(history: History, today: date, days: int) -> Outcome:
    """Why not enough is known, when it takes so many days from release: it is too early, or
    nobody has looked."""
    is_early = (today - history.released_on).days < days
    return Outcome.TOO_EARLY if is_early else Outcome.NO_FOLLOW_UP


def classify(history: History, today: date, definition: Definition = DEFAULT) -> Outcome:
    """What one release counts as on a day, in a proportion.

    Whoever died or emigrated before the window ended, and whoever's window and wait are not
    complete in the register, is left out whatever is already known of them: to count their
    reoffences but not their time without would make the share too high.
    """
    left = leaving(history)
    if left is not None and left.days < definition.window:
        return left.outcome
    known = known_until(history, today)
    if known is None or known < definition.complete_on(history.released_on):
        return _unread(history, today, definition.window + definition.wait)
    if observe(history, definition, today).event == Event.REOFFENCE:
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
