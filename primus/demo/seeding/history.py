"""The years before: some eleven hundred enrolments that are over, and the mentors they had.

The others are told in stories, and there are too few of them to count: of so few people nearly
every figure is hidden. These are light, and as in the demonstration of the whole country they are
written in bulk. Nobody of them is under way, and their mentors have all left, so that there is
nothing to do about any of it. What is drawn here changes nothing that is told elsewhere.
"""

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils import timezone

from mentoring.models import (
    Attendance,
    Clearance,
    Meeting,
    Mentor,
    MentorState,
    MentorStep,
    Seat,
)
from participants.models import Coordinator, EndReason, Gender, Participant
from participants.phases import add_months
from primus.accounts.models import Role, User
from primus.demo.national.cases import RELEASE_KINDS, Case, Held, write_cases
from primus.demo.national.loading import Loader
from primus.demo.national.meetings import HELD, INSIDE, LENGTHS, NOTES, OUTSIDE, there_on
from primus.demo.national.outcomes import write_outcomes
from primus.demo.national.people import Country, Volunteer
from primus.demo.seeding.mentors import WAY
from primus.demo.seeding.people import IN_FORCE, email_of
from primus.demo.seeding.plans import (
    AALBORG,
    AARHUS,
    ESBJERG,
    FREDERICIA,
    KOBENHAVN,
    KOLDING,
    ODENSE,
    VEJLE,
)
from primus.demo.seeding.world import World, chance_of

# How many enrolments, and how many in a hundred commit a new offence that leads to a sentence.
PLACES = {
    KOBENHAVN: (300, 43),
    AARHUS: (240, 34),
    ODENSE: (170, 36),
    AALBORG: (140, 42),
    ESBJERG: (100, 37),
    KOLDING: (60, 40),
    VEJLE: (60, 33),
    FREDERICIA: (30, 40),
}
YEARS = 5
# Days from the latest referral to today: everybody's year after the release is over.
LATEST = 470
LAST_RELEASE = timedelta(days=425)
LAST_END = timedelta(days=40)
# Who was referred since and has left before time; the others of these months are told in stories.
LEFT_SINCE = 0.35  # as many for each day as of the years before
LATEST_LEFT = 75
NEVER_PAIRED = 0.10
LEFT_BEFORE_RELEASE = 0.07
# What comes in the way of completing, of those released with mentors; the rest of the sentenced
# are not sent back, or only when the year is over.
BACK_IN_CUSTODY = 0.6
DIED, WENT_ABROAD = 0.03, 0.03
STOPPED = {EndReason.WITHDREW: 8, EndReason.MOVED: 4, EndReason.OTHER: 2, EndReason.COMPLETED: 86}
LEFT_EARLY = {
    EndReason.WITHDREW: 45,
    EndReason.CUSTODY: 30,
    EndReason.MOVED: 15,
    EndReason.OTHER: 10,
}
WITHOUT_MENTOR = {EndReason.NO_MENTOR: 60, EndReason.WITHDREW: 25, EndReason.MOVED: 15}
# A seat that is empty on the day of release, and one that somebody else takes over.
VACANT, TAKEN_OVER = 0.035, 0.08
MET_FIRST = 0.94  # within three days of the release
NEVER_MET = 0.05
# Held meetings in each month after the release, of those who are still followed.
RHYTHM = (4.9, 4.4, 4.1, 3.8, 3.6, 3.4, 3.2, 3.1, 3.0, 2.9, 2.8, 2.7)
MONTH = 30.4
# From when somebody asks to be a mentor until they have somebody to follow.
BEFORE_FIRST_SEAT = timedelta(days=60)
NOTED = 0.2  # of the meetings have a note


def write_history(world: World, seed: int) -> None:
    """Write the years before, with a chance of its own for each seed and day."""
    world = World(world.today, chance_of(seed, world.today, "history"), world.coordinators)
    years = Years(world, Loader())
    cases = draw_history(world, years)
    years.write_mentors()
    write_cases(world, years, cases)
    write_outcomes(world, years.loader, cases, went_abroad=WENT_ABROAD, with_goals=False)
    _write_meetings(world, years.loader, cases)
    years.loader.finish()


class Years(Country):
    """The eight municipalities in those years: names nobody has yet, and mentors who left."""

    def __init__(self, world: World, loader: Loader):
        super().__init__(world, loader)
        rows = {row.user_id: row.pk for row in Coordinator.objects.all()}
        self.coordinator = {
            code: (rows[user.pk], user.pk) for code, user in world.coordinators.items()
        }
        self.taken: set[tuple[str, str]] = {
            *User.objects.values_list("first_name", "last_name"),
            *Participant.objects.values_list("first_name", "last_name"),
        }
        self.followed: dict[Volunteer, list[tuple[date, date]]] = {}

    def name(self, gender: str) -> tuple[str, str]:
        """One of the names that nobody has yet."""
        while (found := super().name(gender)) in self.taken:
            pass
        self.taken.add(found)
        return found

    def mentor(self, code: str, since: date, until: date, besides: list[Volunteer]) -> Volunteer:
        """Whoever of the municipality has room for so long, else somebody new."""
        mentors = self.by_code.setdefault(code, [])
        for mentor in mentors:
            spans = self.followed[mentor]
            at_once = sum(1 for first, last in spans if first < until and since < last)
            has_begun = mentor.joined_on + BEFORE_FIRST_SEAT <= since
            if has_begun and mentor not in besides and at_once < mentor.capacity:
                break
        else:
            joined = since - BEFORE_FIRST_SEAT - self.world.days(0, 140)
            # The keys come when they are written.
            capacity = self.world.rng.randint(3, Mentor.MOST_AT_ONCE)
            mentor = Volunteer(0, 0, MentorState.LEFT.value, capacity, joined)
            mentors.append(mentor)
            self.followed[mentor] = []
        self.followed[mentor].append((since, until))
        mentor.last = max(mentor.last, until)
        return mentor

    def write_mentors(self, count: int = 0) -> None:
        """Those who were found, each with what they needed and the way they went."""
        world, loader = self.world, self.loader
        users = loader.rows(
            User, "id", "email", "first_name", "last_name", "phone", "role", "is_active",
            "password", "created_at",
        )  # fmt: skip
        rows = loader.rows(
            Mentor, "id", "user_id", "municipality_id", "state", "joined_on", "capacity", "gender",
            "birth_year", "occupation", "languages",
        )  # fmt: skip
        clearances = loader.rows(Clearance, "id", "mentor_id", "kind", "obtained_on", "expires_on")
        steps = loader.rows(
            MentorStep, "id", "mentor_id", "state", "reached_on", "said_by_id", "said_at"
        )
        for code, mentors in self.by_code.items():
            _coordinator, by = self.coordinator[code]
            for mentor in mentors:
                gender = Gender.FEMALE if world.chance(0.55) else Gender.MALE
                first, last = self.name(gender)
                number = world.rng.randrange(10000)
                mentor.user = users.add(
                    email_of(first, last),
                    first,
                    last,
                    f"00 00 {number // 100:02d} {number % 100:02d}",
                    Role.MENTOR.value,
                    False,
                    UNUSABLE_PASSWORD_PREFIX,
                    world.at(mentor.joined_on),
                )
                mentor.pk = rows.add(
                    mentor.user,
                    code,
                    mentor.state,
                    mentor.joined_on,
                    mentor.capacity,
                    gender.value,
                    mentor.joined_on.year - world.rng.randint(24, 72),
                    world.pick(self.occupations),
                    loader.plain(self.languages()),
                )
                first_seat = min(since for since, _until in self.followed[mentor])
                for kind, days in IN_FORCE.items():
                    obtained = mentor.joined_on
                    while obtained < mentor.last:
                        expires = obtained + timedelta(days=days)
                        clearances.add(mentor.pk, kind.value, obtained, expires)
                        obtained = expires - world.days(2, 25)
                span = (first_seat - mentor.joined_on).days
                way = [(s, mentor.joined_on + timedelta(days=round(x * span))) for s, x in WAY]
                left = min(mentor.last + world.days(1, 90), world.yesterday)
                for state, day in [*way, (MentorState.LEFT, left)]:
                    steps.add(mentor.pk, state.value, day, by, world.at(day, 9, 15))
        loader.flush()


def draw_history(world: World, years: Years) -> list[Case]:
    """All enrolments of those years, in the order they were referred."""
    first = date(world.today.year - YEARS, 1, 1)
    since = world.today - timedelta(days=LATEST)
    length, length_since = (since - first).days, LATEST - LATEST_LEFT
    cases = []
    for code, (count, risk) in PLACES.items():
        for day in _spread(world, first, length, count):
            cases.append(_case(world, code, day, risk / 100))
        left = round(count * length_since / length * LEFT_SINCE)
        for day in _spread(world, since, length_since, left):
            cases.append(_left_early(world, code, day))
    cases.sort(key=lambda case: (case.referred_on, case.code))
    for case in cases:
        if case.paired_on is not None:
            _seat(world, years, case)
    return cases


def _spread(world: World, first: date, length: int, count: int) -> list[date]:
    """So many days, as many in each part of the time."""
    days = [int((n + world.rng.random()) * length / count) for n in range(count)]
    return [first + timedelta(days=day) for day in days]


def _case(world: World, code: str, referred: date, risk: float) -> Case:
    rng = world.rng
    expected = min(referred + world.days(60, 200), world.today - LAST_RELEASE)
    case = Case(code, referred, expected, world.weighted(RELEASE_KINDS))
    moved = timedelta(days=rng.choice((0, 0, 0, 0, -9, -4, 3, 8)))
    released = min(expected + moved, world.today - LAST_RELEASE)
    before = (released - referred).days
    if rng.random() < NEVER_PAIRED:
        case.reason = world.weighted(WITHOUT_MENTOR)
        case.ended_on = released + world.days(-20, 30)
        if case.ended_on >= released:
            case.released_on = released
    else:
        days = max(1, min(int(rng.lognormvariate(2.9, 0.6)), 110, before - 4))
        case.paired_on = referred + timedelta(days=days)
        if rng.random() < LEFT_BEFORE_RELEASE and before - days > 20:
            case.reason = world.pick((EndReason.WITHDREW, EndReason.MOVED, EndReason.OTHER))
            case.ended_on = case.paired_on + world.days(10, before - days - 5)
        else:
            case.released_on = released
            case.ended_on, case.reason = _end(world, released)
    if case.released_on is not None and rng.random() < risk:
        # Most new offences come soon after the release.
        case.offence_on = released + timedelta(days=int(rng.expovariate(1 / 330)))
        back = case.offence_on + world.days(5, 60)
        if case.paired_on and back < case.ended_on and rng.random() < BACK_IN_CUSTODY:
            case.ended_on, case.reason = back, EndReason.CUSTODY
    return case


def _left_early(world: World, code: str, referred: date) -> Case:
    """Somebody of the last months who did not stay."""
    released, last = referred + world.days(50, 180), world.today - timedelta(days=10)
    case = Case(code, referred, released, world.weighted(RELEASE_KINDS))
    case.reason = world.weighted(LEFT_EARLY)
    # Those who are back in custody were out for some time.
    least = 30 if case.reason == EndReason.CUSTODY else 8
    if released + timedelta(days=least) <= last and world.chance(0.85):
        case.released_on = released
        case.ended_on = min(released + world.days(least, 240), last)
        if case.reason == EndReason.CUSTODY:
            case.offence_on = case.ended_on - world.days(5, 25)
    else:
        case.reason = world.weighted(WITHOUT_MENTOR)
        case.ended_on = min(referred + world.days(30, 48), last)
    paired = referred + world.days(4, 29)
    if case.reason != EndReason.NO_MENTOR and paired < case.ended_on:
        case.paired_on = paired
    return case


def _end(world: World, released: date) -> tuple[date, EndReason]:
    if world.rng.random() < DIED:
        return released + world.days(30, 340), EndReason.DIED
    reason = world.weighted(STOPPED)
    if reason != EndReason.COMPLETED:
        return released + world.days(12, 330), reason
    last = world.today - LAST_END
    return min(add_months(released, 12) + world.days(0, 14), last), reason


def _seat(world: World, years: Years, case: Case) -> None:
    """Two mentors from the day of the pair; in some, one leaves and another takes over."""
    start, end, released = case.paired_on, case.ended_on, case.released_on
    assert start is not None
    assert end is not None
    known: list[Volunteer] = []
    for number in Seat.NUMBERS:
        since, drawn = start, world.rng.random()
        gone = resumed = None
        if number == 2 and released is not None and drawn < VACANT:
            gone = max(released - world.days(1, 12), start + timedelta(days=1))
            resumed = released + world.days(5, 40)
        elif drawn > 1 - TAKEN_OVER and released is not None:
            gone = released + world.days(20, 200)
            resumed = gone + world.days(1, 30)
        if gone is not None and resumed is not None and gone < end:
            leaver = years.mentor(case.code, since, gone, known)
            known.append(leaver)
            case.seats.append(Held(number, leaver, since, gone))
            since = resumed
        if since < end:
            mentor = years.mentor(case.code, since, end, known)
            known.append(mentor)
            case.seats.append(Held(number, mentor, since, end))


def _write_meetings(world: World, loader: Loader, cases: list[Case]) -> None:
    meetings = loader.rows(
        Meeting, "id", "enrolment_id", "state", "happened_at", "mode", "duration_minutes", "note",
        "logged_by_id", "logged_at",
    )  # fmt: skip
    attendances = loader.rows(Attendance, "id", "meeting_id", "mentor_id")
    rng, zone = world.rng, timezone.get_default_timezone()
    for case in cases:
        if case.paired_on is None:
            continue
        for day in _days(world, case):
            there = there_on(case, day)
            if not there:
                continue
            if len(there) > 1 and rng.random() < 0.55:
                there = [rng.choice(there)]
            happened = datetime(
                day.year, day.month, day.day, rng.randrange(9, 20), rng.choice((0, 15, 30, 45)),
                tzinfo=zone,
            )  # fmt: skip
            inside = case.released_on is None or day < case.released_on
            meeting = meetings.add(
                case.pk,
                HELD,
                happened,
                rng.choice(INSIDE if inside else OUTSIDE).value,
                rng.choice(LENGTHS),
                rng.choice(NOTES) if rng.random() < NOTED else "",
                there[0].user,
                happened + timedelta(minutes=90),
            )
            for mentor in there:
                attendances.add(meeting, mentor.pk)


def _days(world: World, case: Case) -> list[date]:
    """The days they met: often in the first months, then less; not after the end."""
    rng = world.rng
    assert case.paired_on is not None
    assert case.ended_on is not None
    until = min(case.released_on or case.ended_on, case.ended_on)
    length = (until - case.paired_on).days
    days = [
        case.paired_on + timedelta(days=rng.randrange(length))
        for _ in range(length // 16)
        if length
    ]
    released = case.released_on
    if released is None or rng.random() < NEVER_MET:
        return sorted(days)
    met_first = rng.random() < MET_FIRST
    if met_first:
        days.append(released + timedelta(days=rng.randrange(3)))
    keen = rng.uniform(0.6, 1.4)
    for month, often in enumerate(RHYTHM):
        begins = int(month * MONTH)
        for _ in range(int(often * keen + rng.random()) - (month == 0 and met_first)):
            day = begins + rng.randrange(int(MONTH))
            days.append(released + timedelta(days=max(day, 0 if met_first else 5)))
    return sorted(day for day in days if day < case.ended_on)
