"""A goal and a contact tapped for at the same moment from many places: one of each."""

import uuid

import pytest

from mentoring.models import AuthorityContact
from mentoring.tests.factories import MentorFactory, PairFactory
from mentoring.tests.test_log_meeting_threads import at_once
from participants.models import Goal, GoalChange
from participants.tests.factories import GoalFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def karen():
    return MentorFactory()


@pytest.fixture
def rasmus(karen):
    return PairFactory(enrolment__post_release=True, seat1=karen).enrolment


def test_many_taps_agree_one_goal(karen, rasmus):
    form = {"token": str(uuid.uuid4()), "area": "work", "title": "Praktik", "due_when": "month"}
    answers = at_once(karen.user, [(f"/enrolments/{rasmus.pk}/plan/new/", form)] * 8)
    assert {answer.status_code for answer in answers} == {302}
    assert Goal.objects.count() == GoalChange.objects.count() == 1


def test_many_taps_add_one_contact(karen, rasmus):
    form = {"token": str(uuid.uuid4()), "authority": "bank", "name": "Bent", "phone": "70102030"}
    answers = at_once(karen.user, [(f"/enrolments/{rasmus.pk}/people/new/", form)] * 8)
    assert {answer.status_code for answer in answers} == {302}
    assert AuthorityContact.objects.count() == 1


def test_many_taps_reach_a_goal_once(karen, rasmus):
    goal = GoalFactory(enrolment=rasmus)
    answers = at_once(karen.user, [(f"/goals/{goal.pk}/", {"do": "reach"})] * 8)
    assert {answer.status_code for answer in answers} == {302}
    assert [change.kind for change in GoalChange.objects.all()] == ["reached"]
