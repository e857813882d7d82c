"""The demonstration's data: four coordinators, some sixty mentors, some hundred and sixty
enrolments in every situation there is, and what they did in three years; and the years before, only
to be counted. All of it is made up.

The same seed on the same day gives the same rows. First it is decided which enrolments there are
(plans), who they are about (people) and who followed whom (pairs); then what happened is drawn
for one enrolment after another and written in batches.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from django.db import connection, transaction

from mentoring.models import Meeting, Mentor
from participants.models import Enrolment, Participant
from primus.accounts.models import User
from primus.demo.accounts import DEMO_ACCOUNTS
from primus.demo.seeding.asking import write_asking
from primus.demo.seeding.concerns import write_concerns
from primus.demo.seeding.course import write_course
from primus.demo.seeding.desk import write_desk
from primus.demo.seeding.details import accompaniment, add_lengths, write_goal_changes
from primus.demo.seeding.enrolments import (
    write_checklists,
    write_consents,
    write_enrolments,
    write_moves,
)
from primus.demo.seeding.evening import write_evening
from primus.demo.seeding.imports import write_imports
from primus.demo.seeding.known import draw_known_meetings, write_known_goals
from primus.demo.seeding.matching import write_matching
from primus.demo.seeding.meetings import draw_meetings, write_meetings
from primus.demo.seeding.mentors import write_messages, write_steps
from primus.demo.seeding.needs import draw_paths, write_goals, write_ratings
from primus.demo.seeding.open_trial import write_open_trial
from primus.demo.seeding.outcomes import write_follow_ups
from primus.demo.seeding.pairs import Pairing
from primus.demo.seeding.people import People
from primus.demo.seeding.plans import draw_plans
from primus.demo.seeding.referrals import write_referrals
from primus.demo.seeding.reminders import write_reminders
from primus.demo.seeding.scenarios import write_scenarios
from primus.demo.seeding.telling import write_told
from primus.demo.seeding.trial import write_trial
from primus.demo.seeding.world import World

DEFAULT_SEED = 2027


@dataclass(frozen=True)
class Seeded:
    """How many rows there are now of what people ask about."""

    participants: int
    enrolments: int
    mentors: int
    meetings: int


def is_seeded() -> bool:
    """Whether any of the demonstration's accounts is here: then nothing more is written."""
    return User.objects.filter(email__in=[email for email, _role in DEMO_ACCOUNTS]).exists()


def seed_demo(seed: int, today: date, *, history: bool = True) -> Seeded | None:
    """Write the demonstration's data, all of it or none; None when it was there already.

    Without the years before (``history``) it is as much as the stories need.
    """
    with transaction.atomic():
        if is_seeded():
            return None
        world = World(today, Random(seed))  # noqa: S311 - the same each time is the point
        _write(world)
        if history:
            # It draws as the whole country does, which is built upon this package.
            from primus.demo.seeding.history import write_history

            write_history(world, seed)
    count_rows()
    return Seeded(
        participants=Participant.objects.count(),
        enrolments=Enrolment.objects.count(),
        mentors=Mentor.objects.count(),
        meetings=Meeting.objects.count(),
    )


def count_rows() -> None:
    """Have PostgreSQL look at what the tables hold now: else the first questions are planned as
    if they were empty, and the desk's takes minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _write(world: World) -> None:
    people = People(world)
    people.write_office()
    people.draw_mentors()
    plans = draw_plans(world)
    pairing = Pairing(world, people)
    pairing.draw(plans)
    people.write_mentors()

    cases = write_enrolments(world, plans, people.names, pairing)
    pairing.write({case.plan: case.number for case in cases})
    write_moves(world, cases)
    known = write_consents(world, cases)
    write_checklists(world, cases, pairing)

    paths = {case: draw_paths(world, case) for case in cases}
    write_ratings(world, cases, pairing, paths)
    write_goals(world, cases, paths)
    write_known_goals(world, cases)
    write_goal_changes(world, cases, pairing)
    meetings = draw_meetings(world, cases, pairing, paths)
    meetings += draw_known_meetings(world, cases, people)
    meetings.sort(key=lambda logged: logged.row.logged_at)
    add_lengths(meetings)
    companions = [accompaniment(world, logged) for logged in meetings if logged.told.authority]
    write_meetings(meetings, companions)
    write_concerns(world, meetings)
    write_reminders(world, cases, pairing)
    write_follow_ups(world, cases, known)
    write_evening(world, cases, meetings, people)
    write_told(world, cases, people)
    write_referrals(world, cases, people.names)
    write_steps(world, people)
    write_matching(world, people)
    write_messages(world, cases, people)
    write_course(world, cases, paths)
    write_desk(world, cases)
    write_asking(world, cases, people)
    write_imports(world)
    write_trial(world)
    write_open_trial(world)
    write_scenarios(world)
