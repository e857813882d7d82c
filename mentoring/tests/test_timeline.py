"""Everything that happened to an enrolment, and the notes: for its coordinators only."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.models import SendState
from mentoring.tests.desk_factories import (
    ConcernActionFactory,
    MessageFactory,
    PairProposalFactory,
    ReplacementFactory,
)
from mentoring.tests.factories import (
    AbsenceFactory,
    ConcernFactory,
    MeetingAdditionFactory,
    MeetingFactory,
    MeetingVersionFactory,
    PairFactory,
    ReminderFactory,
    StopNoticeFactory,
    TurnRequestFactory,
)
from mentoring.timeline import Kind, timeline_of
from participants.models import CoordinatorNote
from participants.tests.factories import (
    ChecklistItemFactory,
    ConsentFactory,
    CoordinatorFactory,
    CoordinatorNoteFactory,
    EnrolmentChangeFactory,
    EnrolmentFactory,
    GoalChangeFactory,
    NeedRatingFactory,
    ReleaseDateMoveFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

MOST_QUERIES = 45


def url(name, enrolment) -> str:
    return reverse(name, args=[enrolment.pk])


def fill(enrolment) -> None:
    """One more of everything that can happen."""
    pair = enrolment.pairs.first() or PairFactory(enrolment=enrolment)
    one, two = (seat.mentor for seat in pair.seats.order_by("number")[:2])
    meeting = MeetingFactory(enrolment=enrolment, mentors=[one])
    MeetingVersionFactory(meeting=meeting)
    MeetingAdditionFactory(meeting=meeting)
    ReleaseDateMoveFactory(enrolment=enrolment)
    EnrolmentChangeFactory(enrolment=enrolment)
    GoalChangeFactory(goal__enrolment=enrolment)
    concern = ConcernFactory(enrolment=enrolment, resolved=True)
    ConcernActionFactory(concern=concern)
    CoordinatorNoteFactory(enrolment=enrolment)
    AbsenceFactory(mentor=one)
    MessageFactory(pair=pair)
    ReminderFactory(
        enrolment=enrolment,
        recipient=two.user if enrolment.reminders.exists() else one.user,
        state=SendState.SENT,
        sent_at=timezone.now(),
    )
    if not enrolment.proposals.exists():
        PairProposalFactory(enrolment=enrolment)
        ConsentFactory(enrolment=enrolment, withdrawn=True)
        ChecklistItemFactory(enrolment=enrolment, done=True)
        NeedRatingFactory(enrolment=enrolment)
        StopNoticeFactory(seat=pair.seats.first(), stops_on=in_days(9))
        TurnRequestFactory(enrolment=enrolment, asked_by=one, asked=two)


def test_it_tells_everything_by_kind_and_what_it_costs_does_not_grow(
    coordinator_client, query_budget
):
    enrolment = EnrolmentFactory(post_release=True)
    asked = []
    for _ in range(2):
        fill(enrolment)
        with query_budget(MOST_QUERIES) as statements:
            page = coordinator_client.get(url("enrolment_timeline", enrolment))
        assert page.status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]
    lines = timeline_of(enrolment)
    assert {line.kind for line in lines} == set(Kind)
    days = [line.day for line in lines]
    assert days == sorted(days, reverse=True)
    for kind in Kind:
        chosen = timeline_of(enrolment, kind)
        assert chosen == [line for line in lines if line.kind == kind]
    notes = coordinator_client.get(url("enrolment_timeline", enrolment), {"kind": "notes"})
    soup = BeautifulSoup(notes.text, "html.parser")
    assert len(soup.select(".events li")) == 2
    assert AccessEntry.objects.filter(event=Event.READ, object_id=enrolment.pk).exists()


def test_a_replacement_is_told_with_who_takes_over_from_whom(coordinator):
    row = ReplacementFactory()
    texts = [line.text for line in timeline_of(row.enrolment, Kind.PAIR)]
    names = (row.incoming.mentor.user.get_full_name(), row.outgoing.mentor.user.get_full_name())
    assert any(all(name in text for name in names) for text in texts)


def test_no_mentor_gets_near_it(client_for, coordinator):
    pair = PairFactory(enrolment__post_release=True)
    client = client_for(pair.seats.first().mentor)
    assert client.get(url("enrolment_timeline", pair.enrolment)).status_code == 404
    assert (
        url("enrolment_timeline", pair.enrolment)
        not in client.get(url("enrolment", pair.enrolment)).text
    )


# --- Notes -------------------------------------------------------------------------------


@pytest.fixture
def noted(coordinator_client):
    enrolment = PairFactory(enrolment__gate_week=True).enrolment
    answer = coordinator_client.post(url("note_create", enrolment), {"text": "Hemmelig notits"})
    assert answer.url.startswith(url("enrolment", enrolment))
    return enrolment


def test_a_note_is_in_nothing_that_a_mentor_gets(noted, coordinator_client, client_for):
    assert "Hemmelig notits" in coordinator_client.get(url("enrolment", noted)).text
    mentor = noted.pairs.get().seats.first().mentor
    client = client_for(mentor)
    pages = ["enrolment", "enrolment_meetings", "enrolment_plan", "enrolment_needs"]
    pages += ["enrolment_people", "plan_print", "goal_create", "contact_create"]
    for name in pages:
        page = client.get(url(name, noted))
        assert page.status_code == 200
        assert "Hemmelig notits" not in page.text, name
    for name in ("home", "mentor_home", "my_concerns", "meeting_create"):
        assert "Hemmelig notits" not in client.get(reverse(name), follow=True).text, name
    note = CoordinatorNote.objects.get()
    assert client.post(url("note_create", noted), {"text": "x"}).status_code == 404
    assert client.post(reverse("note_remove", args=[note.pk])).status_code == 404
    assert CoordinatorNote.objects.get() == note


def test_ones_own_note_is_removed_within_the_hour_and_kept_after(
    noted, coordinator_client, client_for
):
    remove = reverse("note_remove", args=[CoordinatorNote.objects.get().pk])
    assert remove in coordinator_client.get(url("enrolment", noted)).text
    colleague = client_for(CoordinatorFactory())
    assert remove not in colleague.get(url("enrolment", noted)).text
    colleague.post(remove)
    CoordinatorNote.objects.update(written_at=timezone.now() - timedelta(minutes=61))
    coordinator_client.post(remove)
    assert CoordinatorNote.objects.exists()
    CoordinatorNote.objects.update(written_at=timezone.now())
    coordinator_client.post(remove)
    assert not CoordinatorNote.objects.exists()
    assert AccessEntry.objects.filter(event=Event.DELETE).exists()


def test_an_empty_note_is_not_kept(noted, coordinator_client):
    coordinator_client.post(url("note_create", noted), {"text": "   "})
    assert CoordinatorNote.objects.count() == 1
