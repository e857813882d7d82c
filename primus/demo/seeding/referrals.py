"""What a referral says beside the dates: who referred, who answers for it, when they can meet. And
the referrals that came to nothing."""

from datetime import date, timedelta

from participants.models import (
    Coordinator,
    DeclinedReason,
    Ending,
    EndReason,
    Enrolment,
    Gender,
    Institution,
    NotEligibleReason,
    Participant,
    ReferralSource,
    ReleaseKind,
)
from participants.phases import add_months
from participants.timeslots import TimeSlot
from participants.trades import Trade
from primus.demo.seeding.enrolments import Case
from primus.demo.seeding.people import Names
from primus.demo.seeding.phrases import texts
from primus.demo.seeding.plans import AALBORG, AARHUS, KOBENHAVN, ODENSE, VEJLE
from primus.demo.seeding.world import BATCH, World, write

SOURCES = {
    ReferralSource.PRISON: 45,
    ReferralSource.PROBATION: 24,
    ReferralSource.MUNICIPALITY: 13,
    ReferralSource.SELF: 8,
    ReferralSource.ORGANISATION: 5,
    ReferralSource.RELATIVE: 3,
    ReferralSource.OTHER: 2,
}
TIMES = {
    TimeSlot.WEEKDAY_DAY: 0.45,
    TimeSlot.WEEKDAY_EVENING: 0.6,
    TimeSlot.WEEKEND_DAY: 0.4,
    TimeSlot.WEEKEND_EVENING: 0.15,
}
# Municipality, days since the referral, days until it was closed, and why.
TURNED_DOWN = [
    (AARHUS, 40, 9, EndReason.NOT_ELIGIBLE, NotEligibleReason.RELEASE_FAR),
    (AARHUS, 130, 14, EndReason.DECLINED, DeclinedReason.HAS_SUPPORT),
    (VEJLE, 75, 6, EndReason.DECLINED, DeclinedReason.NO_CONSENT),
    (KOBENHAVN, 210, 20, EndReason.NOT_ELIGIBLE, NotEligibleReason.OTHER_SCHEME),
    (ODENSE, 320, 5, EndReason.DECLINED, DeclinedReason.LATER),
    (AALBORG, 160, 11, EndReason.NOT_ELIGIBLE, NotEligibleReason.MORE_HELP),
]


def write_referrals(world: World, cases: list[Case], names: Names) -> None:
    """Fill in what is asked at a referral, and add those that were turned down."""
    coordinators = {row.user_id: row for row in Coordinator.objects.order_by("pk")}
    for case in cases:
        row = case.row
        row.source = world.weighted(SOURCES).value
        row.coordinator = coordinators[world.coordinators[case.plan.municipality].pk]
        row.wished_times = [slot.value for slot, likely in TIMES.items() if world.chance(likely)]
        row.trade = world.pick(Trade.values) if world.chance(0.55) else ""
    Enrolment.objects.bulk_update(
        [case.row for case in cases],
        ["source", "coordinator", "wished_times", "trade"],
        batch_size=BATCH,
    )
    _write_turned_down(world, coordinators, names)


def _write_turned_down(world: World, coordinators: dict, names: Names) -> None:
    institutions = {row.name: row for row in Institution.objects.order_by("name")}
    people, rows, endings = [], [], []
    for code, ago, waited, reason, detail in TURNED_DOWN:
        user = world.coordinators[code]
        referred = world.today - timedelta(days=ago)
        closed = referred + timedelta(days=waited)
        created = world.at(referred, 8, 15)
        person = Participant(
            first_name=names.first(Gender.MALE),
            last_name=names.last(),
            birth_date=referred - timedelta(days=365 * world.rng.randint(20, 55)),
            gender=Gender.MALE,
            created_at=created,
            created_by=user,
        )
        near = texts("enrolments")["municipalities"][code]["institutions"]
        row = Enrolment(
            participant=person,
            municipality_id=code,
            institution=world.pick([institutions[name] for name in near if name in institutions]),
            referred_on=referred,
            expected_release=_release(world, referred, detail),
            release_kind=ReleaseKind.FULL_SENTENCE,
            source=world.weighted(SOURCES).value,
            coordinator=coordinators[user.pk],
            ended_on=closed,
            end_reason=reason,
            end_detail=detail,
            created_at=created,
            created_by=user,
        )
        ending = Ending(
            enrolment=row,
            ended_on=closed,
            reason=reason,
            ended_by=user,
            ended_at=world.at(closed, 9, 15),
        )
        people.append(person)
        rows.append(row)
        endings.append(ending)
    write(Participant, people)
    write(Enrolment, rows)
    write(Ending, endings)


def _release(world: World, referred: date, detail: str) -> date:
    """When they would have been released; years away for whom that was the reason."""
    if detail == NotEligibleReason.RELEASE_FAR:
        return add_months(referred, 52)
    return referred + world.days(60, 140)
