"""Which enrolments there are, when what happened to each, and who followed whom."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from mentoring.models import MentorPair, PairEndReason, Seat
from participants.models import (
    DeclinedReason,
    Ending,
    EndReason,
    Enrolment,
    Gender,
    NotEligibleReason,
    Participant,
    ReferralSource,
    ReleaseKind,
)
from primus.demo.national.people import Country, Volunteer
from primus.demo.seeding.world import World

if TYPE_CHECKING:
    from primus.demo.national import Scale

RELEASE_KINDS = {
    ReleaseKind.PAROLE: 46,
    ReleaseKind.FULL_SENTENCE: 33,
    ReleaseKind.REMAND: 16,
    ReleaseKind.OTHER: 5,
}
SOURCES = {
    ReferralSource.PRISON: 62,
    ReferralSource.PROBATION: 18,
    ReferralSource.MUNICIPALITY: 12,
    ReferralSource.SELF: 8,
}
# Why those left who did not complete; who is back in custody is drawn from the offences.
LEFT = {
    EndReason.WITHDREW: 60,
    EndReason.MOVED: 16,
    EndReason.OTHER: 15,
    EndReason.DIED: 3,
}
TURNED_DOWN = [
    *((EndReason.NOT_ELIGIBLE, detail) for detail in NotEligibleReason),
    *((EndReason.DECLINED, detail) for detail in DeclinedReason),
]
YEAR = 365


@dataclass(slots=True, eq=False)
class Held:
    """One mentor in one seat; ``until`` is the first day it is no longer held."""

    number: int
    mentor: Volunteer
    since: date
    until: date | None


@dataclass(slots=True, eq=False)
class Case:
    """One enrolment while it is drawn, and its key once it is written."""

    code: str
    referred_on: date
    expected: date
    kind: ReleaseKind
    released_on: date | None = None
    paired_on: date | None = None
    ended_on: date | None = None
    reason: EndReason | None = None
    detail: str = ""
    offence_on: date | None = None
    seats: list[Held] = field(default_factory=list)
    pk: int = 0
    user: int = 0  # the coordinator's

    @property
    def is_taken_in(self) -> bool:
        return not self.detail


def draw_cases(world: World, country: Country, scale: "Scale") -> list[Case]:
    """As many as the scale says, in the order they were referred."""
    days = sorted(world.rng.randrange(1, scale.years * YEAR) for _ in range(scale.enrolments))
    whole = list(accumulate(country.weights))
    # That some places do better than others, beyond chance.
    risks = {code: 0.30 * world.rng.uniform(0.75, 1.25) for code in country.codes}
    cases = []
    for back in reversed(days):
        code = country.codes[bisect_left(whole, world.rng.randint(1, whole[-1]))]
        case = _case(world, code, world.today - timedelta(days=back), risks[code])
        if case.paired_on is not None:
            _seat(world, country, case)
        cases.append(case)
    return cases


def _case(world: World, code: str, referred: date, risk: float) -> Case:
    rng, today = world.rng, world.today
    expected = referred + timedelta(days=rng.randint(50, 230))
    case = Case(code, referred, expected, world.weighted(RELEASE_KINDS))
    if rng.random() < 0.08:
        ended = referred + timedelta(days=rng.randint(3, 25))
        if ended < today:
            case.ended_on = ended
            case.reason, case.detail = world.pick(TURNED_DOWN)
        return case
    released = expected + timedelta(days=rng.choice((0, 0, 0, 0, -9, -4, 3, 8, 20)))
    paired = referred + timedelta(days=int(min(rng.lognormvariate(2.8, 0.6), 150)))
    ends, reason = released + timedelta(days=YEAR + rng.randint(0, 20)), EndReason.COMPLETED
    # Most new offences come soon after the release.
    if rng.random() < risk:
        case.offence_on = released + timedelta(days=int(rng.expovariate(1 / 330)))
        back = case.offence_on + timedelta(days=rng.randint(5, 60))
        if back < ends and rng.random() < 0.5:
            ends, reason = back, EndReason.CUSTODY
    if rng.random() < 0.03:
        paired, ends, reason = date.max, released + timedelta(days=5), EndReason.NO_MENTOR
    elif rng.random() < 0.2:
        left = paired + timedelta(days=rng.randint(10, 420))
        if left < ends:
            ends, reason = left, world.weighted(LEFT)
    # Whoever is paired late was not paired before the programme was over for them.
    if paired < min(today, ends):
        case.paired_on = paired
    # Some releases of the last days are not confirmed yet.
    late = (today - released).days < 8 and rng.random() < 0.3
    if released < today and released <= ends and not late:
        case.released_on = released
    if ends < today:
        case.ended_on, case.reason = ends, reason
    return case


def _seat(world: World, country: Country, case: Case) -> None:
    """Two mentors from the day of the pair; now and then one leaves and another takes over."""
    rng, start, end = world.rng, case.paired_on, case.ended_on
    assert start is not None
    known: list[Volunteer] = []
    for number in Seat.NUMBERS:
        last = end or world.today
        since, length = start, (last - start).days
        if length > 60 and rng.random() < 0.05:
            gone = start + timedelta(days=rng.randint(30, length - 10))
            mentor = country.earlier(case.code, since, gone, known)
            case.seats.append(Held(number, mentor, since, gone))
            known.append(mentor)
            since = gone + timedelta(days=rng.randint(3, 40))
            if since >= last:
                continue  # vacant since, or until the end
        if end is not None:
            found: Volunteer | None = country.earlier(case.code, since, end, known)
        else:
            found = country.next_free(case.code, known)
        if found is None:
            continue  # nobody has room: the seat is vacant
        case.seats.append(Held(number, found, since, end))
        known.append(found)


def write_cases(world: World, country: Country, cases: list[Case]) -> int:
    """Write people, enrolments, pairs and seats; returns how many people there are."""
    loader = country.loader
    people = loader.rows(
        Participant, "id", "first_name", "last_name", "birth_date", "gender", "phone", "languages",
        "created_at", "created_by_id",
    )  # fmt: skip
    enrolments = loader.rows(
        Enrolment, "id", "participant_id", "municipality_id", "institution_id", "referred_on",
        "expected_release", "released_on", "release_kind", "source", "coordinator_id", "ended_on",
        "end_reason", "end_detail", "created_at", "created_by_id",
    )  # fmt: skip
    endings = loader.rows(
        Ending, "id", "enrolment_id", "ended_on", "reason", "ended_by_id", "ended_at"
    )
    pairs = loader.rows(
        MentorPair, "id", "enrolment_id", "formed_on", "ended_on", "end_reason", "formed_by_id"
    )
    seats = loader.rows(
        Seat, "id", "pair_id", "number", "mentor_id", "held_from", "held_until", "ended_with_id"
    )
    begun = people.next
    # Those who may come back to the programme: their last enrolment is over.
    before: dict[str, list[tuple[int, date]]] = defaultdict(list)
    for case in cases:
        coordinator, case.user = country.coordinator[case.code]
        at = world.at(case.referred_on)
        person = _earlier(world, before[case.code], case)
        if person is None:
            gender = Gender.FEMALE if world.rng.random() < 0.1 else Gender.MALE
            born = case.referred_on - timedelta(days=int(world.rng.triangular(6700, 23000, 10500)))
            person = people.add(
                *country.name(gender), born, gender.value, "", loader.plain(country.languages()),
                at, case.user,
            )  # fmt: skip
        remand = case.kind == ReleaseKind.REMAND
        case.pk = enrolments.add(
            person,
            case.code,
            world.pick(country.remand if remand else country.prisons),
            case.referred_on,
            case.expected,
            case.released_on,
            case.kind.value,
            world.weighted(SOURCES).value,
            coordinator,
            case.ended_on,
            case.reason.value if case.reason else "",
            str(case.detail),
            at,
            case.user,
        )
        ending = None
        if case.ended_on is not None and case.reason is not None:
            before[case.code].append((person, case.ended_on))
            ending = endings.add(
                case.pk, case.ended_on, case.reason.value, case.user, world.at(case.ended_on)
            )
        if case.paired_on is not None:
            ended = PairEndReason.ENROLMENT_ENDED.value if case.ended_on else ""
            pair = pairs.add(case.pk, case.paired_on, case.ended_on, ended, case.user)
            for held in case.seats:
                with_it = ending if held.until is not None and held.until == case.ended_on else None
                seats.add(pair, held.number, held.mentor.pk, held.since, held.until, with_it)
    loader.flush()
    return people.next - begun


def _earlier(world: World, before: list[tuple[int, date]], case: Case) -> int | None:
    """Somebody of the municipality whose last enrolment was over, once in a while."""
    if not before or world.rng.random() > 0.08:
        return None
    at = world.rng.randrange(len(before))
    person, ended_on = before[at]
    if ended_on >= case.referred_on:
        return None
    before[at] = before[-1]
    before.pop()
    return person
