"""Meetings with all that belongs to them, from the calendar and the diary of each enrolment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mentoring.models import (
    Accompaniment,
    Attendance,
    Meeting,
    MeetingArea,
    MeetingMode,
    MeetingState,
)
from participants.closed_days import is_working_day
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.needs import Paths
from primus.demo.seeding.notes import Diary, Told
from primus.demo.seeding.pairs import Pairing
from primus.demo.seeding.schedule import Appointment, Calendar
from primus.demo.seeding.world import World, write

# Steps that have their own day, so long before the release.
AT_THE_GATE = {"Hente ved porten": timedelta(0), "Ringe dagen før": timedelta(days=1)}


@dataclass(eq=False)
class Logged:
    """One meeting on its way into the database."""

    case: Case
    made: Appointment
    told: Told
    row: Meeting


def draw_meetings(
    world: World, cases: list[Case], pairing: Pairing, paths: dict[Case, tuple[Paths, dict]]
) -> list[Logged]:
    """The meetings of all enrolments but the known two."""
    found: list[Logged] = []
    for case in cases:
        if case.plan.paired_on is None or case.plan.is_known:
            continue
        diary = Diary(world, case, paths[case][0])
        calendar = Calendar(world, case, pairing).draw()
        following = [*calendar, None][1:]
        for made, then in zip(calendar, following, strict=True):
            told = diary.tell(made)
            row = meeting_row(world, case, made, told)
            row.next_step_on = _step_day(world, case, made, told, then)
            found.append(Logged(case, made, told, row))
    return found


def write_meetings(found: list[Logged], accompaniments: list[Accompaniment]) -> None:
    """Insert meetings, then who was there, the areas and the accompaniments."""
    write(Meeting, [logged.row for logged in found])
    write(
        Attendance,
        [
            Attendance(meeting=logged.row, mentor=volunteer.row)
            for logged in found
            for volunteer in logged.made.there
        ],
    )
    write(
        MeetingArea,
        [
            MeetingArea(meeting=logged.row, area=area, text=text)
            for logged in found
            for area, text in logged.told.areas.items()
        ],
    )
    write(Accompaniment, accompaniments)


def meeting_row(world: World, case: Case, made: Appointment, told: Told) -> Meeting:
    happened_at = _time(world, made)
    by = made.there[0].row.user if len(made.there) == 1 else world.pick(made.there).row.user
    if world.chance(0.015):
        by = world.coordinators[case.plan.municipality]  # on a mentor's behalf
    return Meeting(
        enrolment_id=case.number,
        state=made.state,
        not_held_reason=made.reason,
        happened_at=happened_at,
        mode=made.mode,
        note=told.note,
        next_step=told.next_step,
        logged_by=by,
        logged_at=world.settled(_logged(world, happened_at)),
    )


def _time(world: World, made: Appointment) -> datetime:
    """When people with a day job have time, and when offices and prisons are open."""
    if made.mode == MeetingMode.AUTHORITY:
        return world.at(made.day, 9, 15)
    if made.is_release:
        return world.at(made.day, 9, 12)
    open_day = is_working_day(made.day)
    if made.mode == MeetingMode.INSTITUTION:
        return world.at(made.day, 16, 19) if open_day else world.at(made.day, 10, 15)
    if made.mode in {MeetingMode.PHONE, MeetingMode.MESSAGE}:
        return world.at(made.day, 12, 22)
    return world.at(made.day, 15, 20) if open_day else world.at(made.day, 10, 17)


def _logged(world: World, happened_at: datetime) -> datetime:
    """On the way home, most of them; some the next day."""
    if world.chance(0.75):
        return happened_at + timedelta(minutes=world.rng.randint(25, 150))
    return happened_at + timedelta(hours=world.rng.randint(9, 30))


def _step_day(
    world: World, case: Case, made: Appointment, told: Told, then: Appointment | None
) -> date | None:
    """The day agreed for the next step: that of the next meeting, most often."""
    if not told.next_step:
        return None
    today, plan = world.today, case.plan
    if told.next_step in AT_THE_GATE:
        return max(made.day, plan.release_day - AT_THE_GATE[told.next_step])
    if then is None and plan.ended_on is None:
        if made.state == MeetingState.HELD or plan.kind == "silent":
            day = max(today, made.day + timedelta(days=1)) + world.days(0, 7)
            gate = plan.released_on is None and plan.expected_release >= today
            return min(day, plan.expected_release) if gate else day
        return None
    if then is None or world.chance(0.2):
        return None
    return then.day if (then.day - made.day).days <= 25 else None
