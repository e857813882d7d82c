"""The same form sent at the same moment from many places: one meeting, and no draft left over."""

import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from mentoring.models import Attendance, Meeting, MeetingDraft
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.tests.factories import EnrolmentFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def karen():
    return MentorFactory()


@pytest.fixture
def rasmus(karen):
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    return enrolment


@pytest.fixture
def form(karen, rasmus) -> dict:
    return {
        "token": str(uuid.uuid4()),
        "writer": str(uuid.uuid4()),
        "enrolment": rasmus.pk,
        "state": "held",
        "when": "now",
        "mode": "cafe",
        "mentors": [karen.pk],
        "areas": ["housing"],
        "text_housing": "En gang.",
    }


def at_once(user, requests: list[tuple[str, dict]]) -> list:
    """The answers to requests that are sent at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(requests))
    answers = [None] * len(requests)

    def send(number: int, url: str, data: dict):
        client = Client(headers={"accept": "application/json"})
        client.force_login(user)
        start.wait()
        try:
            answers[number] = client.post(url, data)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(n, *r)) for n, r in enumerate(requests)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_twenty_requests_with_one_token_save_one_meeting(karen, form):
    answers = at_once(karen.user, [("/meetings/new/", form)] * 20)
    assert [answer.status_code for answer in answers] == [200] * 20
    assert len({answer.json()["next"] for answer in answers}) == 1
    assert Meeting.objects.count() == 1
    assert Attendance.objects.count() == 1


def test_draft_that_is_kept_while_the_form_is_saved_does_not_outlive_it(karen, rasmus, form):
    drafts = [(f"/enrolments/{rasmus.pk}/draft/", {**form, "revision": n}) for n in range(1, 12)]
    answers = at_once(karen.user, [*drafts, *[("/meetings/new/", form)] * 3])
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert Meeting.objects.count() == 1
    assert not MeetingDraft.objects.exists()


def test_drafts_of_many_windows_at_once_are_one_draft(karen, rasmus, form):
    url = f"/enrolments/{rasmus.pk}/draft/"
    windows = [{**form, "token": str(uuid.uuid4()), "writer": str(uuid.uuid4())} for _ in range(8)]
    answers = at_once(karen.user, [(url, window) for window in windows])
    assert sorted(answer.json()["state"] for answer in answers) == ["elsewhere"] * 7 + ["kept"]
    assert MeetingDraft.objects.count() == 1


def test_many_taps_on_undo_give_the_text_back_once(karen, rasmus, form):
    (saved,) = at_once(karen.user, [("/meetings/new/", form)])
    undo = saved.json()["next"].replace("saved", "undo")
    answers = at_once(karen.user, [(undo, {"token": form["token"]})] * 8)
    assert {answer.status_code for answer in answers} == {302}
    assert not Meeting.objects.exists()
    assert MeetingDraft.objects.get().content["text_housing"] == ["En gang."]
