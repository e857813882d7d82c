"""The demonstration's fictitious trial: its sizes, its sealed order, and what it shows."""

from datetime import date
from random import Random

import pytest

from outcomes.effects.snapshots import computed
from outcomes.models import FollowUp, Trial
from outcomes.recidivism import DEFINITIONS
from outcomes.trials.closing import verify
from participants.tests.factories import CoordinatorFactory
from primus.demo.seeding.trial import PLACES, write_trial
from primus.demo.seeding.world import World

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 26)


@pytest.mark.parametrize("seed", [2027])
def test_it_is_97_people_with_6_of_21_against_14_of_21(seed):
    by = CoordinatorFactory(municipalities=list(PLACES)).user
    write_trial(World(TODAY, Random(seed), dict.fromkeys(PLACES, by)))
    trial = Trial.objects.get()
    assert trial.is_demonstration
    assert trial.closed_on < TODAY
    proof = verify(trial)
    assert proof.agrees, proof.problems
    assert proof.drawn == 97
    drawn = trial.subjects.randomised()
    assert drawn.filter(arm__has_mentors=True).count() == 48
    assert drawn.filter(arm__has_mentors=False).count() == 49
    assert not trial.subjects.exclude(enrolment=None).exists()
    assert FollowUp.objects.filter(subject__in=drawn).count() == 97
    found = {one.definition: one.figures for one in computed(trial, TODAY)}
    assert set(found) == set(DEFINITIONS)
    figures = found["kriminalforsorgen"]
    highest = figures["subgroups"][0]["levels"][0]
    assert highest["level"] == "highest"
    assert (highest["mentors"]["n"], highest["mentors"]["of"]) == (6, 21)
    assert (highest["control"]["n"], highest["control"]["of"]) == (14, 21)
    assert figures["flow"]["assessed"] == 131
    # Every group may be shown by the trial's own definition, and the result by each of them.
    assert all(factor["p"] is not None for factor in figures["subgroups"])
    assert all(one["curve"] and one["measures"]["risk_difference"] for one in found.values())
    # Without mentors it begins after two weeks, with mentors after two months.
    first = {
        arm: next(point["month"] for point in figures["curve"][arm] if point["survival"] < 1)
        for arm in ("mentors", "control")
    }
    assert first["control"] == 1
    assert first["mentors"] >= 2
