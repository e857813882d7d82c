"""What the pages say in words: a finding only where the interval allows no other."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from outcomes.economy.calculation import Estimate
from outcomes.economy.reading import Economy
from outcomes.economy.wording import ratio
from participants.phases import add_months


def economy_title(read: Economy) -> str:
    """The heading of the page, by the interval of kroner back for each krone.

    All of it above 1: how much comes back. All of it below 1: that it costs more. Anything else,
    and an interval that is not known: the plain name.
    """
    back = read.result.back if read.result else None
    if back is None:
        return _("What a krone gives back")
    if back.is_above(1):
        return _("With these assumptions, each krone gives about %(n)s kr. back") % {
            "n": ratio(back.value)
        }
    if back.is_below(1):
        return _("With these assumptions, it costs more than it gives back")
    return _("What a krone gives back")


def verdict(back: Estimate) -> str:
    """What the interval says about paying: "pays", "costs", "either" or "unknown"."""
    if not back.has_interval:
        return "unknown"
    if back.is_above(1):
        return "pays"
    return "costs" if back.is_below(1) else "either"


def start_month(months: int | None) -> date | None:
    """The month that lies so many from now; None where there is none."""
    return None if months is None else add_months(timezone.localdate().replace(day=1), months)
