"""Whose turn it is to meet next, and one mentor asking the other to."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Absence, TurnAnswer, TurnRequest
from mentoring.tests.factories import AbsenceFactory, MentorFactory, PairFactory, TurnRequestFactory
from mentoring.tests.home_cards import card, card_text, met
from participants.tests.factories import EnrolmentFactory, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


# --- Who goes next -------------------------------------------------------------------------------


def test_whoever_did_not_meet_last_goes_next(client, rasmus, karen, jonas):
    met(rasmus, jonas, days=9)
    met(rasmus, karen, days=2)
    assert card(client).turn.mentor == jonas
    met(rasmus, jonas, days=1)
    assert card(client).turn.mentor == karen


def test_after_a_meeting_with_both_it_is_who_carried_less_of_the_month(
    client, rasmus, karen, jonas
):
    met(rasmus, karen, jonas, days=1)
    assert card(client).turn.mentor is None
    met(rasmus, karen, days=5)
    assert card(client).turn.mentor == jonas
    for days in (31, 40, 50):
        met(rasmus, jonas, days=days)  # too long ago to count
    assert card(client).turn.mentor == jonas


def test_nobody_who_is_away_on_the_day_of_the_next_step_goes_next(client, rasmus, karen, jonas):
    met(rasmus, karen, next_step="Banken", next_step_on=in_days(8))
    assert card(client).turn.mentor == jonas
    AbsenceFactory(mentor=jonas, away_from=in_days(7), away_until=in_days(9))
    shown = card(client)
    assert shown.turn.mentor == karen
    assert not shown.can_ask
    Absence.objects.update(away_from=in_days(9), away_until=in_days(9))
    assert card(client).turn.mentor == jonas


def test_with_a_vacant_seat_it_is_the_one_who_is_left(client, karen):
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen, seat2=False)
    met(enrolment, karen)
    shown = card(client)
    assert shown.turn.mentor == karen
    assert shown.balance == ""
    assert reverse("turn_ask", args=[enrolment.pk]) not in card_text(client)


def test_the_balance_counts_held_meetings_of_thirty_days_once_for_each(
    client, rasmus, karen, jonas
):
    met(rasmus, karen, jonas, days=3)
    met(rasmus, karen, days=30)
    met(rasmus, jonas, days=31)
    met(rasmus, jonas, days=2, tried=True)
    met(rasmus, jonas, days=2, not_held=True)
    assert "2, Jonas 1" in card(client).balance


# --- Asking --------------------------------------------------------------------------------------


def test_a_request_is_asked_answered_shown_and_ended_by_the_meeting(
    client, client_for, rasmus, karen, jonas, django_capture_on_commit_callbacks
):
    theirs = client_for(jonas)
    met(rasmus, jonas)
    assert card(client).turn.mentor == karen
    with django_capture_on_commit_callbacks():
        client.post(reverse("turn_ask", args=[rasmus.pk]))
    asked = TurnRequest.objects.get()
    assert (asked.asked_by, asked.asked) == (karen, jonas)
    assert card(client).turn.why == card(theirs).turn.why == "asked"
    answer = reverse("turn_answer", args=[asked.pk])
    assert answer in theirs.get("/home/").content.decode()
    assert answer not in client.get("/home/").content.decode()

    theirs.post(answer, {"answer": "yes"})
    assert card(client).turn.mentor == jonas
    assert card(client).turn.why == "accepted"
    theirs.post(answer, {"answer": "no"})  # minds change
    assert card(client).turn.mentor == karen
    assert card(client).turn.why == "declined"
    theirs.post(answer, {"answer": "yes"})

    met(rasmus, karen, days=0)  # with the other it goes on counting
    assert card(client).turn.why == "accepted"
    met(rasmus, jonas, days=0)
    assert card(client).turn.why == "not_last"
    client.post(reverse("turn_ask", args=[rasmus.pk]))
    assert TurnRequest.objects.filter(closed_at=None).count() == 1


def test_a_request_can_be_taken_back_and_its_answer_then_comes_too_late(
    client, client_for, rasmus, jonas
):
    client.post(reverse("turn_ask", args=[rasmus.pk]))
    asked = TurnRequest.objects.get()
    client.post(reverse("turn_take_back", args=[asked.pk]))
    response = client_for(jonas).post(
        reverse("turn_answer", args=[asked.pk]), {"answer": "yes"}, follow=True
    )
    assert [m.level_tag for m in response.context["messages"]] == ["warning"]
    asked.refresh_from_db()
    assert asked.answer == ""
    assert card(client).turn.request is None


def test_when_one_cannot_and_the_other_is_away_they_must_agree(client, rasmus, karen, jonas):
    TurnRequestFactory(
        enrolment=rasmus, asked_by=jonas, asked=karen, answer="declined", answered_at=timezone.now()
    )
    assert card(client).turn.mentor == jonas
    AbsenceFactory(mentor=jonas)
    assert card(client).turn.mentor is None
    assert card(client).turn.request is not None


def test_nobody_is_asked_twice_nor_while_away_nor_without_a_fellow_mentor(
    client, client_for, rasmus, karen, jonas
):
    ask = reverse("turn_ask", args=[rasmus.pk])
    client.post(ask)
    client_for(jonas).post(ask)
    assert TurnRequest.objects.count() == 1
    TurnRequest.objects.all().delete()
    away = AbsenceFactory(mentor=jonas)
    client.post(ask)
    away.delete()
    rasmus.pairs.get().seats.filter(mentor=jonas).update(held_until=in_days(0))
    client.post(ask)
    assert not TurnRequest.objects.exists()


def test_a_request_to_a_mentor_who_has_left_says_nothing(client, rasmus, karen, jonas):
    TurnRequestFactory(enrolment=rasmus, asked_by=karen, asked=jonas, answer=TurnAnswer.ACCEPTED,
                       answered_at=timezone.now())  # fmt: skip
    pair = rasmus.pairs.get()
    pair.seats.filter(mentor=jonas).update(held_until=in_days(0))
    pair.seats.create(number=2, mentor=MentorFactory(), held_from=in_days(0))
    assert card(client).turn.request is None
    client.post(reverse("turn_ask", args=[rasmus.pk]))
    assert TurnRequest.objects.filter(closed_at=None).get().asked != jonas


def test_the_one_who_is_asked_is_told_by_an_e_mail_that_names_nobody(
    client, rasmus, karen, jonas, django_capture_on_commit_callbacks, monkeypatch
):
    from mentoring.tasks import tell_of_turn

    monkeypatch.setattr(tell_of_turn, "delay", tell_of_turn)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("turn_ask", args=[rasmus.pk]))
    (message,) = mail.outbox
    assert message.to == [jonas.user.email]
    for word in ("Rasmus", "Karen", "Jonas", rasmus.case_number):
        assert word not in message.subject + message.body
    TurnRequest.objects.update(closed_at=timezone.now())
    tell_of_turn(TurnRequest.objects.get().pk)
    assert len(mail.outbox) == 1
