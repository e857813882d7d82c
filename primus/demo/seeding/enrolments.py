"""Participants and their enrolments, with what stands on paper: moves, consent, checklist."""

from dataclasses import dataclass
from datetime import date, timedelta

from participants.languages import Language
from participants.models import (
    ChecklistItem,
    ChecklistPoint,
    Consent,
    ConsentKind,
    EndReason,
    Enrolment,
    Gender,
    Institution,
    InstitutionKind,
    MoveReason,
    Municipality,
    Participant,
    PointApplies,
    ReleaseDateMove,
    ReleaseKind,
)
from participants.models.consent import ConsentForm
from primus.demo.seeding.pairs import Pairing
from primus.demo.seeding.people import LANGUAGES, Names, email_of
from primus.demo.seeding.phrases import Voice, fill, texts
from primus.demo.seeding.plans import Plan
from primus.demo.seeding.world import World, write

# Those Karen follows have names of their own, so that they can be told of.
KNOWN = {
    "karen_gate": ("Danny", "Klitbrise", Gender.MALE),
    "karen_100": ("Rasmus", "Lærketinde", Gender.MALE),
}
CHECKLIST_FROM = timedelta(days=14)
TOOK_BACK = 2


@dataclass(eq=False)
class Case:
    """A plan with its person and its row."""

    plan: Plan
    participant: Participant
    row: Enrolment
    voice: Voice

    @property
    def number(self) -> int:
        return self.row.pk


def write_enrolments(world: World, plans: list[Plan], names: Names, pairing: Pairing) -> list[Case]:
    """Insert participants and enrolments, in the order they were referred."""
    institutions = {row.name: row for row in Institution.objects.order_by("name")}
    municipalities = {row.pk: row for row in Municipality.objects.order_by("pk")}
    people: dict[Plan, Participant] = {}
    for plan in plans:
        # Who comes back was there before: the earlier referral stands earlier in the list.
        people[plan] = people[plan.earlier] if plan.earlier else _participant(world, plan, names)
    write(Participant, [people[plan] for plan in plans if plan.earlier is None])

    cases = []
    for plan in plans:
        institution = _institution(world, plan, institutions)
        coordinator = world.coordinators[plan.municipality]
        voice = Voice(
            people[plan].first_name,
            people[plan].gender,
            institution.name,
            municipalities[plan.municipality].name,
        )
        wished = world.sample(texts("enrolments")["wishes"], 2) if world.chance(0.6) else []
        row = Enrolment(
            participant=people[plan],
            municipality_id=plan.municipality,
            institution=institution,
            referred_on=plan.referred_on,
            expected_release=plan.expected_release,
            released_on=plan.released_on,
            release_kind=plan.release_kind,
            gender_wish=pairing.wish(plan),
            wishes=" ".join(wished[: world.rng.randint(1, 2)]),
            ended_on=plan.ended_on,
            end_reason=plan.end_reason,
            created_at=world.at(plan.referred_on, 8, 15),
            created_by=coordinator,
        )
        cases.append(Case(plan, people[plan], row, voice))
    write(Enrolment, [case.row for case in cases])
    return cases


def _participant(world: World, plan: Plan, names: Names) -> Participant:
    if plan.kind in KNOWN:
        first, last, gender = KNOWN[plan.kind]
    else:
        # About one in ten is a woman.
        gender = Gender.FEMALE if world.chance(0.1) else Gender.MALE
        first, last = names.first(gender), names.last()
    age = world.weighted({range(19, 25): 3, range(25, 35): 5, range(35, 46): 4, range(46, 64): 2})
    born = plan.referred_on - timedelta(days=365 * world.pick(age) + world.rng.randrange(365))
    languages = [Language.DANISH]
    if world.chance(0.22):
        languages += world.sample(LANGUAGES, 1)
    return Participant(
        first_name=first,
        last_name=last,
        birth_date=born,
        gender=gender,
        phone=names.phone() if world.chance(0.75) else "",
        email=email_of(first, last) if world.chance(0.4) else "",
        postcode=world.pick(texts("enrolments")["municipalities"][plan.municipality]["postcodes"]),
        languages=[language.value for language in languages],
        created_at=world.at(plan.referred_on, 8, 15),
        created_by=world.coordinators[plan.municipality],
    )


def _institution(world: World, plan: Plan, known: dict[str, Institution]) -> Institution:
    """One that people are released from to the municipality, remand if they come from remand."""
    near = texts("enrolments")["municipalities"][plan.municipality]["institutions"]
    rows = [known[name] for name in near if name in known]
    remand = plan.release_kind == ReleaseKind.REMAND
    fitting = [row for row in rows if (row.kind == InstitutionKind.REMAND) == remand]
    return world.pick(fitting or rows)


def write_moves(world: World, cases: list[Case]) -> None:
    """How some expected releases came to be what they are."""
    rows = []
    for case in cases:
        if not case.plan.few_meetings and world.chance(0.35):
            rows += _moves(world, case)
    rows.sort(key=lambda row: row.moved_at)
    write(ReleaseDateMove, rows)


def _moves(world: World, case: Case) -> list[ReleaseDateMove]:
    plan = case.plan
    first = plan.referred_on + timedelta(days=10)
    last = min(plan.release_day, world.today, plan.ended_on or world.today) - timedelta(days=5)
    room = (last - first).days
    if room < 20:
        return []
    count = 2 if room > 45 and world.chance(0.3) else 1
    days = sorted(world.rng.sample(range(room), count))
    dates = [plan.expected_release]
    for _ in range(count):
        later = world.chance(0.4)
        # The date before this one lay later when the release was brought forward.
        dates.insert(0, dates[0] + world.days(4, 32) * (-1 if later else 1))
    rows = []
    for day, old, new in zip(days, dates[:-1], dates[1:], strict=True):
        reason = _reason(world, plan, brought_forward=new < old)
        note = fill(
            world.pick(texts("enrolments")["moves"][reason]), world.rng, **case.voice.words()
        )
        rows.append(
            ReleaseDateMove(
                enrolment_id=case.number,
                old_date=old,
                new_date=new,
                reason=reason,
                note=note,
                moved_by=world.coordinators[plan.municipality],
                moved_at=world.at(first + timedelta(days=day), 8, 16),
            )
        )
    return rows


def _reason(world: World, plan: Plan, *, brought_forward: bool) -> str:
    reasons = [MoveReason.RECALCULATED.value, MoveReason.RECALCULATED.value, MoveReason.OTHER.value]
    if brought_forward and plan.release_kind == ReleaseKind.PAROLE:
        reasons += [MoveReason.PAROLE_GRANTED.value] * 3
    elif not brought_forward and plan.release_kind == ReleaseKind.FULL_SENTENCE:
        reasons += [MoveReason.PAROLE_REFUSED.value] * 2 + [MoveReason.NEW_SENTENCE.value]
    elif world.chance(0.3):
        reasons.append(MoveReason.MISTAKE.value)
    return world.pick(reasons)


def write_consents(world: World, cases: list[Case]) -> set[Plan]:
    """What each participant said yes to; the plans whose new offences may be kept."""
    rows: list[Consent] = []
    known: set[Plan] = set()
    for case in cases:
        plan = case.plan
        last = plan.last_day(world.today)
        given = min(plan.referred_on + world.days(0, 6), last)
        kinds = [ConsentKind.PARTICIPATION]
        if world.chance(0.88):
            kinds.append(ConsentKind.MUNICIPALITY)
        if plan.is_long_ago or plan.offence_on or world.chance(0.93):
            kinds.append(ConsentKind.OFFENCES)
            known.add(plan)
        if world.chance(0.7):
            kinds.append(ConsentKind.RESEARCH)
        for kind in kinds:
            on = min(given + world.days(5, 40), last) if _asked_later(world, kind) else given
            row = Consent(
                enrolment_id=case.number,
                kind=kind,
                form=ConsentForm.ORAL if world.chance(0.12) else ConsentForm.WRITTEN,
                given_on=on,
                recorded_by=world.coordinators[plan.municipality],
                recorded_at=world.at(on, 9, 16),
            )
            left = plan.end_reason == EndReason.WITHDREW and kind == ConsentKind.PARTICIPATION
            if left or (kind == ConsentKind.RESEARCH and world.chance(0.06)):
                row.withdrawn_on = plan.ended_on if left else min(on + world.days(20, 200), last)
            rows.append(row)
    _take_back_offences(cases, rows, known)
    for row in rows:
        if row.withdrawn_on is not None:
            row.withdrawal_recorded_by = row.recorded_by
            row.withdrawal_recorded_at = world.at(row.withdrawn_on, 9, 16)
    write(Consent, rows)
    return known


def _take_back_offences(cases: list[Case], rows: list[Consent], known: set[Plan]) -> None:
    """Two have thought better of it: nothing of theirs is looked up or kept any longer."""
    changed = {case.number: case.plan for case in cases if case.plan.kind == "post"}
    asked = [
        row for row in rows if row.kind == ConsentKind.OFFENCES and row.enrolment_id in changed
    ]
    for row in asked[:TOOK_BACK]:
        row.withdrawn_on = row.given_on + timedelta(days=20)
        known.discard(changed[row.enrolment_id])


def _asked_later(world: World, kind: ConsentKind) -> bool:
    return kind == ConsentKind.MUNICIPALITY and world.chance(0.5)


def write_checklists(world: World, cases: list[Case], pairing: Pairing) -> None:
    """What is ticked on the gate-week lists; a point without a row is simply not done yet."""
    always = ChecklistPoint.objects.filter(is_active=True, applies=PointApplies.ALWAYS)
    points = list(always.order_by("position", "pk"))
    rows = []
    for case in cases:
        plan = case.plan
        opened = plan.release_day - CHECKLIST_FROM
        if plan.few_meetings or plan.paired_on is None or opened > world.yesterday:
            continue
        if plan.ended_on and plan.ended_on < plan.release_day:
            continue
        last = min(plan.release_day, plan.last_day(world.today))
        told = texts("known").get(plan.kind, {}).get("checklist", [])
        done = [point for point in points if point.key in told]
        for point in done or world.sample(points, _how_many(plan, world, len(points))):
            day = opened + timedelta(days=world.rng.randint(0, max(0, (last - opened).days)))
            by = _who(world, pairing, plan, day)
            rows.append(
                ChecklistItem(enrolment_id=case.number, point=point, done_on=day, done_by=by)
            )
    write(ChecklistItem, rows)


def _how_many(plan: Plan, world: World, points: int) -> int:
    if plan.kind == "karen_gate":
        return points // 2
    if plan.kind in {"gate_week", "gate_closed"}:
        days = (plan.release_day - world.today).days
        return max(1, min(points - 1, round(points * (15 - days) / 16)))
    return points - world.rng.randint(0, 1)


def _who(world: World, pairing: Pairing, plan: Plan, day: date):
    holders = pairing.holders(plan, day)
    return world.pick(holders).row.user if holders else world.coordinators[plan.municipality]
