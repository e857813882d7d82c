"""The same form sent at the same moment from many places: one meeting."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from mentoring.models import Attendance, Meeting
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.tests.factories import EnrolmentFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_twenty_requests_with_one_token_save_one_meeting():
    karen = MentorFactory()
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    data = {
        "token": str(uuid.uuid4()),
        "enrolment": enrolment.pk,
        "state": "held",
        "when": "now",
        "mode": "cafe",
        "mentors": [karen.pk],
        "areas": ["housing"],
        "text_housing": "En gang.",
    }
    start = threading.Barrier(20)
    answers = []

    def send():
        client = Client()
        client.force_login(karen.user)
        start.wait()
        try:
            answers.append(client.post("/meetings/new/", data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 20
    assert Meeting.objects.count() == 1
    assert Attendance.objects.count() == 1
