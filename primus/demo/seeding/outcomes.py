"""What the registers say of the time after release."""

from datetime import date, timedelta

from outcomes.models import FollowUp, Reoffence, Sanction
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.plans import Plan
from primus.demo.seeding.world import World, write

# The registers are always some weeks behind.
BEHIND = timedelta(days=38)
PRISON = {Sanction.UNSUSPENDED: 60, Sanction.SUSPENDED: 28, Sanction.SUPERVISED: 12}


def write_follow_ups(world: World, cases: list[Case], known: set[Plan]) -> None:
    """One follow-up for each release that may be looked up and was long enough ago."""
    register = world.today - BEHIND
    followed = []
    for case in cases:
        plan = case.plan
        if plan in known and plan.released_on and plan.released_on < register - timedelta(days=30):
            row = FollowUp(
                enrolment_id=case.number,
                register_date=register,
                died_on=plan.died_on if plan.died_on and plan.died_on <= register else None,
                emigrated_on=plan.emigrated_on,
                recorded_by=world.coordinators[plan.municipality],
                recorded_at=world.at(register + timedelta(days=9), 9, 15),
            )
            followed.append((case, row))
    write(FollowUp, [row for _case, row in followed])
    rows = []
    for case, row in followed:
        rows += _reoffences(world, case.plan, row, register)
    write(Reoffence, rows)


def _reoffences(world: World, plan: Plan, follow_up: FollowUp, register: date) -> list[Reoffence]:
    rows = []
    if plan.offence_on is not None:
        rows.append(_reoffence(world, follow_up, plan.offence_on, world.weighted(PRISON)))
    elif plan.is_long_ago and not follow_up.died_on and world.chance(0.12):
        # Not a new sentence of imprisonment: only some definitions count it.
        day = plan.release_day + world.days(60, 680)
        rows.append(_reoffence(world, follow_up, day, Sanction.FINE))
    if rows and world.chance(0.25):
        rows.append(
            _reoffence(world, follow_up, rows[0].offence_on + world.days(3, 60), Sanction.FINE)
        )
    left = follow_up.emigrated_on or date.max
    return [row for row in rows if row.convicted_on <= register and row.offence_on < left]


def _reoffence(world: World, follow_up: FollowUp, day: date, sanction: str) -> Reoffence:
    return Reoffence(
        follow_up=follow_up,
        offence_on=day,
        convicted_on=day + world.days(45, 280),
        sanction=sanction,
    )
