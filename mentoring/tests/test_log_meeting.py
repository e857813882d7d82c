"""Logging a meeting: what is asked, what is kept, and that it is saved once."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Accompaniment, Concern, Meeting
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db
URL = "/meetings/new/"


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def filled(enrolment, mentors, **changes) -> dict:
    """A filled form as a browser sends it."""
    data = {
        "token": str(uuid.uuid4()),
        "enrolment": enrolment.pk,
        "state": "held",
        "when": "now",
        "mode": "cafe",
        "mentors": [m.pk for m in mentors],
        "areas": ["housing"],
        "text_housing": "Skrevet op hos boligforeningen.",
        "next_step": "Ringe til banken",
        "next_when": "week",
    }
    return {**data, **changes}


def errors_in(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [e.get_text(" ", strip=True) for e in soup.select(".field-error, .error-summary li")]


def test_meeting_is_saved_with_all_that_belongs_to_it(client, rasmus, karen, jonas):
    data = filled(
        rasmus,
        [karen, jonas],
        mode="authority",
        areas=["housing", "finance"],
        text_finance="Ringede til banken.",
        authority="job_centre",
        outcome="Praktik aftalt.",
        note="God stemning.",
        concern_text="Sover ikke.",
        concern_topic="health",
        concern_urgency="urgent",
    )
    response = client.post(URL, data, follow=True)
    meeting = Meeting.objects.get()
    assert response.redirect_chain[-1][0] == reverse("meeting_saved", args=[meeting.pk])
    assert meeting.enrolment == rasmus
    assert meeting.logged_by == karen.user
    assert set(meeting.mentors.all()) == {karen, jonas}
    assert {a.area: a.text for a in meeting.areas.all()} == {
        "housing": "Skrevet op hos boligforeningen.",
        "finance": "Ringede til banken.",
    }
    assert meeting.next_step_on == timezone.localdate() + timedelta(days=7)
    assert abs(meeting.happened_at - timezone.now()) < timedelta(minutes=1)
    assert Accompaniment.objects.get(meeting=meeting).outcome == "Praktik aftalt."
    concern = Concern.objects.get(meeting=meeting)
    assert (concern.urgency, concern.text) == ("urgent", "Sover ikke.")
    assert b"Rasmus" in response.content
    assert response.context["has_concern"]
    assert AccessEntry.objects.filter(event=Event.CREATE, object_id=meeting.pk).count() == 1


def test_same_form_sent_many_times_saves_once(client, rasmus, karen):
    data = filled(rasmus, [karen])
    for _ in range(3):
        assert client.post(URL, data).status_code == 302
    assert Meeting.objects.count() == 1
    assert AccessEntry.objects.filter(event=Event.CREATE).count() == 1


def test_changed_text_under_a_used_token_is_neither_lost_nor_saved_in_silence(
    client, rasmus, karen
):
    data = filled(rasmus, [karen])
    client.post(URL, data)
    changed = {**data, "text_housing": "En helt anden samtale."}
    response = client.post(URL, changed)
    assert response.status_code == 200
    assert Meeting.objects.count() == 1
    soup = BeautifulSoup(response.content, "html.parser")
    assert "En helt anden samtale." in soup.select_one("#id_text_housing").text
    token = soup.select_one("[name=token]")["value"]
    assert token != data["token"]
    assert client.post(URL, {**changed, "token": token}).status_code == 302
    assert Meeting.objects.count() == 2


def test_token_of_someone_else_is_refused_without_a_meeting(client_for, rasmus, karen, jonas):
    data = filled(rasmus, [karen])
    client_for(karen).post(URL, data)
    own = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=own, seat1=jonas)
    response = client_for(jonas).post(URL, {**data, "enrolment": own.pk, "mentors": [jonas.pk]})
    assert response.status_code == 200
    assert errors_in(response)
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"mode": ""}, "mode"),
        ({"mentors": []}, "mentors"),
        ({"state": "not_held"}, "not_held_reason"),
        ({"when": "day", "day": ""}, "day"),
        ({"when": "day", "day": "32-13-2026"}, "day"),
        ({"when": "yesterday", "at": "25.99"}, "at"),
        ({"next_when": "day", "next_day": ""}, "next_day"),
        ({"next_step": "", "next_when": "tomorrow"}, "next_step"),
        ({"outcome": "Praktik", "authority": ""}, "authority"),
        ({"enrolment": "999999"}, "enrolment"),
        ({"state": "invented"}, "state"),
    ],
)
def test_wrong_answer_is_told_beside_the_question_and_nothing_is_lost(
    client, rasmus, karen, changes, field
):
    data = filled(rasmus, [karen], note="Husk det her.", concern_text="Det her også.") | changes
    response = client.post(URL, data)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one(f"#id_{field}_error"), errors_in(response)
    assert "Husk det her." in soup.select_one("#id_note").text
    assert "Det her også." in soup.select_one("#id_concern_text").text
    assert "Skrevet op hos boligforeningen." in soup.select_one("#id_text_housing").text
    assert soup.select_one("[name=token]")["value"] == data["token"]
    assert not Meeting.objects.exists()


def test_meeting_lies_between_referral_and_now_and_at_most_60_days_back(client, rasmus, karen):
    today = timezone.localdate()
    rasmus.referred_on = today - timedelta(days=30)
    rasmus.released_on = rasmus.expected_release = today - timedelta(days=10)
    rasmus.save()
    for days, accepted in [(-1, False), (0, True), (30, True), (31, False), (61, False)]:
        day = (today - timedelta(days=days)).isoformat()
        before = Meeting.objects.count()
        client.post(URL, filled(rasmus, [karen], when="day", day=day))
        assert Meeting.objects.count() - before == int(accepted), day


def test_not_held_keeps_its_reason_and_drops_what_was_not_asked(client, rasmus, karen):
    data = filled(rasmus, [karen], state="not_held", not_held_reason="no_show", outcome="x")
    data["authority"] = "bank"
    client.post(URL, data)
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.not_held_reason, meeting.mode) == ("not_held", "no_show", "")
    assert not meeting.areas.exists()
    assert not Accompaniment.objects.exists()


def test_partner_of_another_pair_cannot_be_put_at_the_meeting(client, rasmus, karen):
    other = MentorFactory()
    second = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=second, seat1=karen, seat2=other)
    response = client.post(URL, filled(rasmus, [karen, other]))
    assert response.status_code == 200
    assert errors_in(response)
    assert not Meeting.objects.exists()


def test_hostile_text_is_kept_as_it_was_and_shown_harmless(client, rasmus, karen):
    text = '<script>alert(1)</script> 👩‍👩‍👧 שלום \u202eabc & "x" \'' + "æ" * 5000
    client.post(URL, filled(rasmus, [karen], text_housing=text, note=text))
    assert Meeting.objects.get().note == text
    page = client.get(reverse("enrolment", args=[rasmus.pk])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_too_long_and_null_characters_are_refused_in_words(client, rasmus, karen):
    for text in ("x" * 20_001, "a\x00b"):
        response = client.post(URL, filled(rasmus, [karen], note=text))
        assert response.status_code == 200
        assert errors_in(response)
    assert not Meeting.objects.exists()


def test_mentor_without_anyone_to_follow_is_told_so_at_home(client_for):
    client = client_for(MentorFactory())
    response = client.get(URL, follow=True)
    assert response.redirect_chain == [(reverse("mentor_home"), 302)]
    assert BeautifulSoup(response.content, "html.parser").select_one("#messages .alert")
    assert client.post(URL, {}, headers={"accept": "application/json"}).json()["sentence"]


def test_coordinator_logs_on_a_mentors_behalf_in_own_municipality_only(client_for, rasmus, karen):
    own = client_for(CoordinatorFactory())
    assert own.get(f"{URL}?enrolment={rasmus.pk}").status_code == 200
    response = own.post(f"{URL}?enrolment={rasmus.pk}", filled(rasmus, [karen]))
    meeting = Meeting.objects.get()
    assert response.url == reverse("meeting_saved", args=[meeting.pk])
    assert meeting.mentors.get() == karen
    other = client_for(CoordinatorFactory(municipalities=["0101"]))
    assert other.get(f"{URL}?enrolment={rasmus.pk}").status_code == 404
    assert other.post(f"{URL}?enrolment={rasmus.pk}", filled(rasmus, [karen])).status_code == 404


@pytest.mark.parametrize("number", ["", "²", "one", "-1", "9" * 30, "9" * 5000])
def test_what_is_no_number_of_an_enrolment_is_a_404(client_for, rasmus, number):
    own = client_for(CoordinatorFactory())
    assert own.get(URL, {"enrolment": number}).status_code == 404


def test_form_asks_for_a_fixed_number_of_queries(client, karen, query_budget):
    for _ in range(2):
        PairFactory(enrolment=EnrolmentFactory(post_release=True), seat1=karen)
    with query_budget(12):
        client.get(URL)
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    data = filled(
        enrolment,
        [karen],
        areas=["housing", "finance", "work", "health", "network"],
        authority="bank",
        concern_text="x",
    )
    with query_budget(20):
        assert client.post(URL, data).status_code == 302
