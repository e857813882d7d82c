"""Every rule of the outcomes' tables, broken on purpose and refused by the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from outcomes.models import (
    DashboardSnapshot,
    EconomyScenario,
    EffectSnapshot,
    Eligibility,
    FollowUp,
    Reoffence,
    Sanction,
    TrialArm,
)
from outcomes.tests.factories import (
    FollowUpFactory,
    ReoffenceFactory,
    SnapshotFactory,
    StratumFactory,
    TrialFactory,
    TrialPlaceFactory,
    TrialSubjectFactory,
)
from outcomes.tests.research_data import ResearchExportFactory
from participants.tests.factories import in_days, municipality
from primus.testing.constraints import Breaches, adding, changing, refused

pytestmark = pytest.mark.django_db

breaks = Breaches("outcomes")


@breaks("reoffence_conviction_not_before_offence")
def _():
    reoffence = ReoffenceFactory()
    return changing(reoffence, convicted_on=reoffence.offence_on - timedelta(days=1))


@breaks("reoffence_sanction_is_known")
def _():
    return changing(ReoffenceFactory(), sanction="scolding")


@breaks("reoffence_recorded_once")
def _():
    first = ReoffenceFactory()
    return lambda: Reoffence.objects.create(
        follow_up=first.follow_up,
        offence_on=first.offence_on,
        convicted_on=first.convicted_on,
        sanction=first.sanction,
    )


@breaks("snapshot_one_per_municipality_and_period")
def _():
    first = SnapshotFactory(municipality=municipality())
    return lambda: DashboardSnapshot.objects.create(
        municipality=first.municipality, computed_at=first.computed_at, figures={}
    )


@breaks("follow_up_of_enrolment_or_subject")
def _():
    return adding(FollowUp(register_date=in_days(0)))


@breaks("effect_snapshot_one_per_definition")
def _():
    trial = TrialFactory()
    row = {"trial": trial, "definition": "dst", "computed_at": trial.created_at, "figures": {}}
    EffectSnapshot.objects.create(**row)
    return adding(EffectSnapshot(**row))


@breaks("economy_scenario_name_is_unique")
def _():
    first = EconomyScenario.objects.create(name="With volunteers' hours")
    return adding(EconomyScenario(name=first.name))


@breaks("trial_name_is_unique")
def _():
    return adding(TrialFactory.build(name=TrialFactory().name))


@breaks("trial_horizon_within_bounds")
def _():
    return adding(TrialFactory.build(horizon_days=29))


@breaks("trial_order_opened_when_closed")
def _():
    return changing(TrialFactory(), closed_on=in_days(0))


@breaks("trial_arm_number_once")
def _():
    trial = TrialFactory(arms=False)
    TrialArm.objects.create(trial=trial, number=1, has_mentors=True)
    return adding(TrialArm(trial=trial, number=1, has_mentors=False))


@breaks("trial_arm_one_with_mentors_one_without")
def _():
    trial = TrialFactory(arms=False)
    TrialArm.objects.create(trial=trial, number=1, has_mentors=True)
    return adding(TrialArm(trial=trial, number=2, has_mentors=True))


@breaks("trial_arm_weight_within_bounds")
def _():
    trial = TrialFactory(arms=False)
    return adding(TrialArm(trial=trial, number=1, has_mentors=True, weight=5))


@breaks("stratum_once_in_trial")
def _():
    first = StratumFactory()
    return adding(StratumFactory.build(trial=first.trial, municipality=first.municipality))


@breaks("stratum_risk_group_is_known")
def _():
    return adding(
        StratumFactory.build(
            trial=TrialFactory(), municipality=municipality(), risk_group="enormous"
        )
    )


@breaks("trial_place_number_once")
def _():
    first = TrialPlaceFactory()
    return adding(type(first)(stratum=first.stratum, number=first.number, sealed_arm="-"))


@breaks("trial_subject_number_once")
def _():
    first = TrialSubjectFactory()
    return adding(_another(first, number=first.number))


@breaks("trial_subject_drawn_only_with_consent")
def _():
    return adding(_about_to_be_drawn(consent_form="", consent_on=None))


@breaks("trial_subject_drawn_only_with_baseline")
def _():
    return adding(_about_to_be_drawn(priors=""))


@breaks("trial_subject_consent_fits_result")
def _():
    return changing(TrialSubjectFactory(), eligibility=Eligibility.DECLINED)


@breaks("trial_subject_reason_fits_result")
def _():
    return changing(TrialSubjectFactory(declined=True), not_eligible_reason="safety")


@breaks("trial_subject_eligibility_is_known")
def _():
    return changing(TrialSubjectFactory(declined=True), eligibility="perhaps")


@breaks("trial_subject_risk_group_is_known")
def _():
    return changing(TrialSubjectFactory(), risk_group="enormous")


@breaks("trial_subject_consent_withdrawn_not_before_given")
def _():
    subject = TrialSubjectFactory()
    return changing(subject, consent_withdrawn_on=subject.consent_on - timedelta(days=1))


def _another(first, **values):
    """A second subject of the same trial, not saved."""
    return TrialSubjectFactory.build(
        trial=first.trial, municipality=first.municipality, **({"number": 2} | values)
    )


def _about_to_be_drawn(**values):
    """A subject with the next place of a stratum, not saved."""
    place = TrialPlaceFactory()
    trial = place.stratum.trial
    return TrialSubjectFactory.build(
        trial=trial,
        number=1,
        municipality=place.stratum.municipality,
        place=place,
        arm=trial.arms.get(number=1),
        allocated_at=trial.created_at,
        **values,
    )


@breaks("research_export_has_purpose")
def _():
    return changing(ResearchExportFactory(), purpose="")


@breaks("research_export_file_only_when_made_and_kept")
def _():
    export = ResearchExportFactory()
    return changing(export, deleted_at=export.built_at)


@breaks("research_export_not_made_is_known")
def _():
    return changing(ResearchExportFactory(content=None, built_at=None), not_made="tired")


@breaks.parametrize()
def test_the_database_refuses(name):
    breaks.check(name)


def test_every_constraint_is_broken_on_purpose():
    breaks.check_complete()


def test_no_consent_is_taken_back_that_was_never_given():
    """Nothing is not less than any day, so this takes a condition of its own."""
    subject = TrialSubjectFactory(declined=True)
    with refused("trial_subject_consent_withdrawn_not_before_given"):
        changing(subject, consent_withdrawn_on=in_days(0))()


def test_there_is_one_snapshot_of_the_whole_country():
    """None is not equal to None, so this takes an index of its own."""
    SnapshotFactory()
    SnapshotFactory(municipality=municipality())
    with refused("snapshot_one_per_municipality_and_period"):
        SnapshotFactory()


def test_an_enrolment_has_one_follow_up():
    first = FollowUpFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpFactory(enrolment=first.enrolment)


def test_two_convictions_may_come_of_one_day():
    first = ReoffenceFactory(sanction=Sanction.FINE)
    ReoffenceFactory(
        follow_up=first.follow_up, offence_on=first.offence_on, sanction=Sanction.SUSPENDED
    )
    assert first.follow_up.reoffences.count() == 2
