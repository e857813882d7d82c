"""What a coordinator can choose from for one enrolment: the suggestions, everyone who could, and
who cannot and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from mentoring.matching.pairs import Suggestion, best_beside, best_pairs, suggestion_of
from mentoring.matching.people import Person, Wanted, people_of
from mentoring.matching.rules import in_words, may_pair, obstacles, together
from mentoring.matching.scores import weights
from mentoring.matching.words import facts
from mentoring.models import Mentor, MentorState, Seat
from mentoring.querysets import MentorQuerySet

FIRST, MORE = 8, 24


@dataclass
class Option:
    """A mentor who can be chosen by hand."""

    person: Person
    facts: list[str]
    is_chosen: bool = False


@dataclass
class Obstructed:
    """A mentor who cannot be chosen now, and all that stands in the way."""

    person: Person
    obstacles: list[str]


@dataclass
class Offer:
    wanted: Wanted
    people: list[Person]
    suggestions: list[Suggestion]
    able: list[Option]
    unable: list[Obstructed]
    # Whether there are more pairs than are shown.
    has_more: bool = False


def mentors_for(wanted: Wanted, visible: MentorQuerySet) -> MentorQuerySet:
    """The mentors that may be thought of: those of the enrolment's municipality, and of the
    neighbours that its coordinators have too, as far as the reader sees them."""
    return visible.filter(municipality__in=wanted.area).exclude(state=MentorState.LEFT)


def offer_for(
    wanted: Wanted,
    visible: MentorQuerySet,
    *,
    day: date,
    beside: Sequence[int] | None = None,
    leave_out: Sequence[int] = (),
    more: bool = False,
    key: str = "",
) -> Offer:
    """What there is to choose from, from the day; in a fixed number of queries.

    `beside` are the numbers of those who stay in the pair, where one seat is to be filled; None
    where two are needed. `leave_out` are those who are in the pair and do not stay. The pair
    that `key` names (see `Suggestion.key`) stands first if it may be one.
    """
    mine = mentors_for(wanted, visible).exclude(pk__in=leave_out).values("pk")
    here = Mentor.objects.filter(Q(pk__in=mine) | Q(pk__in=list(beside or ())))
    people = people_of(here, day, besides=wanted.number)
    stay = [person for person in people if person.number in (beside or ())]
    rest = [person for person in people if person.number not in (beside or ())]
    unable = [
        Obstructed(person, [in_words(code, person) for code in codes])
        for person in rest
        if (codes := _against(wanted, person, stay))
    ]
    out = {entry.person.number for entry in unable}
    able = [Option(p, facts(wanted, p)) for p in rest if p.number not in out]
    can = [option.person for option in able]
    weighed = weights()
    if beside is not None:
        suggestions = best_beside(wanted, stay[0] if stay else None, can, weighed)
        return Offer(wanted, people, suggestions, able, unable)
    most = MORE if more else FIRST
    suggestions = best_pairs(wanted, can, weighed, most + 1)
    has_more = len(suggestions) > most
    suggestions = suggestions[:most]
    named = [person for person in can if str(person.number) in key.split("-")]
    if len(named) == len(Seat.NUMBERS) and may_pair(wanted, named[0], named[1]):
        first = suggestion_of(wanted, named[0], named[1], weighed)
        suggestions = [first, *(s for s in suggestions if set(s.people) != set(first.people))]
    return Offer(wanted, people, suggestions, able, unable, has_more)


def _against(wanted: Wanted, person: Person, stay: Iterable[Person]) -> list[str]:
    """Every rule against a mentor, also beside those who stay."""
    pairwise = [together(wanted, other, person) for other in stay]
    return obstacles(wanted, person) + [code for code in pairwise if code]


@dataclass(frozen=True)
class Check:
    """What can be said of the mentors that were chosen by hand."""

    chosen: list[Person]
    suggestion: Suggestion | None = None
    # Why they cannot be a pair, in words.
    refusals: list[str] = field(default_factory=list)


def check_of(wanted: Wanted, chosen: list[Person]) -> Check:
    """How the chosen would suit, and what speaks against them by the hard rules."""
    refusals = [
        f"{person.name}: {in_words(code, person)}"
        for person in chosen
        for code in obstacles(wanted, person)
    ]
    if len(chosen) != len(Seat.NUMBERS):
        return Check(chosen, None, refusals)
    one, other = chosen
    if code := together(wanted, one, other):
        refusals.append(in_words(code, one))
    return Check(chosen, suggestion_of(wanted, one, other, weights()), refusals)
