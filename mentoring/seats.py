"""Who sits in the two seats of each enrolment today."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from mentoring.models import Mentor, MentorPair, Seat
from mentoring.querysets import open_on
from participants.models import Enrolment


def seats_filled(day=None) -> Coalesce:
    """How many of the two seats of an enrolment's pair are held on a day (today), for annotating.

    The day may be an ``OuterRef`` to a date of the enrolment.
    """
    held = (
        Seat.objects.held(day)
        .filter(pair__enrolment=OuterRef("pk"))
        .order_by()
        .values("pair__enrolment")
        .annotate(filled=Count("number", distinct=True))
    )
    return Coalesce(Subquery(held.values("filled")), 0)


@dataclass(frozen=True)
class Place:
    """Seat 1 or seat 2 as it stands today: held, fallen vacant, or never filled."""

    number: int
    seat: Seat | None
    has_pair: bool

    @property
    def mentor(self) -> Mentor | None:
        return self.seat.mentor if self.seat else None

    @property
    def is_vacant(self) -> bool:
        """A pair there is, but nobody in this seat."""
        return self.has_pair and self.seat is None


def attach_seats(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """Give each enrolment, in one query, what is known of its pair today.

    ``pair_now`` (a MentorPair or None), ``seats_now`` (who follows: one of each number at most),
    ``seats_leaving`` (who has been taken over from and only hands over, see `Replacement`),
    ``seats_held`` (both of these: who may see the participant), ``places`` (always two: seat 1
    and seat 2), ``seats_coming`` (promised from a later day) and ``seats_ever`` (all of them, with
    ``replacing``).
    """
    enrolments = list(enrolments)
    today = timezone.localdate()
    # All seats of the current pairs, given up or not: a pair that both have left is still one.
    seats = (
        Seat.objects.filter(open_on(today, "pair__"), pair__enrolment__in=enrolments)
        .select_related("pair", "mentor__user", "replacing")
        .order_by("number", "held_from", "pk")
    )
    ever: dict[int, list[Seat]] = {}
    pairs: dict[int, MentorPair] = {}
    held: dict[int, list[Seat]] = {}
    coming: dict[int, list[Seat]] = {}
    for seat in seats:
        pairs[seat.pair.enrolment_id] = seat.pair
        ever.setdefault(seat.pair.enrolment_id, []).append(seat)
        if seat.is_held_on(today):
            held.setdefault(seat.pair.enrolment_id, []).append(seat)
        elif seat.held_from > today and seat.held_from != seat.held_until:
            coming.setdefault(seat.pair.enrolment_id, []).append(seat)
    for enrolment in enrolments:
        enrolment.pair_now = pairs.get(enrolment.pk)
        enrolment.seats_ever = ever.get(enrolment.pk, [])
        enrolment.seats_held = held.get(enrolment.pk, [])
        enrolment.seats_coming = coming.get(enrolment.pk, [])
        # As `SeatQuerySet.current` says it: of two in one seat, the one who came later.
        holder = {seat.number: seat for seat in enrolment.seats_held}
        enrolment.seats_now = list(holder.values())
        enrolment.seats_leaving = [s for s in enrolment.seats_held if s is not holder[s.number]]
        enrolment.places = [
            Place(number, holder.get(number), enrolment.pair_now is not None)
            for number in Seat.NUMBERS
        ]
    return enrolments


def former_seats(enrolment: Enrolment) -> QuerySet[Seat]:
    """Who sat in the seats of an enrolment that has ended, the first first."""
    return (
        Seat.objects.filter(pair__enrolment=enrolment)
        .select_related("mentor__user")
        .order_by("held_from", "number", "pk")
    )
