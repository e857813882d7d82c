"""The enrolment's page: its parts, what the overview says, and what a page costs."""

from datetime import datetime, time, timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.history import history_of
from mentoring.models import Meeting
from mentoring.tests.factories import (
    AccompanimentFactory,
    AuthorityContactFactory,
    ConcernFactory,
    MeetingAdditionFactory,
    MeetingFactory,
    MeetingVersionFactory,
    MentorFactory,
    PairFactory,
)
from participants.models import RatingStage, SupportArea
from participants.tests.factories import (
    ChecklistItemFactory,
    ConsentFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    GoalChangeFactory,
    GoalFactory,
    NeedRatingFactory,
    ReleaseDateMoveFactory,
    in_days,
)

pytestmark = pytest.mark.django_db

PARTS = ["enrolment", "enrolment_meetings", "enrolment_plan", "enrolment_needs"]
PARTS += ["enrolment_people"]
MOST_QUERIES = 20


def page_of(client, enrolment, part="enrolment") -> str:
    return client.get(reverse(part, args=[enrolment.pk])).text


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen")


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas")


@pytest.fixture
def rasmus(karen, jonas):
    enrolment = EnrolmentFactory(post_release=True, participant__first_name="Rasmus")
    PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
    return enrolment


def test_a_coordinator_finds_the_way_from_a_full_pair_to_changing_it(coordinator_client):
    enrolment = PairFactory(enrolment__post_release=True).enrolment
    assert reverse("pair_create", args=[enrolment.pk]) in page_of(coordinator_client, enrolment)


def test_an_ended_enrolment_names_who_followed_and_has_no_next_step(coordinator_client):
    karen = MentorFactory(user__first_name="Karen", user__last_name="Opdigtsen")
    enrolment = EnrolmentFactory(ended=True)
    left = {"seat1__held_until": in_days(-1), "seat2__held_until": in_days(-1)}
    PairFactory(enrolment=enrolment, ended=True, seat1=karen, **left)
    MeetingFactory(enrolment=enrolment, next_step="Ses alle tre", happened_at=in_the_past(200))
    soup = BeautifulSoup(page_of(coordinator_client, enrolment), "html.parser")
    assert "Karen Opdigtsen" in soup.text
    assert "Ingen mentor endnu" not in soup.text
    assert soup.select(".next") == []
    assert reverse("pair_create", args=[enrolment.pk]) not in str(soup)


def in_the_past(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def test_of_one_day_the_release_stands_below_the_meeting_that_followed():
    enrolment = EnrolmentFactory(post_release=True)
    noon = datetime.combine(enrolment.released_on, time(12))
    MeetingFactory(enrolment=enrolment, happened_at=timezone.make_aware(noon))
    lines = history_of(enrolment, Meeting.objects.all(), [], [])
    assert [line.text for line in lines][:2] == ["Første møde efter løsladelsen", "Løsladt"]


def test_the_history_tells_what_moved_and_why_and_nothing_a_coordinator_noted(client_for, karen):
    enrolment = EnrolmentFactory(pre_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    move = ReleaseDateMoveFactory(enrolment=enrolment, note="Han har kontakt til sin advokat.")
    goal = GoalFactory(enrolment=enrolment, dropped=True, title="Et værksted")
    soup = BeautifulSoup(page_of(client_for(karen), enrolment), "html.parser")
    history = soup.select_one(".history").text
    assert str(move.get_reason_display()) in history
    assert "Et værksted" in history
    assert goal.drop_reason in history
    assert move.note not in soup.text


@pytest.mark.parametrize("part", PARTS)
def test_every_part_leads_to_the_others_and_says_which_it_is(client_for, karen, rasmus, part):
    soup = BeautifulSoup(page_of(client_for(karen), rasmus, part), "html.parser")
    tabs = soup.select(".tabs a")
    assert [tab["href"] for tab in tabs] == [reverse(name, args=[rasmus.pk]) for name in PARTS]
    current = [tab["href"] for tab in tabs if tab.get("aria-current") == "page"]
    assert current == [reverse(part, args=[rasmus.pk])]
    assert soup.h1.text == rasmus.participant.get_full_name()


@pytest.mark.parametrize("part", PARTS)
def test_a_mentor_never_gets_what_is_for_coordinators(client_for, karen, part):
    wish = "Taler helst med kvinder om sin far."
    enrolment = EnrolmentFactory(post_release=True, wishes=wish)
    PairFactory(enrolment=enrolment, seat1=karen)
    consent = ConsentFactory(enrolment=enrolment)
    page = page_of(client_for(karen), enrolment, part)
    assert wish not in page
    assert str(consent.get_kind_display()) not in page
    for name in ("release_confirm", "enrolment_end", "pair_create"):
        assert reverse(name, args=[enrolment.pk]) not in page


def test_the_overview_says_what_matters_now(client_for, karen, jonas, rasmus):
    met = MeetingFactory(enrolment=rasmus, mentors=[jonas], next_step="Ses på kommunen")
    AccompanimentFactory(meeting=met, follow_up="Sende papirerne", follow_up_on=in_days(2))
    GoalFactory(enrolment=rasmus, title="En fast bolig", due_on=in_days(3))
    soup = BeautifulSoup(page_of(client_for(karen), rasmus), "html.parser")
    now = " ".join(part.text for part in soup.select(".next"))
    for words in ("Jonas", "Ses på kommunen", "Sende papirerne"):
        assert words in now
    goal = next(row for row in soup.select(".goals li") if "En fast bolig" in row.text)
    assert goal.select_one(".text-warn")


def fill(enrolment, mentors, n: int) -> None:
    """`n` of everything that a page shows."""
    for at in range(n):
        meeting = MeetingFactory(
            enrolment=enrolment,
            mentors=mentors,
            areas=list(SupportArea.values),
            happened_at=in_the_past(at + 1),
        )
        AccompanimentFactory(meeting=meeting, follow_up="Ringe", follow_up_on=in_days(at))
        MeetingAdditionFactory(meeting=meeting, written_by=mentors[0].user)
        MeetingVersionFactory(meeting=meeting)
        goal = GoalFactory(enrolment=enrolment, area=SupportArea.values[at % 5])
        GoalChangeFactory.create_batch(2, goal=goal, changed_by=mentors[at % 2].user)
        AuthorityContactFactory(enrolment=enrolment)
        ConcernFactory(enrolment=enrolment, raised_by=mentors[0].user)
        ReleaseDateMoveFactory(enrolment=enrolment)
        CoordinatorFactory()


@pytest.mark.parametrize("who", ["mentor", "coordinator"])
def test_no_part_costs_more_the_more_there_is(client_for, query_budget, karen, jonas, who):
    enrolment = EnrolmentFactory(gate_week=True)
    PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
    ChecklistItemFactory(enrolment=enrolment, done=True)
    for area in SupportArea.values:
        for stage in RatingStage.values:
            NeedRatingFactory(enrolment=enrolment, area=area, stage=stage)
    reader = karen if who == "mentor" else CoordinatorFactory()
    client = client_for(reader)
    asked = {}
    for n in (2, 25):
        fill(enrolment, [karen, jonas], n)
        for part in PARTS:
            with query_budget(MOST_QUERIES) as statements:
                response = client.get(reverse(part, args=[enrolment.pk]))
            assert response.status_code == 200
            asked.setdefault(part, []).append(len(statements))
    assert {part: len(set(numbers)) for part, numbers in asked.items()} == dict.fromkeys(PARTS, 1)
