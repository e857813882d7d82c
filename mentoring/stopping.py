"""A mentor says that they must stop: the seat ends on the day by itself, and the coordinators are
told while there is time to find somebody."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.letters import tell_coordinators
from mentoring.models import Seat, StopNotice
from mentoring.pairing import plan_reminders
from participants.models import Enrolment
from primus.accounts.models import User
from primus.refusals import Refused

# So far ahead a mentor can say it.
AHEAD = timedelta(days=365)


class StopRefused(Refused):
    """The notice cannot be given or taken back. ``code`` says why."""

    SENTENCES = {
        "not_held": _("You no longer follow this person."),
        "already": _("You have already said that you must stop."),
        "past": _("Choose today or a day that lies ahead."),
        "too_far": _("Choose a day within the next year."),
        "ends_before": _("You already stop on that day or before."),
        "over": _("The day has come, so it is too late to take this back."),
        "followed": _(
            "Somebody else has already been found from that day. Talk to your coordinator."
        ),
        "taken": _("Someone else has already taken this on."),
    }


def give_notice(
    seat: Seat, stops_on: date, reason: str, note: str = "", today: date | None = None
) -> StopNotice:
    """The holder of a seat stops: from `stops_on` they no longer hold it, or see the participant.

    The day is from today (access ends at once) to a year ahead. Raises StopRefused.
    """
    today = today or timezone.localdate()
    if stops_on < today:
        raise StopRefused("past")
    if stops_on > today + AHEAD:
        raise StopRefused("too_far")
    enrolment_id = seat.pair.enrolment_id
    with transaction.atomic():
        Enrolment.objects.locked(enrolment_id)
        held = Seat.objects.held(today).filter(pk=seat.pk).first()
        if held is None:
            raise StopRefused("not_held")
        if held.stop_notices.in_force().exists():
            raise StopRefused("already")
        if held.held_until is not None and held.held_until <= stops_on:
            raise StopRefused("ends_before")
        notice = StopNotice.objects.create(seat=seat, stops_on=stops_on, reason=reason, note=note)
        Seat.objects.filter(pk=seat.pk).update(held_until=stops_on)
        tell_coordinators(notice)
    plan_reminders(enrolment_id)
    return notice


def withdraw(notice: StopNotice, today: date | None = None) -> None:
    """The mentor does not stop after all, until the day itself and while nobody is to follow.

    Raises StopRefused("over") or ("followed").
    """
    today = today or timezone.localdate()
    seat = notice.seat
    with transaction.atomic():
        Enrolment.objects.locked(seat.pair.enrolment_id)
        if today >= notice.stops_on:
            raise StopRefused("over")
        others = Seat.objects.standing(today).filter(pair=seat.pair_id, number=seat.number)
        # Not whoever they took over from themselves.
        if others.filter(held_from__gte=seat.held_from).exclude(pk=seat.pk).exists():
            raise StopRefused("followed")
        withdrawn = (
            StopNotice.objects.in_force().filter(pk=notice.pk).update(withdrawn_at=timezone.now())
        )
        # What the coordinator has ended in the meantime stays ended.
        back = (
            Seat.objects.held(today)
            .filter(pk=seat.pk, held_until=notice.stops_on)
            .update(held_until=None)
        )
        if not withdrawn or not back:
            raise StopRefused("over")
    plan_reminders(seat.pair.enrolment_id)


def acknowledge(notice: StopNotice, by: User) -> None:
    """A coordinator has seen it and takes it on. Raises StopRefused("taken") for who is second."""
    first = (
        StopNotice.objects.in_force()
        .filter(pk=notice.pk, acknowledged_at=None)
        .update(acknowledged_at=timezone.now(), acknowledged_by=by)
    )
    if not first:
        raise StopRefused("taken")


def own_seat(user: User, enrolment: Enrolment) -> Seat | None:
    """The seat the user holds today in an enrolment."""
    held = Seat.objects.held().filter(pair__enrolment=enrolment, mentor__user=user)
    return held.select_related("pair").first()
