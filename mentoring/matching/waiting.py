"""Everyone of a municipality who waits for a pair: finding pairs for all of them at once, keeping
what was found, and saying what of it still holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from mentoring.matching.assignment import case_of, solve
from mentoring.matching.offer import mentors_for
from mentoring.matching.pairs import Suggestion, suggestion_of
from mentoring.matching.people import Person, Wanted, people_of, wanted_by
from mentoring.matching.rules import may_pair
from mentoring.matching.scores import weights
from mentoring.models import Mentor, MentorPair, PairProposal, WaitingListPlan
from mentoring.querysets import MentorQuerySet, lasts_beyond
from participants.models import Enrolment
from primus.jobs.models import Run, RunKind, RunState
from primus.jobs.runs import Progress


def waiting_in(municipality: str) -> QuerySet[Enrolment]:
    """The enrolments of a municipality that have no pair and for whom nobody is asked now, the
    nearest release first."""
    today = timezone.localdate()
    paired = MentorPair.objects.filter(lasts_beyond(today, "ended_on"))
    return (
        Enrolment.objects.current(today)
        .filter(municipality=municipality)
        .exclude(pk__in=paired.values("enrolment"))
        .exclude(pk__in=PairProposal.objects.open().values("enrolment"))
        .select_related("participant", "institution", "municipality")
        .order_by(Coalesce("released_on", "expected_release"), "pk")
    )


def find_for_all(run: Run, progress: Progress) -> WaitingListPlan:
    """Find pairs for everyone who waits in the municipality that the run is about, and keep them.

    The mentors are those that whoever asked for it may see. Twice the same run keeps one plan.
    """
    enrolments = list(waiting_in(run.subject))
    progress.expect(len(enrolments) + 1)
    wanted = wanted_by(enrolments)
    mentors: list[Person] = []
    if wanted and run.requested_by is not None:
        visible = Mentor.objects.visible_to(run.requested_by)
        mentors = people_of(mentors_for(wanted[0], visible))
        mentors = [person for person in mentors if person.has_room]
    cases = []
    weighed = weights()
    for one in wanted:
        cases.append(case_of(one, mentors, weighed))
        progress.advance()
    rows = []
    answer = solve(cases, mentors, on_step=partial(progress.advance, 0))
    for one, found in zip(wanted, answer, strict=True):
        numbers = [mentors[place].number for place in found[:2]] if found else []
        score = found[2] if found else 0
        rows.append({"enrolment": one.number, "mentors": numbers, "score": score})
    plan, _new = WaitingListPlan.objects.update_or_create(
        run=run,
        defaults={
            "municipality_id": run.subject,
            "computed_at": timezone.now(),
            "rows": rows,
        },
    )
    progress.advance()
    return plan


def forget_older(plan: WaitingListPlan) -> None:
    """A municipality keeps its latest plan only."""
    with transaction.atomic():
        older = WaitingListPlan.objects.filter(municipality=plan.municipality_id, pk__lt=plan.pk)
        older.delete()


@dataclass
class Waiting:
    """One who waits, and what the plan has for them.

    ``found`` is "pair"; "none" where no two are left; "gone" where one of the two was taken or
    cannot any longer; "new" where they came after the plan was made.
    """

    enrolment: Enrolment
    found: str
    suggestion: Suggestion | None = None


def latest_plan(municipality: str) -> WaitingListPlan | None:
    plans = WaitingListPlan.objects.filter(municipality=municipality, computed_at__isnull=False)
    return plans.order_by("-computed_at", "-pk").first()


def latest_run(municipality: str) -> Run | None:
    """The latest run over a municipality's waiting list, unless it is done: its plan speaks."""
    runs = Run.objects.filter(kind=RunKind.WAITING_LIST, subject=municipality)
    run = runs.order_by("-created_at", "-pk").first()
    return None if run is None or run.state == RunState.DONE else run


def as_it_stands(
    enrolments: Iterable[Enrolment], plan: WaitingListPlan | None, visible: MentorQuerySet
) -> list[Waiting]:
    """What the plan says of those who wait now, with today's reasons, in the order given.

    A pair that no longer holds is left out: a mentor who cannot any longer, or whose room was
    taken meanwhile, in the plan's own order or by somebody else.
    """
    enrolments = list(enrolments)
    planned = {row["enrolment"]: row["mentors"] for row in plan.rows} if plan else {}
    numbers = {number for two in planned.values() for number in two}
    people = {p.number: p for p in people_of(visible.filter(pk__in=numbers))} if numbers else {}
    weighed = weights()
    room = {number: person.capacity - person.load for number, person in people.items()}
    found = []
    for enrolment, wanted in zip(enrolments, wanted_by(enrolments), strict=True):
        if enrolment.pk not in planned:
            found.append(Waiting(enrolment, "new"))
        elif not planned[enrolment.pk]:
            found.append(Waiting(enrolment, "none"))
        else:
            found.append(_stands(enrolment, wanted, planned[enrolment.pk], people, room, weighed))
    return found


def _stands(
    enrolment: Enrolment,
    wanted: Wanted,
    numbers: list[int],
    people: dict[int, Person],
    room: dict[int, int],
    weighed: dict[str, int],
) -> Waiting:
    two = [people[number] for number in numbers if number in people and room[number] > 0]
    if len(two) < len(numbers) or not may_pair(wanted, two[0], two[1]):
        return Waiting(enrolment, "gone")
    for number in numbers:
        room[number] -= 1
    return Waiting(enrolment, "pair", suggestion_of(wanted, two[0], two[1], weighed))
