"""Two mentors rate the same stage at the same moment: nothing is lost in silence."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mentoring.tests.factories import MentorFactory, PairFactory
from participants.models import NeedRating
from participants.tests.factories import EnrolmentFactory
from primus.access.models import AccessEntry, Event

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_two_who_say_otherwise_one_is_saved_and_one_is_told():
    mentors = [MentorFactory(), MentorFactory()]
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=mentors[0], seat2__mentor=mentors[1])
    path = reverse("needs_rate", args=[enrolment.pk, "start"])
    start = threading.Barrier(2)
    answers = {}

    def send(mentor, housing, own_area):
        client = Client()
        client.force_login(mentor.user)
        start.wait()
        try:
            answers[housing] = client.post(path, {"housing": housing, own_area: "3"}).status_code
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=args)
        for args in [(mentors[0], "1", "work"), (mentors[1], "5", "health")]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200, 302]
    saved = next(housing for housing, status in answers.items() if status == 302)
    rows = dict(NeedRating.objects.values_list("area", "rating"))
    assert rows == {"housing": int(saved), "work" if saved == "1" else "health": 3}
    assert AccessEntry.objects.filter(event=Event.CHANGE).count() == 1
