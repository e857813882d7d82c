"""Everybody who was drawn in a trial, with what is known of them: a fixed number of questions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from outcomes.histories import subject_histories
from outcomes.models import AgeGroup, PriorSentences, RiskGroup, Trial, TrialSubject
from outcomes.recidivism import (
    Definition,
    History,
    Observed,
    Outcome,
    classify,
    observe,
)
from outcomes.trials.consort import NOT_RELEASED, WITHDREW
from participants.models import ReleaseKind


class Arm(StrEnum):
    """The arms, as they are called in the stored figures."""

    MENTORS = "mentors"
    CONTROL = "control"


# Some of the people by one property, as they are called in the stored figures.
Group = tuple[str, str]
EVERYBODY: Group = ("", "")


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
    subjects = TrialSubject.objects.filter(trial=trial).randomised()
    histories = subject_histories(subjects)
    rows = subjects.order_by("number").values_list(
        "pk",
        "consent_withdrawn_on",
        "arm__has_mentors",
        "place__stratum",
        "risk_group",
        "priors",
        "release_kind",
        "age_group",
    )
    people = []
    for pk, withdrawn_on, has_mentors, stratum, risk_group, priors, release_kind, age_group in rows:
        history, absent = histories.get(pk), NOT_RELEASED
        if withdrawn_on is not None and withdrawn_on <= today:
            history, absent = None, WITHDREW
        elif history is not None and history.released_on > today:
            history = None
        arm = Arm.MENTORS if has_mentors else Arm.CONTROL
        people.append(
            Person(arm, stratum, risk_group, priors, release_kind, age_group, history, absent)
        )
    return people
