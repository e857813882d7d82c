"""Whether somebody can and will take part in a trial, and the draw: once, and not to be undone."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from outcomes.models import (
    AgeGroup,
    Eligibility,
    NotInTrialReason,
    PriorSentences,
    RiskGroup,
    Stratum,
    Trial,
    TrialArm,
    TrialPlace,
    TrialSubject,
)
from outcomes.trials import order
from outcomes.trials.refusals import TrialRefused
from participants.models import ReleaseKind
from participants.models.consent import ConsentForm
from primus.sealing import SealBroken

# What is asked before the draw, for the subgroups: afterwards the answer could depend on it.
BASELINE = {
    "age_group": AgeGroup,
    "priors": PriorSentences,
    "release_kind": ReleaseKind,
}
# Somebody assessed on the way out may be entered some days later.
EARLY_RELEASE = timedelta(days=31)


def locked(trial_id: int) -> Trial:
    """The trial as it is now, kept from others until the transaction ends: one draw at a time.

    On SQLite the transaction itself keeps them away.
    """
    return Trial.objects.select_for_update(no_key=True).get(pk=trial_id)


def _open(trial_id: int) -> Trial:
    trial = locked(trial_id)
    if trial.closed_on is not None:
        raise TrialRefused("closed")
    return trial


@transaction.atomic
def assess(
    trial: Trial, *, by, form_token: UUID | str | None = None, at: datetime | None = None, **answers
) -> TrialSubject:
    """Keep what was found of one person: whether they can take part, and what they said.

    The answers are the fields of TrialSubject up to ``expected_release``. A form that comes twice
    is kept once. Raises TrialRefused.
    """
    trial = _open(trial.pk)
    if form_token is not None:
        found = TrialSubject.objects.filter(form_token=form_token, trial=trial).first()
        if found is not None:
            return found
    last = trial.subjects.aggregate(last=Max("number"))["last"] or 0
    subject = TrialSubject(
        trial=trial,
        number=last + 1,
        form_token=form_token,
        recorded_by=by,
        recorded_at=at or timezone.now(),
        **answers,
    )
    _check(subject)
    subject.save(force_insert=True)
    return subject


@transaction.atomic
def reassess(subject: TrialSubject, *, by, **answers) -> TrialSubject:
    """Write the answers anew, while nobody has been drawn. Raises TrialRefused."""
    _open(subject.trial_id)
    subject = TrialSubject.objects.select_for_update().get(pk=subject.pk)
    if subject.is_randomised:
        raise TrialRefused("drawn_already")
    for name, answer in answers.items():
        setattr(subject, name, answer)
    subject.recorded_by = by
    subject.recorded_at = timezone.now()
    _check(subject)
    subject.save()
    return subject


def is_long_before(release: date, assessed_on: date) -> bool:
    """Whether a release, expected or real, is too early for somebody assessed on that day."""
    return release < assessed_on - EARLY_RELEASE


def wrong_days(
    *, assessed_on: date | None, consent_on: date | None, expected_release: date | None
) -> dict[str, str]:
    """Which of the days of an assessment cannot be, each with the code of why."""
    today = timezone.localdate()
    past = {"assessed_on": assessed_on, "consent_on": consent_on}
    wrong = {name: "in_future" for name, day in past.items() if day is not None and day > today}
    if expected_release and assessed_on and is_long_before(expected_release, assessed_on):
        wrong["expected_release"] = "release_before_assessment"
    return wrong


def _check(subject: TrialSubject) -> None:
    """Raise TrialRefused for answers that cannot be; leave out what does not belong to them."""
    strata = Stratum.objects.filter(trial=subject.trial_id, risk_group=subject.risk_group)
    if not strata.filter(municipality=subject.municipality_id).exists():
        raise TrialRefused("not_in_trial")
    if subject.eligibility != Eligibility.NOT_ELIGIBLE:
        subject.not_eligible_reason = ""
    elif subject.not_eligible_reason not in NotInTrialReason.values:
        raise TrialRefused("reason_missing")
    if subject.eligibility != Eligibility.ELIGIBLE:
        subject.consent_form, subject.consent_on = "", None
    can = subject.eligibility == Eligibility.ELIGIBLE
    wrong = wrong_days(
        assessed_on=subject.assessed_on,
        consent_on=subject.consent_on,
        # Of somebody who does not take part it says nothing.
        expected_release=subject.expected_release if can else None,
    )
    for code in wrong.values():
        raise TrialRefused(code)
    if bool(subject.consent_on) != bool(subject.consent_form):
        raise TrialRefused("consent_missing")
    if subject.consent_form and subject.consent_form not in ConsentForm.values:
        raise TrialRefused("consent_missing")
    if subject.eligibility == Eligibility.ELIGIBLE and not _has_baseline(subject):
        raise TrialRefused("baseline_missing")


def _has_baseline(subject: TrialSubject) -> bool:
    known = all(getattr(subject, name) in kinds.values for name, kinds in BASELINE.items())
    return known and subject.expected_release is not None


def is_ready(subject: TrialSubject) -> bool:
    """Whether they can be drawn: they can, they will, and all that is asked before is answered."""
    return (
        not subject.is_randomised
        and subject.eligibility == Eligibility.ELIGIBLE
        and subject.consent_on is not None
        and subject.consent_withdrawn_on is None
        and _has_baseline(subject)
    )


@transaction.atomic
def allocate(subject: TrialSubject, by: Any, at: datetime | None = None) -> TrialSubject:
    """Draw: give the subject the next place of their stratum, for good, and say which arm it is.

    Who has been drawn stays as drawn: asking again draws nobody. Place and arm are kept in one
    transaction; before it ends nobody is told, and after it nothing of it can be changed.
    Raises TrialRefused when they are not ready, when the places have run out, or when the order
    cannot be opened; then nothing is changed.
    """
    trial = locked(subject.trial_id)
    subject = TrialSubject.objects.select_for_update().get(pk=subject.pk)
    if subject.is_randomised:
        return subject
    if trial.closed_on is not None:
        raise TrialRefused("closed")
    if not is_ready(subject):
        raise TrialRefused("not_ready")
    place = (
        TrialPlace.objects.filter(
            stratum__trial=trial,
            stratum__municipality=subject.municipality_id,
            stratum__risk_group=subject.risk_group,
            subject=None,
        )
        .select_related("stratum")
        .order_by("number")
        .first()
    )
    if place is None:
        raise TrialRefused(
            "no_place_left",
            municipality=subject.municipality.name,
            risk_group=str(RiskGroup(subject.risk_group).label),
        )
    try:
        number = order.arm_of(place, trial)
    except SealBroken as error:
        raise TrialRefused("broken_seal") from error
    subject.place = place
    subject.arm = TrialArm.objects.get(trial=trial, number=number)
    subject.allocated_at = at or timezone.now()
    subject.save(update_fields=["place", "arm", "allocated_at"])
    return subject


def places_left(trial: Trial) -> dict[tuple[str, str], int]:
    """How many places are left in each stratum, by municipality's code and risk group."""
    free = Count("places", filter=Q(places__subject=None))
    strata = Stratum.objects.filter(trial=trial).annotate(free=free).order_by()
    return {
        (code, risk_group): n
        for code, risk_group, n in strata.values_list("municipality", "risk_group", "free")
    }
