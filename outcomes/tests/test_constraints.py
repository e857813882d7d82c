"""Every rule of the outcomes' tables, broken on purpose and refused by the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from outcomes.models import DashboardSnapshot, Reoffence, Sanction
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory, SnapshotFactory
from participants.tests.factories import municipality
from primus.testing.constraints import Breaches, changing, refused

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


@breaks.parametrize()
def test_the_database_refuses(name):
    breaks.check(name)


def test_every_constraint_is_broken_on_purpose():
    breaks.check_complete()


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
