"""A meeting after it was logged: its page, corrections with the earlier text kept, additions."""

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.corrections import CORRECTED_FOR_DAYS
from mentoring.models import Accompaniment, Meeting, MeetingAddition, MeetingVersion
from mentoring.tests.factories import (
    AccompanimentFactory,
    MeetingFactory,
    MentorFactory,
)
from participants.tests.factories import CoordinatorFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script>\n\n👩‍👩‍👧 שלום \u202eabc & "x" \' ' + "æ" * 19_000


@pytest.fixture
def meeting(rasmus, karen, jonas):
    return MeetingFactory(
        enrolment=rasmus,
        mentors=[karen, jonas],
        areas={"housing": "Skrevet op til en lejlighed."},
        logged_by=karen.user,
        note="God stemning.",
        duration_minutes=75,
        transport_km=24,
    )


def url(name: str, obj) -> str:
    return reverse(name, args=[obj.pk])


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def form_of(client, meeting) -> dict:
    """The correction's form as a browser would send it back untouched."""
    response = client.get(url("meeting_correct", meeting))
    assert response.status_code == 200
    data: dict = {}
    form = soup_of(response).select_one("#correct")
    for field in form.select("input, textarea, select"):
        name, kind = field["name"], field.get("type")
        if field.name == "textarea":
            # As HTML has it: the first line break belongs to the markup.
            data[name] = field.text.removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]")
            data[name] = chosen["value"] if chosen else ""
        elif kind in ("radio", "checkbox"):
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field["value"])
        else:
            data[name] = field.get("value", "")
    return data


def all_said(meeting) -> list:
    return [
        Meeting.objects.values().get(pk=meeting.pk),
        sorted(meeting.attendances.values_list("mentor", flat=True)),
        sorted(meeting.areas.values_list("area", "text")),
        list(Accompaniment.objects.filter(meeting=meeting).values()),
    ]


def test_page_of_a_meeting_shows_all_that_was_said_to_both_mentors_and_the_coordinator(
    client_for, meeting, karen, jonas, query_budget
):
    AccompanimentFactory(
        meeting=meeting,
        purpose="Kontanthjælp",
        follow_up="Sende lønsedler",
        follow_up_on=in_days(4),
    )
    MeetingAddition.objects.create(
        meeting=meeting, text="Og hans søster ringede.", written_by=jonas.user
    )
    for reader in (karen, jonas, CoordinatorFactory()):
        client = client_for(reader)
        with query_budget(20):
            response = client.get(url("meeting", meeting))
        for text in (
            "Rasmus",
            "Skrevet op til en lejlighed.",
            "God stemning.",
            "Kontanthjælp",
            "Ydelsen er bevilget",
            "Sende lønsedler",
            "Ringe til boligkontoret",
            "Og hans søster ringede.",
            "24",
        ):
            assert text in response.text, text
        title = soup_of(response).title.text
        assert "Rasmus" not in title
    read = AccessEntry.objects.filter(event=Event.READ, object_type="mentoring.meeting")
    assert read.count() == 3


def test_correction_that_changes_nothing_leaves_everything_as_it_was(client_for, meeting, karen):
    AccompanimentFactory(meeting=meeting, follow_up="Ringe", follow_up_on=in_days(2))
    client = client_for(karen)
    before = all_said(meeting)
    response = client.post(url("meeting_correct", meeting), form_of(client, meeting))
    assert response.url == url("meeting", meeting)
    assert all_said(meeting) == before
    assert not MeetingVersion.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"not_held": True},
        {"not_held": True, "is_rescheduled": True},
        {"not_held": True, "is_rescheduled": False, "next_step": "", "next_step_on": None},
        {"tried": True},
    ],
)
def test_the_same_holds_for_what_was_not_held_whatever_was_said_of_it(
    client_for, rasmus, karen, said
):
    meeting = MeetingFactory(enrolment=rasmus, mentors=[karen], logged_by=karen.user, **said)
    client = client_for(karen)
    before = all_said(meeting)
    client.post(url("meeting_correct", meeting), form_of(client, meeting))
    assert all_said(meeting) == before
    assert not MeetingVersion.objects.exists()


def test_day_that_was_agreed_and_has_passed_holds_no_correction_back(client_for, rasmus, karen):
    long_ago = timezone.now() - timedelta(days=10)
    meeting = MeetingFactory(
        enrolment=rasmus,
        mentors=[karen],
        logged_by=karen.user,
        logged_at=long_ago,
        happened_at=long_ago - timedelta(days=1),
        next_step_on=timezone.localdate(long_ago) - timedelta(days=1),
    )
    client = client_for(karen)
    data = form_of(client, meeting) | {"note": "Rettet."}
    assert client.post(url("meeting_correct", meeting), data).status_code == 302
    assert meeting.versions.count() == 1


def test_author_corrects_a_meeting_and_the_earlier_text_is_kept_whole(
    client_for, meeting, karen, jonas, query_budget
):
    client = client_for(karen)
    data = form_of(client, meeting)
    data |= {
        "text_housing": "Skrevet op til TO lejligheder.",
        "areas": ["housing", "work"],
        "text_work": "Samtale på lageret.",
        "mentors": [karen.pk],
        "duration": "60",
        "transport_km": "",
    }
    with query_budget(26):
        client.post(url("meeting_correct", meeting), data)
    meeting.refresh_from_db()
    assert dict(meeting.areas.values_list("area", "text")) == {
        "housing": "Skrevet op til TO lejligheder.",
        "work": "Samtale på lageret.",
    }
    assert list(meeting.mentors.all()) == [karen]
    assert (meeting.duration_minutes, meeting.transport_km) == (60, None)
    kept = meeting.versions.get()
    assert kept.replaced_by == karen.user
    assert kept.content["areas"] == {"housing": "Skrevet op til en lejlighed."}
    assert kept.content["mentor_ids"] == sorted([karen.pk, jonas.pk])
    assert (kept.content["duration_minutes"], kept.content["transport_km"]) == (75, 24)
    changed = AccessEntry.objects.filter(event=Event.CHANGE, object_type="mentoring.meeting")
    assert changed.count() == 1
    # Whoever may see the meeting may see what it said before.
    for reader in (jonas, CoordinatorFactory()):
        page = client_for(reader).get(url("meeting", meeting)).text
        assert "Skrevet op til TO lejligheder." in page
        assert "Skrevet op til en lejlighed." in page


def test_second_window_is_told_what_changed_and_loses_nothing(client_for, meeting, karen):
    client = client_for(karen)
    first, second = form_of(client, meeting), form_of(client, meeting)
    client.post(url("meeting_correct", meeting), first | {"note": "Rettet i den ene."})
    mine = second | {"note": "Rettet i den anden.", "next_step": "Noget andet"}
    response = client.post(url("meeting_correct", meeting), mine)
    assert response.status_code == 200
    soup = soup_of(response)
    assert "Rettet i den ene." in soup.select_one("[aria-labelledby=now]").text
    assert "Rettet i den anden." in soup.select_one("#id_note").text
    assert soup.select_one("#id_next_step")["value"] == "Noget andet"
    meeting.refresh_from_db()
    assert meeting.note == "Rettet i den ene."
    # Saved again it is meant: the one in between is kept as well.
    client.post(
        url("meeting_correct", meeting),
        mine | {"version": soup.select_one("[name=version]")["value"]},
    )
    meeting.refresh_from_db()
    assert meeting.note == "Rettet i den anden."
    notes = [version.content["note"] for version in meeting.versions.all()]
    assert notes == ["Rettet i den ene.", "God stemning."]


def test_correction_that_is_sent_twice_is_kept_once(client_for, meeting, karen):
    client = client_for(karen)
    data = form_of(client, meeting) | {"note": "Rettet."}
    for _ in range(2):
        assert client.post(url("meeting_correct", meeting), data).status_code == 302
    assert meeting.versions.count() == 1


def test_nobody_but_the_author_corrects(client_for, meeting, jonas, karen):
    data = form_of(client_for(karen), meeting) | {"note": "Ikke min."}
    before = all_said(meeting)
    for reader in (jonas, CoordinatorFactory()):
        client = client_for(reader)
        response = client.get(url("meeting_correct", meeting))
        assert response.url == url("meeting_add", meeting)
        response = client.post(url("meeting_correct", meeting), data)
        assert all_said(meeting) == before
        # What was written is not lost: it can be added.
        assert "Ikke min." in soup_of(response).select_one("#id_text").text
    assert client_for(MentorFactory()).get(url("meeting_correct", meeting)).status_code == 404


def test_meeting_is_corrected_for_fourteen_days_and_then_added_to(client_for, meeting, karen):
    client = client_for(karen)
    data = form_of(client, meeting)
    logged = timezone.now() - timedelta(days=CORRECTED_FOR_DAYS)
    Meeting.objects.filter(pk=meeting.pk).update(
        logged_at=logged, happened_at=logged - timedelta(days=Meeting.BACKDATED_DAYS)
    )
    # On the last day, also where the meeting itself is long past.
    assert client.get(url("meeting_correct", meeting)).status_code == 200
    data = form_of(client, meeting) | {"note": "På den sidste dag."}
    assert client.post(url("meeting_correct", meeting), data).status_code == 302
    Meeting.objects.filter(pk=meeting.pk).update(logged_at=logged - timedelta(days=1))
    assert client.get(url("meeting_correct", meeting)).url == url("meeting_add", meeting)
    client.post(url("meeting_correct", meeting), data | {"note": "For sent.", "version": 1})
    meeting.refresh_from_db()
    assert meeting.note == "På den sidste dag."
    page = client.get(url("meeting", meeting))
    assert not soup_of(page).select(f'a[href="{url("meeting_correct", meeting)}"]')


def test_correction_follows_the_rules_of_the_day_the_meeting_was_told_of(
    client_for, meeting, karen
):
    client = client_for(karen)
    data = form_of(client, meeting)
    for day in (in_days(1), in_days(-Meeting.BACKDATED_DAYS - 1)):
        response = client.post(
            url("meeting_correct", meeting), data | {"day": day.isoformat(), "at": "12:00"}
        )
        assert response.status_code == 200
        assert soup_of(response).select_one("#id_day_error")
    assert not MeetingVersion.objects.exists()


def test_follow_up_that_is_done_stays_done_when_other_things_are_corrected(
    client_for, meeting, karen, jonas
):
    AccompanimentFactory(meeting=meeting, follow_up="Ringe", follow_up_on=in_days(2))
    companion = Accompaniment.objects.get()
    client_for(jonas).post(url("follow_up_save", companion))
    client = client_for(karen)
    data = form_of(client, meeting)
    client.post(url("meeting_correct", meeting), data | {"outcome": "Afslag."})
    companion.refresh_from_db()
    assert (companion.outcome, companion.follow_up_done_by) == ("Afslag.", jonas.user)
    data = form_of(client, meeting) | {"follow_up": "Klage", "follow_up_on": str(in_days(9))}
    client.post(url("meeting_correct", meeting), data)
    companion.refresh_from_db()
    assert (companion.follow_up, companion.follow_up_done_on) == ("Klage", None)
    data = form_of(client, meeting)
    empty = dict.fromkeys(("authority", "purpose", "outcome", "follow_up", "follow_up_on"), "")
    client.post(url("meeting_correct", meeting), data | empty)
    assert not Accompaniment.objects.exists()
    assert [v.content["outcome"] for v in meeting.versions.all()][:2] == ["Afslag.", "Afslag."]


def test_follow_up_is_done_by_either_mentor_and_can_be_taken_back(client_for, meeting, jonas):
    AccompanimentFactory(meeting=meeting, follow_up="Ringe", follow_up_on=in_days(2))
    companion = Accompaniment.objects.get()
    client = client_for(jonas)
    page = client.post(url("follow_up_save", companion), headers={"HX-Request": "true"})
    assert soup_of(page).select_one("button[name=undo]")
    companion.refresh_from_db()
    assert companion.follow_up_done_on == timezone.localdate()
    assert companion.follow_up_done_by == jonas.user
    # Who was first stays.
    client_for(CoordinatorFactory()).post(url("follow_up_save", companion))
    companion.refresh_from_db()
    assert companion.follow_up_done_by == jonas.user
    client.post(url("follow_up_save", companion), {"undo": "1"})
    companion.refresh_from_db()
    assert companion.follow_up_done_on is None
    logged = AccessEntry.objects.filter(event=Event.CHANGE)
    assert {entry.object_label for entry in logged} == {meeting.enrolment.case_number}


def test_partner_adds_a_line_of_their_own_once(client_for, meeting, jonas, karen):
    client = client_for(jonas)
    page = soup_of(client.get(url("meeting_add", meeting)))
    data = {"token": page.select_one("[name=token]")["value"], "text": HOSTILE}
    for _ in range(2):
        response = client.post(url("meeting_add", meeting), data)
        assert response.url == url("meeting", meeting)
    added = MeetingAddition.objects.get()
    assert (added.text, added.written_by, added.meeting) == (HOSTILE, jonas.user, meeting)
    assert AccessEntry.objects.filter(event=Event.CREATE).count() == 1
    shown = client_for(karen).get(url("meeting", meeting)).text
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    # Another text under the same token is not lost in silence.
    response = client.post(url("meeting_add", meeting), data | {"text": "Noget mere."})
    soup = soup_of(response)
    assert response.status_code == 200
    assert "Noget mere." in soup.select_one("#id_text").text
    again = data | {"text": "Noget mere.", "token": soup.select_one("[name=token]")["value"]}
    client.post(url("meeting_add", meeting), again)
    assert MeetingAddition.objects.count() == 2
    stranger = client_for(karen).post(url("meeting_add", meeting), data | {"text": HOSTILE})
    assert stranger.status_code == 200
    assert MeetingAddition.objects.count() == 2


@pytest.mark.parametrize("text", ["", " \n ", "x" * 20_001, "a\x00b"])
def test_addition_without_words_or_with_too_many_is_refused_in_words(client_for, meeting, text):
    client = client_for(meeting.logged_by)
    response = client.post(url("meeting_add", meeting), {"token": uuid4(), "text": text})
    assert response.status_code == 200
    assert soup_of(response).select_one("#id_text_error")
    assert not MeetingAddition.objects.exists()


def test_hostile_text_is_corrected_exactly_and_shown_harmless(client_for, meeting, karen):
    client = client_for(karen)
    data = form_of(client, meeting)
    sent = data | {"note": HOSTILE.replace("\n", "\r\n"), "text_housing": HOSTILE}
    assert client.post(url("meeting_correct", meeting), sent).status_code == 302
    meeting.refresh_from_db()
    assert meeting.note == HOSTILE
    again = form_of(client, meeting)
    assert again["note"] == HOSTILE
    client.post(url("meeting_correct", meeting), again)
    assert meeting.versions.count() == 1
    assert "<script>alert(1)" not in client.get(url("meeting", meeting)).text
