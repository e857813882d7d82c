"""Who sits in the two seats of each enrolment today."""

from collections.abc import Iterable
from dataclasses import dataclass

from mentoring.models import Mentor, MentorPair, Seat
from participants.models import Enrolment


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
    """Give each enrolment, in two queries, what is known of its pair today.

    ``pair_now`` (a MentorPair or None), ``seats_now`` (the held seats, by number) and ``places``
    (always two: seat 1 and seat 2).
    """
    enrolments = list(enrolments)
    pairs = {
        pair.enrolment_id: pair
        for pair in MentorPair.objects.current().filter(enrolment__in=enrolments)
    }
    held: dict[int, list[Seat]] = {}
    seats = Seat.objects.held().filter(pair__in=pairs.values()).order_by("number", "held_from")
    for seat in seats.select_related("mentor__user"):
        held.setdefault(seat.pair_id, []).append(seat)
    for enrolment in enrolments:
        pair = pairs.get(enrolment.pk)
        enrolment.pair_now = pair
        enrolment.seats_now = held.get(pair.pk, []) if pair else []
        # While one mentor hands over to another, the one who stays is the one shown.
        holder = {seat.number: seat for seat in enrolment.seats_now}
        enrolment.places = [
            Place(number, holder.get(number), pair is not None) for number in Seat.NUMBERS
        ]
    return enrolments
