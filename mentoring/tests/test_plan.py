"""The plan: goals are agreed, worded anew, moved, reached, dropped, taken up again and undone."""

import uuid
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.tests.factories import MentorFactory, PairFactory
from participants.models import Goal, GoalChange, GoalState
from participants.phases import add_months
from participants.tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    GoalChangeFactory,
    GoalFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen")


@pytest.fixture
def rasmus(karen):
    return PairFactory(enrolment__post_release=True, seat1=karen).enrolment


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


@pytest.fixture
def goal(rasmus):
    return GoalFactory(enrolment=rasmus, title="En fast bolig")


def new_goal(client, enrolment, **changes):
    data = {
        "token": str(uuid.uuid4()),
        "area": "work",
        "title": "Praktik på værkstedet",
        "due_when": "two_weeks",
        **changes,
    }
    return client.post(reverse("goal_create", args=[enrolment.pk]), data)


def do(client, goal, what, **data):
    return client.post(reverse("goal", args=[goal.pk]), {"do": what, **data}, follow=True)


def undo(client, enrolment, change_pk):
    path = reverse("goal_undo", args=[enrolment.pk])
    return client.post(path, {"change": change_pk}, follow=True)


def offered_undo(response) -> str | None:
    """The number of the change that the page offers to undo."""
    field = BeautifulSoup(response.content, "html.parser").select_one(".alert [name=change]")
    return field and field["value"]


def kinds(goal) -> list[str]:
    return [change.kind for change in goal.changes.all()]


@pytest.mark.parametrize(
    ("chosen", "due"),
    [
        ({"due_when": "two_weeks"}, lambda today: today + timedelta(days=14)),
        ({"due_when": "month"}, lambda today: add_months(today, 1)),
        ({"due_when": "none", "due_on": "rubbish"}, lambda today: None),
        (
            {"due_when": "day", "due_on": in_days(3).isoformat()},
            lambda today: today + timedelta(days=3),
        ),
    ],
)
def test_a_goal_is_agreed_with_who_and_when(client, rasmus, karen, chosen, due):
    response = new_goal(client, rasmus, **chosen)
    assert response.status_code == 302
    goal = Goal.objects.get()
    assert (goal.enrolment, goal.area, goal.title) == (rasmus, "work", "Praktik på værkstedet")
    assert goal.due_on == due(timezone.localdate())
    change = goal.changes.get()
    assert (change.kind, change.changed_by) == ("agreed", karen.user)
    page = client.get(response.url.partition("#")[0])
    area = BeautifulSoup(page.content, "html.parser").select_one("#area-work")
    assert "Praktik på værkstedet" in area.select_one(".plan-goals").text
    row = AccessEntry.objects.get(event=Event.CREATE)
    assert (row.object_id, row.object_label) == (goal.pk, rasmus.case_number)


def test_a_double_tap_agrees_one_goal(client, rasmus):
    token = str(uuid.uuid4())
    answers = [new_goal(client, rasmus, token=token) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert Goal.objects.count() == GoalChange.objects.count() == 1


def test_another_text_under_a_used_token_is_asked_about_and_not_lost(client, rasmus):
    token = str(uuid.uuid4())
    new_goal(client, rasmus, token=token)
    response = new_goal(client, rasmus, token=token, title="Noget helt andet")
    assert Goal.objects.count() == 1
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one("#id_title")["value"] == "Noget helt andet"
    renewed = soup.select_one("[name=token]")["value"]
    assert renewed != token
    new_goal(client, rasmus, token=renewed, title="Noget helt andet")
    assert Goal.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"area": ""}, "area"),
        ({"area": "invented"}, "area"),
        ({"due_when": ""}, "due_when"),
        ({"due_when": "day"}, "due_on"),
        ({"due_when": "day", "due_on": "32-13-2026"}, "due_on"),
        ({"due_when": "day", "due_on": in_days(-1).isoformat()}, "due_on"),
    ],
)
def test_a_wrong_answer_is_told_beside_the_field_and_nothing_is_lost(
    client, rasmus, changes, field
):
    response = new_goal(client, rasmus, **changes)
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one(f"#id_{field}_error")
    assert soup.select_one("#id_title")["value"] == changes.get("title", "Praktik på værkstedet")
    assert not Goal.objects.exists()


def test_a_goal_goes_its_way_and_keeps_its_history(client, rasmus, goal, karen):
    day = in_days(40)
    do(client, goal, "move", due_when="day", due_on=day.isoformat(), note="Ventelisten er lang")
    do(client, goal, "reword", title="Et værelse til at begynde med")
    do(client, goal, "drop", reason="Han flytter til sin søster")
    goal.refresh_from_db()
    assert (goal.state, goal.drop_reason) == (GoalState.DROPPED, "Han flytter til sin søster")
    do(client, goal, "reopen", due_when="none")
    do(client, goal, "reach")
    goal.refresh_from_db()
    assert (goal.state, goal.title) == (GoalState.REACHED, "Et værelse til at begynde med")
    assert kinds(goal) == ["moved", "reworded", "dropped", "reopened", "reached"]
    page = client.get(reverse("goal", args=[goal.pk]))
    history = BeautifulSoup(page.content, "html.parser").select_one(".history").text
    for words in ("Ventelisten er lang", "En fast bolig", "Han flytter til sin søster", "Karen"):
        assert words in history
    changed = AccessEntry.objects.filter(event=Event.CHANGE, object_id=goal.pk)
    assert changed.count() == 5


@pytest.mark.parametrize(
    ("what", "data", "field"),
    [
        ("reword", {"title": ""}, "title"),
        ("reword", {"title": "En fast bolig"}, "title"),
        ("drop", {"reason": " "}, "reason"),
        ("move", {"due_when": "day", "due_on": ""}, "due_on"),
        ("move", {"due_when": "day", "due_on": in_days(-2).isoformat()}, "due_on"),
        ("move", {"due_when": "day", "due_on": in_days(10).isoformat()}, "due_on"),
    ],
)
def test_a_refused_change_opens_its_form_and_says_why(client, goal, what, data, field):
    response = do(client, goal, what, **data)
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one(f"#{what}[open] #id_{field}_error")
    assert soup.h1.text == "En fast bolig"
    assert not GoalChange.objects.exists()


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("reach", {}),
        ("drop", {"reason": "Noget andet er vigtigere"}),
        ("move", {"due_when": "none"}),
        ("reword", {"title": "En god bolig"}),
    ],
)
def test_what_was_just_done_is_told_and_undone_with_a_tap(client, rasmus, goal, what, data):
    before = Goal.objects.values().get()
    response = do(client, goal, what, **data)
    change = offered_undo(response)
    assert change == str(goal.changes.get().pk)
    for _ in range(2):
        assert undo(client, rasmus, change).status_code == 200
    assert Goal.objects.values().get() == before
    assert not GoalChange.objects.exists()


def test_a_goal_agreed_by_mistake_is_undone_and_gone(client, rasmus):
    page = client.get(new_goal(client, rasmus).url.partition("#")[0])
    change = offered_undo(page)
    for _ in range(2):
        assert undo(client, rasmus, change).status_code == 200
    assert not Goal.objects.exists()


def test_undo_is_for_what_one_did_oneself_and_while_nothing_has_happened_since(
    client_for, client, rasmus, goal
):
    do(client, goal, "move", due_when="none")
    change = goal.changes.get()
    coordinator = client_for(CoordinatorFactory())
    plan = reverse("enrolment_plan", args=[rasmus.pk])
    assert offered_undo(coordinator.get(f"{plan}?changed={change.pk}")) is None
    undo(coordinator, rasmus, change.pk)
    do(coordinator, goal, "reach")
    undo(client, rasmus, change.pk)
    assert kinds(goal) == ["moved", "reached"]


def test_no_change_of_another_enrolment_is_undone(client, rasmus, karen):
    elsewhere = GoalChangeFactory(changed_by=karen.user)
    undo(client, rasmus, elsewhere.pk)
    undo(client, rasmus, "rubbish")
    assert GoalChange.objects.filter(pk=elsewhere.pk).exists()


def test_two_who_reach_the_same_goal_reach_it_once(client, client_for, rasmus, goal):
    for one in (client, client_for(CoordinatorFactory()), client):
        assert do(one, goal, "reach").status_code == 200
    assert kinds(goal) == ["reached"]


def test_the_plan_stands_by_area_also_where_nothing_is_agreed(client, rasmus):
    open_goal = GoalFactory(enrolment=rasmus, area="housing", title="En fast bolig")
    GoalFactory(enrolment=rasmus, area="housing", title="Et opholdssted", reached=True)
    dropped = GoalFactory(enrolment=rasmus, area="work", title="Kørekort", dropped=True)
    GoalFactory(title="En andens mål")
    page = client.get(reverse("enrolment_plan", args=[rasmus.pk]))
    soup = BeautifulSoup(page.content, "html.parser")
    assert len(soup.select(".plan-area")) == 5
    housing, work = soup.select_one("#area-housing"), soup.select_one("#area-work")
    assert open_goal.title in housing.select_one("ul").text
    assert "Et opholdssted" in housing.select_one("details").text
    assert dropped.drop_reason in work.select_one("details").text
    assert soup.select_one("#area-network p.muted")
    assert "En andens mål" not in soup.text


def test_the_goals_of_an_ended_enrolment_are_read_and_not_changed(client_for):
    enrolment = EnrolmentFactory(ended=True)
    goal = GoalFactory(enrolment=enrolment, title="En fast bolig")
    client = client_for(CoordinatorFactory())
    page = client.get(reverse("enrolment_plan", args=[enrolment.pk]))
    assert "En fast bolig" in page.text
    assert BeautifulSoup(page.content, "html.parser").select("main form, main .btn-primary") == []
    assert client.get(reverse("goal", args=[goal.pk])).status_code == 200
    do(client, goal, "reach")
    assert new_goal(client, enrolment).status_code == 404
    goal.refresh_from_db()
    assert goal.state == GoalState.OPEN


def test_a_title_is_shown_harmless(client, rasmus):
    GoalFactory(enrolment=rasmus, title="<b>مرحبا</b> 😀")
    page = client.get(reverse("enrolment_plan", args=[rasmus.pk]))
    assert "<b>مرحبا" not in page.text
    assert "<b>مرحبا</b> 😀" in BeautifulSoup(page.content, "html.parser").text
