"""People who may be the one that is being referred, in spite of slips in name or date of birth.

Only those the coordinator may see are looked at; of anybody else they are not even told that they
exist.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment, Participant
from primus.names import ALIKE, folded, likeness

# So many are suggested at once.
AT_MOST = 5
# The oldest and youngest that a slip of a digit can make of a date of birth.
FIRST_YEAR, LAST_YEAR = 1900, 2099


class NameLikeness(StrEnum):
    SAME = "same"
    SWAPPED = "swapped"
    SPELLING = "spelling"
    FIRST_NAME = "first_name"


class DateLikeness(StrEnum):
    SAME = "same"
    SWAPPED = "swapped"
    DIGIT = "digit"
    NEXT_DAY = "next_day"


WORDS: dict[StrEnum, str | Promise] = {
    NameLikeness.SAME: _("Same name"),
    NameLikeness.SWAPPED: _("First and last name the other way round"),
    NameLikeness.SPELLING: _("The name is spelt a little differently"),
    NameLikeness.FIRST_NAME: _("Same first name, another last name"),
    DateLikeness.SAME: _("Same date of birth"),
    DateLikeness.SWAPPED: _("Day and month of birth the other way round"),
    DateLikeness.DIGIT: _("One digit of the date of birth differs"),
    DateLikeness.NEXT_DAY: _("Born the day before or after"),
}


@dataclass(frozen=True)
class Alike:
    """Somebody who looks like the one who is referred, and why.

    ``current`` is the enrolment they are in now; ``latest`` the last one, where it has ended.
    """

    participant: Participant
    current: Enrolment | None
    latest: Enrolment
    name: NameLikeness
    born: DateLikeness

    @property
    def reasons(self) -> list[str | Promise]:
        return [WORDS[self.name], WORDS[self.born]]

    @property
    def is_exact(self) -> bool:
        return self.name == NameLikeness.SAME and self.born == DateLikeness.SAME


def dates_alike(born: date) -> dict[date, DateLikeness]:
    """The date and those that a slip makes of it: day and month swapped, one digit, a day."""
    found: dict[date, DateLikeness] = {}
    for day in (born - timedelta(days=1), born + timedelta(days=1)):
        found[day] = DateLikeness.NEXT_DAY
    digits = born.strftime("%d%m%Y")
    for place in range(len(digits)):
        for digit in "0123456789":
            slip = _read(digits[:place] + digit + digits[place + 1 :])
            if slip is not None:
                found[slip] = DateLikeness.DIGIT
    swapped = _read(born.strftime("%m%d%Y"))
    if swapped is not None:
        found[swapped] = DateLikeness.SWAPPED
    found[born] = DateLikeness.SAME
    return found


def _read(digits: str) -> date | None:
    try:
        day = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def name_alike(first: str, last: str, known: Participant, born: DateLikeness):
    """How alike the names are, and how much (0 to 1); None where they are not."""
    given, family = folded(known.first_name), folded(known.last_name)
    if (folded(first), folded(last)) == (given, family):
        written = (known.first_name.casefold(), known.last_name.casefold())
        same = (_plain(first), _plain(last)) == written
        return (NameLikeness.SAME if same else NameLikeness.SPELLING), 1.0
    if (folded(last), folded(first)) == (given, family):
        return NameLikeness.SWAPPED, 1.0
    score = likeness(f"{first} {last}", known.get_full_name())
    if score >= ALIKE:
        return NameLikeness.SPELLING, score
    # People change their last name; hardly any two share a birthday and a first name.
    if born == DateLikeness.SAME and folded(first) == given:
        return NameLikeness.FIRST_NAME, ALIKE
    return None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def find_alike(user, first_name: str, last_name: str, birth_date: date) -> list[Alike]:
    """Those among whom the user may see that may be the same person, the likest first.

    A fixed number of questions to the database; the dates are looked up in its index.
    """
    if not folded(first_name) or not folded(last_name):
        return []
    dates = dates_alike(birth_date)
    born_then = Participant.objects.visible_to(user).filter(birth_date__in=dates).order_by("pk")
    scored = []
    for person in born_then:
        born = dates[person.birth_date]
        found = name_alike(first_name, last_name, person, born)
        if found is not None:
            name, score = found
            scored.append((-score, list(DateLikeness).index(born), person, name, born))
    scored.sort(key=lambda one: (one[0] + one[1] / 10, one[2].pk))
    return _with_enrolments(user, scored[:AT_MOST])


def _with_enrolments(user, scored: list[tuple]) -> list[Alike]:
    if not scored:
        return []
    theirs: dict[int, list[Enrolment]] = defaultdict(list)
    for enrolment in (
        Enrolment.objects.visible_to(user)
        .filter(participant__in=[person.pk for _s, _d, person, _n, _b in scored])
        .select_related("participant", "municipality")
        .order_by("-referred_on", "-pk")
    ):
        theirs[enrolment.participant_id].append(enrolment)
    return [
        Alike(
            participant=person,
            current=next((e for e in theirs[person.pk] if e.is_current), None),
            latest=theirs[person.pk][0],
            name=name,
            born=born,
        )
        for _score, _date, person, name, born in scored
    ]
