"""What home says matters today: who is away, the checklist, what is open, the first days."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Absence, Handover
from mentoring.tests.factories import (
    AbsenceFactory,
    AccompanimentFactory,
    HandoverFactory,
    MeetingDraftFactory,
    MentorFactory,
    PairFactory,
    ReminderFactory,
    TurnRequestFactory,
)
from mentoring.tests.home_cards import card, card_text, met
from participants.models import TIMED_STAGES, ChecklistItem, ChecklistPoint, RatingStage
from participants.tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    GoalFactory,
    NeedRatingFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", capacity=4)


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas", capacity=4)


@pytest.fixture
def danny(karen, jonas):
    enrolment = EnrolmentFactory(gate_week=True, participant__first_name="Danny")
    PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
    return enrolment


# --- Away ----------------------------------------------------------------------------------------


def days(first, last, **texts):
    return {"away_from": in_days(first).isoformat(), "away_until": in_days(last).isoformat()} | {
        f"handover_{pk}": text for pk, text in texts.items()
    }


def test_an_absence_shows_at_the_partners_and_the_coordinators_with_its_handover(
    client, client_for, rasmus, danny, karen
):
    text = "Ring <b>tirsdag</b> 🙂"
    client.post(reverse("absence_create"), days(3, 9) | {f"handover_{rasmus.pk}": text})
    assert Handover.objects.get().enrolment == rasmus
    partner = client_for(rasmus.pairs.get().seats.get(number=2).mentor)
    assert "Karen" in card_text(partner, 0)
    assert text in card_text(partner, 1)
    assert text not in card_text(partner, 0)
    coordinator = client_for(CoordinatorFactory())
    page = coordinator.get(reverse("enrolment", args=[rasmus.pk])).content.decode()
    assert "Ring &lt;b&gt;tirsdag&lt;/b&gt; 🙂" in page
    rows = coordinator.get(reverse("enrolment_list")).content.decode()
    assert rows.count('class="away-mark"') == 2
    # One's own is a line that leads to changing it.
    assert reverse("absence_change", args=[Absence.objects.get().pk]) in (
        client.get("/home/").content.decode()
    )


def test_an_absence_is_changed_ended_early_and_taken_back(client, rasmus, karen):
    absence = AbsenceFactory(mentor=karen, away_from=in_days(-2), away_until=in_days(6))
    HandoverFactory(absence=absence, enrolment=rasmus)
    url = reverse("absence_change", args=[absence.pk])
    client.post(url, days(-2, 3) | {f"handover_{rasmus.pk}": ""})
    absence.refresh_from_db()
    assert absence.away_until == in_days(3)
    assert not absence.handovers.exists()
    client.post(url, {"do": "back"})
    absence.refresh_from_db()
    assert absence.away_until == in_days(-1)
    assert client.get(url).status_code == 404
    later = AbsenceFactory(mentor=karen, away_from=in_days(2), away_until=in_days(3))
    client.post(reverse("absence_change", args=[later.pk]), {"do": "back"})
    assert not Absence.objects.filter(pk=later.pk).exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (5, 3, "away_until"),
        (-1, 3, "away_from"),
        (1, 200, "__all__"),
        (9, 12, "__all__"),
    ],
    ids=["ends first", "has begun", "too long", "overlaps"],
)
def test_days_that_cannot_be_are_refused_and_nothing_typed_is_lost(
    client, rasmus, karen, first, last, field
):
    AbsenceFactory(mentor=karen, away_from=in_days(10), away_until=in_days(11))
    response = client.post(
        reverse("absence_create"), days(first, last) | {f"handover_{rasmus.pk}": "Nøglen ligger."}
    )
    assert list(response.context["form"].errors) == [field]
    assert "Nøglen ligger." in response.content.decode()
    assert Absence.objects.count() == 1


def test_an_absence_is_not_over_on_its_last_day(client, client_for, rasmus, karen, jonas):
    AbsenceFactory(mentor=jonas, away_from=in_days(-3), away_until=in_days(0))
    assert len(card(client).absences) == 1
    Absence.objects.update(away_until=in_days(-1))
    assert card(client).absences == []


def test_handovers_are_in_the_access_log(client, rasmus):
    client.post(reverse("absence_create"), days(3, 9) | {f"handover_{rasmus.pk}": "x"})
    events = AccessEntry.objects.filter(event=Event.CREATE).values_list("object_type", flat=True)
    assert set(events) == {"mentoring.absence", "participants.enrolment"}


@pytest.mark.parametrize("begins", [0, 2])
def test_texts_that_go_with_an_absence_are_gone_in_the_log(client, rasmus, karen, begins):
    absence = AbsenceFactory(mentor=karen, away_from=in_days(begins), away_until=in_days(3))
    HandoverFactory(absence=absence, enrolment=rasmus)
    client.post(reverse("absence_change", args=[absence.pk]), {"do": "back"})
    assert not Handover.objects.exists()
    deleted = AccessEntry.objects.filter(event=Event.DELETE)
    assert {(row.object_type, row.object_id or row.detail) for row in deleted} == {
        ("mentoring.absence", absence.pk),
        ("participants.enrolment", f"handover; {rasmus.pk}"),
    }


# --- The checklist -------------------------------------------------------------------------------


def test_the_list_has_the_eight_points_and_one_more_for_closed_days(client, karen, jonas):
    with time_machine.travel(datetime(2027, 3, 10, 9), tick=False):  # noqa: DTZ001
        for day in (date(2027, 3, 17), date(2027, 3, 19)):  # a Wednesday, a Friday
            enrolment = EnrolmentFactory(expected_release=day, referred_on=date(2027, 1, 1))
            PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
        client.force_login(karen.user)  # the session is of that day
        open_day, friday = card(client, 0), card(client, 1)
    keys = [row.point.key for row in open_day.checklist_now]
    assert keys == [
        "gate", "sleep", "money", "id", "medicine", "phone", "job_centre", "evening",
    ]  # fmt: skip
    assert [row.point.key for row in friday.checklist_now] == ["closed_day", *keys]


def test_a_point_is_taken_on_with_a_day_and_by_nobody_unawares(
    client, client_for, danny, karen, jonas
):
    point = ChecklistPoint.objects.get(key="phone")
    url = reverse("checklist_take", args=[danny.pk, point.pk])
    day = in_days(3).isoformat()
    assert client.get(url).context["form"]["who"].initial == karen.user_id
    client.post(url, {"who": karen.user_id, "due_on": day, "seen": ""})
    item = ChecklistItem.objects.get(enrolment=danny, point=point)
    assert (item.taken_by, item.due_on) == (karen.user, in_days(3))
    assert "Karen" in card_text(client_for(jonas))
    # Jonas opened the page before Karen had it.
    late = client_for(jonas).post(url, {"who": jonas.user_id, "due_on": day, "seen": ""})
    assert late.context["form"].non_field_errors()
    client_for(jonas).post(url, {"who": jonas.user_id, "due_on": day, "seen": karen.user_id})
    item.refresh_from_db()
    assert item.taken_by == jonas.user
    client.post(url, {"who": "", "due_on": "", "seen": jonas.user_id})
    item.refresh_from_db()
    assert (item.taken_by, item.due_on) == (None, None)


@pytest.mark.parametrize(("who", "day"), [("karen", -1), ("karen", None), ("stranger", 2)])
def test_what_cannot_be_taken_on_is_refused(client, danny, karen, who, day):
    stranger = MentorFactory()
    url = reverse("checklist_take", args=[danny.pk, ChecklistPoint.objects.earliest("position").pk])
    chosen = {"karen": karen, "stranger": stranger}[who].user_id
    response = client.post(url, {"who": chosen, "due_on": in_days(day) if day else ""})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not ChecklistItem.objects.exists()


def test_ticking_says_who_and_when_and_keeps_who_had_taken_it_on(client, danny, karen, jonas):
    point = ChecklistPoint.objects.earliest("position")
    ChecklistItem.objects.create(
        enrolment=danny, point=point, taken_by=jonas.user, due_on=in_days(1)
    )
    url = reverse("checklist_save", args=[danny.pk])
    response = client.post(url, {"point": [point.pk]}, headers={"HX-Request": "true"})
    assert "Karen" in response.content.decode()
    client.post(url, {"was": [point.pk]})
    item = ChecklistItem.objects.get()
    assert (item.done_by, item.done_on, item.taken_by) == (None, None, jonas.user)


def test_the_fragment_says_what_a_fresh_page_says(client, danny):
    point = ChecklistPoint.objects.earliest("position")
    url = reverse("checklist_save", args=[danny.pk])
    fragment = client.post(url, {"point": [point.pk]}, headers={"HX-Request": "true"})
    page = BeautifulSoup(client.get("/home/").content, "html.parser")
    again = BeautifulSoup(fragment.content, "html.parser")

    def said(soup):
        return " ".join(soup.select_one(".checklist-fold").get_text(" ", strip=True).split())

    assert said(page) == said(again)


# --- Tasks and the first days --------------------------------------------------------------------


def titles(tasks) -> list[str]:
    return [str(task.title) for task in tasks]


def test_what_is_due_is_open_and_what_comes_later_is_folded(client, rasmus, karen):
    for stage in TIMED_STAGES:
        NeedRatingFactory(enrolment=rasmus, stage=stage)
    for text, day in [("Ringe til banken", 0), ("Sende papirer", 4)]:
        AccompanimentFactory(meeting=met(rasmus, karen), follow_up=text, follow_up_on=in_days(day))
    AccompanimentFactory(
        meeting=met(rasmus, karen),
        follow_up="Klaret",
        follow_up_on=in_days(-3),
        follow_up_done_on=in_days(-1),
    )
    GoalFactory(enrolment=rasmus, title="Egen læge", due_on=in_days(2))
    shown = card(client)
    assert titles(shown.tasks_now) == ["Ringe til banken"]
    assert titles(shown.tasks_later) == ["Egen læge", "Sende papirer"]


def test_at_most_two_tasks_stand_open_the_draft_first(client, rasmus, karen, jonas):
    NeedRatingFactory(enrolment=rasmus, stage=RatingStage.MONTH_3)
    for n in range(3):
        GoalFactory(enrolment=rasmus, title=f"Mål {n}", due_on=in_days(-n))
    MeetingDraftFactory(author=karen.user, enrolment=rasmus)
    MeetingDraftFactory(author=jonas.user, enrolment=rasmus)
    shown = card(client)
    assert len(shown.tasks_now) == 2
    assert shown.tasks_now[0].url.startswith(reverse("meeting_create"))
    assert len([t for t in shown.tasks_later if t.icon == "edit"]) == 0
    assert titles(shown.tasks_now)[1] == "Mål 2"


def test_a_rating_is_a_task_until_something_has_been_said(client, rasmus):
    (task,) = [t for t in card(client).tasks_now if t.icon == "chart"]
    stage = RatingStage.MONTH_3
    assert task.url == reverse("needs_rate", args=[rasmus.pk, stage])
    NeedRatingFactory(enrolment=rasmus, stage=stage)
    assert not [t for t in card(client).tasks_now if t.icon == "chart"]


def test_a_point_of_ones_own_is_a_task_on_its_day(client, client_for, danny, karen, jonas):
    point = ChecklistPoint.objects.get(key="phone")
    item = ChecklistItem.objects.create(
        enrolment=danny, point=point, taken_by=karen.user, due_on=in_days(1)
    )
    assert str(point) not in titles(card(client).tasks_now)
    ChecklistItem.objects.filter(pk=item.pk).update(due_on=in_days(0))
    assert str(point) in titles(card(client).tasks_now)
    assert str(point) not in titles(card(client_for(jonas)).tasks_now)


@pytest.mark.parametrize(
    ("after", "hours", "day"),
    [
        (timedelta(hours=9), 72, 0),
        (timedelta(hours=13), 71, 0),
        (timedelta(days=2, hours=17), 19, 2),
        (timedelta(days=3, hours=11, minutes=50), 1, 3),
        (timedelta(days=3, hours=13), None, 3),
        (timedelta(days=14, hours=23), None, 14),
    ],
)
def test_the_first_72_hours_and_14_days_show_as_such(client, karen, after, hours, day):
    released = date(2027, 3, 3)
    enrolment = EnrolmentFactory(
        referred_on=date(2027, 1, 4), expected_release=released, released_on=released
    )
    PairFactory(enrolment=enrolment, seat1=karen)
    midnight = datetime(2027, 3, 3, tzinfo=timezone.get_default_timezone())
    with time_machine.travel(midnight + after, tick=False):
        client.force_login(karen.user)  # the session is of that day
        first = card(client).first_days
        assert (first.hours_left, first.day) == (hours, day)
    with time_machine.travel(midnight + timedelta(days=15), tick=False):
        client.force_login(karen.user)
        assert card(client).first_days is None


def test_a_mentor_without_anyone_is_led_home_from_logging(client_for):
    response = client_for(MentorFactory()).get(reverse("meeting_create"), follow=True)
    assert response.redirect_chain == [(reverse("mentor_home"), 302)]
    assert len(response.context["messages"]) == 1


@pytest.mark.parametrize("people", [1, 4])
def test_a_full_home_asks_twelve_questions_at_most(client, karen, jonas, query_budget, people):
    for number in range(people):
        enrolment = EnrolmentFactory(gate_week=number % 2 == 0, post_release=number % 2 == 1)
        PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
        TurnRequestFactory(enrolment=enrolment, asked_by=jonas, asked=karen)
        MeetingDraftFactory(author=karen.user, enrolment=enrolment)
        ReminderFactory(enrolment=enrolment, recipient=karen.user, sent=True)
        absence = AbsenceFactory(
            mentor=jonas, away_from=in_days(9 * number), away_until=in_days(9 * number + 3)
        )
        HandoverFactory(absence=absence, enrolment=enrolment)
        for days_ago in range(3 * people):
            AccompanimentFactory(
                meeting=met(enrolment, karen, jonas, days=days_ago),
                follow_up="Ringe",
                follow_up_on=in_days(1),
            )
        for point in ChecklistPoint.objects.all()[: 2 * people]:
            ChecklistItem.objects.create(
                enrolment=enrolment, point=point, taken_by=jonas.user, due_on=in_days(1)
            )
        GoalFactory(enrolment=enrolment)
    with query_budget(12) as asked:
        response = client.get("/home/")
    assert len(response.context["enrolments"]) == people
    assert len(asked) == 12
