"""The enrolment's page: what it says of the pair, the next step and the course of things."""

from datetime import datetime, time

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.history import history_of
from mentoring.models import Meeting
from mentoring.tests.factories import MeetingFactory, MentorFactory, PairFactory
from participants.tests.factories import EnrolmentFactory, in_days

pytestmark = pytest.mark.django_db


def page_of(client, enrolment) -> str:
    return client.get(reverse("enrolment", args=[enrolment.pk])).text


def test_a_coordinator_finds_the_way_from_a_full_pair_to_changing_it(coordinator_client):
    enrolment = PairFactory(enrolment__post_release=True).enrolment
    assert reverse("pair_create", args=[enrolment.pk]) in page_of(coordinator_client, enrolment)


def test_an_ended_enrolment_names_who_followed_and_has_no_next_step(coordinator_client):
    karen = MentorFactory(user__first_name="Karen", user__last_name="Opdigtsen")
    enrolment = EnrolmentFactory(ended=True)
    left = {"seat1__held_until": in_days(-1), "seat2__held_until": in_days(-1)}
    PairFactory(enrolment=enrolment, ended=True, seat1=karen, **left)
    MeetingFactory(enrolment=enrolment, next_step="Ses alle tre")
    page = page_of(coordinator_client, enrolment)
    assert "Karen Opdigtsen" in page
    assert "Ingen mentor endnu" not in page
    assert "Ses alle tre" not in page
    assert reverse("pair_create", args=[enrolment.pk]) not in page


def test_of_one_day_the_release_stands_below_the_meeting_that_followed():
    enrolment = EnrolmentFactory(post_release=True)
    noon = datetime.combine(enrolment.released_on, time(12))
    MeetingFactory(enrolment=enrolment, happened_at=timezone.make_aware(noon))
    lines = history_of(enrolment, Meeting.objects.all(), [], [])
    assert [line.text for line in lines][:2] == ["Første møde efter løsladelsen", "Løsladt"]
