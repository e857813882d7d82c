"""Concerns: most of them answered long ago, a few that wait for an answer today."""

from datetime import timedelta

from django.utils import timezone

from mentoring.concerns import answer_by
from mentoring.models import Concern, ConcernAction, ConcernTopic, StaffDuty, Urgency
from primus.accounts.models import Role, User
from primus.demo.seeding.meetings import Logged
from primus.demo.seeding.phrases import Decks, fill, texts
from primus.demo.seeding.plans import AARHUS, KOBENHAVN, VEJLE
from primus.demo.seeding.world import World, write

RESOLVED = 26
ACKNOWLEDGED = 3
# Raised yesterday and not answered yet: where, how urgent, and about what.
WAITING = [
    (AARHUS, Urgency.URGENT, ConcernTopic.HEALTH),
    (AARHUS, Urgency.SOON, ConcernTopic.HOUSING),
    (VEJLE, Urgency.SOON, ConcernTopic.CONTACT),
    (KOBENHAVN, Urgency.SOON, ConcernTopic.MONEY),
]
URGENT_TOPICS = {ConcernTopic.HEALTH, ConcernTopic.SAFETY, ConcernTopic.HOUSING}


def write_concerns(world: World, meetings: list[Logged]) -> None:
    decks = Decks(world.rng)
    released = [
        logged
        for logged in meetings
        if (on := logged.case.plan.released_on) is not None
        and logged.made.day >= on
        and not logged.case.plan.is_known  # theirs is a story of its own
    ]
    old = [logged for logged in released if (world.today - logged.made.day).days > 12]
    rows = [
        _answered(world, decks, logged, resolved=True) for logged in world.sample(old, RESOLVED)
    ]
    taken = set()
    for code, urgency, topic in WAITING:
        silent = topic == ConcernTopic.CONTACT  # who has fallen silent is the one to worry about
        logged = next(
            logged
            for logged in reversed(released)
            if logged.case.plan.municipality == code
            and logged.case not in taken
            and logged.case.plan.kind in ({"silent"} if silent else {"post", "vacant"})
        )
        taken.add(logged.case)
        rows.append(_waiting(world, decks, logged, urgency, topic))
    recent = [
        logged
        for logged in released
        if 2 <= (world.today - logged.made.day).days <= 9 and logged.case not in taken
    ]
    chosen = world.sample(recent, ACKNOWLEDGED)
    rows += [_answered(world, decks, logged, resolved=False) for logged in chosen]
    rows.sort(key=lambda row: row.raised_at)
    write(Concern, rows)
    write(ConcernAction, [action for row in rows for action in _done(world, decks, row)])
    office = User.objects.filter(role=Role.STAFF)
    first = world.today - timedelta(days=world.today.weekday())
    last = first + timedelta(days=6)
    write(StaffDuty, [StaffDuty(user=u, on_duty_from=first, on_duty_until=last) for u in office])


def _done(world: World, decks: Decks, concern: Concern) -> list[ConcernAction]:
    """What the coordinator did at first; nothing while nobody has heard it."""
    if concern.acknowledged_at is None:
        return []
    until = concern.resolved_at or timezone.now()
    taken_at = concern.acknowledged_at + timedelta(minutes=world.rng.randint(5, 90))
    if taken_at >= until:
        return []
    text = decks.deal("actions", texts("concerns")["actions"])
    by = concern.acknowledged_by
    return [ConcernAction(concern=concern, text=text, taken_by=by, taken_at=taken_at)]


def _concern(
    world: World, decks: Decks, logged: Logged, topic: str, urgency: str, raised_at
) -> tuple[Concern, str]:
    """A concern that waits, and what could come of it."""
    told = decks.deal(topic, texts("concerns")[topic])
    words = logged.case.voice.words()
    row = Concern(
        enrolment_id=logged.case.number,
        topic=topic,
        urgency=urgency,
        text=fill(told["text"], world.rng, **words),
        raised_by=logged.made.there[-1].row.user,
        raised_at=raised_at,
        acknowledge_by=answer_by(urgency, raised_at),
    )
    return row, fill(told["outcome"], world.rng, **words)


def _waiting(world: World, decks: Decks, logged: Logged, urgency: str, topic: str) -> Concern:
    raised_at = world.at(world.yesterday, 17, 22)
    row, _outcome = _concern(world, decks, logged, topic, urgency, raised_at)
    return row


def _answered(world: World, decks: Decks, logged: Logged, *, resolved: bool) -> Concern:
    """One that a coordinator heard, nearly always in time, and perhaps closed."""
    topic = world.pick(list(ConcernTopic))
    if not logged.made.is_held and world.chance(0.6):
        topic = ConcernTopic.CONTACT
    elif topic == ConcernTopic.CONTACT and logged.made.is_held:
        topic = ConcernTopic.RELAPSE
    urgent = topic in URGENT_TOPICS and world.chance(0.5)
    urgency = Urgency.URGENT if urgent else Urgency.SOON
    row, outcome = _concern(world, decks, logged, topic, urgency, logged.row.logged_at)
    row.meeting = logged.row
    wait = timedelta(minutes=world.rng.randint(15, 200 if urgent else 1100))
    row.acknowledged_at = world.settled(row.raised_at + wait)
    row.acknowledged_by = world.coordinators[logged.case.plan.municipality]
    if resolved:
        days = world.days(1, 9)
        row.resolved_at = world.settled(
            world.at(timezone.localdate(row.acknowledged_at) + days, 9, 16)
        )
        row.outcome = outcome
    return row
