"""What coordinators wrote down about the course of an enrolment: that the release was confirmed,
moves between places, how it ended, and their notes."""

from datetime import date, datetime, timedelta

from django.db.models import F

from mentoring.models import PairEndReason, Seat
from participants.models import (
    ChangeKind,
    CoordinatorNote,
    Ending,
    EndReason,
    EnrolmentChange,
    Institution,
    Municipality,
    NeedRating,
    RatingStage,
)
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.needs import Paths
from primus.demo.seeding.phrases import fill, texts
from primus.demo.seeding.plans import AARHUS, ODENSE
from primus.demo.seeding.world import World, write


def write_course(world: World, cases: list[Case], paths: dict[Case, tuple[Paths, dict]]) -> None:
    changes = [*_releases(world, cases), *_institutions(world, cases), *_handover(world, cases)]
    changes.sort(key=lambda row: row.changed_at)
    write(EnrolmentChange, changes)
    _write_notes(world, cases)
    ended = [case for case in cases if case.plan.ended_on]
    _write_endings(world, ended)
    _write_end_ratings(world, ended, paths)


def _at(world: World, day: date, within: int) -> datetime:
    """In office hours, a few days after at most, and before today."""
    return world.settled(world.at(day + world.days(0, within), 8, 16))


def _releases(world: World, cases: list[Case]):
    for case in cases:
        day = case.plan.released_on
        if day is not None:
            yield EnrolmentChange(
                enrolment_id=case.number,
                kind=ChangeKind.RELEASE_CONFIRMED,
                after=day.isoformat(),
                changed_by=world.coordinators[case.plan.municipality],
                changed_at=_at(world, day, 2),
            )


def _institutions(world: World, cases: list[Case]):
    """Some came to the institution from another."""
    names = list(Institution.objects.order_by("name").values_list("name", flat=True))
    for case in cases:
        plan = case.plan
        last = min(plan.release_day, plan.last_day(world.today)) - timedelta(days=20)
        room = (last - plan.referred_on).days
        if plan.is_known or room < 10 or not world.chance(0.12):
            continue
        day = plan.referred_on + world.days(5, room)
        now = case.voice.institution
        yield EnrolmentChange(
            enrolment_id=case.number,
            kind=ChangeKind.INSTITUTION,
            before=world.pick([name for name in names if name != now]),
            after=now,
            effective_on=day,
            note=world.pick(texts("course")["institution"]["lines"]),
            changed_by=world.coordinators[plan.municipality],
            changed_at=_at(world, day, 4),
        )


def _handover(world: World, cases: list[Case]):
    """One in Aarhus was referred to Odense, and came over before there was a pair."""
    came = next(
        case
        for case in cases
        if case.plan.municipality == AARHUS
        and case.plan.ended_on is None
        and case.plan.paired_on is not None
        and not case.plan.is_known
        and (case.plan.paired_on - case.plan.referred_on).days > 3
    )
    municipalities = Municipality.objects.in_bulk([AARHUS, ODENSE])
    by, to = world.coordinators[ODENSE], world.coordinators[AARHUS]
    note = fill(texts("course")["handover"]["text"], world.rng, **came.voice.words())
    at = world.at(came.plan.referred_on + timedelta(days=2), 9, 15)
    rows = (
        (ChangeKind.MUNICIPALITY, municipalities[ODENSE].name, municipalities[AARHUS].name, ""),
        (ChangeKind.COORDINATOR, by.get_full_name(), to.get_full_name(), note),
    )
    for kind, before, after, text in rows:
        yield EnrolmentChange(
            enrolment_id=came.number,
            kind=kind,
            before=before,
            after=after,
            note=text,
            changed_by=by,
            changed_at=at,
        )


def _write_notes(world: World, cases: list[Case]) -> None:
    said = texts("course")["notes"]
    rows = []
    for case in cases:
        if case.plan.ended_on or case.plan.is_long_ago:
            continue
        if case.plan.kind == "karen_100":
            rows.append((case, said["rasmus"], world.today - timedelta(days=4)))
        elif world.chance(0.5):
            back = (world.yesterday - case.plan.referred_on).days
            for line in world.sample(said["lines"], world.rng.randint(1, 2)):
                ago = world.rng.randint(0, max(0, min(60, back)))
                rows.append((case, line, world.yesterday - timedelta(days=ago)))
    notes = [
        CoordinatorNote(
            enrolment_id=case.number,
            text=fill(line, world.rng, **case.voice.words()),
            written_by=world.coordinators[case.plan.municipality],
            written_at=world.at(day, 8, 16),
        )
        for case, line, day in rows
    ]
    write(CoordinatorNote, sorted(notes, key=lambda note: note.written_at))


def _write_endings(world: World, ended: list[Case]) -> None:
    """How each ended; of those long ago nobody wrote more than when and why."""
    said = texts("course")
    rows = []
    for case in ended:
        plan, words = case.plan, case.voice.words()
        note = mentors = ""
        if not plan.is_long_ago:
            note = fill(world.pick(said["closing"][plan.end_reason]), world.rng, **words)
            died = plan.end_reason == EndReason.DIED
            if plan.paired_on and not died and world.chance(0.7):
                mentors = world.pick(said["mentors_said"]["lines"])
        rows.append(
            Ending(
                enrolment_id=case.number,
                ended_on=plan.ended_on,
                reason=plan.end_reason,
                closing_note=note,
                mentors_said=mentors,
                ended_by=world.coordinators[plan.municipality],
                ended_at=_at(world, plan.ended_on, 3),
            )
        )
    write(Ending, rows)
    # The seats that ended with them come back with them.
    seats = Seat.objects.filter(
        pair__end_reason=PairEndReason.ENROLMENT_ENDED, held_until=F("pair__ended_on")
    ).select_related("pair")
    endings = {row.enrolment_id: row for row in rows}
    found = [seat for seat in seats.order_by("pk") if seat.pair.enrolment_id in endings]
    for seat in found:
        seat.ended_with = endings[seat.pair.enrolment_id]
    Seat.objects.bulk_update(found, ["ended_with"])


def _write_end_ratings(
    world: World, ended: list[Case], paths: dict[Case, tuple[Paths, dict]]
) -> None:
    """How the areas stood at the end, where there was anybody to ask."""
    rows = []
    for case in ended:
        plan = case.plan
        if plan.is_long_ago or plan.end_reason == EndReason.DIED or plan.released_on is None:
            continue
        for area, path in paths[case][0].items():
            if world.chance(0.15):
                continue
            rows.append(
                NeedRating(
                    enrolment_id=case.number,
                    area=area,
                    stage=RatingStage.END,
                    rating=None if path.no_need else path.level(plan.ended_on),
                    no_need=path.no_need,
                    rated_on=plan.ended_on,
                    rated_by=world.coordinators[plan.municipality],
                )
            )
    write(NeedRating, rows)
