"""How needs developed, and what was agreed about them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from participants.models import (
    TIMED_STAGES,
    EndReason,
    Goal,
    GoalState,
    NeedRating,
    RatingStage,
    SupportArea,
)
from participants.phases import add_months
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.pairs import Pairing
from primus.demo.seeding.phrases import Decks, fill, texts
from primus.demo.seeding.world import World, write

STABLE = 4
# Chances that an area is one step better, and that it is one step worse, at each stage.
STEPS = {
    RatingStage.RELEASE: (0.30, 0.12),
    RatingStage.MONTH_3: (0.52, 0.10),
    RatingStage.MONTH_6: (0.48, 0.12),
    RatingStage.MONTH_12: (0.45, 0.09),
}
# Told of Rasmus, whom the demonstration's mentor follows: areas by stage, None is not assessed.
RASMUS = {
    SupportArea.HOUSING: (1, 2, 4),
    SupportArea.FINANCE: (2, 2, 2),
    SupportArea.WORK: (1, 2, 3),
    SupportArea.HEALTH: (3, None, 4),
    SupportArea.NETWORK: (2, 3, 3),
}


@dataclass
class Path:
    """How one area really went: what is told in meetings follows it, assessed or not."""

    points: list[tuple[date, int]] = field(default_factory=list)
    no_need: bool = False

    def level(self, day: date) -> int:
        """1–5 on a day, between the stages as a straight line; without points stable."""
        if self.no_need or not self.points:
            return STABLE
        before = self.points[0]
        for after in self.points:
            if after[0] > day:
                span = (after[0] - before[0]).days
                share = (day - before[0]).days / span if span > 0 else 0
                return max(1, min(5, round(before[1] + share * (after[1] - before[1]))))
            before = after
        return before[1]


Paths = dict[SupportArea, Path]


def stage_days(world: World, case: Case) -> dict[RatingStage, date]:
    """On which day each stage was (or is to be) talked through."""
    plan = case.plan
    start = plan.paired_on or plan.referred_on
    release = plan.release_day
    return {
        RatingStage.START: start + world.days(3, 12),
        RatingStage.RELEASE: max(release + world.days(0, 5), start + timedelta(days=14)),
        RatingStage.MONTH_3: add_months(release, 3) + world.days(0, 6),
        RatingStage.MONTH_6: add_months(release, 6) + world.days(0, 9),
        RatingStage.MONTH_12: add_months(release, 12) - world.days(0, 9),
    }


def draw_paths(world: World, case: Case) -> tuple[Paths, dict[RatingStage, date]]:
    """How each area goes through the whole enrolment, also where it has not come yet."""
    days = stage_days(world, case)
    paths: Paths = {}
    for area in SupportArea:
        path = paths[area] = Path()
        if case.plan.kind == "karen_100":
            known = [level or 3 for level in RASMUS[area]]
            levels = known + [min(5, known[-1] + 1)] * 2
        else:
            path.no_need = world.chance(0.09)
            levels = _levels(world, case)
        path.points = list(zip(days.values(), levels, strict=True))
    return paths, days


def _levels(world: World, case: Case) -> list[int]:
    level = world.weighted({1: 30, 2: 38, 3: 22, 4: 10})
    levels = [level]
    went_badly = case.plan.end_reason in {EndReason.CUSTODY, EndReason.WITHDREW}
    for better, worse in STEPS.values():
        if went_badly:
            better, worse = worse, better
        dice = world.rng.random()
        level += 1 if dice < better else -1 if dice > 1 - worse else 0
        levels.append(max(1, min(5, level)))
        level = levels[-1]
    return levels


def write_ratings(
    world: World, cases: list[Case], pairing: Pairing, paths: dict[Case, tuple[Paths, dict]]
) -> None:
    """The assessments that were made. What was left out has no row: it is not assessed."""
    rows = []
    for case in cases:
        last = case.plan.last_day(world.today)
        areas, days = paths[case]
        if case.plan.paired_on is None and world.chance(0.4):
            continue
        for position, stage in enumerate(TIMED_STAGES):
            day = days[stage]
            if day > last or (case.plan.released_on is None and stage != RatingStage.START):
                continue
            known = case.plan.kind == "karen_100"
            recent = (last - day).days < 9 and stage != RatingStage.START
            if not known and world.chance(0.6 if recent else 0.06):
                continue  # nobody has got round to it
            holders = pairing.holders(case.plan, day)
            by = holders[0].row.user if holders else world.coordinators[case.plan.municipality]
            for area, path in areas.items():
                if known and RASMUS[area][position] is None:
                    continue
                if not known and world.chance(0.07):
                    continue
                rows.append(
                    NeedRating(
                        enrolment_id=case.number,
                        area=area,
                        stage=stage,
                        rating=None if path.no_need else path.points[position][1],
                        no_need=path.no_need,
                        rated_on=day,
                        rated_by=by,
                    )
                )
    write(NeedRating, rows)


def write_goals(world: World, cases: list[Case], paths: dict[Case, tuple[Paths, dict]]) -> None:
    rows: list[Goal] = []
    for case in cases:
        if case.plan.paired_on is None:
            continue
        if case.plan.is_known:
            continue
        decks = Decks(world.rng)
        areas, days = paths[case]
        for area, path in areas.items():
            if path.no_need or path.points[0][1] >= STABLE:
                continue
            for _ in range(world.weighted({0: 25, 1: 50, 2: 25})):
                title = decks.deal(area, texts("goals")[area])
                goal = _goal(world, case, area, title, days[RatingStage.START], path)
                if goal:
                    rows.append(goal)
    write(Goal, rows)


def _goal(world: World, case: Case, area: str, title: str, start: date, path: Path) -> Goal | None:
    """One goal as it stands at the end of the enrolment, or today."""
    last = case.plan.last_day(world.today)
    latest = max(start, min(last, case.plan.release_day + timedelta(days=240)))
    agreed = start + timedelta(days=world.rng.randint(0, max(0, (latest - start).days)))
    if agreed > last:
        return None
    due = agreed + world.days(14, 95)
    goal = Goal(enrolment_id=case.number, area=area, title=title, agreed_on=agreed, due_on=due)
    closes = due + world.days(-12, 16)
    if case.plan.ended_on is None and closes > last:
        return goal
    goal.closed_on = min(closes, last)
    # What is agreed in an area that goes well is reached.
    if world.chance(0.88 if path.level(goal.closed_on) > path.points[0][1] else 0.5):
        goal.state = GoalState.REACHED
        return goal
    goal.state = GoalState.DROPPED
    if case.plan.end_reason not in {"", EndReason.COMPLETED} and goal.closed_on == last:
        goal.drop_reason = "Forløbet sluttede før tid."
    else:
        reason = world.pick(texts("goals")["drop_reasons"])
        goal.drop_reason = fill(reason, world.rng, **case.voice.words(together=True))
    return goal
