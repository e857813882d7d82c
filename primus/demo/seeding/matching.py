"""What decides who suits whom: when mentors can, what they know, who is kept apart; and when the
institutions let visitors in.

Each mentor has a chance of their own, so that what is told here changes nothing told elsewhere.
"""

from mentoring.models import ConflictKind, Mentor, MentorConflict
from participants.models import Institution, InstitutionKind, SupportArea
from participants.timeslots import TimeSlot
from participants.trades import Trade
from primus.demo.seeding.people import People, Volunteer
from primus.demo.seeding.plans import AARHUS, KOBENHAVN
from primus.demo.seeding.world import BATCH, World, chance_of, write

# Made up, but as it is in most places.
VISITS = {
    InstitutionKind.CLOSED: [TimeSlot.WEEKDAY_DAY, TimeSlot.WEEKEND_DAY],
    InstitutionKind.OPEN: [TimeSlot.WEEKDAY_EVENING, TimeSlot.WEEKEND_DAY],
    InstitutionKind.REMAND: [TimeSlot.WEEKDAY_DAY],
    InstitutionKind.HALFWAY: [
        TimeSlot.WEEKDAY_EVENING,
        TimeSlot.WEEKEND_DAY,
        TimeSlot.WEEKEND_EVENING,
    ],
}
AT_WORK = {
    TimeSlot.WEEKDAY_DAY: 0.15,
    TimeSlot.WEEKDAY_EVENING: 0.85,
    TimeSlot.WEEKEND_DAY: 0.6,
    TimeSlot.WEEKEND_EVENING: 0.2,
}
RETIRED = {
    TimeSlot.WEEKDAY_DAY: 0.95,
    TimeSlot.WEEKDAY_EVENING: 0.4,
    TimeSlot.WEEKEND_DAY: 0.35,
    TimeSlot.WEEKEND_EVENING: 0.05,
}
# Parts of the occupations that are told of, and the line of work each is.
TRADES = {
    "murer": Trade.CONSTRUCTION,
    "tømrer": Trade.CONSTRUCTION,
    "maler": Trade.CONSTRUCTION,
    "elektriker": Trade.CONSTRUCTION,
    "chauffør": Trade.TRANSPORT,
    "lager": Trade.TRANSPORT,
    "ingeniør": Trade.INDUSTRY,
    "køkken": Trade.KITCHEN,
    "butik": Trade.SHOP,
    "sælger": Trade.SHOP,
    "syge": Trade.CARE,
    "sosu": Trade.CARE,
    "fysio": Trade.CARE,
    "pædagog": Trade.TEACHING,
    "lærer": Trade.TEACHING,
    "skole": Trade.TEACHING,
    "bogholder": Trade.OFFICE,
    "bank": Trade.OFFICE,
    "revisor": Trade.OFFICE,
    "hr-": Trade.OFFICE,
    "it-": Trade.IT,
    "gartner": Trade.GREEN,
    "landmand": Trade.GREEN,
}
# Who is kept apart in each of these municipalities: the first two of their mentors who can follow.
KEPT_APART = {AARHUS: ConflictKind.HOUSEHOLD, KOBENHAVN: ConflictKind.STATED}


def write_matching(world: World, people: People) -> None:
    for kind, times in VISITS.items():
        codes = [time.value for time in times]
        Institution.objects.filter(kind=kind).update(visiting_times=codes)
    everyone = [v for volunteers in people.volunteers.values() for v in volunteers]
    for volunteer in everyone:
        _fill(world, volunteer)
    Mentor.objects.bulk_update(
        [volunteer.row for volunteer in everyone],
        ["times", "areas_known", "trade"],
        batch_size=BATCH,
    )
    write(MentorConflict, [_kept_apart(world, people, code) for code in KEPT_APART])


def _fill(world: World, volunteer: Volunteer) -> None:
    row, chance = volunteer.row, chance_of(world.today, "matching", volunteer.row.user.email)
    occupation = row.occupation.casefold()
    likely = RETIRED if occupation.startswith(("fhv.", "pension")) else AT_WORK
    # A few have not been asked.
    if chance.random() > 0.1:
        row.times = [slot.value for slot, odds in likely.items() if chance.random() < odds]
        row.areas_known = sorted(chance.sample(SupportArea.values, chance.choice([0, 1, 1, 2])))
    row.trade = next((trade for word, trade in TRADES.items() if word in occupation), "")


def _kept_apart(world: World, people: People, code: str) -> MentorConflict:
    own = (people.karen, people.jonas)
    able = [v for v in people.volunteers[code] if v.key == "veteran" and v not in own]
    kind = KEPT_APART[code]
    return MentorConflict(
        mentor=able[0].row,
        other=able[1].row,
        kind=kind,
        note="Ægtefæller" if kind == ConflictKind.HOUSEHOLD else "Har haft en uenighed før",
        said_by=world.coordinators[code],
        said_at=world.at(world.yesterday, 9, 15),
    )
