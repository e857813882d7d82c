"""A mentor's home and the enrolment's page: what is said, of whom, and to whom."""

from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Meeting
from mentoring.tests.factories import (
    AccompanimentFactory,
    ConcernFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
)
from participants.models import ChecklistItem, ChecklistPoint
from participants.tests.factories import (
    ChecklistItemFactory,
    ConsentFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    GoalFactory,
    NeedRatingFactory,
    ReleaseDateMoveFactory,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", capacity=4)


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def follow(mentor, partner=None, **enrolment):
    found = EnrolmentFactory(**enrolment)
    PairFactory(enrolment=found, seat1=mentor, seat2=partner)
    return found


def cards(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [card.get_text(" ", strip=True) for card in soup.select("article.person")]


def page(client, enrolment, query="") -> BeautifulSoup:
    response = client.get(reverse("enrolment", args=[enrolment.pk]) + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_home_shows_own_people_nearest_release_first(client, karen):
    follow(karen, post_release=True, participant__first_name="Rasmus")
    follow(karen, gate_week=True, participant__first_name="Danny")
    follow(karen, upcoming=True, participant__first_name="Emil")
    follow(MentorFactory(), post_release=True, participant__first_name="Fremmed")
    shown = cards(client.get("/home/"))
    assert [name in card for name, card in zip(["Danny", "Emil", "Rasmus"], shown, strict=True)]
    assert "Danny" in shown[0]
    assert "Emil" in shown[1]
    assert "Rasmus" in shown[2]


def test_home_tells_last_contact_of_either_mentor_and_only_of_what_was_held(client, karen):
    jonas = MentorFactory(user__first_name="Jonas")
    enrolment = follow(karen, jonas, post_release=True)
    now = timezone.now()
    MeetingFactory(enrolment=enrolment, mentors=[karen], happened_at=now - timedelta(days=9))
    MeetingFactory(enrolment=enrolment, mentors=[jonas], happened_at=now - timedelta(days=4))
    MeetingFactory(enrolment=enrolment, tried=True, happened_at=now - timedelta(days=2))
    MeetingFactory(enrolment=enrolment, not_held=True, happened_at=now - timedelta(days=1))
    shown = client.get("/home/").context["enrolments"][0]
    assert shown.last_meeting.happened_at == now - timedelta(days=4)
    assert "Jonas" in shown.contact


def test_next_step_is_the_earliest_that_lies_ahead(client, karen):
    enrolment = follow(karen, post_release=True)
    today = timezone.localdate()
    for days, step in [(-3, "Forbi"), (8, "Senere"), (2, "Snart")]:
        MeetingFactory(
            enrolment=enrolment, next_step=step, next_step_on=today + timedelta(days=days)
        )
    assert client.get("/home/").context["enrolments"][0].next_meeting.next_step == "Snart"


def test_seat_given_up_today_is_gone_from_home_and_from_the_page(client, karen):
    enrolment = follow(karen, post_release=True)
    assert len(cards(client.get("/home/"))) == 1
    enrolment.pairs.get().seats.filter(mentor=karen).update(held_until=timezone.localdate())
    assert cards(client.get("/home/")) == []
    assert client.get(reverse("enrolment", args=[enrolment.pk])).status_code == 404


def test_home_without_anyone_says_what_will_come(client):
    soup = BeautifulSoup(client.get("/home/").content, "html.parser")
    assert soup.select_one(".card h2")
    assert not soup.select(".actionbar")


def test_checklist_changes_only_what_differs_from_the_page(client, client_for, karen):
    jonas = MentorFactory()
    enrolment = follow(karen, jonas, gate_week=True)
    first, second, third = ChecklistPoint.objects.all()[:3]
    done = ChecklistItemFactory(enrolment=enrolment, point=third, done=True)
    url = reverse("checklist_save", args=[enrolment.pk])
    seen = {"was": [third.pk]}
    client.post(url, seen | {"point": [first.pk, third.pk]})
    client_for(jonas).post(url, seen | {"point": [second.pk, third.pk]})
    items = ChecklistItem.objects.done().filter(enrolment=enrolment)
    assert {i.point_id: i.done_by_id for i in items} == {
        first.pk: karen.user_id,
        second.pk: jonas.user_id,
        third.pk: done.done_by_id,
    }
    client.post(url, {"was": [first.pk, second.pk, third.pk], "point": [second.pk, "x", "9" * 30]})
    assert {i.point_id for i in items.all()} == {second.pk}


def test_enrolment_page_keeps_coordinators_matters_from_mentors(client, client_for, karen):
    enrolment = follow(karen, post_release=True, wishes="Vil helst tale med en håndværker")
    ConsentFactory(enrolment=enrolment)
    ReleaseDateMoveFactory(enrolment=enrolment, note="Ny beregning nummer to")
    secrets = ["Vil helst tale med en håndværker", "Ny beregning nummer to"]
    mentors = page(client, enrolment).text
    coordinators = page(client_for(CoordinatorFactory()), enrolment).text
    for secret in secrets:
        assert secret not in mentors
        assert secret in coordinators


def test_enrolment_page_shows_meetings_goals_needs_and_history(client, karen):
    enrolment = follow(karen, post_release=True)
    meeting = MeetingFactory(enrolment=enrolment, areas={"housing": "To ventelister."}, note="Godt")
    AccompanimentFactory(meeting=meeting, outcome="Brevet kommer i e-Boks.")
    NeedRatingFactory(enrolment=enrolment, area="housing", stage="start", rating=1)
    NeedRatingFactory(enrolment=enrolment, area="housing", stage="month_3", rating=4)
    NeedRatingFactory(enrolment=enrolment, area="health", stage="start", without_need=True)
    GoalFactory(enrolment=enrolment, title="Egen læge")
    ConcernFactory(enrolment=enrolment, raised_by=karen.user, text="Svarer ikke på telefonen.")
    soup = page(client, enrolment)
    for text in ["To ventelister.", "Brevet kommer i e-Boks.", "Egen læge", "Svarer ikke"]:
        assert text in soup.text
    housing = soup.select_one("svg.c-housing")
    assert [t.text for t in housing.select("text.v")] == ["1", "4"]
    assert housing.select_one("line.gap"), "a stage that was not assessed is dotted across"
    assert not soup.select("svg.c-health circle"), "no need is not a rating"
    assert soup.select(".history li")


def test_all_meetings_are_one_tap_away(client, karen):
    enrolment = follow(karen, post_release=True)
    for days in range(9):
        MeetingFactory(enrolment=enrolment, happened_at=timezone.now() - timedelta(days=days + 1))
    overview = page(client, enrolment)
    assert len(overview.select("article.meeting")) == 4
    everything = reverse("enrolment_meetings", args=[enrolment.pk])
    assert overview.select_one(f'.card a[href="{everything}"]')


@pytest.mark.parametrize("people", [1, 4])
def test_home_and_enrolment_ask_for_a_fixed_number_of_queries(client, karen, query_budget, people):
    for number in range(people):
        enrolment = follow(karen, gate_week=number % 2 == 0, post_release=number % 2 == 1)
        for days in range(people * 3):
            meeting = MeetingFactory(
                enrolment=enrolment,
                mentors=[karen],
                areas=["housing", "work"],
                happened_at=timezone.now() - timedelta(days=days),
            )
            AccompanimentFactory(meeting=meeting)
        GoalFactory(enrolment=enrolment)
        ConcernFactory(enrolment=enrolment)
    with query_budget(12):
        client.get("/home/")
    with query_budget(20):
        client.get(reverse("enrolment", args=[enrolment.pk]))


def test_every_look_is_in_the_access_log(client, karen):
    enrolment = follow(karen, post_release=True)
    client.get("/home/")
    client.get(reverse("enrolment", args=[enrolment.pk]))
    events = list(AccessEntry.objects.order_by("pk").values_list("event", "object_type"))
    assert events == [
        (Event.LIST, "participants.enrolment"),
        (Event.READ, "participants.enrolment"),
    ]


def test_day_count_follows_danish_days(client, karen):
    with time_machine.travel("2026-06-30T22:30:00+00:00", tick=False):
        # In Copenhagen it is already the first of July.
        enrolment = follow(karen, referred_on=date(2026, 3, 1), expected_release=date(2026, 7, 1))
        assert enrolment.days_to_release == 0
        soup = BeautifulSoup(client.get("/home/").content, "html.parser")
        assert soup.select_one(".daycount b").text in {"Today", "I dag"}
        Meeting.objects.create(
            enrolment=enrolment, state="held", mode="cafe", happened_at=timezone.now()
        )
        assert client.get("/home/").context["enrolments"][0].last_meeting is not None
