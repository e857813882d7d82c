"""How two mentors share the meetings: who carried the last month, who goes next, and asking the
other to take the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring.absences import Away
from mentoring.models import MeetingState, Mentor, Seat, TurnAnswer, TurnRequest
from participants.models import Enrolment
from primus.accounts.models import User
from primus.refusals import Refused

# What «the last month» is when it is said who carried it.
BALANCE_DAYS = 30


class TurnRefused(Refused):
    """The request is not as it was on the page, or cannot be made. ``code`` says why."""

    SENTENCES = {
        "alone": gettext_lazy("You have no fellow mentor to ask at the moment."),
        "away": gettext_lazy("%(name)s is away today."),
        "open": gettext_lazy("One of you has already asked the other."),
        "closed": gettext_lazy("This is no longer asked: it was taken back, or you have met."),
    }


class Why:
    """The part of the rule that says who goes next."""

    ACCEPTED = "accepted"
    ASKED = "asked"
    DECLINED = "declined"
    AWAY = "away"
    ALONE = "alone"
    NOT_LAST = "not_last"
    FEWER = "fewer"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Turn:
    """Who takes the next meeting of an enrolment, and why.

    ``mentor`` is None when nobody is closer to it than the other. ``away`` is the absence of the
    one who is passed over. ``request`` is what was asked and still counts.
    """

    mentor: Mentor | None
    why: str
    request: TurnRequest | None = None
    away: Away | None = None


@dataclass(frozen=True)
class Share:
    """How many held meetings of the last month one mentor was at."""

    mentor: Mentor
    meetings: int


def with_request(enrolments):
    """Joins ``open_turn``: the request that has not been closed, where there is one. The database
    keeps it to one; `still_counts` says whether it means anything today."""
    is_open = Q(turn_requests__closed_at=None)
    joined = enrolments.annotate(open_turn=FilteredRelation("turn_requests", condition=is_open))
    return joined.select_related("open_turn")


def shares(enrolment: Enrolment) -> list[Share]:
    """The pair's balance: for each who holds a seat today, the meetings held in the last 30 days
    that they were at. A meeting with both counts for both. Needs ``attach_contact``."""
    since = timezone.localdate() - timedelta(days=BALANCE_DAYS)
    month = [m for m in enrolment.meetings_seen if m.state == MeetingState.HELD and m.day >= since]
    return [
        Share(
            seat.mentor,
            sum(any(p.mentor_id == seat.mentor_id for p in m.people) for m in month),
        )
        for seat in enrolment.seats_now
    ]


def balance_sentence(shares: list[Share], reader: User) -> str:
    """Who carried the last month, in words that blame nobody; empty where there is no pair."""
    if reader.pk not in {share.mentor.user_id for share in shares}:
        return ""
    if len(shares) != len(Seat.NUMBERS):
        return ""
    mine, theirs = sorted(shares, key=lambda share: share.mentor.user_id != reader.pk)
    if mine.meetings == theirs.meetings:
        if not mine.meetings:
            return _("Last 30 days: no meetings")
        return ngettext(
            "Last 30 days: one meeting each",
            "Last 30 days: %(n)s meetings each",
            mine.meetings,
        ) % {"n": mine.meetings}
    return _("Last 30 days: you %(mine)s, %(name)s %(theirs)s") % {
        "mine": mine.meetings,
        "name": theirs.mentor.user.first_name,
        "theirs": theirs.meetings,
    }


def turn_sentence(turn: Turn, reader: User, partner: User | None) -> str:
    """Who takes the next meeting, as `reader` is told of it; `partner` is the other of the two."""
    if turn.mentor is None:
        return _("Agree on who takes the next one")
    if turn.mentor.user_id == reader.pk:
        sentences = {
            Why.ASKED: _("%(name)s asks: will you take the next one?"),
            Why.ACCEPTED: _("You take the next one, as agreed"),
            Why.DECLINED: _("%(name)s cannot: the next one is yours"),
            Why.AWAY: _("The next one is yours while %(name)s is away"),
        }
        told = sentences.get(turn.why, _("The next one is yours"))
        return told % {"name": partner.first_name if partner else ""}
    sentences = {
        Why.ASKED: _("You have asked %(name)s to take the next one"),
        Why.ACCEPTED: _("%(name)s takes the next one, as agreed"),
        Why.DECLINED: _("You cannot, so %(name)s takes the next one"),
        Why.AWAY: _("%(name)s takes the next one while you are away"),
    }
    told = sentences.get(turn.why, _("%(name)s takes the next one"))
    return told % {"name": turn.mentor.user.first_name}


def still_counts(request: TurnRequest, enrolment: Enrolment) -> bool:
    """Whether a request still says something: both hold seats today, and there has not been a
    meeting with the one who was asked (or, once they could not, with anybody) since.

    That the meeting was held closes it, so nothing need be done when one is logged.
    """
    holders = {seat.mentor_id for seat in enrolment.seats_now}
    if not {request.asked_id, request.asked_by_id} <= holders:
        return False
    anybody = request.answer == TurnAnswer.DECLINED
    return not any(
        m.state == MeetingState.HELD
        and m.happened_at > request.asked_at
        and (anybody or any(p.mentor_id == request.asked_id for p in m.people))
        for m in enrolment.meetings_seen
    )


def who_is_next(enrolment: Enrolment, request: TurnRequest | None) -> Turn:
    """The one rule of who takes the next meeting.

    An accepted request says it; one that waits says who is asked. Otherwise neither who could
    not, nor who is away on the day of the next step (today without one); of those left the one
    who did not meet last, then the one who carried less of the last month.
    """
    mentors = {seat.mentor_id: seat.mentor for seat in enrolment.seats_now}
    if request is not None and request.answer != TurnAnswer.DECLINED:
        why = Why.ACCEPTED if request.answer else Why.ASKED
        return Turn(mentors[request.asked_id], why, request)
    if len(mentors) == 1:
        return Turn(next(iter(mentors.values())), Why.ALONE)
    day = _next_day(enrolment)
    gone = {a.mentor.pk: a for a in enrolment.absences if a.mentor.pk in mentors and a.is_on(day)}
    if request is not None:
        if request.asked_by_id in gone:
            return Turn(None, Why.NOBODY, request)
        return Turn(mentors[request.asked_by_id], Why.DECLINED, request)
    here = [mentor for key, mentor in mentors.items() if key not in gone]
    if len(here) == 1:
        return Turn(here[0], Why.AWAY, away=next(iter(gone.values())))
    if here:
        there = {p.mentor_id for p in enrolment.last_meeting.people} if _met(enrolment) else set()
        others = [mentor for mentor in here if mentor.pk not in there]
        if len(others) == 1:
            return Turn(others[0], Why.NOT_LAST)
        carried = {share.mentor.pk: share.meetings for share in shares(enrolment)}
        least = [m for m in here if carried[m.pk] == min(carried.values())]
        if len(least) == 1:
            return Turn(least[0], Why.FEWER)
    return Turn(None, Why.NOBODY)


def _met(enrolment: Enrolment) -> bool:
    return enrolment.last_meeting is not None


def _next_day(enrolment: Enrolment) -> date:
    step = enrolment.next_meeting
    return (step.next_step_on if step is not None else None) or timezone.localdate()


def attach_turns(enrolments: Iterable[Enrolment], reader: User) -> None:
    """Give each ``turn`` and ``balance``, as `reader` is told of it. No query; needs
    ``attach_seats``, ``attach_contact``, ``attach_absences`` and `with_request`."""
    for enrolment in enrolments:
        request = getattr(enrolment, "open_turn", None)
        if request is not None and not still_counts(request, enrolment):
            request = None
        enrolment.turn = who_is_next(enrolment, request)
        enrolment.balance = balance_sentence(shares(enrolment), reader)


def _open_request(enrolment: Enrolment) -> TurnRequest | None:
    return TurnRequest.objects.filter(enrolment=enrolment, closed_at=None).first()


@transaction.atomic
def ask(enrolment: Enrolment, by: Mentor) -> TurnRequest:
    """Ask the fellow mentor to take the next meeting, and tell them by e-mail once it is saved.

    The enrolment comes as `attach_turns` leaves it. Raises TurnRefused without a fellow mentor,
    when they are away today, or when one of the two has asked already.
    """
    Enrolment.objects.locked(enrolment.pk)
    others = [s.mentor for s in enrolment.seats_now if s.mentor_id != by.pk]
    if len(others) != 1:
        raise TurnRefused("alone")
    partner = others[0]
    if any(a.is_now and a.mentor.pk == partner.pk for a in enrolment.absences):
        raise TurnRefused("away", name=partner.user.first_name)
    waiting = _open_request(enrolment)
    if waiting is not None:
        if still_counts(waiting, enrolment):
            raise TurnRefused("open")
        _close(waiting)
    request = TurnRequest.objects.create(enrolment=enrolment, asked_by=by, asked=partner)
    # Robust: a broker that is away must not make it seem that nothing was asked.
    transaction.on_commit(lambda: _tell_later(request.pk), robust=True)
    return request


def _close(request: TurnRequest) -> bool:
    open_now = TurnRequest.objects.filter(pk=request.pk, closed_at=None)
    return bool(open_now.update(closed_at=timezone.now()))


def answer(request: TurnRequest, *, takes_it: bool) -> None:
    """Say yes or no to a request; a later answer stands instead of an earlier one.

    Raises TurnRefused("closed") when it has been taken back or is over.
    """
    said = TurnAnswer.ACCEPTED if takes_it else TurnAnswer.DECLINED
    changed = TurnRequest.objects.filter(pk=request.pk, closed_at=None).update(
        answer=said, answered_at=timezone.now()
    )
    if not changed:
        raise TurnRefused("closed")


def take_back(request: TurnRequest) -> None:
    """Who asked asks no longer, or has read the answer. Twice changes nothing more."""
    _close(request)


def _tell_later(request_id: int) -> None:
    from mentoring.tasks import tell_of_turn

    tell_of_turn.delay(request_id)


def tell(request_id: int) -> int:
    """E-mail the one who is asked, unless it has been answered or taken back; how many were.

    The e-mail names nobody and says nothing of whom it is about.
    """
    request = (
        TurnRequest.objects.filter(pk=request_id, closed_at=None, answer="")
        .select_related("asked__user")
        .first()
    )
    if request is None or not request.asked.user.is_active:
        return 0
    user = request.asked.user
    with translation.override(user.language):
        body = _(
            "Your fellow mentor asks whether you can take the next meeting.\n\n"
            "Say yes or no in Primus:\n%(address)s\n\n"
            "For the sake of the participant, this e-mail does not say whom it is about."
        ) % {"address": settings.BASE_URL + reverse("home")}
        subject = _("Can you take the next meeting?")
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(subject=subject, body=body, to=[user.email], headers=headers).send()
    return 1
