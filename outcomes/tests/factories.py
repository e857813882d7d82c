"""What happened after release, for tests."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from outcomes.models import (
    AgeGroup,
    DashboardSnapshot,
    Eligibility,
    FollowUp,
    NotInTrialReason,
    PriorSentences,
    Reoffence,
    RiskGroup,
    Sanction,
    Stratum,
    Trial,
    TrialArm,
    TrialPlace,
    TrialSubject,
)
from outcomes.trials.order import Line
from participants.consents import has_consent
from participants.models import ConsentKind, ReleaseKind
from participants.models.consent import ConsentForm
from participants.tests.factories import ConsentFactory, EnrolmentFactory, in_days, municipality
from primus import sealing


def _day(days: int):
    return factory.LazyFunction(lambda: in_days(days))


class FollowUpFactory(DjangoModelFactory):
    """Registers looked through up to today for somebody released 400 days ago.

    Nothing of the kind is kept without consent, so one is given where there is none.
    ``enrolment=None, subject=…``: of a trial subject without a case file.
    """

    class Meta:
        model = FollowUp

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        enrolment = kwargs["enrolment"]
        if enrolment and not has_consent(enrolment, ConsentKind.OFFENCES):
            ConsentFactory(enrolment=enrolment, kind=ConsentKind.OFFENCES)
        return super()._create(model_class, *args, **kwargs)

    enrolment = factory.SubFactory(EnrolmentFactory, past_year=True)
    register_date = factory.LazyFunction(lambda: in_days(0))


class ReoffenceFactory(DjangoModelFactory):
    """A new offence 30 days after release, convicted 60 days later."""

    class Meta:
        model = Reoffence

    follow_up = factory.SubFactory(FollowUpFactory)
    offence_on = factory.LazyAttribute(
        lambda o: o.follow_up.enrolment.release_day + timedelta(days=30)
    )
    convicted_on = factory.LazyAttribute(lambda o: o.offence_on + timedelta(days=60))
    sanction = Sanction.UNSUSPENDED


class SnapshotFactory(DjangoModelFactory):
    """A bare snapshot of the whole country; ``municipality=…`` for one municipality."""

    class Meta:
        model = DashboardSnapshot

    municipality = None
    computed_at = factory.LazyFunction(timezone.now)
    figures = factory.LazyFunction(lambda: {"enrolments": 0})


class TrialFactory(DjangoModelFactory):
    """A trial with its two arms and no places yet: each subject that is drawn brings its own.
    ``arms=False``: without the arms.

    Where the order itself matters, use outcomes.trials.randomisation.new_trial.
    """

    class Meta:
        model = Trial
        skip_postgeneration_save = True

    class Params:
        key = factory.LazyFunction(sealing.new_key)

    name = factory.Sequence(lambda n: f"Forsøg {n}")
    block_sizes = factory.LazyFunction(lambda: [4, 6])
    sequence_hash = "0" * 64
    sealed_key = factory.LazyAttribute(lambda o: sealing.seal(o.key))
    sealed_salt = factory.LazyAttribute(lambda o: sealing.seal("00", o.key))
    created_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1500))

    @factory.post_generation
    def arms(self, create, extracted, **kwargs):
        if create and extracted is not False:
            for number, has_mentors in ((1, True), (2, False)):
                TrialArm.objects.create(trial=self, number=number, has_mentors=has_mentors)


class StratumFactory(DjangoModelFactory):
    """The highest risk in Aarhus, once in each trial."""

    class Meta:
        model = Stratum
        django_get_or_create = ("trial", "municipality", "risk_group")

    trial = factory.SubFactory(TrialFactory)
    municipality = factory.LazyFunction(municipality)
    risk_group = RiskGroup.HIGHEST


class TrialPlaceFactory(DjangoModelFactory):
    """The next place of a stratum; ``arm_number``: 1 has two mentors, 2 has not."""

    class Meta:
        model = TrialPlace

    class Params:
        arm_number = 1

    stratum = factory.SubFactory(StratumFactory)
    number = factory.LazyAttribute(lambda o: o.stratum.places.count() + 1)
    sealed_arm = factory.LazyAttribute(
        lambda o: sealing.seal(
            Line(o.stratum.municipality_id, o.stratum.risk_group, o.number, 1, o.arm_number).text,
            sealing.unseal(o.stratum.trial.sealed_key),
        )
    )


class TrialSubjectFactory(DjangoModelFactory):
    """Somebody who can take part, has said yes and is not drawn yet.

    ``has_mentors=True`` or ``False``: drawn to that arm. ``followed=True``: released 1200 days ago
    besides. ``declined=True``, ``not_eligible=True``: assessed and no more.
    """

    class Meta:
        model = TrialSubject

    class Params:
        has_mentors = None
        followed = factory.Trait(
            assessed_on=_day(-1260),
            consent_on=_day(-1260),
            expected_release=_day(-1200),
            released_on=_day(-1200),
        )
        declined = factory.Trait(eligibility=Eligibility.DECLINED, consent_form="", consent_on=None)
        not_eligible = factory.Trait(
            eligibility=Eligibility.NOT_ELIGIBLE,
            not_eligible_reason=NotInTrialReason.SAFETY,
            consent_form="",
            consent_on=None,
        )

    trial = factory.SubFactory(TrialFactory)
    number = factory.LazyAttribute(lambda o: o.trial.subjects.count() + 1)
    municipality = factory.LazyFunction(municipality)
    risk_group = RiskGroup.HIGHEST
    assessed_on = _day(-20)
    eligibility = Eligibility.ELIGIBLE
    consent_form = ConsentForm.WRITTEN
    consent_on = _day(-20)
    age_group = AgeGroup.UNDER_30
    priors = PriorSentences.MANY
    release_kind = ReleaseKind.PAROLE
    expected_release = _day(40)
    place = factory.LazyAttribute(
        lambda o: (
            None
            if o.has_mentors is None
            else TrialPlaceFactory(
                stratum=StratumFactory(
                    trial=o.trial, municipality=o.municipality, risk_group=o.risk_group
                ),
                arm_number=1 if o.has_mentors else 2,
            )
        )
    )
    arm = factory.LazyAttribute(lambda o: o.place and o.trial.arms.get(has_mentors=o.has_mentors))
    allocated_at = factory.LazyAttribute(
        lambda o: o.place and timezone.now() - timedelta(days=(in_days(0) - o.consent_on).days)
    )
