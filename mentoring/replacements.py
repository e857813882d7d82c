"""One mentor takes over a seat from another, with a handover.

From the day the new one begins, they are the one in the seat. The one who leaves may see the
participant and log meetings for up to fourteen days more, and only hands over: whoever sits in
the pair is shown, counted and reminded from the seats that are `SeatQuerySet.current`, so there
are never more than two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import Mentor, Replacement, Seat
from mentoring.pairing import (
    PairingRefused,
    check_free,
    locked_enrolment,
    locked_mentors,
    plan_reminders,
    standing_seats,
)
from participants.models import Enrolment
from primus.accounts.models import User
from primus.templatetags.primus_ui import longdate

# So far ahead it can be planned.
AHEAD = timedelta(days=365)


class ReplacementRefused(PairingRefused):
    """The seat cannot be handed over so. ``code`` says why."""

    SENTENCES = PairingRefused.SENTENCES | {
        "not_held": _("Something changed at the same moment: nobody sits in this seat any longer."),
        "already": _("Someone else was quicker: somebody takes over this seat already."),
        "just_begun": _(
            "The mentor has only just begun. Take the seat back instead, or choose a later day."
        ),
        "past": _("Choose today or a day that lies ahead."),
        "too_far": _("Choose a day within the next year."),
        "too_long": _("Both can follow for 14 days at most."),
        "stops_before": _(
            "The one who leaves stops on %(day)s: choose fewer days, or begin earlier."
        ),
        "introduction": _("Choose a day for the introduction while both are here."),
        "empty": _("Write what the new mentor should know."),
        "written": _("It has been written meanwhile. See what it says now, and add to it."),
    }

    def __init__(self, code: str, mentor: Mentor | None = None, **words: str):
        super().__init__(code, mentor)
        self.words |= words


@dataclass(frozen=True)
class Plan:
    """How a seat is handed over: from which day the new mentor sits in it, for how many days more
    the other sees the participant, when they meet, and what the new one should know."""

    starts_on: date
    overlap_days: int = 0
    introduction_on: date | None = None
    summary: str = ""
    ask_summary: bool = False

    @property
    def ends_on(self) -> date:
        """The first day without the one who leaves."""
        return self.starts_on + timedelta(days=self.overlap_days)


def check_days(seat: Seat, plan: Plan, today: date | None = None) -> None:
    """Raise ReplacementRefused for the first thing about the days that cannot be."""
    today = today or timezone.localdate()
    if plan.starts_on < today:
        raise ReplacementRefused("past")
    if plan.starts_on > today + AHEAD:
        raise ReplacementRefused("too_far")
    if not 0 <= plan.overlap_days <= Replacement.OVERLAP_DAYS:
        raise ReplacementRefused("too_long")
    if plan.starts_on <= seat.held_from:
        raise ReplacementRefused("just_begun")
    if seat.held_until is not None and plan.ends_on > seat.held_until:
        raise ReplacementRefused("stops_before", day=longdate(seat.held_until))
    met = plan.introduction_on
    if met is not None and not today <= met <= plan.ends_on:
        raise ReplacementRefused("introduction")


def replace_seat(seat: Seat, mentor: Mentor, plan: Plan, by: User) -> Replacement:
    """A mentor takes over a seat that another holds, as planned.

    Raises ReplacementRefused, or PairingRefused when the mentor cannot follow one more.
    """
    today = timezone.localdate()
    try:
        with transaction.atomic():
            enrolment = locked_enrolment(seat.pair.enrolment)
            locked = locked_mentors([mentor])
            if not locked:
                raise ReplacementRefused("changed")
            held = Seat.objects.held(today).filter(pk=seat.pk).select_related("pair").first()
            if held is None:
                raise ReplacementRefused("not_held")
            standing = standing_seats(held.pair, today)
            if any(other.mentor_id == mentor.pk for other in standing):
                raise ReplacementRefused("already_in_pair", mentor=locked[0])
            here = [other for other in standing if other.number == held.number]
            if [other.pk for other in here] != [held.pk]:
                raise ReplacementRefused("already")
            check_days(held, plan, today)
            stay = [
                other.mentor_id
                for other in standing
                if other.number != held.number and other.is_held_on(plan.starts_on)
            ]
            check_free(enrolment, locked, plan.starts_on, beside=stay)
            before, held.held_until = held.held_until, plan.ends_on
            held.save(update_fields=["held_until"])
            incoming = Seat.objects.create(
                pair=held.pair, number=held.number, mentor=locked[0], held_from=plan.starts_on
            )
            replacement = Replacement.objects.create(
                outgoing=held,
                incoming=incoming,
                outgoing_until=before,
                overlap_days=plan.overlap_days,
                introduction_on=plan.introduction_on,
                summary=plan.summary,
                summary_asked=plan.ask_summary,
                decided_by=by,
            )
    except IntegrityError as error:
        raise ReplacementRefused("changed") from error
    plan_reminders(enrolment.pk)
    return replacement


def write_summary(replacement: Replacement, text: str, *, seen: str) -> None:
    """Write what the new mentor should know. `seen` is the text that stood when it was opened.

    Raises ReplacementRefused("empty"), or ("written") when somebody has written since.
    """
    text = text.strip()
    if not text:
        raise ReplacementRefused("empty")
    written = (
        Replacement.objects.in_force()
        .filter(pk=replacement.pk, summary=seen)
        .exclude(summary=text)
        .update(summary=text, read_at=None)
    )
    replacement.refresh_from_db()
    if not written and replacement.summary != text:
        raise ReplacementRefused("written")


def mark_read(replacement: Replacement) -> None:
    """The new mentor has read it. Twice changes nothing more."""
    Replacement.objects.filter(pk=replacement.pk, read_at=None).update(read_at=timezone.now())


def attach_replacements(enrolments: Iterable[Enrolment], user: User) -> None:
    """Give each ``replacements``: those the user may see that are not over, the first first. No
    query; needs ``attach_seats``.
    """
    for enrolment in enrolments:
        seats = {seat.pk: seat for seat in enrolment.seats_ever}
        rows = []
        for seat in seats.values():
            row = getattr(seat, "replacing", None)
            if row is not None and row.outgoing_id in seats:
                row.incoming, row.outgoing = seat, seats[row.outgoing_id]
                if row.is_seen_by(user) and not row.is_over:
                    rows.append(row)
        enrolment.replacements = sorted(rows, key=lambda row: (row.incoming.held_from, row.pk))
