"""Giving an enrolment its two mentors, filling a seat, and giving both up again.

Each verb locks the enrolment and then the mentors in the order of their numbers, so that two
coordinators cannot take the same place and never wait for each other in a circle. On SQLite the
transaction itself holds the lock. The database's constraints have the last word.
"""

from collections.abc import Iterable
from datetime import date
from itertools import combinations

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.matching.people import people_of, wanted_by
from mentoring.matching.rules import obstacles, together
from mentoring.models import Attendance, Mentor, MentorPair, PairEndReason, Replacement, Seat
from mentoring.overtaking import settle_open
from mentoring.querysets import lasts_beyond
from participants.models import Enrolment
from primus.refusals import Refused


class PairingRefused(Refused):
    """The pair cannot be made. ``code`` says why, ``mentor`` about whom if it is one of them."""

    SENTENCES = {
        "not_two": _("Choose exactly two mentors."),
        "not_one": _("Choose one mentor for the vacant seat."),
        "same_twice": _("The same mentor cannot hold both seats."),
        "ended": _("This enrolment has ended, so it cannot be given mentors."),
        "already_paired": _(
            "Someone else was quicker: this participant has already been given a mentor pair."
        ),
        "no_pair": _("This participant has no mentor pair any longer."),
        "no_vacancy": _("Someone else was quicker: the vacant seat has been filled."),
        "already_in_pair": _("%(mentor)s is already in this pair."),
        "elsewhere": _("%(mentor)s is a mentor in another municipality."),
        "not_active": _("%(mentor)s does not take on participants at the moment."),
        "not_cleared": _("%(mentor)s is not cleared: a clearance is missing or has expired."),
        "full": _("%(mentor)s follows as many participants as they have room for."),
        "away": _("%(mentor)s is away at the moment."),
        "participant_conflict": _("%(mentor)s and the participant must not be put together."),
        "conflict": _(
            "The two must not be put together: they are of one household, or it has been said so."
        ),
        "wish_female": _("The participant wishes at least one woman."),
        "wish_male": _("The participant wishes at least one man."),
        "wish_both_female": _("The participant wishes two women, and %(mentor)s is not a woman."),
        "wish_both_male": _("The participant wishes two men, and %(mentor)s is not a man."),
        "changed": _("Something changed at the same moment. Look again, and choose again."),
        "not_undone": _("It is too late to undo this."),
    }

    def __init__(self, code: str, mentor: Mentor | None = None):
        super().__init__(code, mentor=mentor.user.get_full_name() if mentor else "")
        self.mentor = mentor


# Which rule it was, where the database was the one to refuse.
CONSTRAINTS = {
    "pair_one_current_per_enrolment": "already_paired",
    "seat_one_current_holder": "no_vacancy",
}


def plan_reminders(enrolment_id: int) -> None:
    """Once this is saved, the worker tells the mentors; a broker that is away undoes nothing."""

    def send() -> None:
        from mentoring.tasks import remind_enrolment

        remind_enrolment.delay(enrolment_id)

    transaction.on_commit(send, robust=True)


def _refusal(error: IntegrityError) -> PairingRefused:
    code = next((code for name, code in CONSTRAINTS.items() if name in str(error)), "changed")
    return PairingRefused(code)


def locked_enrolment(enrolment: Enrolment) -> Enrolment:
    locked = Enrolment.objects.locked(enrolment.pk)
    if not locked.is_current:
        raise PairingRefused("ended")
    return locked


def locked_mentors(chosen: Iterable[Mentor]) -> list[Mentor]:
    """The chosen mentors in the order they were chosen, locked in the order of their numbers."""
    numbers = [mentor.pk for mentor in chosen]
    rows = Mentor.objects.select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk")
    found = {mentor.pk: mentor for mentor in rows}
    return [found[number] for number in numbers if number in found]


def check_free(
    enrolment: Enrolment,
    mentors: list[Mentor],
    day: date,
    *,
    beside: Iterable[int] = (),
) -> None:
    """Raise PairingRefused for the first hard rule (`mentoring.matching.rules`) that is against.

    `beside` are the numbers of those who stay in the pair: they and the new one must go together.
    """
    (wanted,) = wanted_by([enrolment])
    numbers = [mentor.pk for mentor in mentors]
    people = {
        p.number: p for p in people_of(Mentor.objects.filter(pk__in=[*numbers, *beside]), day)
    }
    for mentor in mentors:
        for code in obstacles(wanted, people[mentor.pk]):
            raise PairingRefused(code, mentor)
    for one, other in combinations([*numbers, *beside], 2):
        if code := together(wanted, people[one], people[other]):
            raise PairingRefused(code)


def check_two(chosen: list[Mentor]) -> None:
    """Raise PairingRefused unless they are two different mentors."""
    if len(chosen) != len(Seat.NUMBERS):
        raise PairingRefused("not_two")
    if chosen[0].pk == chosen[1].pk:
        raise PairingRefused("same_twice")


def open_pair(enrolment: Enrolment, day: date | None = None) -> MentorPair | None:
    """The pair that is current, or ends on a later day."""
    day = day or timezone.localdate()
    return enrolment.pairs.filter(lasts_beyond(day, "ended_on")).first()


def standing_seats(pair: MentorPair, day: date | None = None) -> list[Seat]:
    """Who sits in the pair on the day (today) or is promised to from a later one, seat by seat."""
    seats = pair.seats.standing(day).select_related("mentor__user")
    return list(seats.order_by("number", "held_from", "pk"))


def openings(seats: list[Seat], day: date | None = None) -> dict[int, date]:
    """From which day each seat of a pair can be taken, by number: today where it is vacant, the
    day the mentor stops where one must. A seat that is held or promised for good is not there.

    `seats` are those of `standing_seats`.
    """
    day = day or timezone.localdate()
    found: dict[int, date] = {}
    for number in Seat.NUMBERS:
        here = [seat for seat in seats if seat.number == number]
        ends = [seat.held_until for seat in here if seat.held_until is not None]
        if len(ends) == len(here):
            found[number] = max([day, *ends])
    return found


def form_pair(enrolment: Enrolment, mentors: Iterable[Mentor], by) -> MentorPair:
    """Give an enrolment its two mentors from today; the first chosen gets seat 1.

    Whoever was asked whether they would follow it is asked no longer.
    Raises PairingRefused when not exactly two are given, when one of them cannot (another
    municipality, not active, not cleared, full), or when there is a pair already.
    """
    chosen = list(mentors)
    check_two(chosen)
    day = timezone.localdate()
    try:
        with transaction.atomic():
            enrolment = locked_enrolment(enrolment)
            locked = locked_mentors(chosen)
            if len(locked) != len(chosen):
                raise PairingRefused("changed")
            if open_pair(enrolment, day) is not None:
                raise PairingRefused("already_paired")
            check_free(enrolment, locked, day)
            pair = MentorPair.objects.create(enrolment=enrolment, formed_on=day, formed_by=by)
            for number, mentor in zip(Seat.NUMBERS, locked, strict=True):
                Seat.objects.create(pair=pair, number=number, mentor=mentor, held_from=day)
            settle_open(enrolment, pair)
    except IntegrityError as error:
        raise _refusal(error) from error
    plan_reminders(enrolment.pk)
    return pair


def fill_seat(enrolment: Enrolment, mentor: Mentor) -> Seat:
    """Give the vacant seat of an enrolment's pair to a mentor from today, or the seat of one who
    must stop from that day.

    Raises PairingRefused when there is no pair or no such seat, or when the mentor cannot.
    """
    day = timezone.localdate()
    try:
        with transaction.atomic():
            enrolment = locked_enrolment(enrolment)
            locked = locked_mentors([mentor])
            if not locked:
                raise PairingRefused("changed")
            pair = open_pair(enrolment, day)
            if pair is None:
                raise PairingRefused("no_pair")
            seats = standing_seats(pair, day)
            if any(seat.mentor_id == mentor.pk for seat in seats):
                raise PairingRefused("already_in_pair", locked[0])
            found = openings(seats, day)
            if not found:
                raise PairingRefused("no_vacancy")
            start, number = min((start, number) for number, start in found.items())
            stay = [
                seat.mentor_id
                for seat in seats
                if seat.number != number and (seat.held_until is None or seat.held_until > start)
            ]
            check_free(enrolment, locked, start, beside=stay)
            seat = Seat.objects.create(pair=pair, number=number, mentor=locked[0], held_from=start)
    except IntegrityError as error:
        raise _refusal(error) from error
    plan_reminders(enrolment.pk)
    return seat


def vacate_seat(seat: Seat, day: date | None = None) -> Seat:
    """The mentor leaves the seat: from the day (today) they no longer see the participant.

    A seat given up on the day it was taken was a mistake, and leaves no day on which it was held;
    if it was taken over from another mentor, that one stays as before.
    Raises PairingRefused("changed") when the seat has been given up already.
    """
    day = day or timezone.localdate()
    with transaction.atomic():
        Enrolment.objects.locked(seat.pair.enrolment_id)
        given_up = (
            Seat.objects.filter(pk=seat.pk)
            .filter(lasts_beyond(day, "held_until"))
            .update(held_until=Greatest(F("held_from"), day))
        )
        if not given_up:
            raise PairingRefused("changed")
        seat.refresh_from_db()
        _take_back_replacement(seat)
    plan_reminders(seat.pair.enrolment_id)
    return seat


def _take_back_replacement(seat: Seat) -> None:
    """Where nobody ever sat in the seat that was to be taken over, the other stays as before."""
    if seat.held_until != seat.held_from:
        return
    replacement = Replacement.objects.in_force().filter(incoming=seat).first()
    if replacement is None:
        return
    # What has been said of the other's last day since then stays said.
    Seat.objects.filter(pk=replacement.outgoing_id, held_until=replacement.ends_on).update(
        held_until=replacement.outgoing_until
    )
    replacement.taken_back_at = timezone.now()
    replacement.save(update_fields=["taken_back_at"])


def end_pair(pair: MentorPair, reason: PairEndReason, day: date | None = None) -> None:
    """End a pair and both its seats on a day (today): from that day it follows nobody.

    A day before the pair was formed counts as the day it was formed. Ending it twice is no error.
    """
    day = day or timezone.localdate()
    with transaction.atomic():
        Enrolment.objects.locked(pair.enrolment_id)
        MentorPair.objects.filter(pk=pair.pk).filter(lasts_beyond(day, "ended_on")).update(
            ended_on=Greatest(F("formed_on"), day), end_reason=reason
        )
        Seat.objects.filter(pair=pair).filter(lasts_beyond(day, "held_until")).update(
            held_until=Greatest(F("held_from"), day)
        )
    pair.refresh_from_db()
    plan_reminders(pair.enrolment_id)


def can_undo(began: date, until: date | None, pair: MentorPair, mentors: list[int]) -> bool:
    """Whether what began today can be taken back: it still stands, and nothing came of it yet."""
    if began != timezone.localdate() or until is not None:
        return False
    logged = Attendance.objects.filter(
        meeting__enrolment=pair.enrolment_id,
        meeting__logged_at__date=began,
        mentor__in=mentors,
    )
    return not logged.exists()


def undo_pair(pair: MentorPair) -> None:
    """Take back a pair that was formed today, as made by mistake.

    Raises PairingRefused("not_undone") when it is from another day, has ended, or has met.
    """
    with transaction.atomic():
        Enrolment.objects.locked(pair.enrolment_id)
        pair.refresh_from_db()
        mentors = [seat.mentor_id for seat in pair.seats.all()]
        if not can_undo(pair.formed_on, pair.ended_on, pair, mentors):
            raise PairingRefused("not_undone")
        end_pair(pair, PairEndReason.BY_MISTAKE)


def undo_seat(seat: Seat) -> None:
    """Take back a seat that was filled today. Raises PairingRefused("not_undone") as undo_pair."""
    with transaction.atomic():
        Enrolment.objects.locked(seat.pair.enrolment_id)
        seat.refresh_from_db()
        if not can_undo(seat.held_from, seat.held_until, seat.pair, [seat.mentor_id]):
            raise PairingRefused("not_undone")
        vacate_seat(seat)
