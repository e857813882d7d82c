"""What happened between participants and mentors: mostly that they met."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from mentoring.models import (
    Attendance,
    Meeting,
    MeetingArea,
    MeetingMode,
    MeetingState,
    NotHeldReason,
)
from participants.models import SupportArea
from primus.demo.national.cases import Case
from primus.demo.national.loading import Loader
from primus.demo.seeding.world import World

HELD, NOT_HELD, TRIED = (state.value for state in MeetingState)
INSIDE = [MeetingMode.INSTITUTION] * 3 + [MeetingMode.PHONE, MeetingMode.VIDEO]
OUTSIDE = [MeetingMode.CAFE] * 4 + [MeetingMode.HOME] * 3 + [MeetingMode.PHONE] * 3
OUTSIDE += [MeetingMode.AUTHORITY, MeetingMode.MESSAGE]
REASONS = [reason.value for reason in NotHeldReason]
AREAS = [area.value for area in SupportArea]
LENGTHS = (30, 45, 60, 60, 60, 90, 90, 120, None)
NOTES = [
    "Gik en tur og talte om ugen, der var gået.",
    "Talte om boligen og om at få råd til indskuddet.",
    "Så på budgettet sammen og ringede til banken.",
    "Øvede samtalen med jobcentret.",
    "Han har sovet dårligt. Vi aftalte en tid hos lægen.",
    "Spiste sammen og talte om familien.",
    "Skrev ansøgningen færdig.",
    "Kort opkald om aftalen i næste uge.",
]
FIRST_CONTACT = 0.82  # of those released with a pair, met within three days


def write_meetings(world: World, loader: Loader, cases: list[Case], total: int) -> int:
    """So many meetings, spread over the days that people had mentors; returns how many."""
    meetings = loader.rows(
        Meeting, "id", "enrolment_id", "state", "not_held_reason", "happened_at", "mode",
        "duration_minutes", "note", "logged_by_id", "logged_at",
    )  # fmt: skip
    attendances = loader.rows(Attendance, "id", "meeting_id", "mentor_id")
    areas = loader.rows(MeetingArea, "id", "meeting_id", "area", "text")
    rng, zone = world.rng, timezone.get_default_timezone()
    chance, choice = rng.random, rng.choice
    whole = sum(_days(world, case) for case in cases) or 1
    written = days_before = 0
    for case in cases:
        length = _days(world, case)
        upto = (days_before + length) * total // whole
        count, written, days_before = upto - written, upto, days_before + length
        if not count:
            continue
        assert case.paired_on is not None
        start, released = case.paired_on, case.released_on
        days = [rng.randrange(length) for _ in range(count)]
        met_first = released is not None and released >= start and chance() < FIRST_CONTACT
        if met_first:
            # The one nearest the day of release, if any was drawn near, is what counts anyway.
            assert released is not None
            days[0] = min((released - start).days + rng.randrange(3), length - 1)
        for at, back in enumerate(sorted(days)):
            day = start + timedelta(days=back)
            happened = datetime(
                day.year, day.month, day.day, rng.randrange(9, 20), choice((0, 15, 30, 45)),
                tzinfo=zone,
            )  # fmt: skip
            first = met_first and released is not None and 0 <= (day - released).days < 3
            drawn = 0.0 if first else chance()
            state = HELD if drawn < 0.8 else NOT_HELD if drawn < 0.92 else TRIED
            inside = released is None or day < released
            there = there_on(case, day)
            if state == HELD and len(there) > 1 and chance() < 0.55:
                there = [there[at % 2]]
            elif state == TRIED:
                there = there[:1]
            meeting = meetings.add(
                case.pk,
                state,
                choice(REASONS) if state == NOT_HELD else "",
                happened,
                "" if state == NOT_HELD else choice(INSIDE if inside else OUTSIDE).value,
                choice(LENGTHS) if state == HELD else None,
                choice(NOTES) if state == HELD else "",
                there[0].user if there else case.user,
                happened + timedelta(minutes=90),
            )
            if state == NOT_HELD:
                continue
            for mentor in there:
                attendances.add(meeting, mentor.pk)
            if state == HELD and chance() < 0.25:
                areas.add(meeting, choice(AREAS), "")
    loader.flush()
    return written


def _days(world: World, case: Case) -> int:
    """How many days before today somebody has had mentors."""
    if case.paired_on is None:
        return 0
    return max((min(case.ended_on or world.today, world.today) - case.paired_on).days, 0)


def there_on(case: Case, day: date) -> list:
    """Who held a seat on the day."""
    return [
        held.mentor
        for held in case.seats
        if held.since <= day and (held.until is None or day < held.until)
    ]
