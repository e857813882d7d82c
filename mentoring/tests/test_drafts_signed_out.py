"""What is typed after the session has ended is kept for whoever typed it, and for nobody else."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Meeting, MeetingDraft
from mentoring.tests.open_page import JSON, OpenPage, kept
from mentoring.tests.test_undo import as_sent
from participants.tests.factories import EnrolmentFactory
from primus.access.models import AccessEntry, Event
from primus.accounts.form_proofs import VALID_FOR, issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


@pytest.fixture
def nobody():
    """The same browser after the session has ended, as strict about where forms come from."""
    return Client(enforce_csrf_checks=True)


def with_csrf(client, opened):
    """As a browser has it from the page it still shows."""
    client.get(reverse("account_login"))
    opened.page["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    return client


def test_typing_on_after_the_session_has_ended_is_kept_and_said(opened, nobody):
    response = opened.type("Skrevet uden session", client=with_csrf(nobody, opened))
    assert response.status_code == 401
    assert response.json() == {"state": "signed_out", "kept": True}
    assert OpenPage(opened.client, opened.enrolment).text == "Skrevet uden session"
    row = AccessEntry.objects.get(object_type="mentoring.meetingdraft", event=Event.CREATE)
    assert row.user == kept().author


def test_form_sent_after_the_session_has_ended_is_found_after_signing_in(opened, nobody, karen):
    response = opened.save(karen, note="Skal ikke væk", client=with_csrf(nobody, opened))
    assert response.status_code == 302
    back = nobody.get(response.url)
    assert back.url.startswith(reverse("account_login"))
    assert not Meeting.objects.exists()
    shown = opened.client.get(response.url)
    soup = BeautifulSoup(shown.content, "html.parser")
    assert "Skal ikke væk" in soup.select_one("#id_note").text
    assert soup.select_one("#log .alert-warning"), "it says that the meeting is not saved yet"


def test_page_whose_csrf_token_has_changed_loses_nothing(opened, karen):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(karen.user)
    browser.get(opened.address)
    response = opened.save(karen, note="Fra en gammel side", client=browser)
    assert response.status_code == 302
    assert not Meeting.objects.exists()
    assert "Fra en gammel side" in browser.get(response.url).text


def test_script_saves_with_the_token_of_the_cookie(opened, karen):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(karen.user)
    browser.get(opened.address)
    headers = {**JSON, "x-csrftoken": browser.cookies["csrftoken"].value}
    response = opened.save(karen, client=browser, headers=headers)
    meeting = Meeting.objects.get()
    assert response.json() == {
        "state": "saved",
        "next": reverse("meeting_saved", args=[meeting.pk]),
    }


def test_someone_else_who_signs_in_sees_and_saves_nothing_of_it(opened, client_for, rasmus, karen):
    partner = rasmus.pairs.get().seats.get(number=2).mentor
    theirs = client_for(partner)
    answer = opened.type("Karens tanker", client=theirs)
    assert (answer.status_code, answer.json()["state"]) == (409, "other_user")
    answer = opened.save(karen, note="Karens tanker", client=theirs, headers=JSON)
    assert (answer.status_code, answer.json()["state"]) == (409, "other_user")
    response = opened.save(karen, note="Karens tanker", client=theirs)
    assert response.status_code == 302
    assert "Karens tanker" not in theirs.get(response.url).text
    assert not Meeting.objects.exists()
    assert kept().author == karen.user
    assert kept().content["note"] == ["Karens tanker"]


class TestProof:
    """What lets a form in without a session lets nothing else in."""

    def send(self, opened, nobody, **answers):
        opened.page |= answers
        return opened.type("Indsmuglet", client=with_csrf(nobody, opened))

    def test_of_another_token(self, opened, nobody):
        assert not self.send(opened, nobody, token=str(uuid.uuid4())).json()["kept"]

    @pytest.mark.parametrize("proof", ["", "x", "1:2:3:4:5", "\x00", "é" * 50])
    def test_made_up(self, opened, nobody, proof):
        assert not self.send(opened, nobody, proof=proof).json()["kept"]

    def test_of_a_user_who_has_been_deactivated(self, opened, nobody, karen):
        type(karen.user).objects.filter(pk=karen.user.pk).update(is_active=False)
        assert not self.send(opened, nobody).json()["kept"]

    def test_from_before_the_password_was_changed(self, opened, nobody, karen):
        karen.user.set_password("et helt nyt kodeord")
        karen.user.save()
        assert not self.send(opened, nobody).json()["kept"]

    def test_grown_old(self, opened, nobody, karen, time_machine):
        time_machine.move_to(timezone.now() + VALID_FOR + timedelta(minutes=1))
        assert not self.send(opened, nobody).json()["kept"]

    def test_for_an_enrolment_that_is_not_theirs(self, opened, nobody):
        stranger = EnrolmentFactory(post_release=True)
        opened.page["csrfmiddlewaretoken"] = ""
        answer = opened.type("Indsmuglet", about=stranger, client=with_csrf(nobody, opened))
        assert not answer.json()["kept"]

    def test_tells_nothing_of_another_draft(self, opened, nobody, client):
        OpenPage(client, opened.enrolment).type("Fra en anden enhed")
        answer = self.send(opened, nobody)
        assert answer.json() == {"state": "signed_out", "kept": False}
        assert kept().content["note"] == ["Fra en anden enhed"]

    def teardown_method(self):
        assert not Meeting.objects.exists()


def test_form_that_cannot_be_kept_is_given_back_whole(opened, nobody, karen, client):
    """Another device has a draft that this page has not seen: the browser keeps the text, and it
    can be sent again once somebody has signed in."""
    OpenPage(client, opened.enrolment).type("Fra en anden enhed")
    text = 'Linje et\n\n  "Linje tre" <script>alert(1)</script>'
    response = opened.save(karen, note=text, client=with_csrf(nobody, opened))
    assert response.status_code == 403
    assert "<script>alert" not in response.text
    form = BeautifulSoup(response.content, "html.parser").select_one("form[method=post]")
    assert client.post(form["action"], as_sent(form)).status_code == 302
    assert Meeting.objects.get().note == text


def test_page_of_whoever_cannot_prove_it_is_not_given_back(nobody, rasmus, karen, client):
    """A foreign site must not get a page of ours with its own text in it."""
    opened = OpenPage(client, rasmus)
    opened.page["proof"] = issue(karen.user, uuid.uuid4())
    response = opened.save(karen, note="Fra et fremmed sted", client=nobody)
    assert response.status_code == 403
    assert "Fra et fremmed sted" not in response.text
    assert not MeetingDraft.objects.exists()
