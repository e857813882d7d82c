"""Who asked for what is not theirs, as those who answer for it see it in the log."""

import pytest
from django.urls import reverse

from mentoring.tests.factories import MentorFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


def test_an_attempt_on_a_person_is_seen_by_their_coordinator(client_for):
    coordinator, stranger = CoordinatorFactory(), MentorFactory()
    enrolment = EnrolmentFactory()
    client_for(stranger).get(reverse("enrolment", args=[enrolment.pk]))
    row = AccessEntry.objects.visible_to(coordinator.user).get(event=Event.REFUSED)
    assert (row.user, row.object_id) == (stranger.user, enrolment.pk)
    assert row.object_label == enrolment.case_number
    assert row.municipality_code == enrolment.municipality_id


def test_what_does_not_exist_is_refused_without_a_place(client_for):
    client_for(MentorFactory()).get(reverse("enrolment", args=[987654321]))
    row = AccessEntry.objects.get(event=Event.REFUSED)
    assert (row.object_id, row.object_label, row.municipality_code) == (987654321, "", "")
