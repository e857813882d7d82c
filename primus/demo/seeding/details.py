"""What a form of a meeting asks besides: how long and how far, whether there is a new day, what a
companion came for and must see to; and the history of each goal.

Each row has a chance of its own, so that what is told here changes nothing that is told elsewhere.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from mentoring.models import Accompaniment, Meeting, MeetingMode, MeetingState
from participants.closed_days import next_working_day
from participants.models import Goal, GoalChange, GoalChangeKind, GoalState
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.meetings import Logged
from primus.demo.seeding.pairs import Pairing
from primus.demo.seeding.phrases import texts
from primus.demo.seeding.world import World, chance_of, write

# Minutes at least and at most, and kilometres there and back.
LENGTH = {
    MeetingMode.INSTITUTION: (60, 120),
    MeetingMode.CAFE: (45, 120),
    MeetingMode.HOME: (45, 150),
    MeetingMode.AUTHORITY: (30, 120),
    MeetingMode.PHONE: (15, 45),
    MeetingMode.VIDEO: (30, 60),
}
DISTANCE = {
    MeetingMode.INSTITUTION: (18, 130),
    MeetingMode.CAFE: (2, 26),
    MeetingMode.HOME: (4, 34),
    MeetingMode.AUTHORITY: (2, 30),
}
SAID_LENGTH = 0.7
SAID_DISTANCE = 0.5
FOLLOWED_UP = 0.35
MOVED = 0.3


def add_lengths(found: list[Logged]) -> None:
    """How long each meeting took and how far it was, of those who said so; whether there is a new
    day for what was not held."""
    for logged in found:
        row = logged.row
        if row.state == MeetingState.NOT_HELD:
            row.is_rescheduled = True if row.next_step_on else None
        if row.state != MeetingState.HELD:
            continue
        chance = chance_of(row.happened_at, row.note)
        length, distance = LENGTH.get(row.mode), DISTANCE.get(row.mode)
        if length and chance.random() < SAID_LENGTH:
            row.duration_minutes = chance.randrange(length[0], length[1] + 1, Meeting.DURATION_STEP)
        if distance and chance.random() < SAID_DISTANCE:
            row.transport_km = chance.randint(*distance)


def accompaniment(world: World, logged: Logged) -> Accompaniment:
    """What a companion came for, and in every third case what must be seen to afterwards."""
    chance = chance_of("companion", logged.row.happened_at, logged.told.outcome)
    about = texts("companions")[logged.told.authority]
    row = Accompaniment(
        meeting=logged.row,
        authority=logged.told.authority,
        purpose=chance.choice(about["purposes"]),
        outcome=logged.told.outcome,
    )
    # Of the two that are told in full, the evening tells what is left to see to.
    if not logged.case.plan.is_known and chance.random() < FOLLOWED_UP:
        row.follow_up = chance.choice(about["follow_ups"])
        row.follow_up_on = next_working_day(logged.made.day + timedelta(days=chance.randint(2, 9)))
        if row.follow_up_on < world.today:
            row.follow_up_done_on = row.follow_up_on
            row.follow_up_done_by = logged.made.there[0].row.user
    return row


def write_goal_changes(world: World, cases: list[Case], pairing: Pairing) -> None:
    """When each goal was agreed, moved, and reached or dropped."""
    plans = {case.number: case.plan for case in cases}

    def by(number: int, goal: Goal, day: date):
        holders = pairing.holders(plans[goal.enrolment_id], day)
        return holders[number % len(holders)].row.user if holders else None

    rows = []
    for number, goal in enumerate(Goal.objects.order_by("pk")):
        chance = chance_of("goal", number)
        first_due = goal.due_on
        moved_on = goal.agreed_on + timedelta(days=chance.randint(10, 20))
        last = min(goal.closed_on or world.yesterday, world.yesterday)
        is_moved = goal.due_on and moved_on < min(last, goal.due_on) and chance.random() < MOVED
        if is_moved:
            first_due = max(moved_on, goal.due_on - timedelta(days=chance.randint(7, 21)))
            is_moved = first_due != goal.due_on
        happened = [(GoalChangeKind.AGREED, goal.agreed_on, {"due_after": first_due})]
        if is_moved:
            dues = {"due_before": first_due, "due_after": goal.due_on}
            happened.append((GoalChangeKind.MOVED, moved_on, dues))
        if goal.state == GoalState.REACHED:
            happened.append((GoalChangeKind.REACHED, goal.closed_on, {}))
        elif goal.state == GoalState.DROPPED:
            happened.append((GoalChangeKind.DROPPED, goal.closed_on, {"note": goal.drop_reason}))
        changed_at = None
        for kind, day, values in happened:
            evening = _evening(world, day, chance)
            # What happened on one evening happened in this order.
            changed_at = max(changed_at, evening) if changed_at else evening
            rows.append(
                GoalChange(
                    goal=goal,
                    kind=kind,
                    changed_at=changed_at,
                    changed_by=by(number, goal, day),
                    **values,
                )
            )
    write(GoalChange, rows)


def _evening(world: World, day: date, chance: Random) -> datetime:
    at = time(chance.randint(16, 20), chance.choice([0, 15, 30, 45]))
    return world.settled(timezone.make_aware(datetime.combine(day, at)))
