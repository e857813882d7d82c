"""What is needed of an enrolment and of its mentors, in a fixed number of queries, as small plain
objects: what decides over them can be tried without a database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.matching.occupations import areas_of
from mentoring.models import (
    Absence,
    Clearance,
    Mentor,
    MentorConflict,
    MentorState,
    PairEndReason,
    ProposalAnswer,
    ProposalState,
    Seat,
    StopNotice,
    StopReason,
)
from mentoring.querysets import MentorQuerySet
from participants.models import Enrolment, GenderWish, Municipality, NeedRating, RatingStage

# A pair that was taken back has followed nobody.
MEANT = ~Q(seats__pair__end_reason=PairEndReason.BY_MISTAKE)
# What a mentor says where it ended in conflict.
IN_CONFLICT = [StopReason.MATCH, StopReason.SAFETY]


@dataclass(frozen=True)
class Wanted:
    """What an enrolment needs and wishes of its mentors."""

    number: int
    municipality: str
    participant: int = 0
    first_name: str = ""
    languages: tuple[str, ...] = ()
    gender_wish: str = GenderWish.ANY
    trade: str = ""
    # Area → rating from 1 (acute) to 5 (stable); what was not rated or is no need is not there.
    needs: tuple[tuple[str, int], ...] = ()
    times: frozenset[str] = frozenset()
    # While the release lies ahead: when the institution lets visitors in, and where it is.
    visiting_times: frozenset[str] = frozenset()
    is_inside: bool = False
    institution_postcode: str = ""
    postcode: str = ""
    # The municipalities that somebody who coordinates this one coordinates too.
    area: frozenset[str] = frozenset()

    @property
    def meeting_postcode(self) -> str:
        """Where they meet now: the institution before the release, the home after."""
        return (self.is_inside and self.institution_postcode) or self.postcode


@dataclass(frozen=True)
class Person:
    """A mentor as far as it decides whether and whom they can follow."""

    number: int
    municipality: str
    name: str = ""
    first_name: str = ""
    municipality_name: str = ""
    is_active: bool = True
    state: str = MentorState.ACTIVE
    can_sign_in: bool = True
    is_cleared: bool = True
    # The kinds of clearance that are not in force.
    missing: tuple[str, ...] = ()
    # The nearest last day of those that run out soon.
    expires: tuple[str, date] | None = None
    load: int = 0
    capacity: int = 1
    away_until: date | None = None
    gender: str = ""
    languages: frozenset[str] = frozenset()
    postcode: str = ""
    times: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    trade: str = ""
    occupation: str = ""
    age: int | None = None
    # How many they follow or have followed.
    followed: int = 0
    # Other mentors, and participants, whom they are not put together with.
    conflicts: frozenset[int] = frozenset()
    participant_conflicts: frozenset[int] = frozenset()
    # With whom it ended in conflict before: mentors of the same pair, and participants.
    clashes: frozenset[int] = frozenset()
    participant_clashes: frozenset[int] = frozenset()
    # How many open proposals they have been asked for, beside this enrolment's.
    asked: int = 0
    row: Mentor | None = field(default=None, compare=False, repr=False)

    @property
    def line(self) -> str:
        """Age and occupation, as far as they are known."""
        age = _("about %(age)d") % {"age": self.age} if self.age else ""
        return ", ".join(filter(None, [age, self.occupation]))

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity


def area_of(municipality: str) -> frozenset[str]:
    """A municipality with those that one of its coordinators has too: somebody answers for both."""
    neighbours = Municipality.objects.filter(
        coordinators__municipalities=municipality, coordinators__user__is_active=True
    )
    return frozenset(neighbours.values_list("code", flat=True)) | {municipality}


def wanted_by(enrolments: Iterable[Enrolment]) -> list[Wanted]:
    """What each of the enrolments needs, in two queries; the rows come with participant and
    institution. The enrolments are of one municipality."""
    enrolments = list(enrolments)
    rated: dict[int, dict[str, int]] = {}
    ratings = NeedRating.objects.filter(
        enrolment__in=[e.pk for e in enrolments], stage=RatingStage.START, rating__isnull=False
    )
    for rating in ratings.order_by("area"):
        rated.setdefault(rating.enrolment_id, {})[rating.area] = rating.rating or 0
    area: frozenset[str] = frozenset()
    if enrolments:
        area = area_of(enrolments[0].municipality_id)
    return [_wanted(row, rated.get(row.pk, {}), area) for row in enrolments]


def _wanted(row: Enrolment, needs: dict[str, int], area: frozenset[str]) -> Wanted:
    inside = row.released_on is None
    return Wanted(
        number=row.pk,
        participant=row.participant_id,
        municipality=row.municipality_id,
        first_name=row.participant.first_name,
        languages=tuple(row.participant.languages),
        gender_wish=row.gender_wish,
        trade=row.trade,
        needs=tuple(sorted(needs.items())),
        times=frozenset(row.wished_times),
        visiting_times=frozenset(row.institution.visiting_times) if inside else frozenset(),
        is_inside=inside,
        institution_postcode=row.institution.postcode,
        postcode=row.participant.postcode,
        area=area,
    )


def people_of(
    mentors: MentorQuerySet, day: date | None = None, besides: int | None = None
) -> list[Person]:
    """The mentors as they stand on the day (today), by name; in eight queries however many.

    `besides` is the enrolment whose own proposal does not count among those they are asked for.
    """
    day = day or timezone.localdate()
    # Every question below is asked of the same mentors, found once.
    rows = list(
        mentors.with_load(day, or_promised=True)
        .annotate(followed=Count("seats__pair__enrolment", filter=MEANT, distinct=True))
        .select_related("user", "municipality")
    )
    numbers = [row.pk for row in rows]
    found = Found(numbers, day, besides)
    people = [_person(row, found, day) for row in rows]
    return sorted(people, key=lambda person: (person.name.casefold(), person.number))


class Found:
    """What stands in other tables about some mentors, by mentor."""

    def __init__(self, numbers: list[int], day: date, besides: int | None):
        self.in_force: dict[int, set[str]] = {}
        self.expires: dict[int, tuple[str, date]] = {}
        self.away: dict[int, date] = {}
        self.conflicts: dict[int, set[int]] = {}
        self.participant_conflicts: dict[int, set[int]] = {}
        self.clashes: dict[int, set[int]] = {}
        self.participant_clashes: dict[int, set[int]] = {}
        self.asked: dict[int, int] = {}
        self._clearances(numbers, day)
        away = Absence.objects.on(day).filter(mentor__in=numbers).order_by()
        last = away.values("mentor").annotate(last=Max("away_until"))
        self.away = dict(last.values_list("mentor", "last"))
        self._conflicts(numbers)
        self._clashes(numbers)
        self._asked(numbers, besides)

    def _clearances(self, numbers: list[int], day: date) -> None:
        here = Clearance.objects.filter(mentor__in=numbers)
        for mentor, kind in here.in_force(day).order_by().values_list("mentor", "kind"):
            self.in_force.setdefault(mentor, set()).add(kind)
        soon = here.expiring(day).order_by("-expires_on", "kind")
        # The nearest last day comes last, and stays.
        for mentor, kind, last in soon.values_list("mentor", "kind", "expires_on"):
            self.expires[mentor] = (kind, last)

    def _conflicts(self, numbers: list[int]) -> None:
        about = MentorConflict.objects.filter(Q(mentor__in=numbers) | Q(other__in=numbers))
        for mentor, other, participant in about.order_by().values_list(
            "mentor", "other", "participant"
        ):
            if other is None:
                self.participant_conflicts.setdefault(mentor, set()).add(participant)
            else:
                self.conflicts.setdefault(mentor, set()).add(other)
                self.conflicts.setdefault(other, set()).add(mentor)

    def _clashes(self, numbers: list[int]) -> None:
        notices = StopNotice.objects.filter(withdrawn_at=None, reason__in=IN_CONFLICT)
        pairs: dict[int, set[int]] = {}
        for mentor, pair, participant in (
            notices.filter(seat__mentor__in=numbers)
            .order_by()
            .values_list("seat__mentor", "seat__pair", "seat__pair__enrolment__participant")
        ):
            self.participant_clashes.setdefault(mentor, set()).add(participant)
            pairs.setdefault(pair, set()).add(mentor)
        seats = Seat.objects.filter(pair__in=list(pairs)).order_by()
        for pair, mentor in seats.values_list("pair", "mentor"):
            for left in pairs[pair] - {mentor}:
                self.clashes.setdefault(left, set()).add(mentor)
                self.clashes.setdefault(mentor, set()).add(left)

    def _asked(self, numbers: list[int], besides: int | None) -> None:
        answers = ProposalAnswer.objects.filter(
            mentor__in=numbers, proposal__state=ProposalState.OPEN
        ).exclude(proposal__enrolment=besides or 0)
        self.asked = dict(
            answers.order_by().values("mentor").annotate(n=Count("pk")).values_list("mentor", "n")
        )


def _person(row: Any, found: Found, day: date) -> Person:
    """A mentor with the annotations of `people_of`."""
    in_force = found.in_force.get(row.pk, set())
    missing = tuple(kind for kind in Clearance.kinds() if kind not in in_force)
    return Person(
        number=row.pk,
        municipality=row.municipality_id,
        municipality_name=row.municipality.name,
        name=row.user.get_full_name(),
        first_name=row.user.first_name,
        state=row.state,
        can_sign_in=row.user.is_active,
        is_active=row.state == MentorState.ACTIVE and row.user.is_active,
        is_cleared=not missing,
        missing=missing,
        expires=found.expires.get(row.pk),
        load=row.load,
        capacity=row.capacity,
        away_until=found.away.get(row.pk),
        gender=row.gender,
        languages=frozenset(row.languages),
        postcode=row.postcode,
        times=frozenset(row.times),
        areas=frozenset(row.areas_known) | areas_of(row.occupation),
        trade=row.trade,
        occupation=row.occupation,
        age=day.year - row.birth_year if row.birth_year else None,
        followed=row.followed,
        conflicts=frozenset(found.conflicts.get(row.pk, ())),
        participant_conflicts=frozenset(found.participant_conflicts.get(row.pk, ())),
        clashes=frozenset(found.clashes.get(row.pk, ())),
        participant_clashes=frozenset(found.participant_clashes.get(row.pk, ())),
        asked=found.asked.get(row.pk, 0),
        row=row,
    )
