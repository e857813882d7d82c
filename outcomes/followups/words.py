"""What each definition makes of one person's follow-up, in words for whoever notes it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.models import FollowUp
from outcomes.recidivism import (
    DEFINITIONS,
    Definition,
    Event,
    History,
    Offence,
    Outcome,
    classify,
    observe,
)
from primus.templatetags.primus_ui import shortdate

# The sign beside the words; a word always stands with it.
ICONS = {
    Outcome.REOFFENDED: "alert",
    Outcome.NOT_REOFFENDED: "check",
    Outcome.DIED: "minus",
    Outcome.EMIGRATED: "minus",
}


@dataclass(frozen=True)
class Standing:
    """What one definition makes of it. ``share`` is said of proportions, ``curve`` of the time
    that is followed."""

    name: str | Promise
    counted: str | Promise
    outcome: Outcome
    icon: str
    share: str
    curve: str


def history_of(released_on: date, row: FollowUp | None) -> History:
    """What is known of a release, from the rows as they stand."""
    if row is None:
        return History(released_on)
    offences = tuple(
        Offence(one.offence_on, one.convicted_on, one.sanction) for one in row.reoffences.all()
    )
    return History(released_on, row.register_date, row.died_on, row.emigrated_on, offences)


def standings(history: History, today: date) -> list[Standing]:
    """What every definition makes of it on a day."""
    return [_standing(history, definition, today) for definition in DEFINITIONS.values()]


def _standing(history: History, definition: Definition, today: date) -> Standing:
    outcome = classify(history, today, definition)
    return Standing(
        definition.name,
        definition.counted,
        outcome,
        ICONS.get(outcome, "clock"),
        _share(history, definition, outcome, today),
        _curve(history, definition, today),
    )


def _share(history: History, definition: Definition, outcome: Outcome, today: date) -> str:
    complete = shortdate(definition.complete_on(history.released_on))
    match outcome:
        case Outcome.REOFFENDED:
            time = observe(history, definition, today).time or 0
            day = shortdate(history.released_on + timedelta(days=time))
            return _("A new sentence, for an offence on %(day)s") % {"day": day}
        case Outcome.NOT_REOFFENDED:
            return _("No new sentence within %(n)d days") % {"n": definition.window}
        case Outcome.TOO_EARLY:
            return _("Not yet observable: can be counted from %(day)s") % {"day": complete}
        case Outcome.NO_FOLLOW_UP:
            return _("Not yet observable: the registers must be read up to %(day)s") % {
                "day": complete
            }
        case Outcome.DIED:
            return _("Not counted: died within %(n)d days") % {"n": definition.window}
        case Outcome.EMIGRATED:
            return _("Not counted: left the country within %(n)d days") % {"n": definition.window}


def _curve(history: History, definition: Definition, today: date) -> str:
    observed = observe(history, definition, today)
    if observed.time is None:
        if observed.has_left:
            return _("In curves over time: not part of it")
        return _("In curves over time: no day to follow yet")
    words = {"n": observed.time}
    if observed.event == Event.REOFFENCE:
        return _("In curves over time: followed until the new offence on day %(n)d") % words
    if observed.event == Event.COMPETING:
        return _("In curves over time: followed until they died or left, on day %(n)d") % words
    return (
        ngettext(
            "In curves over time: followed for %(n)d day without a new sentence",
            "In curves over time: followed for %(n)d days without a new sentence",
            observed.time,
        )
        % words
    )
