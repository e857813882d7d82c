"""What moves with a release: shown before a move is confirmed."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.caseload import PAIR_WITHIN_DAYS
from mentoring.models import Reminder
from mentoring.planning import WHILE_EXPECTED, due_occasion
from mentoring.seats import attach_seats
from participants.closed_days import closed_reason
from participants.models import Enrolment
from participants.phases import Phase
from participants.releases import what_moves
from primus.templatetags.primus_ui import longdate, shortdate


@dataclass(frozen=True)
class Effect:
    """One thing that depends on the release: as it is, and as it would be."""

    what: str | Promise
    old: str
    new: str
    is_changed: bool = True


@dataclass
class Preview:
    """What a move would do: row by row, what to be warned of, and what is told beside it."""

    effects: list[Effect] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def preview_of(enrolment: Enrolment, new_day: date) -> Preview:
    """What moves with the expected release, for a day that it would move to. Three queries."""
    attach_seats([enrolment])
    moved = copy(enrolment)
    moved.expected_release = new_day
    found = Preview()
    _add(found, _("Phase"), str(enrolment.phase.label), str(moved.phase.label))
    _add(found, _("Days to the release"), _days_left(enrolment), _days_left(moved))
    for row in what_moves(enrolment, new_day):
        _add(found, row.milestone.label, shortdate(row.old), shortdate(row.new))
    _add(found, _("Next reminder"), _next_reminder(enrolment), _next_reminder(moved))
    _add(found, _("Mentor pair"), _pair_in_time(enrolment), _pair_in_time(moved))
    _warn(found, enrolment, moved)
    _tell(found, enrolment)
    return found


def _add(found: Preview, what, old: str, new: str) -> None:
    text = str(what)
    found.effects.append(Effect(text[:1].upper() + text[1:], old, new, old != new))


def _days_left(enrolment: Enrolment) -> str:
    days = enrolment.days_to_release
    if days < 0:
        return ngettext("%(n)d day ago", "%(n)d days ago", -days) % {"n": -days}
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _next_reminder(enrolment: Enrolment) -> str:
    """What the mentors and coordinators are next reminded of, and when."""
    today = timezone.localdate()
    now = due_occasion(enrolment, today)
    if now is not None:
        return _("%(kind)s, now") % {"kind": now.kind.label}
    coming = [(enrolment.milestone(kind), kind) for kind in WHILE_EXPECTED]
    coming = [(day, kind) for day, kind in coming if day > today]
    if not coming:
        return _("when the release is confirmed")
    day, kind = min(coming)
    return _("%(kind)s, %(day)s") % {"kind": kind.label, "day": shortdate(day)}


def _pair_in_time(enrolment: Enrolment) -> str:
    """Whether there were two mentors in good time before the release."""
    pair = enrolment.pair_now
    if pair is None:
        return _("none yet")
    if len(enrolment.seats_now) < 2:
        return _("a seat is vacant")
    days = (enrolment.expected_release - pair.formed_on).days
    if days < 0:
        return _("formed after the release")
    return ngettext("%(n)d day before", "%(n)d days before", days) % {"n": days}


def _warn(found: Preview, enrolment: Enrolment, moved: Enrolment) -> None:
    new_day = moved.expected_release
    closed = closed_reason(new_day)
    if closed is not None:
        found.warnings.append(closed.sentence)
    if moved.phase == Phase.UNCONFIRMED:
        found.warnings.append(_("This day has passed: the release then waits to be confirmed."))
    short = 0 <= moved.days_to_release <= PAIR_WITHIN_DAYS
    if short and len(enrolment.seats_now) < 2:
        sentence = ngettext(
            "There are not two mentors yet, and only %(n)d day is left.",
            "There are not two mentors yet, and only %(n)d days are left.",
            moved.days_to_release,
        )
        found.warnings.append(sentence % {"n": moved.days_to_release})
    for seat in enrolment.seats_now:
        until = seat.held_until
        if until is not None and enrolment.expected_release < until <= new_day:
            sentence = _("%(mentor)s stops on %(day)s, before the release.")
            words = {"mentor": seat.mentor.user.first_name, "day": longdate(until)}
            found.warnings.append(sentence % words)


def _tell(found: Preview, enrolment: Enrolment) -> None:
    waiting = Reminder.objects.waiting().filter(enrolment=enrolment).count()
    if waiting:
        sentence = ngettext(
            "%(n)d reminder that has not been sent is planned anew.",
            "%(n)d reminders that have not been sent are planned anew.",
            waiting,
        )
        found.notes.append(sentence % {"n": waiting})
    found.notes.append(_("The mentors' calendars follow. Goals and next steps keep their days."))
    moves = enrolment.release_date_moves.count()
    if moves:
        sentence = ngettext(
            "The release has been moved %(n)d time before; the history keeps each move.",
            "The release has been moved %(n)d times before; the history keeps each move.",
            moves,
        )
        found.notes.append(sentence % {"n": moves})
    else:
        found.notes.append(_("The history keeps the move, with its reason and who made it."))
