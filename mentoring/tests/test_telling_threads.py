"""The same thing said or asked at the same moment from many places: it is there once."""

import threading
import uuid

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from mentoring.calendars import make_address
from mentoring.models import CalendarEntry, Concern, Letter, Seat, StopNotice, StopReason
from mentoring.stopping import give_notice
from mentoring.tests.factories import MeetingFactory, MentorFactory, PairFactory
from mentoring.tests.test_pairing_threads import at_once
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def coordinator():
    return CoordinatorFactory()


@pytest.fixture
def karen():
    return MentorFactory()


@pytest.fixture
def rasmus(karen, coordinator):
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    return enrolment


def test_twenty_requests_with_one_token_raise_one_concern(client_for, karen, rasmus):
    form = {
        "token": str(uuid.uuid4()),
        "enrolment": rasmus.pk,
        "urgency": "urgent",
        "text": "Står uden bolig.",
    }
    answers = at_once(client_for, *[(karen, reverse("concern_create"), form)] * 20)
    concern = Concern.objects.get()
    assert {a.url for a in answers} == {reverse("concern", args=[concern.pk])}
    assert Letter.objects.count() == 1


def test_a_mentor_stops_once(client_for, karen, rasmus):
    form = {"stops_on": in_days(14).isoformat(), "reason": StopReason.TIME, "note": ""}
    answers = at_once(client_for, *[(karen, reverse("seat_stop", args=[rasmus.pk]), form)] * 6)
    assert {a.status_code for a in answers} <= {200, 302}
    assert StopNotice.objects.count() == Letter.objects.count() == 1


@pytest.mark.parametrize("time", range(3))
def test_who_stays_and_who_follows_do_not_sit_in_one_seat(
    client_for, karen, rasmus, coordinator, time
):
    seat = Seat.objects.get(mentor=karen)
    give_notice(seat, in_days(14), StopReason.TIME)
    chosen = {"seat": "one", "mentors": [MentorFactory().pk]}
    at_once(
        client_for,
        (karen, reverse("seat_stop", args=[rasmus.pk]), {"do": "withdraw"}),
        (coordinator, reverse("pair_create", args=[rasmus.pk]), chosen),
    )
    follows = Seat.objects.filter(number=seat.number).exclude(pk=seat.pk).exists()
    seat.refresh_from_db()
    assert seat.held_until == (in_days(14) if follows else None)


def test_two_calendars_that_ask_together_are_told_the_same(karen, rasmus):
    MeetingFactory(enrolment=rasmus)
    path = reverse("calendar_feed", args=[make_address(karen)])
    barrier = threading.Barrier(6)
    answers = []

    def ask():
        try:
            barrier.wait(20)
            answers.append(Client().get(path).content)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 6
    assert len(set(answers)) == 1
    twice = CalendarEntry.objects.values("source").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.order_by("source").exists()
