"""What the demonstration's mentor finds at home: what her fellow mentor asks, when he is away, and
who sees to what before a release."""

from datetime import date, timedelta

from mentoring.models import Absence, Accompaniment, Handover, TurnRequest
from participants.closed_days import next_working_day
from participants.models import ChecklistItem, ChecklistPoint
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.meetings import Logged
from primus.demo.seeding.people import People
from primus.demo.seeding.phrases import fill, texts
from primus.demo.seeding.world import World, write

MONDAY_AFTER = 7
DAYS_AWAY = 6


def write_evening(world: World, cases: list[Case], meetings: list[Logged], people: People) -> None:
    """Of the two participants who are told in full, from ``texts/evening.toml``."""
    known = {case.plan.kind: case for case in cases if case.plan.is_known}
    away_from = _next_monday(world.today)
    absence = Absence(
        mentor=people.jonas.row,
        away_from=away_from,
        away_until=away_from + timedelta(days=DAYS_AWAY),
        said_at=world.at(world.yesterday, 18, 21),
    )
    write(Absence, [absence])
    handovers, requests, items = [], [], []
    for kind, case in known.items():
        told = texts("evening")[kind]
        if "handover" in told:
            text = fill(told["handover"], world.rng, **case.voice.words())
            handovers.append(Handover(absence=absence, enrolment_id=case.number, text=text))
        if told.get("asks"):
            requests.append(
                TurnRequest(
                    enrolment_id=case.number,
                    asked_by=people.jonas.row,
                    asked=people.karen.row,
                    asked_at=world.at(world.yesterday, 20, 22),
                )
            )
        items += _taken(world, case, people, told.get("taken", {}))
    write(Handover, handovers)
    write(TurnRequest, requests)
    write(ChecklistItem, items)
    _follow_up(world, meetings)


def _next_monday(today: date) -> date:
    return today + timedelta(days=MONDAY_AFTER - today.weekday())


def _taken(world: World, case: Case, people: People, taken: dict[str, str]) -> list[ChecklistItem]:
    """The points that one of the two has taken on: by the last open day before the release."""
    who = {"karen": people.karen, "jonas": people.jonas}
    points = {point.key: point for point in ChecklistPoint.objects.order_by("pk")}
    return [
        ChecklistItem(
            enrolment_id=case.number,
            point=points[key],
            taken_by=who[name].row.user,
            due_on=max(world.today, case.plan.release_day - timedelta(days=2)),
        )
        for key, name in taken.items()
    ]


def _follow_up(world: World, meetings: list[Logged]) -> None:
    """The last time Karen was a companion, something was left to see to."""
    told = texts("evening")["karen_100"]["follow_up"]
    rows = Accompaniment.objects.filter(
        meeting__in=[m.row for m in meetings if m.case.plan.kind == "karen_100"],
        follow_up_on=None,
    )
    last = rows.order_by("-meeting__happened_at", "-meeting").first()
    if last is not None:
        last.follow_up = told
        last.follow_up_on = next_working_day(world.today)
        last.save(update_fields=["follow_up", "follow_up_on"])
