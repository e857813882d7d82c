"""Both mentors at the same moment, on a database that really lets them."""

import pytest
from django.urls import reverse

from mentoring.models import Absence, TurnRequest
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.models import ChecklistItem, ChecklistPoint
from participants.tests.factories import EnrolmentFactory, in_days
from primus.testing.threads import codes_at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair(client_for):
    enrolment = EnrolmentFactory(gate_week=True)
    mentors = [MentorFactory(), MentorFactory()]
    PairFactory(enrolment=enrolment, seat1=mentors[0], seat2=mentors[1])
    return enrolment, [client_for(mentor) for mentor in mentors]


def test_two_who_ask_each_other_at_once_are_one_request(pair):
    enrolment, clients = pair
    url = reverse("turn_ask", args=[enrolment.pk])
    codes = codes_at_once(*[lambda client=client: client.post(url) for client in clients * 4])
    assert codes == [302] * 8
    assert TurnRequest.objects.count() == 1


def test_two_who_tick_the_same_point_at_once_both_succeed(pair):
    enrolment, clients = pair
    point = ChecklistPoint.objects.earliest("position").pk
    url = reverse("checklist_save", args=[enrolment.pk])
    codes = codes_at_once(
        *[lambda client=client: client.post(url, {"point": [point]}) for client in clients * 4]
    )
    assert codes == [302] * 8
    assert ChecklistItem.objects.done().count() == 1


def test_the_same_absence_sent_twice_is_one(pair):
    _enrolment, clients = pair
    days = {"away_from": in_days(1).isoformat(), "away_until": in_days(3).isoformat()}
    url = reverse("absence_create")
    codes = codes_at_once(*[lambda: clients[0].post(url, days)] * 6)
    assert sorted(codes) == [200] * 5 + [302]
    assert Absence.objects.count() == 1
