"""What is written down of each mentor's way, who has been invited and has not answered, and what
coordinators have written to mentors.

Each row has a chance of its own, so that what is told here changes nothing that is told elsewhere.
"""

from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from mentoring.models import (
    Mentor,
    MentorPair,
    MentorState,
    MentorStep,
    Message,
    MessageRecipient,
    Seat,
)
from primus.accounts.models import Invitation, Role, User, hash_token
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.people import People, Volunteer
from primus.demo.seeding.phrases import texts
from primus.demo.seeding.plans import AARHUS
from primus.demo.seeding.world import World, write

# Days from applying to following somebody, where nobody waits for them sooner.
WAY_TAKES = 34
# How far along it each step is, as a share of these days.
WAY = [
    (MentorState.APPLICANT, 0.0),
    (MentorState.INTERVIEWED, 0.35),
    (MentorState.CLEARED, 0.8),
    (MentorState.ACTIVE, 1.0),
]
# Those who are on their way came so far.
REACHED = {
    MentorState.APPLICANT: 1,
    MentorState.INTERVIEWED: 2,
    MentorState.CLEARED: 3,
}
INVITED = [("Signe", "Lindeskov", 2), ("Torben", "Havregård", 9)]
READ_IT = 0.6


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 15), tzinfo=timezone.get_default_timezone())


def write_steps(world: World, people: People) -> None:
    """Each mentor's steps, and two mentors in Aarhus who are invited."""
    rows = [
        step
        for volunteers in people.volunteers.values()
        for volunteer in volunteers
        for step in _steps(world, volunteer)
    ]
    write(MentorStep, rows)
    invitations = [
        Invitation(
            email=f"{first}.{last}@example.org".lower().replace("å", "aa"),
            first_name=first,
            last_name=last,
            role=Role.MENTOR,
            municipality_codes=[AARHUS],
            token_hash=hash_token(f"invited {first}"),
            invited_by=world.coordinators[AARHUS],
            created_at=_at(world.today - timedelta(days=days), 10),
            expires_at=_at(world.today - timedelta(days=days), 10) + timedelta(days=14),
        )
        for first, last, days in INVITED
    ]
    write(Invitation, invitations)


def _steps(world: World, volunteer: Volunteer) -> list[MentorStep]:
    mentor, joined = volunteer.row, volunteer.joined_on
    by = world.coordinators[volunteer.municipality]
    first_seat = min((start for start, _end in volunteer.spans), default=world.yesterday)
    span = min(WAY_TAKES, (first_seat - joined).days, (world.yesterday - joined).days)
    steps = [
        (state, joined + timedelta(days=round(share * span)))
        for state, share in WAY[: REACHED.get(mentor.state, len(WAY))]
    ]
    if mentor.state in (MentorState.LEFT, MentorState.PAUSED):
        steps.append((mentor.state, volunteer.gone_on or world.yesterday))
    return [
        MentorStep(mentor=mentor, state=state, reached_on=day, said_by=by, said_at=_at(day, 13))
        for state, day in steps
    ]


def write_messages(world: World, cases: list[Case], people: People) -> None:
    """To all of Aarhus, and to the pair of the participant who is soon released."""
    written = texts("messages")
    active = Mentor.objects.filter(municipality=AARHUS).active().select_related("user")
    everyone = [mentor.user for mentor in active.order_by("user__email")]
    for told in written["all"]:
        _write(world, people, told, everyone, None)
    near = next(case for case in cases if case.plan.kind == "karen_gate")
    pair = MentorPair.objects.current(world.today).get(enrolment=near.number)
    held = Seat.objects.held(world.today).filter(pair=pair).select_related("mentor__user")
    _write(world, people, written["pair"], [s.mentor.user for s in held.order_by("number")], pair)


def _write(
    world: World, people: People, told: dict, users: list[User], pair: MentorPair | None
) -> None:
    sent_at = _at(world.today - timedelta(days=told["days_ago"]), 15)
    by = world.coordinators[AARHUS]
    message = Message(
        municipality_id=AARHUS,
        pair=pair,
        subject=told["subject"],
        text=f"{told['text'].strip()}\n{by.first_name}",
        sent_by=by,
        sent_at=sent_at,
    )
    write(Message, [message])
    rows = []
    for user in users:
        chance = Random(f"{world.today}:{user.email}:{told['subject']}")  # noqa: S311
        hours = chance.randrange(1, 20)
        read = chance.random() < READ_IT or told["days_ago"] > 7
        # The latest to everyone still waits for the mentor of the demonstration.
        waits = pair is None and told["days_ago"] <= 7 and user == people.karen.row.user
        read_at = sent_at + timedelta(hours=hours) if read and not waits else None
        rows.append(MessageRecipient(message=message, user=user, read_at=read_at))
    write(MessageRecipient, rows)
