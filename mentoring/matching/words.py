"""Why two mentors suit an enrolment, or do not, in words: short, one thing each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.matching import scores
from mentoring.matching.people import Person, Wanted
from mentoring.matching.rules import BOTH_OF, ONE_OF
from mentoring.models import ClearanceKind, Criterion
from participants import languages, timeslots
from participants.models import Gender, SupportArea
from participants.timeslots import TimeSlot
from participants.trades import Trade
from primus.templatetags.primus_ui import shortdate

# Beyond this one has to think of the way.
NEAR_ENOUGH_KM = 20
FAR_FOR_A_VISIT_KM = 50


@dataclass(frozen=True)
class Reason:
    """One reason to choose two mentors, or to hesitate."""

    text: str
    is_good: bool = True


def _language(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    own = scores.own_languages(wanted)
    spoken = [[code for code in wanted.languages if code in p.languages] for p in two]
    shared = [code for code in wanted.languages if all(code in codes for codes in spoken)]
    found = []
    if any(code in own for code in shared):
        names = languages.names([code for code in shared if code in own])
        found.append(Reason(_("Both speak %(languages)s") % {"languages": names}))
    else:
        for person, codes in zip(two, spoken, strict=True):
            if names := languages.names([code for code in codes if code in own]):
                words = {"name": person.first_name, "languages": names}
                found.append(Reason(_("%(name)s speaks %(languages)s") % words))
    if not found:
        words = {"languages": languages.names(sorted(own))}
        found.append(Reason(_("Neither speaks %(languages)s") % words, is_good=False))
    found += [
        Reason(_("%(name)s has no language in common") % {"name": p.first_name}, is_good=False)
        for p, codes in zip(two, spoken, strict=True)
        if not codes
    ]
    return found


def far(km: int) -> str:
    """How far, no finer than it is known (see mentoring/data/README.md)."""
    if km < scores.NEAR_KM:
        return _("under %(km)d km") % {"km": scores.NEAR_KM}
    return _("about %(km)d km") % {"km": km}


def _distance(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    one, other = two
    (home, inside), (other_home, other_inside) = (scores.distances(wanted, p) for p in two)
    found = []
    if home is not None and other_home is not None:
        near = max(home, other_home) <= NEAR_ENOUGH_KM
        if far(home) == far(other_home):
            text = _("Both live %(far)s away") % {"far": far(home)}
        else:
            text = _("%(one)s lives %(far)s away, %(other)s %(other_far)s") % {
                "one": one.first_name,
                "far": far(home),
                "other": other.first_name,
                "other_far": far(other_home),
            }
        found.append(Reason(text, near))
    else:
        for person, km in ((one, home), (other, other_home)):
            if km is not None:
                text = _("%(name)s lives %(far)s away")
                words = {"name": person.first_name, "far": far(km)}
                found.append(Reason(text % words, km <= NEAR_ENOUGH_KM))
    visits = [km for km in (inside, other_inside) if km is not None and km > FAR_FOR_A_VISIT_KM]
    if visits:
        text = _("It is about %(km)d km to the institution") % {"km": max(visits)}
        found.append(Reason(text, is_good=False))
    found += [
        Reason(
            _("%(name)s is a mentor in %(municipality)s")
            % {"name": p.first_name, "municipality": p.municipality_name},
            is_good=False,
        )
        for p in two
        if p.municipality != wanted.municipality
    ]
    return found


def _times(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    one, other = two
    if not one.times or not other.times:
        return [
            Reason(_("%(name)s has not said when") % {"name": p.first_name}, is_good=False)
            for p in two
            if not p.times
        ]
    common = one.times & other.times & (wanted.times or scores.EVER)
    found = []
    if common:
        names = timeslots.names([slot for slot in TimeSlot.values if slot in common])
        found.append(Reason(_("Both can meet: %(times)s") % {"times": names}))
    else:
        found.append(Reason(_("No time suits both and the participant"), is_good=False))
    if wanted.visiting_times:
        able = [p for p in two if p.times & wanted.visiting_times]
        if len(able) == len(two):
            found.append(Reason(_("Both can come in the visiting hours")))
        elif able:
            text = _("Only %(name)s can come in the visiting hours")
            found.append(Reason(text % {"name": able[0].first_name}, is_good=False))
        else:
            found.append(Reason(_("Neither can come in the visiting hours"), is_good=False))
    return found


def small(label: str) -> str:
    """A label as it stands inside a sentence."""
    return label[:1].lower() + label[1:]


def _experience(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    counts = scores.wanted_knowledge(wanted)
    known = [scores.knows(wanted, person) for person in two]
    areas = [area for area in SupportArea if area in counts]
    most = max((counts[area] for area in areas), default=0)
    acute = [area for area in areas if counts[area] == most]
    found = []
    for area in areas:
        knowing = [p for p, items in zip(two, known, strict=True) if area in items]
        name = small(str(area.label))
        if len(knowing) == len(two):
            found.append(Reason(_("Both know about %(area)s") % {"area": name}))
        elif knowing and area in acute:
            text = _("%(name)s knows about %(area)s, which is needed most")
            found.append(Reason(text % {"name": knowing[0].first_name, "area": name}))
        elif knowing:
            text = _("%(name)s knows about %(area)s")
            found.append(Reason(text % {"name": knowing[0].first_name, "area": name}))
    if acute and not any(area in items for items in known for area in acute):
        text = _("Neither knows about %(area)s, which is needed most")
        found.append(Reason(text % {"area": small(str(acute[0].label))}, is_good=False))
    return found + _trade(wanted, [p for p, k in zip(two, known, strict=True) if scores.TRADE in k])


def _trade(wanted: Wanted, knowing: list[Person]) -> list[Reason]:
    if not wanted.trade:
        return []
    trade = str(Trade(wanted.trade).label)
    if not knowing:
        return [Reason(_("Neither comes from %(trade)s") % {"trade": trade}, is_good=False)]
    return [
        Reason(_("%(name)s comes from %(trade)s") % {"name": p.first_name, "trade": trade})
        for p in knowing
    ]


def _mix(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    old = [p for p in two if p.followed]
    if not old:
        return [Reason(_("Both are new as mentors"), is_good=False)]
    if len(old) == len(two):
        both = {"one": old[0].followed, "other": old[1].followed}
        return [Reason(_("Both are experienced: %(one)d and %(other)d participants") % both)]
    (new,) = [p for p in two if not p.followed]
    text = ngettext(
        "%(name)s has followed %(n)d participant, and %(new)s is new",
        "%(name)s has followed %(n)d participants, and %(new)s is new",
        old[0].followed,
    )
    words = {"name": old[0].first_name, "n": old[0].followed, "new": new.first_name}
    return [Reason(text % words)]


def _load(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    free = [p for p in two if p.load == 0]
    if len(free) == len(two):
        return [Reason(_("Both have room, and follow nobody now"))]
    found = [Reason(_("%(name)s follows nobody now") % {"name": p.first_name}) for p in free]
    for person in two:
        if person.load > 0:
            text = ngettext(
                "%(name)s follows %(n)d participant, of at most %(most)d",
                "%(name)s follows %(n)d participants, of at most %(most)d",
                person.load,
            ) % {"name": person.first_name, "n": person.load, "most": person.capacity}
            found.append(Reason(text, person.load + 1 < person.capacity))
    return found


def _history(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    one, other = two
    found = [
        Reason(
            _("%(name)s has followed the participant before, and it did not work")
            % {"name": p.first_name},
            is_good=False,
        )
        for p in two
        if wanted.participant in p.participant_clashes
    ]
    if other.number in one.clashes or one.number in other.clashes:
        found.append(Reason(_("They were a pair that did not work"), is_good=False))
    if not found:
        text = _("%(name)s has left somebody because it did not work")
        found = [
            Reason(text % {"name": p.first_name}, is_good=False)
            for p in two
            if p.participant_clashes
        ]
    return found


WORDS: dict[Criterion, Callable[[Wanted, Sequence[Person]], list[Reason]]] = {
    Criterion.LANGUAGE: _language,
    Criterion.DISTANCE: _distance,
    Criterion.TIMES: _times,
    Criterion.EXPERIENCE: _experience,
    Criterion.MIX: _mix,
    Criterion.LOAD: _load,
    Criterion.HISTORY: _history,
}


def wish_in_words(wanted: Wanted, two: Sequence[Person]) -> list[Reason]:
    """How the two fulfil the wish for the mentors' gender, which is a rule and no measure."""
    wished = BOTH_OF.get(wanted.gender_wish)
    if wished is not None:
        women = wished == Gender.FEMALE
        return [Reason(_("Two women, as wished") if women else _("Two men, as wished"))]
    wished = ONE_OF.get(wanted.gender_wish)
    if wished is None:
        return []
    text = (
        _("%(name)s is a woman, as wished")
        if wished == Gender.FEMALE
        else _("%(name)s is a man, as wished")
    )
    return [Reason(text % {"name": p.first_name}) for p in two if p.gender == wished][:1]


def warnings(two: Sequence[Person]) -> list[Reason]:
    """What to know before asking them, which no measure counts."""
    found = []
    for person in two:
        if person.expires is not None:
            kind, day = person.expires
            words = {
                "name": person.first_name,
                "clearance": str(ClearanceKind(kind).label),
                "day": shortdate(day),
            }
            text = _("%(name)s: the %(clearance)s expires on %(day)s") % words
            found.append(Reason(text, is_good=False))
        if person.asked:
            text = _("%(name)s is asked for somebody else too") % {"name": person.first_name}
            found.append(Reason(text, is_good=False))
    return found


def reasons_by_criterion(wanted: Wanted, two: Sequence[Person]) -> dict[str, list[Reason]]:
    """The reasons of every criterion that applies to the enrolment; and under "" those that are
    none of them."""
    found: dict[str, list[Reason]] = {
        measure.criterion: WORDS[measure.criterion](wanted, two)
        for measure in scores.MEASURES
        if measure.applies(wanted)
    }
    return found | {"": wish_in_words(wanted, two) + warnings(two)}


def facts(wanted: Wanted, person: Person) -> list[str]:
    """What a coordinator who chooses by hand looks for, in few words."""
    found = []
    shared = [code for code in wanted.languages if code in person.languages]
    found.append(languages.names(shared) if shared else _("no language in common"))
    home, _inside = scores.distances(wanted, person)
    if home is not None:
        found.append(far(home))
    if person.municipality != wanted.municipality:
        found.append(person.municipality_name)
    if person.times:
        found.append(timeslots.names([slot for slot in TimeSlot.values if slot in person.times]))
    areas = [str(area.label) for area in SupportArea if area in person.areas]
    if areas:
        found.append(_("knows about %(areas)s") % {"areas": ", ".join(map(small, areas))})
    if person.followed:
        found.append(
            ngettext(
                "has followed %(n)d participant", "has followed %(n)d participants", person.followed
            )
            % {"n": person.followed}
        )
    else:
        found.append(_("new as a mentor"))
    return found + [reason.text for reason in warnings([person])]
