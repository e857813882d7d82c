"""The flow of a trial: counted from what happened, everybody where they were drawn."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.tests.factories import PairFactory
from outcomes.models import Eligibility, RiskGroup, TrialSubject
from outcomes.tests.factories import (
    FollowUpFactory,
    ReoffenceFactory,
    TrialFactory,
    TrialSubjectFactory,
)
from outcomes.trials import following
from outcomes.trials.consort import flow
from outcomes.trials.standing import standing_of
from participants.tests.factories import EnrolmentFactory, in_days
from primus.testing.queries import query_budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial():
    return TrialFactory()


def followed(trial, *, has_mentors, **values):
    """Somebody released 1200 days ago, in whom the registers have been looked up."""
    subject = TrialSubjectFactory(trial=trial, has_mentors=has_mentors, followed=True)
    FollowUpFactory(enrolment=None, subject=subject, **values)
    return subject


def test_everybody_is_counted_once_by_what_happened(trial):
    TrialSubjectFactory(trial=trial, not_eligible=True)
    TrialSubjectFactory(trial=trial, not_eligible=True, not_eligible_reason="language")
    TrialSubjectFactory(trial=trial, declined=True)
    TrialSubjectFactory(trial=trial, consent_form="", consent_on=None)
    TrialSubjectFactory(trial=trial)
    following.withdraw(TrialSubjectFactory(trial=trial), in_days(0), None)
    TrialSubjectFactory(trial=trial, has_mentors=True)
    following.withdraw(followed(trial, has_mentors=True), in_days(0), None)
    TrialSubjectFactory(trial=trial, has_mentors=False, followed=True)
    followed(trial, has_mentors=False, died_on=in_days(-1000))
    followed(trial, has_mentors=False, emigrated_on=in_days(-1000))
    again = followed(trial, has_mentors=False)
    ReoffenceFactory(follow_up=again.follow_up, offence_on=in_days(-1150))
    followed(trial, has_mentors=False)
    early = TrialSubjectFactory(trial=trial, has_mentors=False)
    following.note_release(early, in_days(-1), None)
    TrialSubjectFactory(has_mentors=True)  # of another trial

    found = flow(trial)
    arms = found.pop("arms")
    assert found == {
        "assessed": 14,
        "not_eligible": dict.fromkeys(found["not_eligible"], 0) | {"safety": 1, "language": 1},
        "declined": 2,
        "undecided": 1,
        "ready": 1,
        "randomised": 8,
    }
    zero = dict.fromkeys(arms[0]["not_followed"], 0)
    assert arms == [
        {
            "number": 1,
            "has_mentors": True,
            "allocated": 2,
            "received": 0,
            "not_received": 2,
            "not_followed": zero | {"withdrew": 1, "not_released": 1},
            "analysed": 0,
        },
        {
            "number": 2,
            "has_mentors": False,
            "allocated": 6,
            "received": 0,
            "not_received": 6,
            "not_followed": zero | {"no_follow_up": 1, "died": 1, "emigrated": 1, "too_early": 1},
            "analysed": 2,
        },
    ]


def test_who_was_drawn_without_mentors_and_got_them_is_counted_where_they_were_drawn(trial):
    for has_mentors in (True, False):
        for number in range(2):
            subject = TrialSubjectFactory(trial=trial, has_mentors=has_mentors, followed=True)
            enrolment = EnrolmentFactory(
                referred_on=in_days(-1300),
                expected_release=in_days(-1200),
                released_on=in_days(-1200),
            )
            following.link(subject, enrolment, None)
            FollowUpFactory(enrolment=enrolment)
            if number == 0:
                PairFactory(enrolment=enrolment, formed_on=in_days(-1250))
    for arm in flow(trial)["arms"]:
        assert (arm["allocated"], arm["received"], arm["not_received"]) == (2, 1, 1)
        assert arm["analysed"] == 2


def test_the_horizon_is_the_trials_own():
    trial = TrialFactory(horizon_days=365)
    subject = followed(trial, has_mentors=True)
    ReoffenceFactory(follow_up=subject.follow_up, offence_on=in_days(-800))
    early = TrialSubjectFactory(trial=trial, has_mentors=True, followed=True)
    TrialSubject.objects.filter(pk=early.pk).update(released_on=in_days(-740))
    FollowUpFactory(enrolment=None, subject=early)
    # 365 days and the wait are over for both, though two years and the wait are not for one.
    assert flow(trial)["arms"][0]["analysed"] == 2


def test_the_sums_hold_whatever_happened(trial):
    chance = random.Random(5)
    for _ in range(40):
        kind = chance.choice(["not_eligible", "declined", "ready", "drawn", "drawn", "drawn"])
        if kind in ("not_eligible", "declined"):
            TrialSubjectFactory(trial=trial, **{kind: True})
            continue
        subject = TrialSubjectFactory(
            trial=trial,
            risk_group=chance.choice(RiskGroup.values),
            has_mentors=None if kind == "ready" else chance.random() < 0.5,
            followed=chance.random() < 0.7,
        )
        if chance.random() < 0.5 and subject.released_on and subject.is_randomised:
            died = in_days(-chance.randint(1, 1100)) if chance.random() < 0.3 else None
            FollowUpFactory(
                enrolment=None,
                subject=subject,
                died_on=died,
                register_date=in_days(-chance.choice([0, 400])),
            )
        if chance.random() < 0.2:
            following.withdraw(subject, in_days(0), None)
    with query_budget(6):
        found = flow(trial)
    parts = sum(found[name] for name in ("declined", "undecided", "ready", "randomised"))
    assert found["assessed"] == parts + sum(found["not_eligible"].values()) == 40
    assert sum(arm["allocated"] for arm in found["arms"]) == found["randomised"]
    for arm in found["arms"]:
        assert arm["allocated"] == arm["received"] + arm["not_received"]
        assert arm["allocated"] == arm["analysed"] + sum(arm["not_followed"].values())


def test_who_waits_is_the_same_in_the_list_and_on_the_page(trial):
    """One rule in SQL for the list, the same in Python for each."""
    today = timezone.localdate()
    for release in (-3, 0, 3):
        for has_mentors in (None, True, False):
            for extra in (
                {},
                {"released_on": today},
                {"released_on": today - timedelta(days=364)},
                {"released_on": today - timedelta(days=366)},
                {"consent_withdrawn_on": today},
            ):
                TrialSubjectFactory(
                    trial=trial,
                    has_mentors=has_mentors,
                    expected_release=today + timedelta(days=release),
                    **extra,
                )
    for values in ({"consent_form": "", "consent_on": None}, {"declined": True}):
        TrialSubjectFactory(trial=trial, **values)
    TrialSubjectFactory(trial=trial, not_eligible=True)
    linked = TrialSubjectFactory(trial=trial, has_mentors=True, enrolment=EnrolmentFactory())
    everybody = TrialSubject.objects.filter(trial=trial).select_related("arm")
    waiting = set(everybody.waiting(today))
    assert waiting == {subject for subject in everybody if standing_of(subject, today).waits}
    assert linked not in waiting
    assert 0 < len(waiting) < everybody.count()
    assert {s.eligibility for s in waiting} == {Eligibility.ELIGIBLE}
