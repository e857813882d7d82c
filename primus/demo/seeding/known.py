"""The two participants that the demonstration's mentor follows: told in full, from known.toml."""

from datetime import date, timedelta

from mentoring.models import MeetingMode, MeetingState
from participants.closed_days import is_working_day
from participants.models import Goal, GoalState
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.meetings import Logged, meeting_row
from primus.demo.seeding.notes import Told
from primus.demo.seeding.people import People, Volunteer
from primus.demo.seeding.phrases import fill, texts
from primus.demo.seeding.schedule import Appointment
from primus.demo.seeding.world import World, write


def draw_known_meetings(world: World, cases: list[Case], people: People) -> list[Logged]:
    who = {
        "karen": [people.karen],
        "jonas": [people.jonas],
        "both": [people.karen, people.jonas],
    }
    found = []
    for case in cases:
        if case.plan.is_known:
            for entry in texts("known")[case.plan.kind]["meetings"]:
                found.append(_meeting(world, case, entry, who[entry["who"]]))
    return found


def _day(world: World, case: Case, entry: dict) -> date:
    if "ago" in entry:
        day = world.today - timedelta(days=entry["ago"])
    else:
        day = case.plan.release_day + timedelta(days=entry["day"])
    if entry["mode"] == MeetingMode.AUTHORITY:
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def _meeting(world: World, case: Case, entry: dict, there: list[Volunteer]) -> Logged:
    made = Appointment(
        _day(world, case, entry),
        there,
        state=MeetingState(entry.get("state", MeetingState.HELD)),
        mode=MeetingMode(entry["mode"]),
        reason=entry.get("reason", ""),
        is_release=entry.get("day") == 0,
    )
    told = Told(
        fill(entry["note"], world.rng, **case.voice.words()),
        areas=entry.get("areas", {}),
        next_step=entry.get("next_step", ""),
        authority=entry.get("authority", ""),
        outcome=entry.get("outcome", ""),
    )
    row = meeting_row(world, case, made, told)
    row.logged_by = there[0].row.user
    if "in" in entry:
        row.next_step_on = world.today + timedelta(days=entry["in"])
        while not is_working_day(row.next_step_on):
            row.next_step_on += timedelta(days=1)
    elif "next" in entry:
        row.next_step_on = made.day + timedelta(days=entry["next"])
    return Logged(case, made, told, row)


def write_known_goals(world: World, cases: list[Case]) -> None:
    rows = []
    for case in cases:
        if not case.plan.is_known:
            continue
        for entry in texts("known")[case.plan.kind]["goals"]:
            goal = Goal(
                enrolment_id=case.number,
                area=entry["area"],
                title=entry["title"],
                agreed_on=world.today - timedelta(days=entry["agreed"]),
                due_on=world.today + timedelta(days=entry["due"]),
            )
            if "closed" in entry:
                goal.state = GoalState.REACHED
                goal.closed_on = world.today - timedelta(days=entry["closed"])
            rows.append(goal)
    write(Goal, rows)
