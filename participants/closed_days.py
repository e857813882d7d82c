"""Days on which public offices are closed: nobody should be released into a closed town."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from holidays.constants import OPTIONAL, PUBLIC

FRIDAY = 4
SATURDAY = 5
# 1 May is not among them: on that day offices differ, and most are open in the morning.
OPEN_ALL_THE_SAME = {(5, 1)}


@dataclass(frozen=True)
class Closed:
    """Why a day is one on which little can be settled, and how long offices stay closed.

    ``closed_from`` is the first closed day (the day itself, or the day after a Friday),
    ``opens_on`` the first day on which they are open again.
    """

    day: date
    name: str
    closed_from: date
    opens_on: date

    def __str__(self) -> str:
        return self.name

    @property
    def last_closed(self) -> date:
        """The last of the closed days."""
        return self.opens_on - timedelta(days=1)

    @property
    def is_day_before(self) -> bool:
        """Whether offices are open on the day itself, and close early: a Friday."""
        return self.day < self.closed_from

    @property
    def sentence(self) -> str:
        """The whole of it in words, for a warning."""
        return _("%(name)s: offices open again on %(day)s.") % {
            "name": self.name[:1].upper() + self.name[1:],
            "day": date_format(self.opens_on, _("l j F")),
        }


@lru_cache(maxsize=64)
def _named_days(year: int, language: str) -> dict[date, str]:
    """Denmark's holidays of a year and what they are called, after the package ``holidays``."""
    found = holidays.country_holidays(
        "DK", years=year, categories=(PUBLIC, OPTIONAL), language=language
    )
    return {
        day: found.get(day)
        for day in sorted(found)
        if (day.month, day.day) not in OPEN_ALL_THE_SAME
    }


def _name(day: date) -> str:
    language = "en_US" if (get_language() or "").startswith("en") else "da"
    name = _named_days(day.year, language).get(day, "")
    # Danish writes the names of holidays small, except for the one that is named after a person.
    if language == "da" and not name.startswith("Kristi"):
        name = name[:1].lower() + name[1:]
    return name


def is_working_day(day: date) -> bool:
    """Whether public offices are open on the day."""
    return day.weekday() < SATURDAY and day not in _named_days(day.year, "da")


def next_working_day(day: date) -> date:
    """The first day after `day` on which public offices are open."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def closed_reason(day: date) -> Closed | None:
    """Why a release on the day meets closed offices: a Friday, a weekend, or a Danish holiday.

    None when it does not. The name is in the reader's language, as it stands inside a sentence.
    """
    if is_working_day(day) and day.weekday() != FRIDAY:
        return None
    first = day if not is_working_day(day) else day + timedelta(days=1)
    while not is_working_day(first - timedelta(days=1)):
        first -= timedelta(days=1)
    return Closed(
        day=day,
        name=_name(day) or date_format(day, "l"),
        closed_from=first,
        opens_on=next_working_day(day),
    )


def on_closed_day(field: str, first: date, last: date) -> Q:
    """That a date lies between two days, both included, and `closed_reason` says why it is a bad
    day for a release: the same rule in SQL. Fridays and weekends by the weekday, holidays by name.
    """
    named = [
        day
        for year in range(first.year, last.year + 1)
        for day in _named_days(year, "da")
        if day.weekday() < FRIDAY and first <= day <= last
    ]
    closed = Q(**{f"{field}__iso_week_day__gt": FRIDAY}) | Q(**{f"{field}__in": named})
    return Q(**{f"{field}__range": (first, last)}) & closed
