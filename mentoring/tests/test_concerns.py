"""A concern is heard in time: its clock, its e-mail, and its answer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from mentoring.concerns import ConcernRefused, acknowledge, raise_concern, resolve
from mentoring.models import Concern, SendState, Urgency
from mentoring.tasks import send_letters
from mentoring.templatetags.concerns import answer_by, is_near, time_left
from mentoring.tests.factories import ConcernFactory, LetterFactory, MeetingFactory, PairFactory
from participants.tests.factories import ELSEWHERE, CoordinatorFactory, EnrolmentFactory
from primus.access.models import AccessEntry, Event
from primus.accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def danish(*when: int) -> datetime:
    return datetime(*when, tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("raised", "urgency", "deadline"),
    [
        # Friday: the next working day is Monday.
        (danish(2027, 3, 12, 9, 14), Urgency.SOON, danish(2027, 3, 15, 16, 0)),
        (danish(2027, 3, 10, 23, 59), Urgency.SOON, danish(2027, 3, 11, 16, 0)),
        # Just past midnight in Denmark, and the day before in UTC.
        (danish(2027, 3, 11, 0, 30), Urgency.SOON, danish(2027, 3, 12, 16, 0)),
        # Before Easter, with summer time in between.
        (danish(2027, 3, 24, 12, 0), Urgency.SOON, danish(2027, 3, 30, 16, 0)),
        (danish(2027, 3, 12, 9, 14), Urgency.URGENT, danish(2027, 3, 12, 13, 14)),
        (danish(2027, 3, 12, 9, 14), Urgency.LIFE, danish(2027, 3, 12, 13, 14)),
        # Four hours are four hours, also on the night the clock is moved.
        (danish(2027, 3, 28, 0, 30), Urgency.URGENT, danish(2027, 3, 28, 5, 30)),
    ],
)
def test_the_clock(raised, urgency, deadline):
    with time_machine.travel(raised, tick=False):
        concern = raise_concern(EnrolmentFactory(), UserFactory(), "Noget er galt", urgency)
    assert concern.acknowledge_by == deadline
    assert concern.raised_at == raised


def told(enrolment, commit, **values) -> list:
    """The e-mails about a new concern."""
    mail.outbox.clear()
    with commit(execute=True):
        raise_concern(enrolment, UserFactory(), "Kevin truer med at stikke af", **values)
    return mail.outbox


@pytest.fixture
def at_once(monkeypatch):
    """The worker's task runs as soon as it is sent."""
    monkeypatch.setattr("mentoring.tasks.send_letters.delay", send_letters)


def test_the_coordinators_of_the_municipality_are_told_without_personal_data(
    django_capture_on_commit_callbacks, at_once
):
    mine = CoordinatorFactory(user__language="da")
    english = CoordinatorFactory(user__language="en")
    CoordinatorFactory(municipalities=[ELSEWHERE])
    CoordinatorFactory(user__is_active=False)
    enrolment = PairFactory(enrolment=EnrolmentFactory()).enrolment
    letters = told(enrolment, django_capture_on_commit_callbacks)
    assert sorted(to for letter in letters for to in letter.to) == sorted(
        [mine.user.email, english.user.email]
    )
    concern = Concern.objects.get()
    for letter in letters:
        text = f"{letter.subject} {letter.body}"
        assert reverse("concern", args=[concern.pk]) in text
        person = enrolment.participant
        for secret in (person.first_name, person.last_name, enrolment.case_number, "stikke"):
            assert secret not in text


def test_what_has_been_answered_is_nobodys_news():
    coordinator = CoordinatorFactory()
    letter = LetterFactory(concern=ConcernFactory(acknowledged=True), recipient=coordinator.user)
    send_letters()
    assert mail.outbox == []
    letter.refresh_from_db()
    assert letter.state == SendState.CANCELLED


def test_who_no_longer_coordinates_there_is_not_told():
    elsewhere = CoordinatorFactory(municipalities=[ELSEWHERE])
    gone = CoordinatorFactory(user__is_active=False)
    concern = ConcernFactory()
    for coordinator in (elsewhere, gone):
        LetterFactory(concern=concern, recipient=coordinator.user)
    send_letters()
    assert mail.outbox == []


def test_nobody_is_told_of_what_was_not_saved(django_capture_on_commit_callbacks, at_once):
    CoordinatorFactory()
    enrolment = EnrolmentFactory()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        raise_concern(enrolment, UserFactory(), "Noget er galt")
        transaction.set_rollback(True)
    assert mail.outbox == []
    assert not Concern.objects.exists()


def test_a_broker_that_is_away_does_not_lose_the_concern_or_its_e_mails(
    django_capture_on_commit_callbacks, monkeypatch
):
    def away(*args):
        raise OSError("no broker")

    coordinators = [CoordinatorFactory(), CoordinatorFactory()]
    monkeypatch.setattr("mentoring.tasks.send_letters.delay", away)
    told(EnrolmentFactory(), django_capture_on_commit_callbacks)
    assert Concern.objects.waiting().count() == 1
    assert mail.outbox == []
    # What the timetable does every few minutes.
    send_letters()
    send_letters()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(c.user.email for c in coordinators)


def test_one_coordinators_mail_server_does_not_keep_the_others_from_being_told(monkeypatch):
    broken, well = CoordinatorFactory(), CoordinatorFactory()
    concern = raise_concern(EnrolmentFactory(), UserFactory(), "Noget er galt")
    plain = locmem.EmailBackend.send_messages

    def send(self, messages):
        if messages[0].to == [broken.user.email]:
            raise OSError
        return plain(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send)
    send_letters()
    assert [m.to for m in mail.outbox] == [[well.user.email]]
    monkeypatch.undo()
    send_letters()
    assert [m.to for m in mail.outbox] == [[well.user.email], [broken.user.email]]
    assert set(concern.letters.values_list("state", flat=True)) == {SendState.SENT}


@pytest.mark.parametrize(
    ("urgency", "subject"),
    [
        (Urgency.LIFE, "A concern needs your answer at once"),
        (Urgency.URGENT, "A concern needs your answer today"),
        (Urgency.SOON, "A concern waits for you"),
    ],
)
def test_each_urgency_has_its_own_subject(urgency, subject):
    CoordinatorFactory(user__language="en")
    raise_concern(EnrolmentFactory(), UserFactory(), "Noget er galt", urgency)
    send_letters()
    assert [m.subject for m in mail.outbox] == [subject]


def test_taking_it_is_one_button(coordinator_client, coordinator_user):
    concern = ConcernFactory()
    url = reverse("concern", args=[concern.pk])
    coordinator_client.post(url, {"do": "acknowledge"})
    concern.refresh_from_db()
    assert concern.acknowledged_by == coordinator_user
    assert AccessEntry.objects.filter(event=Event.CHANGE, object_id=concern.pk).exists()


def test_who_comes_second_is_told(coordinator_client):
    first = CoordinatorFactory()
    concern = ConcernFactory()
    acknowledge(concern, first.user)
    url = reverse("concern", args=[concern.pk])
    response = coordinator_client.post(url, {"do": "acknowledge"}, follow=True)
    assert ConcernRefused("taken").sentence in response.content.decode()
    concern.refresh_from_db()
    assert concern.acknowledged_by == first.user


def test_closing_needs_an_outcome_and_the_mentor_sees_it(coordinator_client, client_for):
    pair = PairFactory(enrolment=EnrolmentFactory())
    mentor = pair.seats.get(number=1).mentor
    concern = ConcernFactory(enrolment=pair.enrolment, raised_by=mentor.user)
    url = reverse("concern", args=[concern.pk])
    empty = coordinator_client.post(url, {"outcome": "  "})
    assert empty.context["form"].errors["outcome"]
    coordinator_client.post(url, {"outcome": "Jeg har talt med kriminalforsorgen."})
    concern.refresh_from_db()
    assert concern.resolved_at is not None
    # Closing it is also hearing it.
    assert concern.acknowledged_at is not None
    page = client_for(mentor.user).get(url)
    assert "Jeg har talt med kriminalforsorgen." in page.content.decode()
    partner = pair.seats.get(number=2).mentor
    assert client_for(partner.user).get(url).status_code == 404


def test_a_closed_concern_stays_as_it_was_closed(coordinator_user):
    concern = ConcernFactory(resolved=True)
    with pytest.raises(ConcernRefused) as refused:
        resolve(concern, coordinator_user, "Noget andet")
    assert refused.value.code == "resolved"
    concern.refresh_from_db()
    assert concern.outcome == "Vi har talt sammen."
    with pytest.raises(ConcernRefused) as refused:
        resolve(ConcernFactory(), coordinator_user, " ")
    assert refused.value.code == "empty"


def test_a_concern_from_a_meeting_is_bound_to_it():
    meeting = MeetingFactory()
    concern = raise_concern(meeting.enrolment, UserFactory(), "Noget", meeting=meeting)
    assert concern.meeting == meeting


@pytest.mark.parametrize(
    ("span", "text", "near"),
    [
        (timedelta(minutes=20), "in 20 minutes", True),
        (timedelta(hours=2, minutes=16), "in 2 hours", True),
        (timedelta(hours=7), "in 7 hours", False),
        (timedelta(days=3), "in 3 days", False),
        (timedelta(minutes=-5), "5 minutes too late", True),
        (timedelta(hours=-1), "1 hour too late", True),
        (timedelta(days=-2), "2 days too late", True),
    ],
)
def test_the_clock_in_words(span, text, near):
    with time_machine.travel(danish(2027, 3, 12, 9, 0), tick=False), translation.override("en"):
        concern = Concern(acknowledge_by=timezone.now() + span)
        assert time_left(concern) == text
        assert is_near(concern) is near


def test_the_day_is_named_when_it_is_not_today():
    with time_machine.travel(danish(2027, 3, 12, 9, 0), tick=False), translation.override("en"):
        assert answer_by(Concern(acknowledge_by=danish(2027, 3, 12, 11, 30))) == ("answer by 11:30")
        assert answer_by(Concern(acknowledge_by=danish(2027, 3, 15, 16, 0))) == (
            "answer by Monday 15 March at 16:00"
        )


def test_danger_to_life_is_answered_at_once():
    with time_machine.travel(danish(2027, 3, 12, 9, 0), tick=False), translation.override("en"):
        now = timezone.now()
        for minutes, text in [
            (0, "raised just now"),
            (12, "has waited 12 minutes"),
            (61, "has waited 1 hour"),
        ]:
            concern = Concern(
                urgency=Urgency.LIFE,
                raised_at=now - timedelta(minutes=minutes),
                acknowledge_by=now + timedelta(hours=3),
            )
            assert answer_by(concern) == "answer at once"
            assert time_left(concern) == text
            assert is_near(concern)
