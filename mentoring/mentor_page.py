"""What a coordinator sees of one mentor beside the row of the directory."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.directory import is_over, was_meant
from mentoring.models import Mentor, PairEndReason, Replacement, Seat, StopNotice
from participants.models import Enrolment
from primus.accounts.models import User


@dataclass(frozen=True)
class PastSeat:
    """A seat that a mentor no longer holds: in whose enrolment, until when, and how it ended."""

    seat: Seat
    until: date
    how: str | Promise


@dataclass
class Followed:
    """Whom a mentor follows and has followed, as far as the reader may see them.

    ``hidden_now`` and ``hidden_past`` count those whom they may not.
    """

    now: list[Seat] = field(default_factory=list)
    past: list[PastSeat] = field(default_factory=list)
    hidden_now: int = 0
    hidden_past: int = 0

    @property
    def enrolments(self) -> list[Enrolment]:
        seats = [*self.now, *(past.seat for past in self.past)]
        return list({seat.pair.enrolment_id: seat.pair.enrolment for seat in seats}.values())


def followed_by(mentor: Mentor, reader: User) -> Followed:
    """In four questions, however many they are; the latest first."""
    today = timezone.localdate()
    rows = (
        Seat.objects.filter(mentor=mentor)
        .select_related("pair__enrolment__participant", "pair__enrolment__municipality")
        .order_by("-held_from", "-pk")
    )
    seats = [seat for seat in rows if was_meant(seat)]
    numbers = [seat.pk for seat in seats]
    about = Enrolment.objects.filter(pk__in={seat.pair.enrolment_id for seat in seats})
    seen = set(about.visible_to(reader).values_list("pk", flat=True))
    notices = StopNotice.objects.in_force().filter(seat__in=numbers)
    stopped = {notice.seat_id: notice for notice in notices}
    replaced = set(
        Replacement.objects.filter(outgoing__in=numbers).values_list("outgoing", flat=True)
    )
    found = Followed()
    for seat in seats:
        visible = seat.pair.enrolment_id in seen
        if not is_over(seat, today):
            found.now += [seat] if visible else []
            found.hidden_now += not visible
        elif visible:
            until = min(day for day in (seat.held_until, seat.pair.ended_on) if day is not None)
            how = _how_it_ended(seat, stopped.get(seat.pk), seat.pk in replaced)
            found.past.append(PastSeat(seat, until, how))
        else:
            found.hidden_past += 1
    return found


def _how_it_ended(seat: Seat, notice: StopNotice | None, replaced: bool) -> str | Promise:
    if notice is not None and notice.stops_on == seat.held_until:
        # As the mentor gave it: «I am moving», «it does not work between us».
        return _("stopped: %(reason)s") % {"reason": notice.get_reason_display()}
    pair = seat.pair
    if pair.ended_on is not None and (seat.held_until is None or seat.held_until >= pair.ended_on):
        return PairEndReason(pair.end_reason).label
    return _("another mentor took over") if replaced else _("left the seat")
