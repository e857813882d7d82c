"""The ledger as the worker would have left it: what was due long ago has been sent."""

from collections.abc import Iterator
from datetime import date, timedelta

from mentoring.models import Reminder, ReminderState
from mentoring.planning import GRACE, ONCE_RELEASED, WHILE_EXPECTED
from participants.milestones import Milestone, milestone_date
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.pairs import Pairing
from primus.demo.seeding.plans import Plan
from primus.demo.seeding.world import World, write

# What fell due within these days is left for the worker, so that it has something to send.
LEFT_TO_WORKER = 3
# Older reminders have been put aside by those who got them.
SEEN_AFTER = 10


def write_reminders(world: World, cases: list[Case], pairing: Pairing) -> None:
    rows = []
    for case in cases:
        if case.plan.few_meetings:
            continue
        occasions = list(_occasions(case.plan))
        ends = [on for _kind, on in occasions[1:]] + [date.max]
        if case.plan.kind == "karen_gate":
            # What the demonstration's mentor is told of gate week comes from a real worker.
            occasions, ends = occasions[:1], ends[:1]
        for (kind, on), until in zip(occasions, ends, strict=True):
            for user, day in _recipients(world, case.plan, pairing, kind, on, until):
                rows.append(_sent(world, case, kind, on, user, day))
    rows.sort(key=lambda row: row.sent_at)
    write(Reminder, rows)


def _occasions(plan: Plan) -> Iterator[tuple[Milestone, date]]:
    """The milestones and their days: before the release by the plan, from then on by the fact."""
    kinds = WHILE_EXPECTED if plan.released_on is None else (*WHILE_EXPECTED[:2], *ONCE_RELEASED)
    for kind in kinds:
        planned = kind in WHILE_EXPECTED and kind != Milestone.RELEASE
        yield kind, milestone_date(kind, plan.expected_release if planned else plan.release_day)


def _recipients(
    world: World, plan: Plan, pairing: Pairing, kind: Milestone, on: date, until: date
) -> Iterator[tuple]:
    """Who was told, and on which day: a mentor who came later, on their first day."""
    last = world.today - timedelta(days=LEFT_TO_WORKER + 1)
    if plan.ended_on is not None:
        last = min(last, plan.ended_on - timedelta(days=1))
    first = max(on, plan.referred_on + timedelta(days=1))
    if first <= min(last, until):
        yield world.coordinators[plan.municipality], first
    told = set()
    # The first stays due until the next; the others for two weeks.
    due_until = until if kind == Milestone.PERIOD_START else min(until, on + GRACE)
    for pair in pairing.pairs.get(plan, ()):
        for seat in pair.seats:
            day = max(first, seat.start + timedelta(days=1))
            due = day <= last and day < due_until and seat.held(day)
            if due and seat.volunteer not in told:
                told.add(seat.volunteer)
                yield seat.volunteer.row.user, day


def _sent(world: World, case: Case, kind: Milestone, on: date, user, day: date) -> Reminder:
    sent_at = world.at(day, 7, 8)
    seen = (world.today - day).days > SEEN_AFTER
    return Reminder(
        enrolment_id=case.number,
        kind=kind,
        occasion_on=on,
        recipient=user,
        state=ReminderState.SENT,
        created_at=sent_at,
        claimed_at=sent_at,
        sent_at=sent_at,
        seen_at=world.settled(sent_at + timedelta(hours=world.rng.randint(2, 90)))
        if seen
        else None,
    )
