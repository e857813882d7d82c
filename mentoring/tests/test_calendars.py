"""A calendar subscribes to a mentor's private address, and is told what is agreed and nothing of
whom. The client is the package that phones' calendars are written after."""

from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import lazy
from icalendar import Calendar, Event

from mentoring import calendars
from mentoring.calendars import SUMMARIES, make_address
from mentoring.models import CalendarEntry, CalendarFeed, Meeting
from mentoring.tests.factories import MeetingFactory, MentorFactory, PairFactory
from participants.milestones import Milestone
from participants.models import Enrolment
from participants.tests.factories import EnrolmentFactory, in_days
from primus.testing.axe import names_in

pytestmark = pytest.mark.django_db

PAGE = reverse("calendar")
RELEASED = date(2027, 2, 1)
STEP = date(2027, 3, 20)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2027-03-12T09:00:00+01:00", tick=False) as clock:
        yield clock


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", user__language="en")


@pytest.fixture
def enrolment(karen):
    enrolment = EnrolmentFactory(
        post_release=True, released_on=RELEASED, participant__first_name="Rasmus"
    )
    PairFactory(enrolment=enrolment, seat1=karen)
    return enrolment


@pytest.fixture
def step(enrolment):
    return MeetingFactory(
        enrolment=enrolment, next_step="Møde med Birgit på jobcentret i Vejle", next_step_on=STEP
    )


@pytest.fixture
def path(karen):
    return reverse("calendar_feed", args=[make_address(karen)])


def read(path) -> Calendar:
    """What a calendar that knows only the address is told."""
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def events(path) -> list[Event]:
    return list(read(path).walk("VEVENT"))


def by_summary(path) -> dict[str, Event]:
    return {str(event["SUMMARY"]): event for event in events(path)}


def test_a_calendar_is_told_the_next_steps_and_the_milestones(path, step):
    calendar = read(path)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(hours=4)
    assert calendar["X-PUBLISHED-TTL"] == "PT4H"
    told = by_summary(path)
    assert told["Primus: next step"].decoded("DTSTART") == STEP
    assert told["Primus: 3 months after release"].decoded("DTSTART") == date(2027, 5, 1)
    for event in told.values():
        # The whole day, wherever the phone is.
        assert type(event.decoded("DTSTART")) is date
        assert event.decoded("DTEND") == event.decoded("DTSTART") + timedelta(days=1)
        assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
        assert event["TRANSP"] == "TRANSPARENT"
        assert event.decoded("DTSTAMP") == timezone.now()
        for name in ("UID", "LAST-MODIFIED", "URL"):
            assert event[name]


def test_no_one_and_no_place_stands_in_it(path, step, enrolment):
    text = Client().get(path).content.decode()
    assert names_in(text) == set()
    for secret in ("Rasmus", "Birgit", "Vejle", "jobcent", enrolment.case_number, "Aarhus"):
        assert secret not in text
    # Nor a number by which the case could be known.
    uids = [str(event["UID"]) for event in events(path)]
    assert len(set(uids)) == len(uids)
    assert not [uid for uid in uids if uid.startswith(f"{enrolment.pk}@")]
    addresses = {str(event["URL"]) for event in events(path)}
    assert addresses == {"http://localhost:8000/"}


def test_every_kind_of_day_has_words():
    assert set(SUMMARIES) == {CalendarEntry.STEP, *Milestone}


@pytest.mark.parametrize("language", ["da", "en"])
def test_it_speaks_the_mentors_language(karen, path, step, language, monkeypatch):
    spoken = lazy(translation.get_language, str)()
    monkeypatch.setattr("mentoring.calendars.SUMMARIES", dict.fromkeys(SUMMARIES, spoken))
    karen.user.language = language
    karen.user.save()
    # Whatever the calendar says that it speaks itself.
    answer = Client(headers={"accept-language": "en" if language == "da" else "da"}).get(path)
    told = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(event["SUMMARY"]) for event in told} == {language}


def test_a_release_that_is_planned_is_tentative(karen, path):
    enrolment = EnrolmentFactory(gate_week=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    assert {e["STATUS"] for e in events(path)} == {"TENTATIVE"}
    before = by_summary(path)["Primus: day of release"]
    Enrolment.objects.update(released_on=F("expected_release"))
    after = by_summary(path)["Primus: day of release"]
    assert after["STATUS"] == "CONFIRMED"
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)


def test_what_moves_keeps_its_name_and_counts_the_moves(path, step, today):
    before = by_summary(path)["Primus: next step"]
    today.shift(timedelta(hours=5))
    Meeting.objects.update(next_step_on=STEP + timedelta(days=2))
    after = by_summary(path)["Primus: next step"]
    assert after["UID"] == before["UID"]
    assert after.decoded("DTSTART") == STEP + timedelta(days=2)
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after.decoded("LAST-MODIFIED") == timezone.now()
    assert after.decoded("DTSTAMP") > before.decoded("DTSTAMP")
    # What has not moved reads as before.
    today.shift(timedelta(hours=5))
    assert by_summary(path)["Primus: next step"] == after


def test_what_is_off_is_called_off_and_then_forgotten(path, step, today):
    before = by_summary(path)["Primus: next step"]
    step.delete()
    off = by_summary(path)["Primus: next step"]
    assert (off["STATUS"], off["UID"], off["SEQUENCE"]) == ("CANCELLED", before["UID"], 1)
    assert by_summary(path)["Primus: next step"]["SEQUENCE"] == 1
    today.shift(timedelta(days=61))
    assert "Primus: next step" not in by_summary(path)
    assert not CalendarEntry.objects.filter(kind=CalendarEntry.STEP).exists()


def test_what_comes_back_is_on_again_under_its_name(path, step):
    uid = by_summary(path)["Primus: next step"]["UID"]
    Meeting.objects.update(next_step_on=None)
    assert by_summary(path)["Primus: next step"]["STATUS"] == "CANCELLED"
    Meeting.objects.update(next_step_on=STEP)
    back = by_summary(path)["Primus: next step"]
    assert (back["STATUS"], back["UID"], back["SEQUENCE"]) == ("CONFIRMED", uid, 2)


def test_who_is_followed_no_longer_is_called_off(karen, path, step):
    assert {e["STATUS"] for e in events(path)} == {"CONFIRMED"}
    karen.seats.update(held_until=in_days(0))
    assert {e["STATUS"] for e in events(path)} == {"CANCELLED"}


def test_only_the_mentors_own(path, step):
    stranger = PairFactory(enrolment=EnrolmentFactory(post_release=True)).enrolment
    MeetingFactory(enrolment=stranger, next_step_on=STEP + timedelta(days=1))
    steps = [e for e in events(path) if e["SUMMARY"] == "Primus: next step"]
    assert [e.decoded("DTSTART") for e in steps] == [STEP]


def test_days_long_past_are_left_out(karen, path):
    enrolment = EnrolmentFactory(post_release=True, released_on=date(2026, 6, 1))
    PairFactory(enrolment=enrolment, seat1=karen)
    assert min(e.decoded("DTSTART") for e in events(path)) >= in_days(-60)


def test_a_calendar_that_asks_again_is_told_that_nothing_is_new(path, step):
    first = Client().get(path)
    assert first["Cache-Control"] == "private, no-cache"
    again = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Meeting.objects.update(next_step_on=STEP + timedelta(days=2))
    assert Client().get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_wrong_address_is_not_there(path):
    for secret in ("x", "a" * 43):
        assert Client().get(reverse("calendar_feed", args=[secret])).status_code == 404
    assert Client().post(path).status_code == 405


def test_a_mentor_who_can_no_longer_sign_in_has_no_calendar(karen, path, step):
    karen.user.is_active = False
    karen.user.save()
    assert Client().get(path).status_code == 404


def test_reading_is_noted_hourly_and_otherwise_writes_nothing(path, step, today, query_budget):
    client = Client()
    client.get(path)
    read_at = CalendarFeed.objects.get().last_read_at
    assert read_at == timezone.now()
    today.shift(timedelta(minutes=59))
    with query_budget(8) as statements:
        client.get(path)
    changing = [sql for sql in statements if not sql.startswith("SELECT")]
    # One, that finds nothing to change.
    assert len(changing) == 1
    assert CalendarFeed.objects.get().last_read_at == read_at
    assert not client.cookies
    today.shift(timedelta(minutes=2))
    client.get(path)
    assert CalendarFeed.objects.get().last_read_at > read_at


def test_the_number_of_queries_is_fixed(karen, path, query_budget):
    for _ in range(3):
        enrolment = EnrolmentFactory(post_release=True)
        PairFactory(enrolment=enrolment, seat1=karen)
        for days in range(10):
            MeetingFactory(enrolment=enrolment, next_step_on=in_days(days))
    with query_budget(9):
        assert len(events(path)) > 30


# --- The page -------------------------------------------------------------------------------


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def address_on(response) -> str:
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    shown = page.select_one("#feed-address")["value"]
    links = [a["href"] for a in page.select("main a") if a["href"].startswith("webcal://")]
    assert links == [shown.replace("http://", "webcal://")]
    return shown.removeprefix("http://localhost:8000")


def test_an_address_is_made_and_shown_once(client, step):
    path = address_on(client.post(PAGE, {"do": "make"}))
    assert events(path)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) >= 43
    assert secret not in client.get(PAGE).text
    # Nobody who reads the tables can read the calendar.
    assert not CalendarFeed.objects.filter(secret_digest__contains=secret).exists()


def test_a_new_address_ends_the_old_one(client, step):
    old = address_on(client.post(PAGE, {"do": "make"}))
    uids = {e["UID"] for e in events(old)}
    new = address_on(client.post(PAGE, {"do": "make"}))
    assert Client().get(old).status_code == 404
    # The same events: a calendar that is moved over holds nothing twice.
    assert {e["UID"] for e in events(new)} == uids


def test_it_can_be_removed(client, step):
    path = address_on(client.post(PAGE, {"do": "make"}))
    events(path)
    assert client.post(PAGE, {"do": "remove"}).url == PAGE
    assert Client().get(path).status_code == 404
    assert not CalendarEntry.objects.exists()
    assert client.get(PAGE).context["feed"] is None


def test_opening_the_page_makes_no_address(client):
    client.get(PAGE)
    assert not CalendarFeed.objects.exists()


def test_address_that_is_removed_while_it_is_read_is_not_there(client, path, karen, monkeypatch):
    looked_up = calendars.feed_of

    def then_removed(secret):
        feed = looked_up(secret)
        make_address(karen)
        return feed

    monkeypatch.setattr("mentoring.views.calendars.feed_of", then_removed)
    assert client.get(path).status_code == 404
