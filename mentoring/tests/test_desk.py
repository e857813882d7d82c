"""A coordinator's desk: what stands on it, for whom, and where each row leads."""

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import resolve, reverse
from django.utils import timezone, translation

from mentoring.contact import silent, with_silence
from mentoring.desk.lists import WORKLISTS
from mentoring.models import Meeting, Seat, Urgency
from mentoring.next_steps import needed_now, next_action
from mentoring.seats import attach_seats
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import (
    AbsenceFactory,
    AccompanimentFactory,
    ClearanceFactory,
    ConcernFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
    StopNoticeFactory,
)
from participants.closed_days import closed_reason
from participants.models import ChecklistItem, ChecklistPoint, Enrolment, NeedRating, Participant
from participants.tests.factories import (
    ELSEWHERE,
    HOME,
    CoordinatorFactory,
    EnrolmentFactory,
    NeedRatingFactory,
    in_days,
    municipality,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db
URL = "/desk/"


@pytest.fixture
def lene(client_for):
    """A client in English, of a coordinator of two municipalities."""
    coordinator = CoordinatorFactory(municipalities=[HOME, ELSEWHERE])
    client = client_for(coordinator)
    client.cookies["primus_language"] = "en"
    client.coordinator = coordinator
    return client


def rows_of(client, **choices) -> dict[str, list]:
    listed = client.get(URL, choices).context["listed"]
    return {one.worklist.name: one.rows for one in listed}


def counts_of(client, **choices) -> dict[str, int]:
    listed = client.get(URL, choices).context["listed"]
    return {one.worklist.name: one.total for one in listed}


def open_day(after: int) -> date:
    """The first day, so many days ahead or more, on which offices are open."""
    day = in_days(after)
    while closed_reason(day) is not None:
        day += timedelta(days=1)
    return day


def closed_day(after: int) -> date:
    day = in_days(after)
    while closed_reason(day) is None:
        day += timedelta(days=1)
    return day


def in_english(closed: date) -> str:
    """Why offices are closed on the day."""
    with translation.override("en"):
        return str(closed_reason(closed))


def rated(enrolment: Enrolment) -> Enrolment:
    """With nothing that is to be assessed."""
    for stage in ("start", "release", "month_3", "month_6", "month_12"):
        NeedRatingFactory(enrolment=enrolment, stage=stage)
    return enrolment


def quiet(**kwargs) -> Enrolment:
    """An enrolment that is on no list: two mentors, met yesterday, rated, on an open day."""
    kwargs = {"expected_release": open_day(30)} | kwargs
    enrolment = rated(EnrolmentFactory(**kwargs))
    PairFactory(enrolment=enrolment)
    MeetingFactory(enrolment=enrolment)
    return enrolment


def one_of_each() -> dict[str, tuple]:
    """Something on every list: the row's subject, the URL's name of its action, and a word."""
    made: dict[str, tuple] = {}
    concern = ConcernFactory(enrolment=quiet(), overdue=True)
    made["concerns"] = concern, "concern", "too late"
    alone = rated(EnrolmentFactory(expected_release=open_day(15)))
    made["no-pair"] = alone, "pair_create", "referred 60 days ago"
    vacant = quiet()
    Seat.objects.filter(pair__enrolment=vacant, number=2).update(held_until=in_days(-9))
    made["vacant"] = vacant, "pair_create", "vacant for 9 days"
    away = quiet()
    for seat in Seat.objects.filter(pair__enrolment=away):
        AbsenceFactory(mentor=seat.mentor, away_from=in_days(-3), away_until=in_days(4))
    made["uncovered"] = away, "message_create", "for 3 days"
    asked = rated(EnrolmentFactory(expected_release=open_day(100)))
    PairProposalFactory(enrolment=asked, proposed_at=timezone.now() - timedelta(days=5))
    made["asked"] = asked, "pair_create", "have not answered"
    late = quiet(expected_release=in_days(-5))
    for point in ChecklistPoint.objects.all():
        ChecklistItem.objects.create(enrolment=late, point=point, done_on=in_days(-6))
    made["unconfirmed"] = late, "release_confirm", "5 days ago"
    soon = quiet(expected_release=open_day(4))
    made["gate-week"] = soon, "enrolment", "0 of 8 ready"
    closed = quiet(expected_release=closed_day(20))
    made["closed-day"] = closed, "release_move", in_english(closed.expected_release)
    silence = quiet(post_release=True, expected_release=in_days(-100))
    Meeting.objects.filter(enrolment=silence).update(
        happened_at=timezone.now() - timedelta(days=23)
    )
    made["silent"] = silence, "message_create", "for 23 days"
    unrated = quiet()
    NeedRating.objects.filter(enrolment=unrated).delete()
    made["assessments"] = unrated, "needs_rate", "due 60 days ago"
    promised = AccompanimentFactory(
        meeting__enrolment=quiet(), follow_up="Ringe igen", follow_up_on=in_days(-2)
    )
    made["follow-ups"] = promised, "meeting", "due 2 days ago"
    runs_out = ClearanceFactory(mentor=MentorFactory(cleared=False), expires_on=in_days(12))
    made["clearances"] = runs_out, "mentor", "expires in 12 days"
    over = quiet(past_year=True, expected_release=in_days(-400))
    made["to-end"] = over, "enrolment_end", "12 months have passed"
    return made


def test_each_row_says_why_since_when_and_leads_to_what_to_do(lene):
    made = one_of_each()
    assert list(made) == [worklist.name for worklist in WORKLISTS]
    response = lene.get(URL)
    page = BeautifulSoup(response.content, "html.parser")
    assert counts_of(lene) == dict.fromkeys(made, 1)
    assert response.context["in_order"] == []
    for name, (subject, url_name, words) in made.items():
        section = page.select_one(f"section[aria-labelledby={name}]")
        (row,) = section.select(".wrow")
        action = row.select_one("a.act")
        case = getattr(subject, "enrolment", subject)
        person = case.mentor.user if name == "clearances" else case.participant
        assert row.select_one(".who").text == person.get_full_name()
        assert words in row.text, name
        assert person.get_full_name() in action.text
        path, _, asked = re.match(r"([^?#]+)([?#](.*))?", action["href"]).groups()
        assert resolve(path).url_name == url_name
        numbers = {"clearances": "mentor_id", "follow-ups": "meeting_id"}
        number = getattr(subject, numbers.get(name, "pk"))
        if url_name == "message_create":
            assert asked == f"enrolment={number}"
        else:
            assert resolve(path).kwargs["pk"] == number
        assert lene.get(action["href"]).status_code == 200, name
    # The first thing to do is the one button that is filled.
    (first,) = page.select("main .btn-primary")
    assert first["href"] == reverse("concern", args=[made["concerns"][0].pk])
    # What stands on a list's own page is what stands on the desk.
    for worklist in WORKLISTS:
        alone = lene.get(reverse("desk_list", args=[worklist.name]))
        assert [row.name for row in alone.context["one"].rows] == [
            row.name for row in rows_of(lene)[worklist.name]
        ]


def test_nothing_to_do_is_one_quiet_line(lene):
    quiet()
    response = lene.get(URL)
    assert counts_of(lene) == {}
    assert [worklist.name for worklist in response.context["in_order"]] == [
        worklist.name for worklist in WORKLISTS
    ]
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select(".worklist") == []
    assert "no seat is vacant" in page.select_one(".desk-order").text
    alone = lene.get(reverse("desk_list", args=["vacant"]))
    assert "no seat is vacant" in alone.content.decode()


def test_danger_to_life_comes_first_and_a_longer_list_is_paged(lene):
    for n in range(11):
        ConcernFactory(acknowledge_by=timezone.now() + timedelta(hours=n + 1))
    life = ConcernFactory(urgency=Urgency.LIFE, acknowledge_by=timezone.now() + timedelta(hours=20))
    EnrolmentFactory.create_batch(26, expected_release=open_day(20))
    response = lene.get(URL)
    page = BeautifulSoup(response.content, "html.parser")
    waiting = page.select_one("section[aria-labelledby=concerns]")
    assert "Danger to life." in waiting.select_one(".wrow").text
    assert reverse("concern", args=[life.pk]) == waiting.select_one(".act")["href"]
    assert len(waiting.select(".wrow")) == 10
    assert "Show all 12" in waiting.select_one(".worklist-more").text
    path = waiting.select_one(".worklist-more")["href"]
    assert len(lene.get(path).context["one"].rows) == 12
    pages = [lene.get("/desk/no-pair/", {"page": n}).context["one"].rows for n in (1, 2)]
    assert [len(rows) for rows in pages] == [25, 38 - 25]
    assert len({row.url for rows in pages for row in rows}) == 38
    assert lene.get("/desk/nothing/").status_code == 404


def test_whoever_has_given_notice_stands_among_the_vacant_seats(lene):
    enrolment = quiet()
    seat = Seat.objects.get(pair__enrolment=enrolment, number=1)
    Seat.objects.filter(pk=seat.pk).update(held_until=in_days(14))
    seat.refresh_from_db()
    notice = StopNoticeFactory(seat=seat, stops_on=in_days(14))
    (row,) = rows_of(lene)["vacant"]
    page = lene.get(URL).content.decode()
    assert f"{seat.mentor.user.get_full_name()} stops on" in page
    assert row.more.url == reverse("stop_notice", args=[notice.pk])
    assert row.action.url == reverse("pair_create", args=[enrolment.pk])
    done = lene.post(row.more.url, {"do": "acknowledge"})
    assert done.url == reverse("desk")
    assert "vacant" not in rows_of(lene)


def test_the_choices_stand_in_the_address(lene):
    here = EnrolmentFactory(expected_release=open_day(20), coordinator=lene.coordinator)
    there = EnrolmentFactory(expected_release=open_day(21), municipality_id=ELSEWHERE)
    alone = {"no-pair": [here, there]}

    def people(**choices):
        return [row.url for row in rows_of(lene, **choices).get("no-pair", [])]

    def urls(*enrolments):
        return [reverse("enrolment", args=[e.pk]) for e in enrolments]

    assert people() == urls(*alone["no-pair"])
    assert people(municipality=ELSEWHERE) == urls(there)
    assert people(whose="own") == urls(here)
    assert people(whose="own", municipality=ELSEWHERE) == []
    # What cannot be is left out.
    assert people(whose="x", municipality="0999") == urls(here, there)
    page = BeautifulSoup(lene.get(URL, {"whose": "own"}).content, "html.parser")
    assert page.select_one("#rail-all")["href"] == f"{reverse('enrolment_list')}?whose=own"
    assert page.select_one("input[value=own]").has_attr("checked")
    rows = lene.get(reverse("enrolment_list"), {"whose": "own"}).context["rows"]
    assert rows == [here]


def test_a_foreign_municipality_is_never_shown(coordinator_client, coordinator):
    EnrolmentFactory(expected_release=open_day(20))
    before = counts_of(coordinator_client)
    Enrolment.objects.update(municipality=municipality(ELSEWHERE))
    for kwargs in ({"municipality_id": ELSEWHERE}, {"municipality_id": "0101"}):
        foreign = EnrolmentFactory(expected_release=closed_day(3), **kwargs)
        ConcernFactory(enrolment=foreign)
        ClearanceFactory(mentor=MentorFactory(cleared=False, **kwargs), expires_on=in_days(3))
    for choices in ({}, {"municipality": ELSEWHERE}, {"whose": "own"}):
        response = coordinator_client.get(URL, choices)
        assert [one.rows for one in response.context["listed"]] == []
        assert response.context["enrolments_count"] == 0
        for person in Participant.objects.all():
            assert person.last_name not in response.content.decode()
    # Losing a municipality takes effect on the next request, and so does getting it back.
    assert before["no-pair"] == 1
    coordinator.municipalities.add(ELSEWHERE)
    assert counts_of(coordinator_client)["no-pair"] == 2


def test_the_counts_are_asked_for_again_and_say_that_something_is_new(lene):
    EnrolmentFactory(expected_release=open_day(20), participant__last_name="Navnesen")
    page = BeautifulSoup(lene.get(URL).content, "html.parser")
    again = page.select_one("#desk-rail")["hx-get"]
    AccessEntry.objects.all().delete()
    fragment = lene.get(again).content.decode()
    assert fragment.strip() == str(page.select_one("#desk-rail")) or "desk-changed" not in fragment
    same = BeautifulSoup(fragment, "html.parser")
    rail = page.select_one("#desk-rail")
    assert [a.text for a in same.select("a")] == [a.text for a in rail.select("a")]
    EnrolmentFactory(expected_release=open_day(20), participant__last_name="Navnesen")
    changed = BeautifulSoup(lene.get(again).content, "html.parser")
    assert changed.select_one("#rail-no-pair .cnt").text == "2"
    assert changed.select_one(".desk-changed")["href"] == URL
    # It names nobody, so there is nothing to write down, however often it is asked for.
    assert "Navnesen" not in changed.text
    assert not AccessEntry.objects.exists()
    assert lene.get(URL).context["seen"] in changed.select_one("#desk-rail")["hx-get"]


def test_the_log_says_whom_the_desk_showed(lene):
    made = one_of_each()
    lene.get(URL)
    rows = AccessEntry.objects.filter(event=Event.LIST, user=lene.coordinator.user)
    told = {row.object_type: set(row.detail.split()) for row in rows}
    assert str(made["no-pair"][0].pk) in told["participants.enrolment"]
    assert told["mentoring.concern"] == {str(made["concerns"][0].pk)}
    assert told["mentoring.mentor"] == {str(made["clearances"][0].mentor_id)}
    assert {row.municipality_code for row in rows} == {HOME}


def test_the_desk_is_where_a_coordinator_begins(lene):
    assert lene.get("/").url == URL
    ConcernFactory()
    listed = lene.get(reverse("enrolment_list")).content.decode()
    assert "1 concern is waiting on the desk" in listed
    assert f'href="{URL}#concerns"' in listed


# --- What the lists share with other pages ---------------------------------------------------


@pytest.mark.parametrize(
    ("days", "kind", "is_silent"),
    [(13, {}, False), (14, {}, True), (2, {"tried": True}, True), (2, {"not_held": True}, True)],
)
def test_silence_is_counted_from_the_last_meeting_that_was_held(lene, days, kind, is_silent):
    enrolment = quiet()
    Meeting.objects.update(happened_at=timezone.now() - timedelta(days=30))
    mentor = Seat.objects.filter(pair__enrolment=enrolment).last().mentor
    ago = timezone.now() - timedelta(days=days)
    MeetingFactory(enrolment=enrolment, happened_at=ago, mentors=[mentor], **kind)
    assert silent(Enrolment.objects.all()).exists() == is_silent
    assert with_silence(Enrolment.objects.all()).get().is_silent == is_silent
    assert ("silent" in rows_of(lene)) == is_silent
    (listed,) = lene.get(reverse("enrolment_list")).context["rows"]
    assert listed.is_silent == is_silent


def test_a_seat_that_is_promised_needs_nobody(lene):
    enrolment = quiet()
    seat = Seat.objects.get(pair__enrolment=enrolment, number=2)
    Seat.objects.filter(pk=seat.pk).update(held_until=in_days(-1))
    attach_seats([enrolment])
    assert [action.url for action in needed_now(enrolment)] == [
        reverse("pair_create", args=[enrolment.pk])
    ]
    seat.pair.seats.create(number=2, mentor=MentorFactory(), held_from=in_days(3))
    attach_seats([enrolment])
    assert needed_now(enrolment) == []
    assert next_action(enrolment).url == reverse("enrolment", args=[enrolment.pk])
    assert "vacant" not in rows_of(lene)
