"""A coordinator's mentors: who has room, who is cleared until when, and who met somebody last.

The list is asked for in one question whatever its filters; what a row shows beside it is fetched
for the rows of one page only, in a fixed number of questions (`attach_rows`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from mentoring.models import (
    Absence,
    Attendance,
    Clearance,
    ClearanceKind,
    Meeting,
    Mentor,
    PairEndReason,
    Seat,
)
from mentoring.querysets import MentorQuerySet
from primus.accounts.models import Invitation, Role, User


def directory(user: User) -> MentorQuerySet:
    """The mentors of the user's municipalities, those who have left among them."""
    return Mentor.objects.visible_to(user).select_related("user", "municipality")


def invited(user: User) -> QuerySet[Invitation]:
    """The mentors the user has invited and who have not answered, the latest first."""
    return Invitation.objects.visible_to(user).waiting().filter(role=Role.MENTOR)


def _met(**whom) -> QuerySet[Attendance]:
    """Where mentors were at a meeting that was held. Asked of each, as all meetings that were ever
    held are too many to list first."""
    held = Meeting.objects.held().filter(pk=OuterRef("meeting"))
    return Attendance.objects.filter(Exists(held), **whom)


def with_last_meeting(mentors: MentorQuerySet) -> MentorQuerySet:
    """Annotates ``last_met``: when the last meeting that the mentor was at was held, or None."""
    latest = _met(mentor=OuterRef("pk")).order_by("-meeting__happened_at")
    return mentors.annotate(last_met=Subquery(latest.values("meeting__happened_at")[:1]))


def with_next_expiry(mentors: MentorQuerySet) -> MentorQuerySet:
    """Annotates ``next_expiry``: the nearest last day of a clearance that is not renewed, also
    one that has passed; None where nothing runs out."""
    own = Clearance.objects.not_renewed().filter(mentor=OuterRef("pk"))
    nearest = own.order_by().values("mentor").annotate(first=Min("expires_on"))
    return mentors.annotate(next_expiry=Subquery(nearest.values("first")))


def with_clearance_expiring(mentors: MentorQuerySet, day: date | None = None) -> MentorQuerySet:
    """Those with a clearance that runs out soon (see ``ClearanceQuerySet.expiring``)."""
    return mentors.filter(Exists(Clearance.objects.expiring(day).filter(mentor=OuterRef("pk"))))


def not_cleared(mentors: MentorQuerySet, day: date | None = None) -> MentorQuerySet:
    """Those who lack a clearance, or have one that has expired."""
    return mentors.exclude(pk__in=Mentor.objects.cleared(day).order_by().values("pk"))


def by_room(mentors: MentorQuerySet) -> MentorQuerySet:
    """Most free places first."""
    return mentors.with_load(or_promised=True).order_by(
        F("load") - F("capacity"), "user__first_name", "user__last_name", "pk"
    )


@dataclass(frozen=True)
class Standing:
    """Where a mentor stands with one kind of clearance today."""

    kind: ClearanceKind
    # The one that lasts longest; None where there has never been one.
    clearance: Clearance | None
    # "ok", "soon" (runs out, not renewed), "expired" or "missing".
    state: str

    @property
    def expires_on(self) -> date | None:
        return self.clearance.expires_on if self.clearance else None


URGENCY = ("missing", "expired", "soon", "ok")


def standings(clearances: Iterable[Clearance], expiring: Iterable[int]) -> list[Standing]:
    """One for each kind, in order. `clearances` are a mentor's own that are not renewed,
    `expiring` the numbers of those that run out soon."""
    today = timezone.localdate()
    own = {clearance.kind: clearance for clearance in clearances}
    soon = set(expiring)
    found = []
    for kind in ClearanceKind:
        clearance = own.get(kind)
        if clearance is None or clearance.obtained_on > today:
            state = "missing"
        elif clearance.expires_on is not None and clearance.expires_on < today:
            state = "expired"
        else:
            state = "soon" if clearance.pk in soon else "ok"
        found.append(Standing(kind, clearance, state))
    return found


@dataclass(frozen=True)
class Load:
    """How many places of a mentor are taken today, promised from a later day, and free."""

    held: int
    promised: int
    capacity: int

    @property
    def taken(self) -> int:
        return self.held + self.promised

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)

    @property
    def dots(self) -> list[str]:
        return ["held"] * self.held + ["promised"] * self.promised + ["free"] * self.free


def is_over(seat: Seat, today: date) -> bool:
    """Whether nobody sits there any longer, or will."""
    ends = [day for day in (seat.held_until, seat.pair.ended_on) if day is not None]
    return bool(ends) and min(ends) <= today


def was_meant(seat: Seat) -> bool:
    """Whether the seat was to be held at all: not taken back, nor of a pair made by mistake."""
    return seat.held_until != seat.held_from and seat.pair.end_reason != PairEndReason.BY_MISTAKE


def attach_rows(mentors: Iterable[Mentor]) -> list[Mentor]:
    """Give each mentor what a row shows, in five questions.

    ``places`` (a Load), ``ended_pairs`` (how many pairs they were in and are no longer),
    ``last_met`` (when a meeting they were at was last held, or None), ``clearances_now`` (a
    Standing for each kind), ``clearance`` (the most urgent of them) and ``away`` (the absence
    they are in today, or None).
    """
    mentors = list(mentors)
    today = timezone.localdate()
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.filter(mentor__in=mentors).select_related("pair"):
        seats[seat.mentor_id].append(seat)
    met = (
        _met(mentor__in=mentors)
        .order_by()
        .values("mentor")
        .annotate(last=Max("meeting__happened_at"))
    )
    last_met = dict(met.values_list("mentor", "last"))
    clearances: dict[int, list[Clearance]] = defaultdict(list)
    for clearance in Clearance.objects.not_renewed().filter(mentor__in=mentors):
        clearances[clearance.mentor_id].append(clearance)
    own = Clearance.objects.filter(mentor__in=mentors)
    soon = set(own.expiring(today).order_by().values_list("pk", flat=True))
    away = {
        absence.mentor_id: absence for absence in Absence.objects.on().filter(mentor__in=mentors)
    }
    for mentor in mentors:
        mentor.places, mentor.ended_pairs = _places(mentor, seats[mentor.pk], today)
        mentor.last_met = last_met.get(mentor.pk)
        mentor.clearances_now = standings(clearances[mentor.pk], soon)
        mentor.clearance = min(mentor.clearances_now, key=_urgency)
        mentor.away = away.get(mentor.pk)
    return mentors


def _places(mentor: Mentor, seats: list[Seat], today: date) -> tuple[Load, int]:
    meant = [seat for seat in seats if was_meant(seat)]
    standing = [seat for seat in meant if not is_over(seat, today)]
    held = sum(1 for seat in standing if seat.held_from <= today)
    now = {seat.pair_id for seat in standing}
    ended = {seat.pair_id for seat in meant} - now
    return Load(held, len(standing) - held, mentor.capacity), len(ended)


def _urgency(standing: Standing) -> tuple:
    return URGENCY.index(standing.state), standing.expires_on or date.max
