"""Who is handed out, and what is known of them: by the month, and without any words.

Everybody's row is read at once, since it takes all of them to see who stands alone; what hangs on
the rows is read in parts, so that millions of meetings need no more room than some thousand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from mentoring.asked import with_pair_time
from mentoring.models import Seat
from mentoring.seats import seats_filled
from outcomes.models import Eligibility, TrialSubject
from outcomes.models.followup import consenting
from outcomes.research.codebook import NOT_KNOWN, NOT_RELEVANT, NOT_SHOWN
from outcomes.research.guarding import Step, Traits
from outcomes.research.pseudonyms import Pseudonyms
from participants.models import Consent, ConsentKind, Enrolment

Row = list[str]
FIELDS = (
    "pk", "participant_id", "municipality_id", "municipality__region", "participant__birth_date",
    "participant__gender", "release_kind", "source", "referred_on", "paired_on", "released_on",
    "ended_on", "end_reason", "end_detail", "seats_at_release", "may_offences",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One enrolment that may be handed out."""

    pk: int
    participant: int
    municipality: str
    region: str
    born: date
    gender: str
    release_kind: str
    source: str
    referred_on: date
    paired_on: date | None
    released_on: date | None
    ended_on: date | None
    end_reason: str
    end_detail: str
    seats_at_release: int
    may_offences: bool

    @property
    def clock(self) -> date:
        """The day whose month everything is counted from."""
        return self.released_on or self.referred_on

    def months(self, day: date | None) -> str:
        """A day as whole months from the clock's month."""
        return NOT_RELEVANT if day is None else str(months_between(self.clock, day))

    @property
    def traits(self) -> Traits:
        return Traits(
            ("participant", self.participant),
            self.municipality,
            self.region,
            age_group(self.born, self.referred_on),
            self.gender,
            "release" if self.released_on else "referral",
            self.clock.replace(day=1),
        )


def months_between(first: date, last: date) -> int:
    """How many months lie between two months, whatever the days."""
    return (last.year - first.year) * 12 + last.month - first.month


def age_group(born: date, day: date) -> str:
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    for limit, group in ((25, "under_25"), (30, "25_29"), (40, "30_39"), (50, "40_49")):
        if age < limit:
            return group
    return "50_over"


def allowed(kind: ConsentKind = ConsentKind.RESEARCH):
    """The consents of that kind that are in force today."""
    return Consent.objects.in_force().filter(kind=kind)


def people() -> dict[int, Person]:
    """Everybody who has said yes to research, by the number of their enrolment; one query."""
    mine = {"enrolment": OuterRef("pk")}
    rows = (
        with_pair_time(Enrolment.objects.filter(Exists(allowed().filter(**mine))))
        .annotate(
            seats_at_release=seats_filled(OuterRef("released_on")),
            may_offences=Exists(allowed(ConsentKind.OFFENCES).filter(**mine)),
        )
        .order_by()
        .values_list(*FIELDS)
    )
    return {row[0]: Person(*row) for row in rows.iterator(chunk_size=5000)}


# --- One row for each of them ---------------------------------------------------------------


def enrolment_rows(
    found: dict[int, Person], steps: dict, names: Pseudonyms, order: Sequence[int]
) -> Iterator[Row]:
    """The table of enrolments, in the order given."""
    times = _times(found)
    for start in range(0, len(order), 1000):
        part = order[start : start + 1000]
        mentors = _mentors(part)
        for pk in part:
            person = found[pk]
            yield [
                names.of("enrolment", pk),
                names.of("participant", person.participant),
                str(times[pk]),
                *_traits(person, steps["enrolment", pk]),
                person.months(person.referred_on),
                person.months(person.paired_on),
                person.months(person.ended_on),
                person.end_reason or NOT_RELEVANT,
                person.end_detail or NOT_RELEVANT,
                str(mentors.get(pk, 0)),
                _two(person),
                str(int(person.may_offences)),
            ]


def _traits(person: Person, step: Step) -> Row:
    """From the municipality to the months, as far as they may be shown."""
    traits, exact = person.traits, step.time == "month"

    def month(day: date | None) -> str:
        return NOT_RELEVANT if day is None else f"{day:%Y-%m}" if exact else NOT_SHOWN

    released = person.released_on
    return [
        *_place(person.municipality, person.region, step),
        traits.age if step.age else NOT_SHOWN,
        traits.gender if step.gender else NOT_SHOWN,
        person.release_kind,
        person.source or NOT_KNOWN,
        traits.clock,
        month(person.referred_on),
        month(person.paired_on),
        f"{released:%Y}" if released and step.time == "year" else month(released),
        month(person.ended_on),
    ]


def _place(municipality: str, region: str, step: Step) -> Row:
    return [
        municipality if step.place == "municipality" else NOT_SHOWN,
        region if step.place else NOT_SHOWN,
    ]


def _two(person: Person) -> str:
    if person.released_on is None:
        return NOT_RELEVANT
    return str(int(person.seats_at_release >= len(Seat.NUMBERS)))


def _times(found: dict[int, Person]) -> dict[int, int]:
    """Which time through the programme each enrolment is, among those of the same person here."""
    so_far: dict[int, int] = {}
    times = {}
    for person in sorted(found.values(), key=lambda one: (one.referred_on, one.pk)):
        so_far[person.participant] = so_far.get(person.participant, 0) + 1
        times[person.pk] = so_far[person.participant]
    return times


def _mentors(part: Sequence[int]) -> dict[int, int]:
    seen: dict[int, set[int]] = {}
    seats = Seat.objects.filter(pair__enrolment__in=part).order_by()
    for enrolment, mentor in seats.values_list("pair__enrolment", "mentor"):
        seen.setdefault(enrolment, set()).add(mentor)
    return {enrolment: len(mentors) for enrolment, mentors in seen.items()}


# --- Trials ---------------------------------------------------------------------------------


def willing():
    """The trial subjects who could and would take part, and have not taken it back."""
    return consenting(TrialSubject.objects.filter(eligibility=Eligibility.ELIGIBLE))


def subjects(found: dict[int, Person]) -> list[TrialSubject]:
    """Those of the willing who may be handed out: of the ones with a case file only those who have
    said yes to research there too."""
    rows = willing().select_related("municipality", "arm", "trial", "enrolment")
    return [row for row in rows if row.enrolment_id is None or row.enrolment_id in found]


def subject_traits(row: TrialSubject) -> Traits:
    """Of a subject without a case file; those with one are shown as much of as there."""
    released = row.released_on
    return Traits(
        ("subject", row.pk),
        row.municipality_id,
        row.municipality.region,
        row.age_group,
        "",
        "release" if released else "referral",
        (released or row.assessed_on).replace(day=1),
    )


def subject_rows(found: Sequence[TrialSubject], steps: dict, names: Pseudonyms) -> list[Row]:
    rows = []
    for row in found:
        key = ("enrolment", row.enrolment_id) if row.enrolment_id else ("subject", row.pk)
        step = steps[key]
        released = row.enrolment.released_on if row.enrolment else row.released_on
        arm = "not_drawn" if row.arm is None else "mentors" if row.arm.has_mentors else "control"
        month = {"month": "%Y-%m", "year": "%Y"}.get(step.time)
        rows.append(
            [
                names.of("subject", row.pk),
                names.of("enrolment", row.enrolment_id) if row.enrolment_id else NOT_RELEVANT,
                names.of("trial", row.trial_id),
                arm,
                row.risk_group,
                *_place(row.municipality_id, row.municipality.region, step),
                (row.age_group or NOT_KNOWN) if step.age else NOT_SHOWN,
                row.priors or NOT_KNOWN,
                row.release_kind or NOT_KNOWN,
                NOT_RELEVANT if not released else f"{released:{month}}" if month else NOT_SHOWN,
                str(int(row.trial.is_demonstration)),
            ]
        )
    return sorted(rows)
