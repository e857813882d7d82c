"""Messages to a pair or to a municipality's mentors: read here, told of by e-mail, exactly once."""

import uuid

import pytest
from django.core import mail
from django.urls import reverse

from mentoring.letters import send_letters
from mentoring.models import Letter, Message, MessageRecipient
from mentoring.tests.factories import MentorFactory, PairFactory, SeatFactory
from participants.tests.factories import (
    ELSEWHERE,
    CoordinatorFactory,
    EnrolmentFactory,
    in_days,
    municipality,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

NEW = "/messages/new/"
SUBJECT, TEXT = "Mentoraften på torsdag", "Vi mødes klokken 19 hos <b>Birgit</b>."


@pytest.fixture
def client(client_for, coordinator_user):
    return client_for(coordinator_user)


def send(client, path=NEW, **changes):
    return client.post(
        path, {"token": str(uuid.uuid4()), "subject": SUBJECT, "text": TEXT, **changes}
    )


def test_to_all_active_mentors_of_a_municipality(client, client_for, coordinator_user):
    active = {MentorFactory(), MentorFactory()}
    MentorFactory(state="paused")
    MentorFactory(user__is_active=False)
    MentorFactory(municipality=municipality(ELSEWHERE))
    shown = client.get(NEW).content.decode()
    assert all(str(mentor.user) in shown for mentor in active)
    answer = send(client)
    message = Message.objects.get()
    assert answer.url == reverse("message", args=[message.pk])
    users = {mentor.user for mentor in active}
    assert {row.user for row in message.recipients.all()} == users
    assert {letter.recipient for letter in message.letters.all()} == users
    send_letters()
    send_letters()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(user.email for user in users)
    for sent in mail.outbox:
        written = f"{sent.subject} {sent.body}"
        assert reverse("message", args=[message.pk]) in written
        for secret in (SUBJECT, "klokken", str(coordinator_user), "Aarhus"):
            assert secret not in written


def test_a_form_that_is_sent_twice_is_one_message(client):
    MentorFactory()
    token = str(uuid.uuid4())
    for _ in range(2):
        assert send(client, token=token).status_code == 302
    assert Message.objects.count() == Letter.objects.count() == 1
    # The same form with another text is not lost in silence.
    assert send(client, token=token, text="Noget andet").status_code == 200
    assert Message.objects.count() == 1


def test_to_the_pair_of_an_enrolment(client, client_for):
    enrolment = EnrolmentFactory(post_release=True)
    pair = PairFactory(enrolment=enrolment)
    left, outsider = MentorFactory(), MentorFactory()
    SeatFactory(pair=pair, mentor=left, held_from=in_days(-9), held_until=in_days(-1))
    path = f"{NEW}?enrolment={enrolment.pk}"
    people = client.get(reverse("enrolment_people", args=[enrolment.pk])).content.decode()
    assert path in people
    send(client, path)
    message = Message.objects.get()
    holders = {seat.mentor.user for seat in pair.seats.held()}
    assert {row.user for row in message.recipients.all()} == holders
    one, other = sorted(holders, key=lambda user: user.pk)
    read = reverse("message", args=[message.pk])
    assert client_for(one).get(read).status_code == 200
    assert client_for(outsider).get(read).status_code == 404
    assert client_for(CoordinatorFactory(municipalities=[ELSEWHERE])).get(read).status_code == 404
    # Who gives up the seat sees it no longer, and is not told of it.
    pair.seats.filter(mentor__user=other).update(held_until=in_days(0))
    assert client_for(other).get(read).status_code == 404
    send_letters()
    assert mail.outbox == []


def test_nobody_is_written_to_where_there_is_nobody(client):
    enrolment = EnrolmentFactory()
    path = f"{NEW}?enrolment={enrolment.pk}"
    assert client.get(path).status_code == 200
    assert send(client, path).status_code == 200
    assert send(client).status_code == 200
    assert not Message.objects.exists()


def test_who_has_several_municipalities_says_which(client, coordinator):
    coordinator.municipalities.add(municipality(ELSEWHERE))
    there = MentorFactory(municipality=municipality(ELSEWHERE))
    MentorFactory()
    path = f"{NEW}?municipality={ELSEWHERE}"
    assert path in client.get(NEW).content.decode()
    assert send(client).status_code == 200
    assert not Message.objects.exists()
    send(client, path)
    assert MessageRecipient.objects.get().user == there.user
    # One that is not theirs is none of their choices.
    coordinator.municipalities.set([municipality(), municipality("0101")])
    assert str(there.user) not in client.get(path).content.decode()


def test_the_inbox_and_who_has_read(client, client_for, query_budget):
    karen, jonas = MentorFactory(), MentorFactory()
    send(client)
    message = Message.objects.get()
    own = client_for(karen)
    waits = reverse("message_list")
    assert waits in own.get(reverse("mentor_home")).content.decode()
    assert own.get(waits).content.decode().count('class="unread"') == 1
    page = own.get(reverse("message", args=[message.pk])).content.decode()
    assert SUBJECT in page
    assert "<b>Birgit" not in page
    assert 'class="unread"' not in own.get(waits).content.decode()
    read = MessageRecipient.objects.get(user=karen.user)
    assert read.read_at
    own.get(reverse("message", args=[message.pk]))
    assert MessageRecipient.objects.get(user=karen.user).read_at == read.read_at
    # What has been read already needs no e-mail.
    send_letters()
    assert [sent.to for sent in mail.outbox] == [[jonas.user.email]]
    seen = client.get(reverse("message", args=[message.pk])).content.decode()
    assert str(karen.user) in seen
    assert str(jonas.user) in seen
    assert seen.count("text-ok") == 1
    with query_budget(12):
        client.get(waits)
    assert AccessEntry.objects.filter(user=karen.user, event=Event.READ).exists()
