"""Coordinators and mentors of the whole country, and the names everybody is given."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from mentoring.models import Clearance, ClearanceKind, Mentor, MentorState, MentorStep
from participants.languages import Language
from participants.models import Coordinator, Gender, Institution, InstitutionKind, Municipality
from primus.accounts.models import Role, User
from primus.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from primus.demo.national.loading import Loader
from primus.demo.national.places import weights
from primus.demo.seeding.people import IN_FORCE, LANGUAGES
from primus.demo.seeding.phrases import texts
from primus.demo.seeding.plans import AARHUS, FREDERICIA, VEJLE
from primus.demo.seeding.world import World

EMAILS = {role: email for email, role in DEMO_ACCOUNTS}
SHOWN = [AARHUS, FREDERICIA, VEJLE]  # where the coordinator that can be signed in as works
EACH = 3  # municipalities of each other coordinator
FEWEST = 4  # mentors in the smallest municipality
STATES = {
    MentorState.ACTIVE: 80,
    MentorState.LEFT: 11,
    MentorState.PAUSED: 3,
    MentorState.CLEARED: 2,
    MentorState.INTERVIEWED: 2,
    MentorState.APPLICANT: 2,
}
BEFORE_TAKING_PART = (MentorState.CLEARED, MentorState.INTERVIEWED, MentorState.APPLICANT)
CAPACITIES = {1: 30, 2: 45, 3: 20, 4: 5}


@dataclass(slots=True, eq=False)
class Volunteer:
    """A mentor while pairs are made: ``load`` is how many they follow today, ``last`` the last
    day they held a seat that is over."""

    pk: int
    user: int
    state: str
    capacity: int
    joined_on: date
    load: int = 0
    last: date = date.min


class Country:
    """Who works where, and who is free."""

    def __init__(self, world: World, loader: Loader):
        self.world, self.loader = world, loader
        self.codes = list(Municipality.objects.order_by("pk").values_list("pk", flat=True))
        self.weights = weights(self.codes)
        prisons = list(Institution.objects.order_by("name"))
        self.remand = [row.pk for row in prisons if row.kind == InstitutionKind.REMAND]
        self.prisons = [row.pk for row in prisons if row.kind != InstitutionKind.REMAND]
        self.remand, self.prisons = self.remand or self.prisons, self.prisons or self.remand
        people = texts("people")
        self.names = {
            Gender.MALE: sorted({*people["male"], *people["mentor_male"]}),
            Gender.FEMALE: sorted({*people["female"], *people["mentor_female"]}),
        }
        self.surnames = [
            beginning + ending
            for beginning in people["surname_beginnings"]
            for ending in people["surname_endings"]
        ]
        self.occupations = people["occupations"]
        self.mentors: list[Volunteer] = []
        self.by_code: dict[str, list[Volunteer]] = {}
        # Of each municipality: those that may follow somebody, and whose turn it is.
        self.able: dict[str, list[Volunteer]] = {}
        self.turn: Counter[str] = Counter()
        self.coordinator: dict[str, tuple[int, int]] = {}  # code → coordinator, user

    def name(self, gender: str) -> tuple[str, str]:
        return self.world.pick(self.names[gender]), self.world.pick(self.surnames)

    def languages(self) -> list[str]:
        more = [self.world.pick(LANGUAGES)] if self.world.chance(0.2) else []
        return [str(language.value) for language in (Language.DANISH, *more)]

    def write_office(self) -> None:
        """Staff, administrator, and a coordinator for every few municipalities."""
        # Known to everybody and printed: the salt hides nothing, it only has to be the same.
        self.password = make_password(DEMO_PASSWORD, salt="national")
        since = self.world.at(self.world.today - timedelta(days=4000))
        shown = [code for code in SHOWN if code in self.codes]
        others = [code for code in self.codes if code not in shown]
        areas = [shown, *(others[start : start + EACH] for start in range(0, len(others), EACH))]
        users = [
            User(
                email=EMAILS[Role.COORDINATOR]
                if codes is shown
                else f"coordinator{at}@example.org",
                role=Role.COORDINATOR,
                **self._who(since),
            )
            for at, codes in enumerate(areas)
        ]
        office = [
            User(email=EMAILS[role], role=role, **self._who(since))
            for role in (Role.STAFF, Role.ADMINISTRATOR)
        ]
        User.objects.bulk_create([*users, *office])
        rows = Coordinator.objects.bulk_create(Coordinator(user=user) for user in users)
        for row, codes in zip(rows, areas, strict=True):
            row.municipalities.add(*codes)
            self.coordinator.update(dict.fromkeys(codes, (row.pk, row.user_id)))

    def _who(self, since) -> dict:
        first, last = self.name(Gender.FEMALE)
        return {
            "first_name": first,
            "last_name": last,
            "created_at": since,
            "password": self.password,
        }

    def write_mentors(self, count: int) -> None:
        """So many mentors, spread as the inhabitants are, with what they need to take part."""
        loader, world = self.loader, self.world
        users = loader.rows(
            User, "id", "email", "first_name", "last_name", "role", "is_active", "password",
            "created_at",
        )  # fmt: skip
        mentors = loader.rows(
            Mentor, "id", "user_id", "municipality_id", "state", "joined_on", "capacity", "gender",
            "birth_year", "occupation", "languages",
        )  # fmt: skip
        clearances = loader.rows(Clearance, "id", "mentor_id", "kind", "obtained_on", "expires_on")
        for code, number in self._spread(count).items():
            self.by_code[code] = []
            for at in range(number):
                first_of_all = code == SHOWN[0] and at == 0
                # The first ones of a place can follow somebody from the first day.
                state = MentorState.ACTIVE if at < FEWEST else world.weighted(STATES)
                back = 4000 if at < FEWEST else world.rng.randint(20, 3600)
                joined = world.today - timedelta(days=back)
                if state in BEFORE_TAKING_PART:
                    joined = world.today - world.days(5, 60)
                gender = Gender.FEMALE if world.chance(0.55) else Gender.MALE
                first, last = self.name(gender)
                capacity = 2 if first_of_all else world.weighted(CAPACITIES)
                user = users.add(
                    EMAILS[Role.MENTOR] if first_of_all else f"mentor{users.next + 1}@example.org",
                    first,
                    last,
                    Role.MENTOR.value,
                    state != MentorState.LEFT,
                    self.password if first_of_all else UNUSABLE_PASSWORD_PREFIX,
                    world.at(joined),
                )
                pk = mentors.add(
                    user,
                    code,
                    state.value,
                    joined,
                    capacity,
                    gender.value,
                    world.today.year - world.rng.randint(23, 75),
                    world.pick(self.occupations),
                    loader.plain(self.languages()),
                )
                for kind in self._cleared(state):
                    days = IN_FORCE[kind]
                    obtained = max(joined, world.today - world.days(1, days - 30))
                    clearances.add(pk, kind.value, obtained, obtained + timedelta(days=days))
                mentor = Volunteer(pk, user, state.value, capacity, joined)
                self.by_code[code].append(mentor)
                self.mentors.append(mentor)
            self.able[code] = [m for m in self.by_code[code] if m.state == MentorState.ACTIVE]
            self.by_code[code].sort(key=lambda mentor: (mentor.joined_on, mentor.pk))
        loader.flush()

    def _spread(self, count: int) -> dict[str, int]:
        """How many mentors each municipality has: some everywhere, the rest by inhabitants."""
        numbers = dict.fromkeys(self.codes, FEWEST)
        rest, whole = max(count - FEWEST * len(self.codes), 0), sum(self.weights)
        before = 0
        for code, weight in zip(self.codes, self.weights, strict=True):
            after = before + weight
            numbers[code] += rest * after // whole - rest * before // whole
            before = after
        return numbers

    def _cleared(self, state: MentorState) -> list[ClearanceKind]:
        if state == MentorState.APPLICANT:
            return []
        if state == MentorState.INTERVIEWED:
            return [ClearanceKind.RECORD_CHECK]
        return list(IN_FORCE)

    def next_free(self, code: str, besides: list[Volunteer]) -> Volunteer | None:
        """The next mentor of the municipality who has room today, in turn; None if nobody has."""
        able = self.able[code]
        for _ in range(len(able)):
            mentor = able[self.turn[code] % len(able)]
            self.turn[code] += 1
            if mentor.load < mentor.capacity and mentor not in besides:
                mentor.load += 1
                return mentor
        return None

    def earlier(self, code: str, since: date, until: date, besides: list[Volunteer]) -> Volunteer:
        """Somebody who had joined by the day, and was with us until the seat was over."""
        known = self.by_code[code]
        for _ in range(20):
            mentor = self.world.pick(known)
            if mentor.joined_on <= since and mentor not in besides:
                break
        else:
            mentor = next(m for m in known if m not in besides)
        mentor.last = max(mentor.last, until)
        return mentor

    def write_steps(self) -> None:
        """When each mentor came to be what they are."""
        steps = self.loader.rows(MentorStep, "id", "mentor_id", "state", "reached_on", "said_at")
        world = self.world
        for mentor in self.mentors:
            begun = mentor.joined_on
            steps.add(mentor.pk, MentorState.APPLICANT.value, begun, world.at(begun))
            if mentor.state in (MentorState.ACTIVE, MentorState.LEFT, MentorState.PAUSED):
                steps.add(mentor.pk, MentorState.ACTIVE.value, begun, world.at(begun))
            if mentor.state != MentorState.ACTIVE and mentor.state != MentorState.APPLICANT:
                since = min(max(mentor.last, begun + timedelta(days=3)), world.yesterday)
                steps.add(mentor.pk, mentor.state, since, world.at(since))
