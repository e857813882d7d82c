"""What happened after release, for tests."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from outcomes.models import DashboardSnapshot, FollowUp, Reoffence, Sanction
from participants.consents import has_consent
from participants.models import ConsentKind
from participants.tests.factories import ConsentFactory, EnrolmentFactory, in_days


class FollowUpFactory(DjangoModelFactory):
    """Registers looked through up to today for somebody released 400 days ago.

    Nothing of the kind is kept without consent, so one is given where there is none.
    """

    class Meta:
        model = FollowUp

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        enrolment = kwargs["enrolment"]
        if not has_consent(enrolment, ConsentKind.OFFENCES):
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
