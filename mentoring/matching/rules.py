"""The hard rules: who cannot follow an enrolment, and which two cannot follow it together.

Here and nowhere else. What suggests pairs leaves out whoever they speak against, and what forms a
pair refuses by the same codes (`mentoring.pairing.PairingRefused` has a sentence for each).
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.matching.people import Person, Wanted
from mentoring.models import ClearanceKind, MentorState
from participants.models import Gender, GenderWish
from primus.templatetags.primus_ui import longdate

ONE_OF: dict[str, str] = {GenderWish.FEMALE: Gender.FEMALE, GenderWish.MALE: Gender.MALE}
BOTH_OF: dict[str, str] = {GenderWish.BOTH_FEMALE: Gender.FEMALE, GenderWish.BOTH_MALE: Gender.MALE}


def obstacles(wanted: Wanted, person: Person) -> list[str]:
    """The codes of everything that keeps a mentor from following the enrolment; none is good."""
    found = []
    if person.municipality not in wanted.area and person.municipality != wanted.municipality:
        found.append("elsewhere")
    if not person.is_active:
        found.append("not_active")
    if not person.is_cleared:
        found.append("not_cleared")
    if not person.has_room:
        found.append("full")
    if person.away_until is not None:
        found.append("away")
    if wanted.participant in person.participant_conflicts:
        found.append("participant_conflict")
    if person.gender != BOTH_OF.get(wanted.gender_wish, person.gender):
        found.append(f"wish_{wanted.gender_wish}")
    return found


def together(wanted: Wanted, one: Person, other: Person) -> str:
    """The code of what keeps two mentors, who each could, from following it together; or ""."""
    if other.number in one.conflicts or one.number in other.conflicts:
        return "conflict"
    wished = ONE_OF.get(wanted.gender_wish)
    if wished is not None and wished not in (one.gender, other.gender):
        return f"wish_{wanted.gender_wish}"
    return ""


def may_pair(wanted: Wanted, one: Person, other: Person) -> bool:
    """Whether no hard rule speaks against the two."""
    return (
        one.number != other.number
        and not obstacles(wanted, one)
        and not obstacles(wanted, other)
        and not together(wanted, one, other)
    )


def in_words(code: str, person: Person) -> str:
    """An obstacle as it stands beside the mentor's name."""
    if code == "not_active":
        return _not_active(person)
    if code == "not_cleared":
        missing = [str(ClearanceKind(kind).label) for kind in person.missing]
        return _("not cleared: %(missing)s is missing or has expired") % {
            "missing": ", ".join(missing)
        }
    if code == "full":
        return ngettext(
            "follows %(n)d participant, and has no room for more",
            "follows %(n)d participants, and has no room for more",
            person.load,
        ) % {"n": person.load}
    if code == "away":
        return _("away until %(day)s") % {"day": longdate(_last(person))}
    return str(
        {
            "elsewhere": _("a mentor in another municipality"),
            "participant_conflict": _("not to be put together with this participant"),
            "conflict": _("not to be put together with the other mentor"),
            "wish_female": _("The wish is for at least one woman"),
            "wish_male": _("The wish is for at least one man"),
            "wish_both_female": _("The wish is for two women"),
            "wish_both_male": _("The wish is for two men"),
        }[code]
    )


def _last(person: Person) -> date:
    assert person.away_until is not None
    return person.away_until


def _not_active(person: Person) -> str:
    if person.state == MentorState.PAUSED:
        return _("on leave")
    if person.state != MentorState.ACTIVE:
        return _("not approved yet")
    return _("can no longer sign in")
