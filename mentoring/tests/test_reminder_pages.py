"""Reminders as tasks in the app: who sees which, and putting them aside."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Reminder
from mentoring.planning import plan_for
from mentoring.reminders import UNDO_FOR, for_home
from mentoring.sending import send_waiting
from mentoring.tests.factories import MentorFactory, PairFactory, ReminderFactory
from participants.models import EndReason, Enrolment
from participants.tests.factories import ELSEWHERE, CoordinatorFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(mentor):
    """An enrolment in its gate week that the mentor follows, with its reminders sent."""
    enrolment = EnrolmentFactory(gate_week=True)
    PairFactory(enrolment=enrolment, seat1=mentor)
    plan_for()
    send_waiting()
    return enrolment


def own(user) -> Reminder:
    return Reminder.objects.get(recipient=user)


def address(reminder) -> str:
    return reverse("reminder_seen", args=[reminder.pk])


def test_a_mentor_sees_what_to_do_for_whom_and_when(followed, mentor, query_budget):
    with query_budget(1):
        (shown,) = for_home(mentor.user)
        assert shown.name == followed.participant.get_full_name()
    assert shown.pk == own(mentor.user).pk
    assert shown.title
    assert shown.hint
    assert (shown.release_day, shown.is_released) == (followed.expected_release, False)


def test_a_coordinator_sees_their_own_in_other_words(followed, coordinator, mentor):
    plan_for()
    send_waiting()
    (shown,) = for_home(coordinator.user)
    assert shown.enrolment == followed
    assert shown.title != for_home(mentor.user)[0].title


def test_one_query_for_many(mentor, query_budget):
    for _n in range(10):
        PairFactory(enrolment=EnrolmentFactory(gate_week=True), seat1=mentor)
    plan_for()
    send_waiting()
    with query_budget(1):
        assert len({shown.name for shown in for_home(mentor.user)}) == 10


@pytest.mark.parametrize("state", [{}, {"cancelled": True}, {"state": "sending"}])
def test_what_has_not_been_sent_is_not_shown(mentor, state):
    enrolment = EnrolmentFactory(expected_release=in_days(14))
    PairFactory(enrolment=enrolment, seat1=mentor)
    ReminderFactory(enrolment=enrolment, recipient=mentor.user, **state)
    assert for_home(mentor.user) == []


def test_nothing_is_shown_to_who_left_the_seat(followed, mentor):
    followed.pairs.get().seats.filter(mentor=mentor).update(held_until=timezone.localdate())
    assert for_home(mentor.user) == []


def test_nothing_is_shown_once_the_enrolment_has_ended(followed, mentor):
    Enrolment.objects.update(ended_on=timezone.localdate(), end_reason=EndReason.WITHDREW)
    assert for_home(mentor.user) == []


def test_nothing_is_shown_of_a_date_that_has_moved(followed, mentor):
    Enrolment.objects.update(expected_release=in_days(8))
    assert for_home(mentor.user) == []


def test_the_next_milestone_takes_the_place_of_the_last(mentor):
    with time_machine.travel("2027-03-11T08:00:00+01:00", tick=False) as clock:
        enrolment = EnrolmentFactory(expected_release=date(2027, 3, 25))
        PairFactory(enrolment=enrolment, seat1=mentor)
        for day in (11, 25):
            clock.move_to(f"2027-03-{day}T08:00:00+01:00")
            plan_for()
            send_waiting()
        assert Reminder.objects.sent().filter(recipient=mentor.user).count() == 2
        (shown,) = for_home(mentor.user)
        assert shown.pk == Reminder.objects.get(recipient=mentor.user, kind="release").pk


def test_it_stays_until_it_is_put_aside(mentor):
    with time_machine.travel("2027-06-25T08:00:00+02:00", tick=False) as clock:
        enrolment = EnrolmentFactory(
            referred_on=date(2027, 1, 1),
            expected_release=date(2027, 3, 25),
            released_on=date(2027, 3, 25),
        )
        PairFactory(enrolment=enrolment, seat1=mentor)
        plan_for()
        send_waiting()
        clock.shift(timedelta(days=60))
        assert len(for_home(mentor.user)) == 1


def test_put_aside_and_taken_back_without_javascript(followed, mentor_client, mentor_user):
    reminder = own(mentor_user)
    response = mentor_client.post(address(reminder))
    assert response.status_code == 302
    assert response.url == reverse("home")
    (shown,) = for_home(mentor_user)  # for a while, with a way back
    assert shown.is_put_aside
    assert 'name="undo"' in mentor_client.get(reverse("mentor_home")).content.decode()
    mentor_client.post(address(reminder), {"undo": "1"})
    (shown,) = for_home(mentor_user)
    assert not shown.is_put_aside


def test_it_is_gone_when_the_time_for_undoing_is_over(followed, mentor_client, mentor_user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mentor_client.post(address(own(mentor_user)))
        clock.shift(UNDO_FOR + timedelta(seconds=1))
        assert for_home(mentor_user) == []


def test_what_htmx_puts_in_is_what_a_fresh_page_shows(followed, mentor_client, mentor_user):
    def same(text):
        """Without the token, which is new in each answer."""
        lines = (line.strip() for line in text.splitlines())
        return [line for line in lines if line and "csrfmiddlewaretoken" not in line]

    for data in ({}, {"undo": "1"}):
        answer = mentor_client.post(address(own(mentor_user)), data, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        page = mentor_client.get(reverse("mentor_home")).content.decode()
        fragment = same(answer.content.decode())
        whole = same(page)
        start = whole.index(fragment[0])
        assert whole[start : start + len(fragment)] == fragment


def test_it_cannot_be_put_aside_without_the_token(followed, mentor_user):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(mentor_user)
    assert careful.post(address(own(mentor_user))).status_code == 403
    assert own(mentor_user).seen_at is None


def test_coming_back_from_signing_in_changes_nothing(followed, mentor_client, mentor_user):
    response = mentor_client.get(address(own(mentor_user)))
    assert response.url == reverse("home")
    assert own(mentor_user).seen_at is None


def test_putting_aside_is_written_to_the_access_log(followed, mentor_client, mentor_user):
    mentor_client.post(address(own(mentor_user)))
    entry = AccessEntry.objects.get(event=Event.CHANGE)
    assert (entry.user, entry.object_label) == (mentor_user, followed.case_number)


def test_nobody_puts_aside_what_is_somebody_elses(followed, client_for, mentor_user):
    reminder = own(mentor_user)
    partner = followed.pairs.get().seats.get(number=2).mentor.user
    stranger = MentorFactory()
    PairFactory(enrolment=EnrolmentFactory(gate_week=True), seat1=stranger)
    others = [partner, stranger.user, CoordinatorFactory().user]
    others.append(CoordinatorFactory(municipalities=[ELSEWHERE]).user)
    for user in others:
        for method in ("get", "post"):
            assert getattr(client_for(user), method)(address(reminder)).status_code == 404
    assert own(mentor_user).seen_at is None


@pytest.mark.parametrize("role", ["staff", "administrator"])
def test_roles_that_follow_nobody_have_none(role, request, followed, mentor_user):
    client = request.getfixturevalue(f"{role}_client")
    assert client.post(address(own(mentor_user))).status_code == 404
    assert for_home(request.getfixturevalue(f"{role}_user")) == []


def test_one_that_has_not_been_sent_answers_like_one_that_does_not_exist(mentor, mentor_client):
    enrolment = EnrolmentFactory(gate_week=True)
    PairFactory(enrolment=enrolment, seat1=mentor)
    planned = ReminderFactory(enrolment=enrolment, recipient=mentor.user)
    assert mentor_client.post(address(planned)).status_code == 404
    assert mentor_client.post("/reminders/99999999/seen/").status_code == 404


def test_many_are_folded(mentor, mentor_client, coordinator_client):
    for _n in range(7):
        PairFactory(enrolment=EnrolmentFactory(gate_week=True), seat1=mentor)
    plan_for()
    send_waiting()
    page = coordinator_client.get(reverse("desk")).content.decode()
    folded = page[page.index('<details class="task-more"') :]
    assert page.count('hx-post="/reminders/') == 7
    assert folded.count('hx-post="/reminders/') == 2
    # At home each lies on its own card.
    cards = mentor_client.get(reverse("mentor_home")).content.decode().split("<article")[1:]
    assert [card.count('hx-post="/reminders/') for card in cards] == [1] * 7
