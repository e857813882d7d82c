"""Whom many of these tests are about: Karen follows Rasmus with Jonas, and Danny with Birgit;
and what they and their coordinator have before them."""

import pytest

from mentoring.tests.factories import MentorFactory, PairFactory
from mentoring.tests.open_page import OpenPage
from participants.tests.factories import EnrolmentFactory


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen")


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas")


@pytest.fixture
def rasmus(karen, jonas):
    enrolment = EnrolmentFactory(post_release=True, participant__first_name="Rasmus")
    PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
    return enrolment


@pytest.fixture
def danny(karen):
    enrolment = EnrolmentFactory(gate_week=True, participant__first_name="Danny")
    PairFactory(enrolment=enrolment, seat1=karen, seat2__mentor__user__first_name="Birgit")
    return enrolment


@pytest.fixture
def opened(client_for, karen, rasmus):
    """Karen's form for a meeting with Rasmus."""
    return OpenPage(client_for(karen), rasmus)


@pytest.fixture
def enrolment(coordinator):
    return EnrolmentFactory(pre_release=True)


@pytest.fixture
def asked_for(monkeypatch):
    """The enrolments the worker was asked to plan reminders for."""
    asked: list[int] = []
    monkeypatch.setattr("mentoring.tasks.remind_enrolment.delay", asked.append)
    return asked
