"""What can happen to a goal: each verb changes it and writes one line of its history.

Whoever changes a goal keeps others from it until that is done, and looks at it as it is now, not
as it was on the page.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment, Goal, GoalChange, GoalChangeKind, GoalState
from primus.accounts.models import User
from primus.refusals import Refused

CHANGED_FIELDS = ["title", "due_on", "state", "closed_on", "drop_reason"]


class GoalRefused(Refused):
    """The goal cannot be changed so. ``code`` says why."""

    SENTENCES = {
        "ended": _("This enrolment has ended, so its goals no longer change."),
        "empty": _("Write what is agreed."),
        "unchanged": _("This is what the goal says already."),
        "same_day": _("This is the day already agreed. Choose another."),
        "past_due": _("The day lies ahead: choose today or later."),
        "in_future": _("A goal is reached or dropped when it has happened, not before."),
        "no_reason": _("Write why the goal is dropped."),
        "closed": _("The goal “%(goal)s” has been closed in the meantime."),
        "open": _("The goal “%(goal)s” is already under way."),
        "changed_since": _("The goal “%(goal)s” has been changed since, so it stays as it is."),
    }


@transaction.atomic
def agree(
    enrolment: Enrolment,
    area: str,
    title: str,
    by: User,
    *,
    due_on: date | None = None,
    agreed_on: date | None = None,
) -> Goal:
    """A new goal, agreed with the participant on `agreed_on` (today).

    Raises GoalRefused: ended, empty, past_due, in_future.
    """
    today = timezone.localdate()
    agreed_on = agreed_on or today
    if agreed_on > today:
        raise GoalRefused("in_future")
    row = Enrolment.objects.locked(enrolment.pk)
    _still_current(row)
    goal = Goal(
        enrolment=row,
        area=area,
        title=_worded(title),
        due_on=_ahead(due_on),
        agreed_on=agreed_on,
    )
    goal.save()
    _kept(goal, GoalChangeKind.AGREED, by, due_after=due_on).save()
    return goal


def reword(goal: Goal, title: str, by: User, *, note: str = "") -> GoalChange:
    """Say the same goal in other words. Raises GoalRefused: ended, closed, empty, unchanged."""

    def change(row: Goal) -> GoalChange:
        _still_open(row)
        before, row.title = row.title, _worded(title)
        if before == row.title:
            raise GoalRefused("unchanged")
        return _kept(row, GoalChangeKind.REWORDED, by, title_before=before, note=note)

    return _one(goal, change)


def move(goal: Goal, due_on: date | None, by: User, *, note: str = "") -> GoalChange:
    """Move the day a goal is due (None: no day). Raises GoalRefused: ended, closed, past_due,
    same_day."""

    def change(row: Goal) -> GoalChange:
        if row.due_on == due_on:
            raise GoalRefused("same_day")
        return _moved(row, due_on, by, note)

    return _one(goal, change)


def reach(goal: Goal, by: User, *, on: date | None = None, note: str = "") -> GoalChange:
    """Tick a goal off as reached on a day (today). Raises GoalRefused: ended, closed, in_future."""
    return _one(goal, lambda row: _reached(row, by, on, note))


def drop(goal: Goal, reason: str, by: User, *, on: date | None = None) -> GoalChange:
    """Give a goal up, with a reason. Raises GoalRefused: ended, closed, no_reason, in_future."""

    def change(row: Goal) -> GoalChange:
        _still_open(row)
        why = reason.strip()
        if not why:
            raise GoalRefused("no_reason")
        row.state, row.drop_reason, row.closed_on = GoalState.DROPPED, why, _closing_day(row, on)
        return _kept(row, GoalChangeKind.DROPPED, by, note=why)

    return _one(goal, change)


def reopen(goal: Goal, by: User, *, due_on: date | None = None, note: str = "") -> GoalChange:
    """Take up again a goal that was reached or dropped, due on `due_on` (no day).

    Raises GoalRefused: ended, open, past_due.
    """

    def change(row: Goal) -> GoalChange:
        if row.state == GoalState.OPEN:
            raise GoalRefused("open", goal=row.title)
        before, row.due_on = row.due_on, _ahead(due_on)
        row.state, row.closed_on, row.drop_reason = GoalState.OPEN, None, ""
        return _kept(
            row,
            GoalChangeKind.REOPENED,
            by,
            due_before=before,
            due_after=due_on,
            note=note,
        )

    return _one(goal, change)


@transaction.atomic
def change_together(
    enrolment: Enrolment,
    by: User,
    *,
    reached: Iterable[int] = (),
    moved: Mapping[int, date] | None = None,
    on: date | None = None,
) -> list[GoalChange]:
    """Tick off and move several goals of one enrolment, by primary key, in a fixed number of
    queries; all of them or, when one is refused, none.

    A goal that is already as wished (the other mentor was first) is left alone. A goal that is
    both reached and moved is reached. Goals of other enrolments are not touched.
    Raises GoalRefused: ended, closed, past_due, in_future.
    """
    reached = set(reached)
    moved = {pk: day for pk, day in (moved or {}).items() if pk not in reached}
    if not reached and not moved:
        return []
    goals, changes = [], []
    for row in _locked(Goal.objects.filter(enrolment=enrolment, pk__in=reached | set(moved))):
        _still_current(row.enrolment)
        if row.pk in reached and row.state != GoalState.REACHED:
            changes.append(_reached(row, by, on, ""))
            goals.append(row)
        elif row.pk in moved and (row.state != GoalState.OPEN or row.due_on != moved[row.pk]):
            changes.append(_moved(row, moved[row.pk], by, ""))
            goals.append(row)
    if goals:
        Goal.objects.bulk_update(goals, CHANGED_FIELDS)
        GoalChange.objects.bulk_create(changes)
    return changes


def take_back(change: GoalChange) -> None:
    """Make undone what a change did, and take it out of the history.

    Only the last change of a goal can be taken back, and not that a goal was taken up again.
    Taking back that it was agreed deletes it. Raises GoalRefused: changed_since.
    """
    if take_back_together([change]):
        raise GoalRefused("changed_since", goal=change.goal.title)


@transaction.atomic
def take_back_together(changes: Iterable[GoalChange]) -> list[GoalChange]:
    """Take back changes of one enrolment's goals, in a fixed number of queries (the goals that
    this deletes aside); gives those that could not be, because more has happened to the goal."""
    by_goal = {change.goal_id: change for change in changes}
    if not by_goal:
        return []
    goals = {goal.pk: goal for goal in _locked(Goal.objects.filter(pk__in=by_goal))}
    last = {}
    for change in GoalChange.objects.filter(goal__in=goals):
        last[change.goal_id] = change
    kept, gone, restored = [], [], []
    for goal_id, wanted in by_goal.items():
        latest = last.get(goal_id)
        if latest is None or latest.pk != wanted.pk or latest.kind == GoalChangeKind.REOPENED:
            kept.append(wanted)
        elif latest.kind == GoalChangeKind.AGREED:
            goals[goal_id].delete()
        else:
            gone.append(latest.pk)
            restored.append(_as_before(goals[goal_id], latest))
    if restored:
        Goal.objects.bulk_update(restored, CHANGED_FIELDS)
        GoalChange.objects.filter(pk__in=gone).delete()
    return kept


def _as_before(goal: Goal, change: GoalChange) -> Goal:
    if change.kind == GoalChangeKind.REWORDED:
        goal.title = change.title_before
    elif change.kind == GoalChangeKind.MOVED:
        goal.due_on = change.due_before
    else:
        goal.state, goal.closed_on, goal.drop_reason = GoalState.OPEN, None, ""
    return goal


@transaction.atomic
def _one(goal: Goal, change) -> GoalChange:
    """Do `change` to the goal as it is now, and give the caller's object the same values."""
    row = _locked(Goal.objects.filter(pk=goal.pk)).get()
    _still_current(row.enrolment)
    done = change(row)
    row.save(update_fields=CHANGED_FIELDS)
    done.save()
    for name in CHANGED_FIELDS:
        setattr(goal, name, getattr(row, name))
    return done


def _locked(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """The goals as they are now, kept from others until the transaction ends; always in the same
    order, so that two who change several at once do not wait for each other for ever."""
    locked = goals.select_related("enrolment").select_for_update(of=("self",), no_key=True)
    return locked.order_by("pk")


def _still_current(enrolment: Enrolment) -> None:
    if not enrolment.is_current:
        raise GoalRefused("ended")


def _reached(row: Goal, by: User, on: date | None, note: str) -> GoalChange:
    _still_open(row)
    row.state, row.closed_on = GoalState.REACHED, _closing_day(row, on)
    return _kept(row, GoalChangeKind.REACHED, by, note=note)


def _moved(row: Goal, due_on: date | None, by: User, note: str) -> GoalChange:
    _still_open(row)
    before, row.due_on = row.due_on, _ahead(due_on)
    return _kept(row, GoalChangeKind.MOVED, by, due_before=before, due_after=due_on, note=note)


def _kept(goal: Goal, kind: str, by: User, **values) -> GoalChange:
    return GoalChange(goal=goal, kind=kind, changed_by=by, **values)


def _still_open(row: Goal) -> None:
    if row.state != GoalState.OPEN:
        raise GoalRefused("closed", goal=row.title)


def _worded(title: str) -> str:
    words = title.strip()
    if not words:
        raise GoalRefused("empty")
    return words


def _ahead(due_on: date | None) -> date | None:
    if due_on is not None and due_on < timezone.localdate():
        raise GoalRefused("past_due")
    return due_on


def _closing_day(row: Goal, on: date | None) -> date:
    """The day a goal is closed; never before it was agreed."""
    today = timezone.localdate()
    if on is not None and on > today:
        raise GoalRefused("in_future")
    return max(on or today, row.agreed_on)
