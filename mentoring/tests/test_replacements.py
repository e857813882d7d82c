"""One mentor takes over a seat from another, and there are never three."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.caseload import attach_rows, caseload
from mentoring.models import Replacement, Seat
from mentoring.planning import plan_for
from mentoring.replacements import Plan, ReplacementRefused, replace_seat, write_summary
from mentoring.seats import attach_seats, seats_filled
from mentoring.stopping import give_notice
from mentoring.tests.factories import AbsenceFactory, MeetingFactory, MentorFactory, PairFactory
from participants.models import Enrolment
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def lene():
    return CoordinatorFactory()


@pytest.fixture
def old():
    return MentorFactory(user__first_name="Oluf", user__last_name="Udtrædende")


@pytest.fixture
def new():
    return MentorFactory(user__first_name="Nanna", user__last_name="Tiltrædende")


@pytest.fixture
def stays():
    return MentorFactory(user__first_name="Stine", user__last_name="Blivende")


@pytest.fixture
def enrolment(old, stays):
    found = EnrolmentFactory(gate_week=True, participant__first_name="Rasmus")
    PairFactory(enrolment=found, seat1=old, seat2=stays)
    return found


@pytest.fixture
def seat(enrolment, old):
    return Seat.objects.get(mentor=old)


def form(mentor, **values) -> dict:
    return {
        "mentors": mentor.pk,
        "starts_on": in_days(0).isoformat(),
        "overlap_days": 10,
        "introduction_on": in_days(2).isoformat(),
        "summary": "",
        "ask_summary": "on",
        **values,
    }


def text(response) -> str:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ")


def who(enrolment) -> list[str]:
    """The mentors that are shown as the pair, seat by seat."""
    (found,) = attach_seats([Enrolment.objects.get(pk=enrolment.pk)])
    assert [s.mentor for s in found.seats_now] == [p.mentor for p in found.places if p.mentor]
    current = Seat.objects.current().filter(pair__enrolment=enrolment).order_by("number")
    assert list(current) == found.seats_now
    return [s.mentor.user.first_name for s in found.seats_now]


def test_a_handover_from_its_page_to_its_end(client_for, enrolment, seat, old, new, stays, lene):
    coordinator, leaves, comes = client_for(lene), client_for(old), client_for(new)
    page = reverse("seat_replace", args=[seat.pk])
    assert "Nanna" in text(coordinator.get(page))
    assert coordinator.post(page, form(new)).status_code == 302
    row = Replacement.objects.get()
    assert AccessEntry.objects.filter(event=Event.CREATE, object_id=row.pk).exists()
    assert who(enrolment) == ["Nanna", "Stine"]

    # All three see the participant and can log who was there, and two are the pair.
    enrolment_page = reverse("enrolment", args=[enrolment.pk])
    for client in (leaves, comes, client_for(stays)):
        assert client.get(enrolment_page).status_code == 200
        assert client.get(reverse("mentor_home")).status_code == 200
        assert client.post(reverse("turn_ask", args=[enrolment.pk])).status_code == 302
    log = leaves.get(reverse("meeting_create"), {"enrolment": enrolment.pk}).content.decode()
    assert all(name in log for name in ("Nanna", "Stine"))

    # The one who leaves is asked for what they know, and the new one reads it.
    task = reverse("replacement_summary", args=[row.pk])
    assert task in leaves.get(reverse("mentor_home")).content.decode()
    said = {"summary": "Han vil helst mødes om morgenen.", "seen": ""}
    assert leaves.post(task, said).url == enrolment_page
    assert comes.get(task).status_code == 404
    for address in (reverse("mentor_home"), enrolment_page):
        assert "om morgenen" in text(comes.get(address))
    comes.post(reverse("replacement_read", args=[row.pk]))
    row.refresh_from_db()
    assert row.read_at is not None

    with time_machine.travel(timezone.now() + timedelta(days=10)):
        assert client_for(old).get(enrolment_page).status_code == 404
        assert client_for(new).get(enrolment_page).status_code == 200
        assert who(enrolment) == ["Nanna", "Stine"]


def test_two_are_counted_shown_and_reminded(enrolment, seat, old, new, stays, lene):
    AbsenceFactory(mentor=old, away_from=in_days(0), away_until=in_days(3))
    replace_seat(seat, new, Plan(in_days(0), 14), lene.user)
    counted = Enrolment.objects.annotate(n=seats_filled()).get(pk=enrolment.pk)
    assert counted.n == 2
    (row,) = attach_rows(caseload(lene.user))
    assert [place.mentor for place in row.places] == [new, stays]
    plan_for(Enrolment.objects.filter(pk=enrolment.pk))
    reminded = set(enrolment.reminders.values_list("recipient", flat=True))
    assert reminded == {new.user_id, stays.user_id, lene.user_id}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"overlap_days": 15}, "too_long"),
        ({"overlap_days": -1}, "too_long"),
        ({"starts_on": in_days(-1).isoformat()}, "past"),
        ({"introduction_on": in_days(11).isoformat()}, "introduction"),
    ],
)
def test_what_cannot_be_is_said_beside_the_question(client_for, seat, new, lene, values, code):
    response = client_for(lene).post(
        reverse("seat_replace", args=[seat.pk]), form(new, summary="Noget vigtigt", **values)
    )
    shown = response.content.decode()
    assert ReplacementRefused(code).sentence in shown
    assert "Noget vigtigt" in shown
    assert not Replacement.objects.exists()


def test_with_a_day_on_which_the_mentor_stops(client_for, enrolment, seat, new, stays, lene):
    """The handover ends by that day; and until then it can be taken back, with all as it was."""
    give_notice(seat, in_days(7), "time")
    seat.refresh_from_db()
    with pytest.raises(ReplacementRefused, match="stops_before"):
        replace_seat(seat, new, Plan(in_days(3), 5), lene.user)
    with pytest.raises(ReplacementRefused, match="already_in_pair"):
        replace_seat(seat, stays, Plan(in_days(3), 4), lene.user)
    made = replace_seat(seat, new, Plan(in_days(3), 2), lene.user)
    assert who(enrolment) == ["Oluf", "Stine"]
    with pytest.raises(ReplacementRefused, match="already"):
        replace_seat(seat, MentorFactory(), Plan(in_days(3), 2), lene.user)
    seat.refresh_from_db()
    assert seat.held_until == in_days(5)
    client_for(lene).post(reverse("seat_vacate", args=[made.incoming_id]))
    seat.refresh_from_db()
    assert seat.held_until == in_days(7)
    made.refresh_from_db()
    assert made.taken_back_at is not None
    assert replace_seat(seat, new, Plan(in_days(7)), lene.user)


def test_two_who_write_lose_nothing(client_for, enrolment, seat, new, lene):
    made = replace_seat(seat, new, Plan(in_days(0), 5, ask_summary=True), lene.user)
    write_summary(made, "Fra Oluf", seen="")
    response = client_for(lene).post(
        reverse("replacement_summary", args=[made.pk]), {"summary": "Fra Lene", "seen": ""}
    )
    shown = response.content.decode()
    assert ReplacementRefused("written").sentence in shown
    assert "Fra Oluf" in shown
    assert "Fra Lene" in shown


def test_meetings_of_the_one_who_hands_over_count(enrolment, seat, old, new, lene, client_for):
    replace_seat(seat, new, Plan(in_days(0), 5), lene.user)
    MeetingFactory(enrolment=enrolment, mentors=[old, new])
    assert client_for(old).get(reverse("mentor_home")).status_code == 200
    assert client_for(new).get(reverse("mentor_home")).status_code == 200
