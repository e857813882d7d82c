"""Dates and places of an enrolment, and what coordinators wrote: who changed what, and when."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from mentoring.history import move_sentence
from mentoring.timeline.lines import Kind, Line, name_of
from participants.models import (
    ChangeKind,
    Consent,
    CoordinatorNote,
    Ending,
    Enrolment,
    EnrolmentChange,
    ReleaseDateMove,
)
from primus.templatetags.primus_ui import longdate, shortdate


def course(enrolment: Enrolment) -> Iterator[Line]:
    """The referral, consents, moves, the release, transfers, the end. Four queries."""
    source = enrolment.get_source_display()
    yield Line(
        Kind.COURSE,
        enrolment.referred_on,
        _("Referred"),
        name_of(enrolment.created_by),
        _("By: %(source)s") % {"source": source} if source else "",
    )
    consents = Consent.objects.filter(enrolment=enrolment)
    for consent in consents.select_related("recorded_by", "withdrawal_recorded_by"):
        yield from _consent(consent)
    moves = ReleaseDateMove.objects.filter(enrolment=enrolment).select_related("moved_by")
    for move in moves:
        yield _move(move)
    changes = list(enrolment.changes.select_related("changed_by"))
    for change in changes:
        yield _change(change)
    confirmed = (ChangeKind.RELEASE_CONFIRMED, ChangeKind.RELEASE_CORRECTED)
    if enrolment.released_on and not any(change.kind in confirmed for change in changes):
        yield Line(Kind.COURSE, enrolment.released_on, _("Released"))
    endings = list(enrolment.endings.select_related("ended_by"))
    for ending in endings:
        yield _ending(ending)
    if enrolment.ended_on and all(ending.reopened_at for ending in endings):
        reason = enrolment.get_end_reason_display()
        yield Line(Kind.COURSE, enrolment.ended_on, _("Ended: %(reason)s") % {"reason": reason})


def _consent(consent: Consent) -> Iterator[Line]:
    what = {"what": consent.get_kind_display()}
    form = _("%(form)s, on %(day)s") % {
        "form": consent.get_form_display(),
        "day": shortdate(consent.given_on),
    }
    who = name_of(consent.recorded_by)
    yield Line(Kind.COURSE, consent.recorded_at, _("Consent: %(what)s") % what, who, form)
    if consent.withdrawn_on:
        text = _("Consent taken back: %(what)s") % what
        at = consent.withdrawal_recorded_at or consent.withdrawn_on
        yield Line(Kind.COURSE, at, text, name_of(consent.withdrawal_recorded_by))


def _move(move: ReleaseDateMove) -> Line:
    days = f"{longdate(move.old_date)} → {longdate(move.new_date)}"
    why = ". ".join(filter(None, [days, str(move.get_reason_display()), move.note]))
    return Line(Kind.COURSE, move.moved_at, move_sentence(move), name_of(move.moved_by), why)


def _day(text: str) -> str:
    return longdate(date.fromisoformat(text)) if text else ""


def _change(change: EnrolmentChange) -> Line:
    why = change.note
    match change.kind:
        case ChangeKind.RELEASE_CONFIRMED:
            text = _("Release confirmed: %(day)s") % {"day": _day(change.after)}
        case ChangeKind.RELEASE_CORRECTED:
            words = {"before": _day(change.before), "after": _day(change.after)}
            text = _("Day of release corrected: %(before)s → %(after)s") % words
        case ChangeKind.RELEASE_TAKEN_BACK:
            text = _("Confirmation of the release taken back")
        case ChangeKind.INSTITUTION:
            words = {"before": change.before, "after": change.after}
            text = _("Moved from %(before)s to %(after)s") % words
            if change.effective_on:
                since = _("Since %(day)s") % {"day": longdate(change.effective_on)}
                why = ". ".join(filter(None, [since, why]))
        case ChangeKind.MUNICIPALITY:
            words = {"before": change.before, "after": change.after}
            text = _("Handed over from %(before)s to %(after)s") % words
        case ChangeKind.COORDINATOR:
            text = _("Coordinator: %(name)s") % {"name": change.after}
            if change.before:
                words = {"before": change.before, "after": change.after}
                text = _("Coordinator: %(before)s → %(after)s") % words
        case ChangeKind.REOPENED:
            text = _("Opened again")
        case _:
            text = str(change.get_kind_display())
    return Line(Kind.COURSE, change.changed_at, text, name_of(change.changed_by), why)


def _ending(ending: Ending) -> Line:
    words = {"reason": ending.get_reason_display(), "day": longdate(ending.ended_on)}
    text = _("Ended on %(day)s: %(reason)s") % words
    why = ending.closing_note
    return Line(Kind.COURSE, ending.ended_at, text, name_of(ending.ended_by), why)


def notes(enrolment: Enrolment) -> Iterator[Line]:
    """What coordinators wrote to each other. One query."""
    rows = CoordinatorNote.objects.filter(enrolment=enrolment).select_related("written_by")
    for note in rows:
        yield Line(Kind.NOTES, note.written_at, _("Note"), name_of(note.written_by), note.text)
