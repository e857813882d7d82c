"""What people said yes to, how they stood, and what the registers say of them."""

from datetime import date, timedelta

from outcomes.models import FollowUp, Reoffence, Sanction
from participants.models import (
    Consent,
    ConsentKind,
    EndReason,
    Goal,
    GoalState,
    NeedRating,
    RatingStage,
    SupportArea,
)
from primus.demo.national.cases import Case
from primus.demo.national.loading import Loader
from primus.demo.seeding.outcomes import BEHIND, PRISON
from primus.demo.seeding.world import World

SAID_YES = {
    ConsentKind.PARTICIPATION: 1.0,
    ConsentKind.MUNICIPALITY: 0.86,
    ConsentKind.OFFENCES: 0.9,
    ConsentKind.RESEARCH: 0.72,
}
TAKEN_BACK = 0.03
WENT_ABROAD = 0.006
# Days from the release, and how many are rated then; the first is counted from the referral.
STAGES = {
    RatingStage.START: (10, 0.93),
    RatingStage.RELEASE: (0, 0.88),
    RatingStage.MONTH_3: (91, 0.82),
    RatingStage.MONTH_6: (183, 0.76),
    RatingStage.MONTH_12: (365, 0.68),
}
GOALS = {
    SupportArea.HOUSING: "Et sted at bo",
    SupportArea.FINANCE: "Overblik over gælden",
    SupportArea.WORK: "I arbejde eller uddannelse",
    SupportArea.HEALTH: "En læge, jeg er tryg ved",
    SupportArea.NETWORK: "Mere kontakt med familien",
}


def write_outcomes(
    world: World,
    loader: Loader,
    cases: list[Case],
    *,
    went_abroad: float = WENT_ABROAD,
    with_goals: bool = True,
) -> None:
    """Consents, assessments, goals, follow-ups and what was found, of those taken in."""
    consents = loader.rows(
        Consent, "id", "enrolment_id", "kind", "given_on", "withdrawn_on", "recorded_by_id",
        "recorded_at",
    )  # fmt: skip
    ratings = loader.rows(
        NeedRating, "id", "enrolment_id", "area", "stage", "rating", "no_need", "rated_on",
        "rated_by_id",
    )  # fmt: skip
    goals = loader.rows(
        Goal, "id", "enrolment_id", "area", "title", "agreed_on", "due_on", "state", "closed_on",
        "drop_reason",
    )  # fmt: skip
    follow_ups = loader.rows(
        FollowUp, "id", "enrolment_id", "register_date", "died_on", "emigrated_on",
        "recorded_by_id", "recorded_at",
    )  # fmt: skip
    reoffences = loader.rows(
        Reoffence, "id", "follow_up_id", "offence_on", "convicted_on", "sanction"
    )
    register = world.today - BEHIND
    recorded_at = world.at(register + timedelta(days=9))
    for case in cases:
        # Of those turned down nothing is kept; of the newest nobody has asked yet.
        if not case.is_taken_in or case.referred_on >= world.yesterday:
            continue
        in_force = _write_consents(world, consents, case)
        if case.paired_on is not None:
            _write_ratings(world, ratings, case)
            if with_goals and world.rng.random() < 0.7:
                _write_goal(world, goals, case)
        if ConsentKind.OFFENCES not in in_force or case.released_on is None:
            continue
        if case.released_on < register - timedelta(days=30):
            died = case.ended_on if case.reason == EndReason.DIED else None
            died = died if died and died <= register else None
            gone = None
            if world.rng.random() < went_abroad:
                gone = case.released_on + timedelta(days=world.rng.randint(30, 700))
                gone = gone if gone <= register else None
            found = follow_ups.add(case.pk, register, died, gone, case.user, recorded_at)
            last = min(died or register, gone or register)
            for row in _found(world, case, last, register):
                reoffences.add(found, *row)
    loader.flush()


def _write_consents(world: World, consents, case: Case) -> set[ConsentKind]:
    """What is in force today, of what they said yes to."""
    in_force = set()
    last = min(case.ended_on or world.yesterday, world.yesterday)
    given = min(case.referred_on + timedelta(days=world.rng.randrange(7)), last)
    for kind, share in SAID_YES.items():
        if world.rng.random() >= share:
            continue
        back = None
        if kind == ConsentKind.PARTICIPATION:
            back = case.ended_on if case.reason == EndReason.WITHDREW else None
        elif world.rng.random() < TAKEN_BACK:
            back = min(given + timedelta(days=world.rng.randint(20, 300)), last)
        if back is None:
            in_force.add(kind)
        consents.add(case.pk, kind.value, given, back, case.user, world.at(given))
    return in_force


def _write_ratings(world: World, ratings, case: Case) -> None:
    rng = world.rng
    last = min(case.ended_on or world.yesterday, world.yesterday)
    by = case.seats[0].mentor.user if case.seats else case.user
    no_need = {area for area in SupportArea if rng.random() < 0.07}
    levels = {area: rng.uniform(1, 3.6) for area in SupportArea}
    rated: list[date] = []
    for stage, (days, share) in STAGES.items():
        begins = case.referred_on if stage == RatingStage.START else case.released_on
        if begins is None:
            break
        day = max(begins + timedelta(days=days + rng.randrange(8)), *rated[-1:], date.min)
        if day > last:
            break
        if rng.random() >= share:
            continue
        rated.append(day)
        for area in SupportArea:
            levels[area] += rng.gauss(0.38, 0.5)
            level = min(5, max(1, round(levels[area])))
            none = area in no_need
            ratings.add(case.pk, area.value, stage.value, None if none else level, none, day, by)


def _write_goal(world: World, goals, case: Case) -> None:
    rng = world.rng
    assert case.paired_on is not None
    area = world.pick(list(GOALS))
    agreed = min(case.paired_on + timedelta(days=rng.randrange(40)), world.yesterday)
    due = agreed + timedelta(days=rng.randint(20, 120))
    state, closed, why = GoalState.OPEN, None, ""
    if due < world.yesterday and rng.random() < 0.85:
        closed, state = due, GoalState.REACHED
        if rng.random() < 0.25:
            state, why = GoalState.DROPPED, "Ikke længere aktuelt"
    goals.add(case.pk, area.value, GOALS[area], agreed, due, state.value, closed, why)


def _found(world: World, case: Case, last: date, register: date):
    """The new offences that the registers know of: day, conviction and sanction."""
    rng = world.rng
    drawn = [(case.offence_on, world.weighted(PRISON))] if case.offence_on else []
    if rng.random() < 0.12 and case.released_on:
        drawn.append((case.released_on + timedelta(days=rng.randint(40, 900)), Sanction.FINE))
    for day, sanction in drawn:
        convicted = day + timedelta(days=rng.randint(45, 280))
        if day < last and convicted <= register:
            yield day, convicted, sanction.value
