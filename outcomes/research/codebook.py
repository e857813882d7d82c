"""What is handed to research: each table, each variable, what its values mean.

The one place where the variables are named: the files have these columns in this order, and the
codebook says what stands here.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outcomes.models import AgeGroup, PriorSentences, RiskGroup
from outcomes.recidivism import DEFINITIONS, REASONS
from participants.models import (
    DeclinedReason,
    EndReason,
    Gender,
    GoalState,
    NotEligibleReason,
    RatingStage,
    ReferralSource,
    ReleaseKind,
    SupportArea,
)

# What stands where there is no value.
NOT_SHOWN, NOT_RELEVANT, NOT_KNOWN = "-7", "-8", "-9"
MISSING: dict[str, str | Promise] = {
    NOT_SHOWN: _("not shown, to protect the person"),
    NOT_RELEVANT: _("not relevant, or has not happened"),
    NOT_KNOWN: _("not known"),
}

PSEUDONYM, CODE, COUNT, MONTH = "pseudonym", "code", "number", "month"
TYPES: dict[str, str | Promise] = {
    PSEUDONYM: _("pseudonym"),
    CODE: _("code"),
    COUNT: _("whole number"),
    MONTH: _("month, as 2025-03"),
}
YES_NO: dict[str, str | Promise] = {"0": _("no"), "1": _("yes")}

Label = str | Promise


@dataclass(frozen=True)
class Variable:
    """One column. ``values`` gives each code its label."""

    name: str
    label: Label
    type: str
    values: dict[str, Label] | None = None
    unit: Label = ""
    definition: Label = ""


@dataclass(frozen=True)
class Table:
    """One file: ``rows`` says what one row of it is, ``source`` where it comes from."""

    name: str
    rows: Label
    source: Label
    variables: tuple[Variable, ...]

    @property
    def columns(self) -> list[str]:
        return [variable.name for variable in self.variables]


def _labels(choices: type[models.TextChoices]) -> dict[str, Label]:
    return {choice.value: choice.label for choice in choices}


AGES: dict[str, Label] = {
    "under_25": _("under 25"),
    "25_29": _("25–29"),
    "30_39": _("30–39"),
    "40_49": _("40–49"),
    "50_over": _("50 and over"),
}
CLOCKS: dict[str, Label] = {
    "release": _("the month of release"),
    "referral": _("the month of referral, as there has been no release"),
}
EVENTS: dict[str, Label] = {
    "0": _("followed to the end without new crime"),
    "1": _("new crime"),
    "2": _("died or left the country"),
}
OUTCOMES: dict[str, Label] = {
    "reoffended": _("new crime within the time"),
    "not_reoffended": _("no new crime within the time"),
    **{reason.value: label for reason, label in REASONS.items()},
}
ARMS: dict[str, Label] = {
    "mentors": _("drawn to two mentors"),
    "control": _("drawn to the group without mentors"),
    "not_drawn": _("not drawn"),
}
MONTHS = _("months")
FROM_CLOCK = _("Whole months from the month of “clock”; negative before it.")
ENROLMENT = Variable(
    "enrolment",
    _("the enrolment"),
    PSEUDONYM,
    definition=_("The same in all the files of this export, and in no other export."),
)
AREA = Variable("area", _("support area"), CODE, _labels(SupportArea))


def _month(name: str, label: Label) -> Variable:
    return Variable(name, label, MONTH)


ENROLMENTS = Table(
    "enrolments",
    _("One time through the programme."),
    _("The case files: referral, release, mentor pair and ending."),
    (
        ENROLMENT,
        Variable(
            "person",
            _("the person"),
            PSEUDONYM,
            definition=_("Whoever has been through the programme twice has two rows."),
        ),
        Variable("time_number", _("which time through the programme, among those here"), COUNT),
        Variable("municipality", _("municipality of release"), CODE),
        Variable("region", _("region of release"), CODE),
        Variable("age_group", _("age at referral"), CODE, AGES, _("years")),
        Variable("gender", _("gender"), CODE, _labels(Gender)),
        Variable("release_kind", _("kind of release"), CODE, _labels(ReleaseKind)),
        Variable("source", _("who referred"), CODE, _labels(ReferralSource)),
        Variable("clock", _("what months are counted from"), CODE, CLOCKS),
        _month("referral_month", _("month of referral")),
        _month("pair_month", _("month of the first mentor pair")),
        Variable(
            "release_month",
            _("month of release"),
            MONTH,
            definition=_("Only the year, as 2025, where the month is not shown."),
        ),
        _month("end_month", _("month of the end")),
        Variable("referral", _("referral"), COUNT, unit=MONTHS, definition=FROM_CLOCK),
        Variable("pair", _("first mentor pair"), COUNT, unit=MONTHS, definition=FROM_CLOCK),
        Variable("end", _("end"), COUNT, unit=MONTHS, definition=FROM_CLOCK),
        Variable("end_reason", _("why it ended"), CODE, _labels(EndReason)),
        Variable(
            "end_detail",
            _("why it was not for them, or they said no"),
            CODE,
            _labels(NotEligibleReason) | _labels(DeclinedReason),
        ),
        Variable("mentors", _("how many have been their mentor in all"), COUNT),
        Variable("two_at_release", _("had two mentors on the day of release"), CODE, YES_NO),
        Variable(
            "offences",
            _("has said yes to data on new crime"),
            CODE,
            YES_NO,
            definition=_("Only these are in the file follow_up."),
        ),
    ),
)
NEEDS = Table(
    "needs",
    _("One area rated at one stage. What was not rated has no row."),
    _("The assessments made by mentors and coordinators."),
    (
        ENROLMENT,
        Variable("stage", _("stage"), CODE, _labels(RatingStage)),
        AREA,
        Variable("rating", _("rating from 1 (acute) to 5 (stable)"), COUNT),
        Variable("no_need", _("no need in this area"), CODE, YES_NO),
        Variable("month", _("when it was rated"), COUNT, unit=MONTHS, definition=FROM_CLOCK),
    ),
)
GOALS = Table(
    "goals",
    _("One goal that was agreed, without its words."),
    _("The goals noted by mentors and coordinators."),
    (
        ENROLMENT,
        AREA,
        Variable("state", _("how it went"), CODE, _labels(GoalState)),
        Variable("agreed", _("when it was agreed"), COUNT, unit=MONTHS, definition=FROM_CLOCK),
        Variable("closed", _("when it was closed"), COUNT, unit=MONTHS, definition=FROM_CLOCK),
    ),
)
MEETINGS = Table(
    "meetings",
    _("One month of one enrolment in which anything was logged."),
    _("The meetings logged by mentors; without what was said."),
    (
        ENROLMENT,
        Variable("month", _("which month"), COUNT, unit=MONTHS, definition=FROM_CLOCK),
        Variable("held", _("meetings held"), COUNT),
        Variable("not_held", _("meetings not held"), COUNT),
        Variable("tried", _("attempts to reach them"), COUNT),
        Variable("in_person", _("of those held: face to face"), COUNT),
        Variable("remote", _("of those held: by phone, video or message"), COUNT),
        Variable("with_length", _("of those held: with their length noted"), COUNT),
        Variable("minutes", _("length of these in all"), COUNT, unit=_("minutes")),
    ),
)
FOLLOW_UP = Table(
    "follow_up",
    _("One release by one definition of new crime."),
    _("The registers, as noted by coordinators, for those who have said yes to it."),
    (
        Variable(
            "case",
            _("the enrolment, or the trial subject without one"),
            PSEUDONYM,
            definition=_("As “enrolment” in enrolments, or “subject” in trial."),
        ),
        Variable(
            "definition",
            _("definition of new crime"),
            CODE,
            {k: d.name for k, d in DEFINITIONS.items()},
        ),
        Variable(
            "time",
            _("from release to the event, or to the end of the follow-up"),
            COUNT,
            unit=MONTHS,
            definition=_("Days divided by 30.4375, rounded to a whole number."),
        ),
        Variable("event", _("what the time ended with"), CODE, EVENTS),
        Variable(
            "outcome",
            _("what the release counts as in a share"),
            CODE,
            OUTCOMES,
            definition=_("Only the first two are part of a share; the others cannot be known yet."),
        ),
    ),
)
TRIAL = Table(
    "trial",
    _("One person who could and would take part in a trial."),
    _("The trial's own list of subjects."),
    (
        Variable("subject", _("the subject"), PSEUDONYM),
        Variable("enrolment", _("their enrolment, if it is among those here"), PSEUDONYM),
        Variable("trial", _("which trial"), PSEUDONYM),
        Variable("arm", _("arm"), CODE, ARMS),
        Variable("risk_group", _("risk group"), CODE, _labels(RiskGroup)),
        Variable("municipality", _("municipality"), CODE),
        Variable("region", _("region"), CODE),
        Variable("age_group", _("age when assessed"), CODE, _labels(AgeGroup), _("years")),
        Variable("priors", _("earlier sentences"), CODE, _labels(PriorSentences)),
        Variable("release_kind", _("kind of release"), CODE, _labels(ReleaseKind)),
        _month("release_month", _("month of release")),
        Variable("is_demonstration", _("made up, for demonstration"), CODE, YES_NO),
    ),
)
TABLES = (ENROLMENTS, NEEDS, GOALS, MEETINGS, FOLLOW_UP, TRIAL)
