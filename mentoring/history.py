"""What happened to an enrolment, newest first, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.models import Meeting, MeetingState, MentorPair
from participants.models import Enrolment, Goal, GoalState, NeedRating, ReleaseDateMove


@dataclass(frozen=True)
class Happening:
    """One line of the history; ``why`` is the reason, where there is one."""

    day: date
    text: str
    why: str = ""


def move_sentence(move: ReleaseDateMove) -> str:
    """By how much the release was moved, and in which direction."""
    days = (move.new_date - move.old_date).days
    if days < 0:
        return ngettext(
            "Release brought forward by %(days)d day",
            "Release brought forward by %(days)d days",
            -days,
        ) % {"days": -days}
    return ngettext("Release put off by %(days)d day", "Release put off by %(days)d days", days) % {
        "days": days
    }


def _move(move: ReleaseDateMove) -> Happening:
    # The coded reason only: what the coordinator wrote beside it is for coordinators.
    day = timezone.localdate(move.moved_at)
    return Happening(day, move_sentence(move), str(move.get_reason_display()))


def _pairs(enrolment: Enrolment) -> list[Happening]:
    # Each pair once for each seat of it, and once where it has none.
    rows = (
        MentorPair.objects.filter(enrolment=enrolment)
        .order_by(*(MentorPair._meta.ordering or ()), "seats__mentor", "seats__held_from", "seats")
        .values_list(
            "pk",
            "formed_on",
            "ended_on",
            "seats__held_from",
            "seats__held_until",
            "seats__mentor__user__first_name",
        )
    )
    formed = {pair: day for pair, day, *_seat in rows}
    lines = [Happening(day, _("Mentor pair found")) for day in formed.values()]
    for _pair, formed_on, ended_on, since, until, name in rows:
        if since == until:
            continue
        if since > formed_on:
            lines.append(Happening(since, _("%(mentor)s joined the pair") % {"mentor": name}))
        if until and until != ended_on:
            lines.append(Happening(until, _("%(mentor)s left the pair") % {"mentor": name}))
    return lines


def _goal(goal: Goal) -> list[Happening]:
    """How it ended; what happened to it before is told with the goal."""
    if goal.closed_on is None:
        return []
    if goal.state == GoalState.REACHED:
        return [Happening(goal.closed_on, _("Goal reached: %(goal)s") % {"goal": goal.title})]
    text = _("Goal dropped: %(goal)s") % {"goal": goal.title}
    return [Happening(goal.closed_on, text, goal.drop_reason)]


def _rated(ratings: Iterable[NeedRating]) -> list[Happening]:
    """Each stage once, on the day its last area was rated."""
    last: dict[str, NeedRating] = {}
    for rating in ratings:
        if rating.stage not in last or rating.rated_on > last[rating.stage].rated_on:
            last[rating.stage] = rating
    return [
        Happening(
            rating.rated_on, _("Needs rated %(stage)s") % {"stage": rating.get_stage_display()}
        )
        for rating in last.values()
    ]


def history_of(
    enrolment: Enrolment,
    meetings: Iterable[Meeting],
    goals: Iterable[Goal],
    moves: Iterable[ReleaseDateMove],
    ratings: Iterable[NeedRating] = (),
) -> list[Happening]:
    """The turning points of an enrolment, newest first; one query."""
    lines = [Happening(enrolment.referred_on, _("Referred"))]
    lines += _pairs(enrolment)
    lines += [_move(move) for move in moves]
    lines += _rated(ratings)
    for goal in goals:
        lines += _goal(goal)
    if enrolment.released_on:
        lines.append(Happening(enrolment.released_on, _("Released")))
        held = [timezone.localdate(m.happened_at) for m in meetings if m.state == MeetingState.HELD]
        after = [day for day in held if day >= enrolment.released_on]
        if after:
            lines.append(Happening(min(after), _("First meeting after the release")))
    if enrolment.ended_on:
        reason = enrolment.get_end_reason_display()
        lines.append(Happening(enrolment.ended_on, _("Ended: %(reason)s") % {"reason": reason}))
    # That somebody is to join or leave is told where the pair is.
    today = timezone.localdate()
    lines = [line for line in lines if line.day <= today]
    # Of one day, what comes later in the course of things stands above.
    return sorted(lines, key=lambda line: line.day)[::-1]
