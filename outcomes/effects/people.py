"""Everybody who was drawn in a trial, with what is known of them: a fixed number of questions."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models.functions import Coalesce

from outcomes.models import AgeGroup, PriorSentences, Reoffence, RiskGroup, Trial, TrialSubject
from outcomes.recidivism import (
    Definition,
    History,
    Observed,
    Offence,
    Outcome,
    classify,
    observe,
)
from participants.models import ReleaseKind


class Arm(StrEnum):
    """The arms, as they are called in the stored figures."""

    MENTORS = "mentors"
    CONTROL = "control"


# Some of the people by one property, as they are called in the stored figures.
Group = tuple[str, str]
EVERYBODY: Group = ("", "")
# Why somebody has no history, beside the outcomes of recidivism.
NOT_RELEASED = "not_released"
WITHDREW = "withdrew"


@dataclass(frozen=True)
class Person:
    """One person who was drawn. ``history`` is None for whoever has not been released, and for
    whoever took back their consent: then ``absent`` says which."""

    arm: Arm
    stratum: int
    risk_group: str
    priors: str
    release_kind: str
    age_group: str
    history: History | None
    absent: str = NOT_RELEASED

    def outcome(self, definition: Definition, today: date) -> str:
        """What they count as in a proportion."""
        if self.history is None:
            return self.absent
        return classify(self.history, today, definition)

    def observed(self, definition: Definition, today: date) -> Observed:
        """Their time; without any where there is nothing to follow."""
        if self.history is None:
            return Observed(None, None, Outcome.TOO_EARLY)
        return observe(self.history, definition, today)


# What the effect is looked at by: chosen before anything was counted, and known before the draw.
FACTORS: dict[str, tuple[Callable[[Person], str], tuple[str, str]]] = {
    "risk": (lambda person: person.risk_group, (RiskGroup.HIGHEST, RiskGroup.OTHER)),
    "priors": (lambda person: person.priors, (PriorSentences.FEW, PriorSentences.MANY)),
    "release": (
        lambda person: "parole" if person.release_kind == ReleaseKind.PAROLE else "no_parole",
        ("parole", "no_parole"),
    ),
    "age": (lambda person: person.age_group, (AgeGroup.UNDER_30, AgeGroup.FROM_30)),
}


def levels(factor: str) -> list[Group]:
    """The two groups of a factor. Everybody who was drawn is in one of them: the database sees
    to it that nobody is drawn before it is known."""
    return [(factor, str(level)) for level in FACTORS[factor][1]]


GROUPS: list[Group] = [EVERYBODY, *(group for factor in FACTORS for group in levels(factor))]


def belongs(person: Person, group: Group) -> bool:
    """Whether somebody is in a group."""
    factor, level = group
    return not factor or FACTORS[factor][0](person) == level


def read(trial: Trial, today: date) -> list[Person]:
    """Everybody who was drawn, whatever became of them: intention to treat."""
    offences: dict[int, list[Offence]] = defaultdict(list)
    known = (
        Reoffence.objects.annotate(
            about=Coalesce("follow_up__subject", "follow_up__enrolment__trial_subject")
        )
        .filter(about__trial=trial)
        .order_by()
        .values_list("about", "offence_on", "convicted_on", "sanction")
    )
    for subject, *offence in known:
        offences[subject].append(Offence(*offence))
    rows = (
        TrialSubject.objects.randomised()
        .filter(trial=trial)
        .annotate(
            released=Coalesce("enrolment__released_on", "released_on"),
            read_to=Coalesce("enrolment__follow_up__register_date", "follow_up__register_date"),
            died=Coalesce("enrolment__follow_up__died_on", "follow_up__died_on"),
            emigrated=Coalesce("enrolment__follow_up__emigrated_on", "follow_up__emigrated_on"),
        )
        .order_by("number")
        .values_list(
            "pk",
            "arm__has_mentors",
            "place__stratum",
            "risk_group",
            "priors",
            "release_kind",
            "age_group",
            "released",
            "read_to",
            "died",
            "emigrated",
            "consent_withdrawn_on",
        )
    )
    people = []
    for pk, has_mentors, stratum, *baseline, released, read_to, died, emigrated, withdrew in rows:
        history = None
        if released is not None and released <= today and withdrew is None:
            history = History(released, read_to, died, emigrated, tuple(offences[pk]))
        arm = Arm.MENTORS if has_mentors else Arm.CONTROL
        absent = WITHDREW if withdrew else NOT_RELEASED
        people.append(Person(arm, stratum, *baseline, history, absent))
    return people
