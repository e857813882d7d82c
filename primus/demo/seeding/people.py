"""The people of the demonstration: users, coordinators, mentors. None of them exists."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from mentoring.models import Clearance, ClearanceKind, Mentor, MentorState
from participants.languages import Language
from participants.models import Coordinator, Gender, Municipality
from primus.accounts.models import Role, User
from primus.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from primus.demo.seeding.phrases import texts
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
from primus.demo.seeding.world import World, write

EMAILS = {role: email for email, role in DEMO_ACCOUNTS}
KAREN, JONAS = "karen", "jonas"
# How long a clearance of each kind is in force, in days.
IN_FORCE = {
    ClearanceKind.RECORD_CHECK: 730,
    ClearanceKind.CONFIDENTIALITY: 1095,
    ClearanceKind.TRAINING: 1825,
}
LANGUAGES = [
    Language.ENGLISH, Language.ARABIC, Language.GERMAN, Language.TURKISH, Language.SOMALI,
    Language.POLISH, Language.FARSI, Language.BOSNIAN, Language.SPANISH, Language.UKRAINIAN,
]  # fmt: skip

# Mentors by what is special of them; "veteran" and "newer" are only long or less long with us.
# "leaver" gave up a seat some days ago, and nobody has it yet.
MENTORS: dict[str, dict[str, int]] = {
    AARHUS: {
        "veteran": 9, "newer": 3, "leaver": 1, "left": 1, "paused": 1, "applicant": 1,
        "interviewed": 1, "expired": 1,
    },
    VEJLE: {"veteran": 4, "newer": 1, "leaver": 1, "cleared": 1},
    FREDERICIA: {"veteran": 3},
    KOBENHAVN: {
        "veteran": 8, "newer": 2, "leaver": 1, "left": 1, "applicant": 1, "untrained": 1,
    },
    ODENSE: {"veteran": 6, "newer": 1, "left": 1, "interviewed": 1},
    AALBORG: {"veteran": 4, "newer": 1, "expired": 1},
    ESBJERG: {"veteran": 3, "newer": 1},
    KOLDING: {"veteran": 2, "newer": 1, "paused": 1},
}  # fmt: skip
STATES = {
    "left": MentorState.LEFT,
    "paused": MentorState.PAUSED,
    "applicant": MentorState.APPLICANT,
    "interviewed": MentorState.INTERVIEWED,
    "untrained": MentorState.INTERVIEWED,
    "cleared": MentorState.CLEARED,
}


class Names:
    """Full names and phone numbers that come once each."""

    def __init__(self, world: World):
        people = texts("people")
        self.world = world
        self.given = {
            key: sorted(set(people[key]))
            for key in ("male", "female", "mentor_male", "mentor_female")
        }
        self.dealt: dict[str, list[str]] = {}
        self.surnames = [
            beginning + ending
            for beginning in people["surname_beginnings"]
            for ending in people["surname_endings"]
        ]
        world.rng.shuffle(self.surnames)
        self.numbers = world.rng.sample(range(10000), 2000)

    def first(self, kind: str) -> str:
        if not self.dealt.get(kind):
            self.dealt[kind] = self.world.rng.sample(self.given[kind], len(self.given[kind]))
        return self.dealt[kind].pop()

    def last(self) -> str:
        return self.surnames.pop()

    def phone(self) -> str:
        """A number of a series that nobody has."""
        number = self.numbers.pop()
        return f"00 00 {number // 100:02d} {number % 100:02d}"


def email_of(first: str, last: str) -> str:
    plain = f"{first}.{last}".lower().replace(" ", "")
    for letter, letters in {"æ": "ae", "ø": "oe", "å": "aa", "é": "e"}.items():
        plain = plain.replace(letter, letters)
    return f"{plain}@example.org"


@dataclass(eq=False)
class Volunteer:
    """A mentor while it is decided what they have done: the row is written afterwards."""

    key: str
    municipality: str
    row: Mentor
    joined_on: date
    gone_on: date | None = None  # the day from which they hold no seat
    spans: list[tuple[date, date]] = field(default_factory=list)  # when they followed somebody
    load: int = 0  # how many they follow today

    @property
    def gender(self) -> str:
        return self.row.gender

    def busy(self, start: date, end: date) -> int:
        return sum(1 for first, last in self.spans if first < end and start < last)

    def available(self, start: date) -> bool:
        """Whether a seat could be begun on the day (and kept for some time)."""
        if self.key in {"expired", "untrained", "applicant", "interviewed", "cleared"}:
            return False
        stays = self.gone_on is None or self.gone_on > start + timedelta(days=60)
        return self.joined_on <= start and stays


class People:
    """Writes the users, and keeps the volunteers by municipality."""

    def __init__(self, world: World):
        self.world = world
        self.names = Names(world)
        # Known to everybody and printed: the salt hides nothing, it only has to be the same.
        self.password = make_password(DEMO_PASSWORD, salt=f"demo{world.rng.getrandbits(64):016x}")
        self.users: list[User] = []
        self.volunteers: dict[str, list[Volunteer]] = {}
        self.karen: Volunteer
        self.jonas: Volunteer

    def user(self, role: Role, first: str, last: str, since: date, email: str = "") -> User:
        user = User(
            email=email or email_of(first, last),
            first_name=first,
            last_name=last,
            phone=self.names.phone(),
            role=role,
            password=self.password,
            created_at=self.world.at(since, 8, 16),
        )
        self.users.append(user)
        return user

    def write_office(self) -> None:
        """Staff, administrator, the three coordinators who share the municipalities, and one who is
        their deputy in Aarhus and around."""
        since = self.world.today - timedelta(days=2100)
        coordinators = [
            (("Lene", "Vestergaard"), EMAILS[Role.COORDINATOR], [AARHUS, VEJLE, FREDERICIA]),
            (("Jesper", "Solsortvang"), "", [KOBENHAVN, ODENSE]),
            (("Nadia", "Hybenlykke"), "", [AALBORG, ESBJERG, KOLDING]),
            (("Signe", "Rønnebærby"), "", []),
        ]
        users = [
            self.user(Role.COORDINATOR, *name, since, email) for name, email, _codes in coordinators
        ]
        self.user(Role.STAFF, "Anne", "Friis", since, EMAILS[Role.STAFF])
        self.user(Role.ADMINISTRATOR, "Ole", "Kastanjetoft", since, EMAILS[Role.ADMINISTRATOR])
        write(User, self.users)
        self.users = []
        rows = write(Coordinator, [Coordinator(user=user) for user in users])
        for row, (_name, _email, codes) in zip(rows, coordinators, strict=True):
            row.municipalities.add(*codes)
            self.world.coordinators.update(dict.fromkeys(codes, row.user))
        deputy, here = rows[-1], [AARHUS, VEJLE, FREDERICIA]
        deputy.municipalities.add(*here)
        Municipality.objects.filter(pk__in=here).update(deputy=deputy)

    def draw_mentors(self) -> None:
        """Decide on the volunteers; ``write_mentors`` writes them once their loads are known."""
        today = self.world.today
        self.karen = self._volunteer(
            AARHUS, KAREN, today - timedelta(days=910), ("Karen", "Lindholm", Gender.FEMALE)
        )
        self.jonas = self._volunteer(
            AARHUS, JONAS, today - timedelta(days=640), ("Jonas", "Brandt", Gender.MALE)
        )
        self.karen.row.user.email = EMAILS[Role.MENTOR]
        for code, kinds in MENTORS.items():
            for key, count in kinds.items():
                for _ in range(count):
                    self._volunteer(code, key, self._joined(key))

    def _joined(self, key: str) -> date:
        least, most = {
            "veteran": (2050, 2600),
            "leaver": (900, 1600),
            "left": (2050, 2600),
            "paused": (900, 1500),
            "expired": (760, 1400),
            "untrained": (60, 150),
            "interviewed": (15, 40),
            "cleared": (30, 60),
            "applicant": (4, 14),
        }.get(key, (150, 1300))
        return self.world.today - self.world.days(least, most)

    def _volunteer(
        self, code: str, key: str, joined: date, who: tuple[str, str, str] | None = None
    ) -> Volunteer:
        world = self.world
        if who is None:
            female = world.chance(0.55)
            first = self.names.first("mentor_female" if female else "mentor_male")
            who = (first, self.names.last(), Gender.FEMALE if female else Gender.MALE)
        first, last, gender = who
        occupation = world.pick(texts("people")["occupations"])
        retired = occupation.startswith(("fhv.", "pension"))
        age = world.rng.randint(62, 76) if retired else world.rng.randint(29, 60)
        if occupation.startswith("studerende"):
            age = world.rng.randint(23, 29)
        spoken = world.sample(LANGUAGES[1:], 1) if world.chance(0.2) else []
        if world.chance(0.6):
            spoken.insert(0, Language.ENGLISH)
        row = Mentor(
            user=self.user(Role.MENTOR, first, last, joined),
            municipality_id=code,
            state=STATES.get(key, MentorState.ACTIVE),
            joined_on=joined,
            gender=gender,
            birth_year=world.today.year - age,
            postcode=world.pick(texts("enrolments")["municipalities"][code]["postcodes"]),
            occupation=occupation,
            languages=[language.value for language in (Language.DANISH, *spoken)],
        )
        volunteer = Volunteer(key, code, row, joined)
        if key == "leaver":
            row.state = MentorState.LEFT if code == AARHUS else MentorState.PAUSED
            volunteer.gone_on = world.today - world.days(3, 9)
        elif key == "left":
            volunteer.gone_on = world.today - world.days(300, 700)
        elif key == "paused":
            volunteer.gone_on = world.today - world.days(40, 120)
        row.user.is_active = row.state != MentorState.LEFT
        self.volunteers.setdefault(code, []).append(volunteer)
        return volunteer

    def write_mentors(self) -> None:
        for code, volunteers in self.volunteers.items():
            self._set_capacities(code, volunteers)
        write(User, self.users)
        everyone = [v for volunteers in self.volunteers.values() for v in volunteers]
        write(Mentor, [volunteer.row for volunteer in everyone])
        write(Clearance, [row for volunteer in everyone for row in self._clearances(volunteer)])

    def _set_capacities(self, code: str, volunteers: list[Volunteer]) -> None:
        """Some have room for one more, the others follow as many as they can."""
        able = [v for v in volunteers if v.gone_on is None and v.available(self.world.today)]
        own = (self.karen, self.jonas)
        room = [v for v in able if v.load < Mentor.MOST_AT_ONCE and v not in own]
        # Those who follow fewest are the ones with room.
        room.sort(key=lambda volunteer: volunteer.load)
        free = room[: max(2, 5 if code == AARHUS else len(able) // 3)]
        for volunteer in volunteers:
            volunteer.row.capacity = max(1, volunteer.load)
            if volunteer in free or volunteer in own:
                volunteer.row.capacity = volunteer.load + 1
            elif volunteer.load == 0 and self.world.chance(0.5):
                volunteer.row.capacity = 2

    def _clearances(self, volunteer: Volunteer) -> list[Clearance]:
        key, today = volunteer.key, self.world.today
        kinds = list(IN_FORCE)
        if key == "applicant":
            kinds = []
        elif key == "interviewed":
            kinds = [ClearanceKind.RECORD_CHECK]
        elif key == "untrained":
            kinds = [ClearanceKind.RECORD_CHECK, ClearanceKind.CONFIDENTIALITY]
        rows = []
        for kind in kinds:
            last = today + self.world.days(30, IN_FORCE[kind] - 20)
            if key == "left" or (key == "leaver" and volunteer.row.state == MentorState.LEFT):
                last = (volunteer.gone_on or today) + self.world.days(5, 300)
            elif key == "expired" and kind == ClearanceKind.RECORD_CHECK:
                last = today - self.world.days(4, 20)
            elif key == KAREN and kind == ClearanceKind.CONFIDENTIALITY:
                last = today + timedelta(days=20)
            elif key == "newer" and kind == ClearanceKind.RECORD_CHECK and self.world.chance(0.4):
                last = today + self.world.days(5, 28)
            rows += self._series(volunteer, kind, last)
        return rows

    def _series(self, volunteer: Volunteer, kind: ClearanceKind, last: date) -> list[Clearance]:
        """Renewed without a gap from the day they joined until ``last``."""
        rows = []
        while True:
            obtained = last - timedelta(days=IN_FORCE[kind])
            first = obtained <= volunteer.joined_on
            if obtained >= self.world.today:
                obtained = self.world.yesterday
            rows.append(
                Clearance(
                    mentor=volunteer.row,
                    kind=kind,
                    obtained_on=max(obtained, volunteer.joined_on - self.world.days(1, 10))
                    if first
                    else obtained,
                    expires_on=last,
                )
            )
            if first:
                return rows[::-1]
            # Renewed in good time before it ran out.
            last = obtained + self.world.days(2, 25)
