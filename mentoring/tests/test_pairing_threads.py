"""Two coordinators at once: exactly one wins, the other is told, nothing is half done."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from mentoring.models import MentorPair, Seat
from mentoring.pairing import PairingRefused
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TIMES = 3


def at_once(client_for, *requests):
    """Send each (user, path, data) from a thread of its own at the same moment; the responses."""
    barrier = threading.Barrier(len(requests))
    answers: dict[int, object] = {}

    def send(number, user, path, data):
        try:
            client = client_for(user)
            barrier.wait(20)
            answers[number] = client.post(path, data)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=(number, *request))
        for number, request in enumerate(requests)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == len(requests)
    return [answers[number] for number in sorted(answers)]


def page(enrolment) -> str:
    return reverse("pair_create", args=[enrolment.pk])


def lost(responses):
    """The one that did not win; exactly one did."""
    assert sorted(response.status_code for response in responses) == [200, 302]
    return next(response for response in responses if response.status_code == 200)


@pytest.mark.parametrize("time", range(TIMES))
def test_two_pairs_for_one_participant(client_for, time):
    enrolment = EnrolmentFactory()
    mentors = [MentorFactory() for _ in range(4)]
    one, other = CoordinatorFactory(), CoordinatorFactory()
    loser = lost(
        at_once(
            client_for,
            (one, page(enrolment), {"mentors": [m.pk for m in mentors[:2]]}),
            (other, page(enrolment), {"mentors": [m.pk for m in mentors[2:]]}),
        )
    )
    assert PairingRefused("already_paired").sentence in loser.content.decode()
    pair = MentorPair.objects.get()
    holders = {seat.mentor_id for seat in pair.seats.all()}
    assert holders in ({m.pk for m in mentors[:2]}, {m.pk for m in mentors[2:]})
    assert Seat.objects.count() == 2


@pytest.mark.parametrize("time", range(TIMES))
def test_the_last_place_of_one_mentor_for_two_participants(client_for, time):
    first, second = EnrolmentFactory(), EnrolmentFactory()
    wanted = MentorFactory(capacity=1)
    a, b = MentorFactory(), MentorFactory()
    one, other = CoordinatorFactory(), CoordinatorFactory()
    loser = lost(
        at_once(
            client_for,
            (one, page(first), {"mentors": [wanted.pk, a.pk]}),
            (other, page(second), {"mentors": [b.pk, wanted.pk]}),
        )
    )
    assert PairingRefused("full", wanted).sentence in loser.content.decode()
    assert MentorPair.objects.count() == 1
    assert Seat.objects.count() == 2
    assert Seat.objects.filter(mentor=wanted).count() == 1


@pytest.mark.parametrize("time", range(TIMES))
def test_two_participants_for_the_same_two_mentors_in_opposite_order(client_for, time):
    """Neither waits for the other in a circle."""
    first, second = EnrolmentFactory(), EnrolmentFactory()
    a, b = MentorFactory(capacity=2), MentorFactory(capacity=2)
    one, other = CoordinatorFactory(), CoordinatorFactory()
    answers = at_once(
        client_for,
        (one, page(first), {"mentors": [a.pk, b.pk]}),
        (other, page(second), {"mentors": [b.pk, a.pk]}),
    )
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Seat.objects.count() == 4


@pytest.mark.parametrize("time", range(TIMES))
def test_two_mentors_for_one_vacant_seat(client_for, time):
    enrolment = EnrolmentFactory()
    PairFactory(enrolment=enrolment, seat2=False)
    a, b = MentorFactory(), MentorFactory()
    one, other = CoordinatorFactory(), CoordinatorFactory()
    loser = lost(
        at_once(
            client_for,
            (one, page(enrolment), {"mentors": [a.pk], "seat": "one"}),
            (other, page(enrolment), {"mentors": [b.pk], "seat": "one"}),
        )
    )
    assert PairingRefused("no_vacancy").sentence in loser.content.decode()
    assert Seat.objects.held().filter(pair__enrolment=enrolment).count() == 2


@pytest.mark.parametrize("time", range(TIMES))
def test_an_enrolment_that_ends_while_it_is_paired(client_for, time):
    enrolment = EnrolmentFactory()
    mentors = [MentorFactory(), MentorFactory()]
    one, other = CoordinatorFactory(), CoordinatorFactory()
    today = enrolment.referred_on.today().isoformat()
    at_once(
        client_for,
        (one, page(enrolment), {"mentors": [m.pk for m in mentors]}),
        (
            other,
            reverse("enrolment_end", args=[enrolment.pk]),
            {"ended_on": today, "end_reason": "withdrew", "shown": f"{today} withdrew"},
        ),
    )
    enrolment.refresh_from_db()
    assert enrolment.end_reason == "withdrew"
    # Whoever was first: nobody follows an enrolment that has ended.
    assert not Seat.objects.held().exists()
    assert not MentorPair.objects.current().exists()
