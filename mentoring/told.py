"""What a meeting says, line by line in words: as it stands, as it stood, and what differs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentoring.entries import MeetingEntry
from mentoring.models import Authority, MeetingMode, MeetingState, Mentor, NotHeldReason
from mentoring.templatetags.mentoring import duration
from participants.models import SupportArea
from primus.accounts.models import User
from primus.templatetags.primus_ui import clock, longdate


@dataclass(frozen=True)
class Line:
    """One line of what a meeting says. ``key`` is what it is about, in any language; ``area`` a
    support area that it belongs to; ``is_new`` that it says something else than another version."""

    key: str
    label: str
    text: str
    area: str = ""
    is_new: bool = False


def names_for(entries: Iterable[MeetingEntry], reader: User) -> dict[int, str]:
    """What the reader calls the mentors that these entries speak of, in one query."""
    ids = {pk for entry in entries for pk in entry.mentor_ids}
    you = pgettext("who did something", "You")
    mentors = Mentor.objects.filter(pk__in=ids).select_related("user")
    return {m.pk: you if m.user_id == reader.pk else m.user.first_name for m in mentors}


def lines_of(
    entry: MeetingEntry, names: dict[int, str], than: MeetingEntry | None = None
) -> list[Line]:
    """Everything an entry says; with `than`, the lines that say something else are marked."""
    others = {line.key: line.text for line in lines_of(than, names)} if than else None
    return [
        Line(key, label, text, area, others is not None and others.get(key) != text)
        for key, label, text, area in _lines(entry, names)
        if text
    ]


def differences(now: MeetingEntry, mine: MeetingEntry, names: dict[int, str]) -> list[Line]:
    """What `now` says otherwise than `mine`; what it no longer says, without a text."""
    said = [line for line in lines_of(now, names, than=mine) if line.is_new]
    known = {line.key for line in lines_of(now, names)}
    gone = [
        Line(line.key, line.label, "", line.area)
        for line in lines_of(mine, names)
        if line.key not in known
    ]
    return said + gone


def _lines(entry: MeetingEntry, names: dict[int, str]) -> Iterator[tuple[str, str, str, str]]:
    yield "state", _("What happened"), str(MeetingState(entry.state).label), ""
    if entry.not_held_reason:
        reason = capfirst(str(NotHeldReason(entry.not_held_reason).label))
        yield "not_held_reason", _("Why it was not held"), reason, ""
    if entry.state == MeetingState.NOT_HELD:
        yield "is_rescheduled", _("A new day"), _rescheduled(entry), ""
    yield "happened_at", _("When"), _moment(entry.happened_at), ""
    if entry.mode:
        yield "mode", _("How"), str(MeetingMode(entry.mode).label), ""
    tried = entry.state == MeetingState.TRIED
    there = ", ".join(sorted(names[pk] for pk in entry.mentor_ids if pk in names))
    yield "mentors", _("Who tried") if tried else _("Who was there"), there, ""
    for area, text in entry.areas.items():
        yield f"area_{area}", str(SupportArea(area).label), text or _("talked about"), area
    yield "note", _("Note"), entry.note, ""
    if entry.authority:
        authority = capfirst(str(Authority(entry.authority).label))
        yield "authority", _("Companion at"), authority, ""
        yield "purpose", _("What it was about there"), entry.purpose, ""
        yield "outcome", _("What was decided"), entry.outcome, ""
        if entry.follow_up:
            yield "follow_up", _("To be followed up"), _by(entry.follow_up, entry.follow_up_on), ""
    if entry.next_step:
        yield "next_step", _("Next step"), _by(entry.next_step, entry.next_step_on), ""
    if entry.duration_minutes:
        yield "duration", _("Duration"), duration(entry.duration_minutes), ""
    if entry.transport_km is not None:
        yield "transport", _("Driving"), _("%(km)d km") % {"km": entry.transport_km}, ""


def _moment(at) -> str:
    return _("%(day)s at %(time)s") % {"day": longdate(at), "time": clock(at)}


def _by(what: str, day) -> str:
    return _("%(what)s, %(day)s") % {"what": what, "day": longdate(day)} if day else what


def _rescheduled(entry: MeetingEntry) -> str:
    if entry.is_rescheduled is None:
        return _("Not yet")
    return _("Yes") if entry.is_rescheduled else _("No")
