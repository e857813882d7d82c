"""A mentor raises a concern from anywhere, and sees what comes of it."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.concerns import acknowledge, resolve
from mentoring.models import Concern, ConcernTopic, Urgency
from mentoring.tests.factories import ConcernFactory, MeetingFactory, MentorFactory, PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

NEW = reverse("concern_create")


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", user__language="en")


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def follow(mentor, **enrolment):
    return PairFactory(enrolment=EnrolmentFactory(**enrolment), seat1=mentor).enrolment


def said(enrolment, **values) -> dict:
    return {
        "token": str(uuid.uuid4()),
        "enrolment": enrolment.pk,
        "urgency": Urgency.URGENT,
        "topic": ConcernTopic.HOUSING,
        "text": "Står uden bolig fra i morgen.",
        **values,
    }


def soup_of(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_it_is_raised_with_topic_urgency_and_text(client, karen):
    enrolment = follow(karen)
    response = client.post(NEW, said(enrolment))
    concern = Concern.objects.get()
    assert response.url == reverse("concern", args=[concern.pk])
    assert (concern.enrolment, concern.raised_by) == (enrolment, karen.user)
    assert (concern.urgency, concern.topic) == (Urgency.URGENT, ConcernTopic.HOUSING)
    assert concern.text == "Står uden bolig fra i morgen."
    entry = AccessEntry.objects.get(event=Event.CREATE)
    assert (entry.object_id, entry.object_label) == (concern.pk, enrolment.case_number)


def test_the_participant_of_the_page_is_chosen_already(client, karen):
    one, other = follow(karen), follow(karen)
    for enrolment in (one, other):
        page = soup_of(client.get(reverse("enrolment", args=[enrolment.pk])))
        entry = page.select_one("a.nav-concern")
        assert entry["href"] == f"{NEW}?enrolment={enrolment.pk}"
        form = soup_of(client.get(entry["href"]))
        assert form.select_one("[name=enrolment][checked]")["value"] == str(enrolment.pk)
    # From a page that is about nobody one says who; there is no wrong one to overlook.
    entry = soup_of(client.get(reverse("mentor_home"))).select_one("a.nav-concern")
    assert entry["href"] == NEW
    assert not soup_of(client.get(NEW)).select("[name=enrolment][checked]")
    response = client.post(NEW, {**said(one), "enrolment": ""})
    assert "enrolment" in response.context["form"].errors


def test_who_follows_one_person_is_not_asked_who(client, karen):
    enrolment = follow(karen)
    form = soup_of(client.get(NEW))
    assert form.select_one("[name=enrolment][type=hidden]")["value"] == str(enrolment.pk)


def test_nobody_can_write_of_a_stranger(client, karen):
    follow(karen)
    stranger = follow(MentorFactory(), participant__first_name="Fremmed")
    response = client.post(f"{NEW}?enrolment={stranger.pk}", said(stranger))
    assert "enrolment" in response.context["form"].errors
    assert "Fremmed" not in response.content.decode()
    assert not Concern.objects.exists()


def test_the_same_form_raises_one(client, karen):
    enrolment = follow(karen)
    form = said(enrolment)
    first, second = client.post(NEW, form), client.post(NEW, form)
    assert first.url == second.url
    assert Concern.objects.count() == 1
    # And it is said once.
    page = soup_of(client.get(second.url))
    assert len(page.select("#messages .alert")) == 1


def test_the_same_form_with_another_text_is_not_lost_in_silence(client, karen):
    enrolment = follow(karen)
    form = said(enrolment)
    client.post(NEW, form)
    again = client.post(NEW, {**form, "text": "Og nu også uden penge."})
    page = soup_of(again)
    assert page.select_one("textarea").text.strip() == "Og nu også uden penge."
    token = page.select_one("[name=token]")["value"]
    assert token != form["token"]
    client.post(NEW, {**form, "text": "Og nu også uden penge.", "token": token})
    assert Concern.objects.count() == 2


def test_a_form_that_somebody_else_has_used_raises_none(client, karen, client_for):
    enrolment = follow(karen)
    form = said(enrolment)
    client.post(NEW, form)
    partner = enrolment.pairs.get().seats.get(number=2).mentor
    response = client_for(partner).post(NEW, form)
    assert response.status_code == 200
    assert Concern.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"urgency": ""}, "urgency"),
        ({"urgency": "whenever"}, "urgency"),
        ({"topic": "weather"}, "topic"),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(client, karen, wrong, field):
    enrolment = follow(karen)
    form = said(enrolment, **wrong)
    response = client.post(NEW, form)
    page = soup_of(response)
    assert list(response.context["form"].errors) == [field]
    assert page.select_one(f"#div_id_{field} .field-error")
    assert response.context["form"]["text"].value() == form["text"]
    assert page.select_one("textarea").text.strip() == form["text"].strip()
    assert page.select_one("[name=token]")["value"] == form["token"]
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    "text", ["🙂 <b>&amp; ‏שלום</b> {{ user }}", "x" * 20_000, "  to\r\n\r\nlinjer  "]
)
def test_text_is_kept_exactly_and_shown_harmless(client, karen, text):
    enrolment = follow(karen)
    response = client.post(NEW, said(enrolment, text=text))
    assert Concern.objects.get().text == text
    page = soup_of(client.get(response.url))
    assert page.select_one("p.kept").text == text


@pytest.mark.parametrize("number", ["", "70 10 20 30"])
def test_112_and_the_on_call_number_come_first(client, karen, settings, number):
    settings.ON_CALL_PHONE = number
    enrolment = follow(karen)
    calls = soup_of(client.get(NEW)).select("form .emergency a")
    assert [call["href"] for call in calls] == ["tel:112", *(["tel:+4570102030"] if number else [])]
    # Before every question of the form.
    form = soup_of(client.get(NEW)).select_one("#concern")
    shown = form.select(".emergency, input:not([type=hidden]), textarea")
    assert "emergency" in shown[0]["class"]
    # And again when it is sent, until somebody has heard it.
    sent = client.post(NEW, said(enrolment, urgency=Urgency.LIFE))
    assert "tel:112" in client.get(sent.url).content.decode()
    acknowledge(Concern.objects.get(), CoordinatorFactory().user)
    assert "tel:112" not in client.get(sent.url).content.decode()


def test_a_concern_that_can_wait_is_confirmed_without_alarm(client, karen):
    sent = client.post(NEW, said(follow(karen), urgency=Urgency.SOON))
    assert "tel:112" not in client.get(sent.url).content.decode()


def test_a_concern_from_a_meeting_shows_112_too(client, karen):
    enrolment = follow(karen, post_release=True)
    form = soup_of(client.get(reverse("meeting_create")))
    assert form.select_one(".disclose-concern .emergency a")["href"] == "tel:112"
    meeting = MeetingFactory(enrolment=enrolment, logged_by=karen.user, mentors=[karen])
    saved = reverse("meeting_saved", args=[meeting.pk])
    concern = ConcernFactory(enrolment=enrolment, meeting=meeting, raised_by=karen.user)
    assert "tel:112" not in client.get(saved).text
    Concern.objects.update(urgency=Urgency.LIFE)
    assert "tel:112" in client.get(saved).text
    acknowledge(concern, CoordinatorFactory().user)
    assert "tel:112" not in client.get(saved).text


def test_who_follows_nobody_is_told_whom_to_call(client, karen):
    coordinator = CoordinatorFactory(user__phone="12345678").user
    page = soup_of(client.get(NEW))
    assert "tel:112" in str(page)
    assert coordinator.get_full_name() in page.text
    assert not page.select("textarea")
    assert soup_of(client.post(NEW, {"text": "x"}))


def test_who_has_stopped_raises_none(client, karen):
    enrolment = follow(karen)
    enrolment.pairs.get().seats.filter(mentor=karen).update(held_until=in_days(0))
    client.post(NEW, said(enrolment))
    assert not Concern.objects.exists()


def test_the_mentor_sees_where_each_stands(client, karen):
    enrolment = follow(karen)
    coordinator = CoordinatorFactory(user__first_name="Anne", user__last_name="Holm").user
    new = ConcernFactory(enrolment=enrolment, raised_by=karen.user)
    heard = ConcernFactory(enrolment=enrolment, raised_by=karen.user)
    acknowledge(heard, coordinator)
    closed = ConcernFactory(enrolment=enrolment, raised_by=karen.user)
    resolve(closed, coordinator, "Han har fået en seng på herberget.")
    ConcernFactory(enrolment=enrolment, raised_by=MentorFactory().user, text="Andres")
    client.cookies["primus_language"] = "en"
    page = soup_of(client.get(reverse("my_concerns")))
    rows = {row["href"]: " ".join(row.text.split()) for row in page.select("a.task")}
    assert set(rows) == {reverse("concern", args=[c.pk]) for c in (new, heard, closed)}
    assert "Not received yet: answer by" in rows[reverse("concern", args=[new.pk])]
    assert "Received by Anne Holm" in rows[reverse("concern", args=[heard.pk])]
    assert "Answered and closed" in rows[reverse("concern", args=[closed.pk])]
    assert "Han har fået en seng" in client.get(reverse("concern", args=[closed.pk])).text


def test_an_answer_is_news_at_home_until_it_is_opened(client, karen, client_for):
    enrolment = follow(karen)
    coordinator = CoordinatorFactory().user
    concern = ConcernFactory(enrolment=enrolment, raised_by=karen.user)
    ConcernFactory(enrolment=enrolment, raised_by=MentorFactory().user, resolved=True)
    path = reverse("concern", args=[concern.pk])

    def news() -> int:
        response = client.get(reverse("mentor_home"))
        count = response.context["answers_unread"]
        # As a link among what the page says, beside those of the menu.
        links = soup_of(response).select(f'main a[href="{reverse("my_concerns")}"]')
        assert len(links) == (1 if count else 0)
        return count

    assert news() == 0
    client.get(path)
    acknowledge(concern, coordinator)
    assert news() == 1
    # That the coordinator reads it is not that the mentor has, nor is that it stands in a list.
    client_for(coordinator).get(path)
    assert "unread" in client.get(reverse("my_concerns")).text
    assert news() == 1
    client.get(path)
    assert news() == 0
    assert "unread" not in client.get(reverse("my_concerns")).text
    resolve(concern, coordinator, "Klaret.")
    assert news() == 1
    Concern.objects.update(
        raised_at=timezone.now() - timedelta(days=40),
        acknowledged_at=timezone.now() - timedelta(days=31),
        resolved_at=timezone.now() - timedelta(days=31),
    )
    assert news() == 0


def test_an_empty_list_says_what_will_stand_there(client):
    page = soup_of(client.get(reverse("my_concerns")))
    assert page.select_one(f'main a[href="{NEW}"]')


def test_the_number_of_queries_is_fixed(client, karen, query_budget):
    karen.capacity = 4
    karen.save()
    enrolments = [follow(karen) for _ in range(4)]
    ConcernFactory.create_batch(30, enrolment=enrolments[0], raised_by=karen.user)
    with query_budget(10):
        client.get(NEW)
    with query_budget(10):
        client.get(reverse("my_concerns"))
    with query_budget(10):
        client.get(reverse("concern", args=[Concern.objects.first().pk]))
    with query_budget(16):
        client.post(NEW, said(enrolments[0]))
