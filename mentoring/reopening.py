"""Opening an ended enrolment again, with the mentors who can still follow it."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from mentoring.matching.people import people_of, wanted_by
from mentoring.matching.rules import obstacles, together
from mentoring.models import Mentor, MentorPair, PairEndReason, Seat, StopNotice
from mentoring.pairing import PairingRefused, locked_mentors, plan_reminders
from participants.endings import ending_in_force, reopen_enrolment
from participants.models import Ending, Enrolment

# The hard rules of pairing that somebody who sat in the seat must still keep to. The wish for
# gender and the municipality were settled when they took it; who is away comes back.
STILL_HOLDS = ("not_active", "not_cleared", "full", "participant_conflict")


@dataclass
class Comeback:
    """Who sits in the pair again, and who cannot, each with why as pairing says it."""

    back: list[Seat] = field(default_factory=list)
    missing: list[PairingRefused] = field(default_factory=list)

    @property
    def names_back(self) -> list[str]:
        return [seat.mentor.user.get_full_name() for seat in self.back]


def _ended_with(ending: Ending | None) -> list[Seat]:
    if ending is None:
        return []
    return list(ending.seats.select_related("mentor__user", "pair").order_by("number", "held_from"))


def _sat_on(seat: Seat, today: date) -> bool:
    """Whether the mentor would still sit there, had the enrolment not ended."""
    return seat.held_until_before is None or seat.held_until_before > today


def _must_stop(seat: Seat, today: date) -> bool:
    """Whether the mentor said that they must stop by a day that has come."""
    return StopNotice.objects.in_force().filter(seat=seat, stops_on__lte=today).exists()


def _sorted_out(enrolment: Enrolment, seats: list[Seat]) -> Comeback:
    """Which of the seats can be taken up again today."""
    today = timezone.localdate()
    found = Comeback()
    if not seats:
        return found
    (wanted,) = wanted_by([enrolment])
    mentors = Mentor.objects.filter(pk__in=[seat.mentor_id for seat in seats])
    people = {person.number: person for person in people_of(mentors, today)}
    for seat in seats:
        if not _sat_on(seat, today) or _must_stop(seat, today):
            continue
        person = people[seat.mentor_id]
        against = [code for code in obstacles(wanted, person) if code in STILL_HOLDS]
        beside = [people[other.mentor_id] for other in found.back]
        if any(together(wanted, person, other) == "conflict" for other in beside):
            against.append("conflict")
        if against:
            found.missing.append(PairingRefused(against[0], seat.mentor))
        else:
            found.back.append(seat)
    return found


def who_comes_back(enrolment: Enrolment) -> Comeback:
    """What opening an ended enrolment today would mean for its mentors."""
    return _sorted_out(enrolment, _ended_with(ending_in_force(enrolment)))


@transaction.atomic
def reopen(enrolment: Enrolment, *, by, note: str = "") -> Comeback:
    """Open an ended enrolment again; its pair and seats come back where the mentors still can.

    Those who were given somebody else meanwhile, stopped, or are no longer cleared do not: their
    seat is vacant. With neither of the two the enrolment is open without a pair. Raises EndRefused.
    """
    ending = reopen_enrolment(enrolment, by=by, note=note)
    seats = _ended_with(ending)
    # In the order of pairing: the enrolment first, which is held, and then the mentors.
    locked_mentors([seat.mentor for seat in seats])
    found = _sorted_out(enrolment, seats)
    if found.back:
        pair = found.back[0].pair
        MentorPair.objects.filter(pk=pair.pk, end_reason=PairEndReason.ENROLMENT_ENDED).update(
            ended_on=None, end_reason=""
        )
        for seat in found.back:
            Seat.objects.filter(pk=seat.pk).update(
                held_until=seat.held_until_before, ended_with=None, held_until_before=None
            )
    plan_reminders(enrolment.pk)
    return found
