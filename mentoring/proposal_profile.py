"""What a mentor is told of a participant they are asked to follow: enough to say yes or no, and
not who it is."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants import languages, timeslots
from participants.models import Enrolment, NeedRating, SupportArea
from participants.need_words import STEPS

# The first years of the bands of age; the last has no end.
BANDS = (18, 25, 35, 45, 55)


@dataclass(frozen=True)
class Need:
    """How one area stands, in words."""

    area: str
    words: str


@dataclass(frozen=True)
class Profile:
    """One participant without name, birth date or postcode, each line in the reader's language.

    What the coordinator wrote of them in their own words is not in it: it could say who it is.
    """

    age: str
    gender: str
    languages: str
    municipality: str
    institution: str
    release: str
    times: str
    trade: str
    needs: tuple[Need, ...]


def profile_of(enrolment: Enrolment) -> Profile:
    """The profile of an enrolment that comes with participant, institution and municipality; one
    query, for the needs."""
    participant = enrolment.participant
    return Profile(
        age=age_band(participant.birth_date),
        gender=str(participant.get_gender_display()),
        languages=languages.names(participant.languages),
        municipality=str(enrolment.municipality),
        institution=str(enrolment.institution),
        release=_release(enrolment),
        times=timeslots.names(enrolment.wished_times),
        trade=str(enrolment.get_trade_display()),
        needs=_needs(enrolment),
    )


def age_band(birth_date, today=None) -> str:
    """About how old somebody is: within ten years."""
    today = today or timezone.localdate()
    birthday_ahead = (today.month, today.day) < (birth_date.month, birth_date.day)
    years = today.year - birth_date.year - birthday_ahead
    first = max((year for year in BANDS if year <= years), default=None)
    if first is None or first == BANDS[0]:
        return _("under %(years)d years") % {"years": BANDS[1]}
    if first == BANDS[-1]:
        return _("%(years)d years or more") % {"years": first}
    return _("%(first)d–%(last)d years") % {"first": first, "last": first + 9}


def _release(enrolment: Enrolment) -> str:
    month = date_format(enrolment.release_day, "F Y")
    if enrolment.released_on is not None:
        return _("released in %(month)s") % {"month": month}
    return _("expected in %(month)s") % {"month": month}


def _needs(enrolment: Enrolment) -> tuple[Need, ...]:
    """The latest rating of each area; *no need* and *not assessed* need no words here."""
    ratings = NeedRating.objects.filter(enrolment=enrolment).order_by("rated_on", "pk")
    latest = {rating.area: rating.rating for rating in ratings}
    return tuple(
        Need(area.value, str(STEPS[area][rating - 1]))
        for area in SupportArea
        if (rating := latest.get(area)) is not None
    )
