"""Who was asked to follow an enrolment, who did, and when they were away."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from mentoring.models import (
    Absence,
    MentorPair,
    PairProposal,
    ProposalAnswer,
    ProposalState,
    Replacement,
    Seat,
    StopNotice,
)
from mentoring.timeline.lines import Kind, Line, name_of
from participants.models import Enrolment
from primus.templatetags.primus_ui import longdate, shortdate


def pair(enrolment: Enrolment) -> Iterator[Line]:
    """Proposals and answers, pairs and seats, replacements, notices of stopping, absences.
    Seven queries."""
    yield from _proposals(enrolment)
    for row in MentorPair.objects.filter(enrolment=enrolment).select_related("formed_by"):
        text = _("Mentor pair formed")
        yield Line(Kind.PAIR, row.formed_on, text, name_of(row.formed_by))
        if row.ended_on:
            reason = row.get_end_reason_display()
            yield Line(
                Kind.PAIR, row.ended_on, _("The pair ended: %(reason)s") % {"reason": reason}
            )
    yield from _seats(enrolment)
    for change in Replacement.objects.filter(incoming__pair__enrolment=enrolment).select_related(
        "decided_by", "incoming__mentor__user", "outgoing__mentor__user"
    ):
        words = {
            "incoming": name_of(change.incoming.mentor.user),
            "outgoing": name_of(change.outgoing.mentor.user),
        }
        text = _("%(incoming)s takes over from %(outgoing)s") % words
        yield Line(Kind.PAIR, change.decided_at, text, name_of(change.decided_by), change.summary)
    yield from _notices(enrolment)
    yield from _absences(enrolment)


def _proposals(enrolment: Enrolment) -> Iterator[Line]:
    proposals = PairProposal.objects.filter(enrolment=enrolment).select_related("proposed_by")
    for row in proposals.prefetch_related("answers__mentor__user"):
        answers: list[ProposalAnswer] = list(row.answers.all())
        names = get_text_list([name_of(answer.mentor.user) for answer in answers], _("and"))
        text = _("%(mentors)s were asked") % {"mentors": names}
        yield Line(Kind.PAIR, row.proposed_at, text, name_of(row.proposed_by))
        for answer in answers:
            if answer.answered_at is None:
                continue
            if answer.answer == ProposalAnswer.YES:
                said, why = _("Said yes"), ""
            else:
                said, why = _("Said no"), str(answer.get_reason_display())
            yield Line(Kind.PAIR, answer.answered_at, said, name_of(answer.mentor.user), why)
        over = row.state in (ProposalState.WITHDRAWN, ProposalState.OVERTAKEN)
        if row.closed_at and over:
            state = row.get_state_display()
            text = _("Nothing came of the question: %(state)s") % {"state": state}
            yield Line(Kind.PAIR, row.closed_at, text)


def _seats(enrolment: Enrolment) -> Iterator[Line]:
    seats = Seat.objects.filter(pair__enrolment=enrolment).select_related("mentor__user")
    for seat in seats.exclude(held_until=F("held_from")):
        words = {"mentor": name_of(seat.mentor.user), "number": seat.number}
        text = _("%(mentor)s took seat %(number)s") % words
        yield Line(Kind.PAIR, seat.held_from, text)
        if seat.held_until:
            text = _("%(mentor)s gave up seat %(number)s") % words
            yield Line(Kind.PAIR, seat.held_until, text)


def _notices(enrolment: Enrolment) -> Iterator[Line]:
    notices = StopNotice.objects.filter(seat__pair__enrolment=enrolment)
    for row in notices.select_related("seat__mentor__user", "acknowledged_by"):
        who = name_of(row.seat.mentor.user)
        text = _("Must stop on %(day)s") % {"day": longdate(row.stops_on)}
        url = reverse("stop_notice", args=[row.pk])
        yield Line(Kind.PAIR, row.given_at, text, who, row.get_reason_display(), url)
        if row.acknowledged_at:
            by = name_of(row.acknowledged_by)
            yield Line(Kind.PAIR, row.acknowledged_at, _("Notice of stopping taken on"), by)
        if row.withdrawn_at:
            yield Line(Kind.PAIR, row.withdrawn_at, _("Does not stop after all"), who)


def _absences(enrolment: Enrolment) -> Iterator[Line]:
    """Those that fell in the time in which the mentor sat in the pair."""
    sat = Q(mentor__seats__pair__enrolment=enrolment)
    sat &= Q(mentor__seats__held_from__lte=F("away_until"))
    sat &= Q(mentor__seats__held_until=None) | Q(mentor__seats__held_until__gt=F("away_from"))
    for row in Absence.objects.filter(sat).select_related("mentor__user").distinct():
        words = {"start": shortdate(row.away_from), "end": shortdate(row.away_until)}
        text = _("Away from %(start)s to %(end)s") % words
        yield Line(Kind.PAIR, row.said_at, text, name_of(row.mentor.user))
