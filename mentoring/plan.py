"""The goals of one enrolment as its plan shows them: by area, each with what has happened to it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.models import (
    Enrolment,
    Goal,
    GoalChange,
    GoalChangeKind,
    GoalState,
    SupportArea,
)
from primus.accounts.models import User
from primus.templatetags.primus_ui import shortdate

# A goal that is due within so many days, or was, stands out.
SOON_DAYS = 7


@dataclass
class AreaPlan:
    """What is agreed in one area."""

    area: SupportArea
    open: list[Goal] = field(default_factory=list)
    closed: list[Goal] = field(default_factory=list)


def goals_of(enrolment: Enrolment) -> list[Goal]:
    """All goals with their changes, what is due first first, in two queries."""
    changes = GoalChange.objects.select_related("changed_by")
    goals = Goal.objects.filter(enrolment=enrolment).prefetch_related(Prefetch("changes", changes))
    return mark_near(goals)


def mark_near(goals: Iterable[Goal]) -> list[Goal]:
    """Give each ``is_near``: whether it is under way and due within days, or was."""
    soon = timezone.localdate() + timedelta(days=SOON_DAYS)
    found = list(goals)
    for goal in found:
        is_open = goal.state == GoalState.OPEN
        goal.is_near = is_open and goal.due_on is not None and goal.due_on <= soon
    return found


def by_area(goals: Iterable[Goal]) -> list[AreaPlan]:
    """One plan for each of the five areas, also where nothing is agreed."""
    plans = {area: AreaPlan(area) for area in SupportArea}
    for goal in goals:
        plan = plans[SupportArea(goal.area)]
        (plan.open if goal.state == GoalState.OPEN else plan.closed).append(goal)
    for plan in plans.values():
        plan.closed.sort(key=lambda goal: goal.closed_on or date.min, reverse=True)
    return list(plans.values())


def last_change(goal: Goal) -> GoalChange | None:
    """What happened to the goal last, from its prefetched changes."""
    changes = list(goal.changes.all())
    return changes[-1] if changes else None


def can_be_taken_back(change: GoalChange | None, reader: User) -> bool:
    """Whether the reader is offered to undo it: their own, and it has something to go back to."""
    return (
        change is not None
        and change.changed_by_id == reader.pk
        and change.kind != GoalChangeKind.REOPENED
    )


def said_of(change: GoalChange) -> str:
    """That it is done: «The goal is reached: Skrevet op til en bolig»."""
    sentences = {
        GoalChangeKind.AGREED: _("The goal is in the plan: %(goal)s"),
        GoalChangeKind.REWORDED: _("The goal now says: %(goal)s"),
        GoalChangeKind.MOVED: _("The goal has a new day: %(goal)s"),
        GoalChangeKind.REACHED: _("The goal is reached: %(goal)s"),
        GoalChangeKind.DROPPED: _("The goal is dropped: %(goal)s"),
        GoalChangeKind.REOPENED: _("The goal is taken up again: %(goal)s"),
    }
    return sentences[GoalChangeKind(change.kind)] % {"goal": change.goal.title}


@dataclass(frozen=True)
class GoalLine:
    """One line of a goal's history."""

    day: date
    text: str
    who: str = ""
    note: str = ""


def _line(change: GoalChange) -> GoalLine:
    kind = GoalChangeKind(change.kind)
    if kind == GoalChangeKind.REWORDED:
        text = _("Worded anew. It said: %(before)s") % {"before": change.title_before}
    elif kind == GoalChangeKind.MOVED:
        text = _moved(change)
    elif kind == GoalChangeKind.AGREED and change.due_after:
        text = _("Agreed, due %(day)s") % {"day": shortdate(change.due_after)}
    elif kind == GoalChangeKind.REOPENED and change.due_after:
        text = _("Taken up again, due %(day)s") % {"day": shortdate(change.due_after)}
    else:
        text = {
            GoalChangeKind.AGREED: _("Agreed"),
            GoalChangeKind.REACHED: _("Reached"),
            GoalChangeKind.DROPPED: _("Dropped"),
            GoalChangeKind.REOPENED: _("Taken up again"),
        }[kind]
    who = change.changed_by.first_name if change.changed_by else ""
    return GoalLine(timezone.localdate(change.changed_at), text, who, change.note)


def _moved(change: GoalChange) -> str:
    before, after = shortdate(change.due_before), shortdate(change.due_after)
    if before and after:
        return _("Moved from %(before)s to %(after)s") % {"before": before, "after": after}
    if after:
        return _("Given a day: %(after)s") % {"after": after}
    return _("No longer due on %(before)s") % {"before": before}


def history_of_goal(goal: Goal) -> list[GoalLine]:
    """What has happened to a goal, newest first. One that is older than the keeping of changes
    tells what it knows of itself."""
    changes = list(goal.changes.all())
    lines = [_line(change) for change in changes]
    kinds = {change.kind for change in changes}
    if GoalChangeKind.AGREED not in kinds:
        lines.insert(0, GoalLine(goal.agreed_on, _("Agreed")))
    if goal.closed_on and not kinds & {GoalChangeKind.REACHED, GoalChangeKind.DROPPED}:
        text = _("Reached") if goal.state == GoalState.REACHED else _("Dropped")
        lines.append(GoalLine(goal.closed_on, text, note=goal.drop_reason))
    return lines[::-1]
