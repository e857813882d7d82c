"""A meeting corrected and added to from many places at the same moment."""

import uuid

import pytest
from django.urls import reverse

from mentoring.entries import entry_of
from mentoring.models import Meeting, MeetingAddition, MeetingVersion
from mentoring.tests import test_pairing_threads as pairing
from mentoring.tests.factories import MeetingFactory, MentorFactory, PairFactory
from mentoring.tests.test_log_meeting_threads import at_once
from participants.tests.factories import EnrolmentFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def karen():
    return MentorFactory()


@pytest.fixture
def meeting(karen):
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    return MeetingFactory(
        enrolment=enrolment,
        mentors=[karen],
        logged_by=karen.user,
        areas=["housing"],
        next_step="",
        next_step_on=None,
    )


def correction(meeting, **changes) -> dict:
    happened = entry_of(meeting).happened_at
    data = {
        "version": 0,
        "state": "held",
        "day": happened.date().isoformat(),
        "at": "12:00",
        "mode": "cafe",
        "mentors": [a.mentor_id for a in meeting.attendances.all()],
    }
    return {**data, **changes}


def test_of_many_windows_that_correct_at_once_one_is_saved_and_the_others_are_told(karen, meeting):
    url = reverse("meeting_correct", args=[meeting.pk])
    notes = [f"Vindue {n}" for n in range(8)]
    forms = [(url, correction(meeting, note=note)) for note in notes]
    answers = at_once(karen.user, forms)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [302]
    meeting.refresh_from_db()
    saved = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert meeting.note == notes[saved]
    assert meeting.versions.count() == 1


def test_the_same_correction_from_many_taps_is_kept_once(karen, meeting):
    url = reverse("meeting_correct", args=[meeting.pk])
    answers = at_once(karen.user, [(url, correction(meeting, note="Rettet."))] * 8)
    assert {answer.status_code for answer in answers} == {302}
    assert meeting.versions.count() == 1


def test_the_same_line_from_many_taps_is_added_once(karen, meeting):
    url = reverse("meeting_add", args=[meeting.pk])
    line = {"token": str(uuid.uuid4()), "text": "Også det."}
    answers = at_once(karen.user, [(url, line)] * 8)
    assert {answer.status_code for answer in answers} == {302}
    assert MeetingAddition.objects.count() == 1


# The moment is a matter of luck, so it is tried again.
@pytest.mark.parametrize("attempt", range(4))
def test_line_and_undoing_at_once_leave_the_meeting_with_its_line_or_neither(
    client_for, karen, meeting, attempt
):
    jonas = meeting.enrolment.pairs.get().seats.get(number=2).mentor
    line = {"token": str(uuid.uuid4()), "text": "Også det."}
    undone, added = pairing.at_once(
        client_for,
        (karen, reverse("meeting_undo", args=[meeting.pk]), {}),
        (jonas, reverse("meeting_add", args=[meeting.pk]), line),
    )
    assert undone.status_code == 302
    # Refused in words, with the text still there; or not found, if undone well before.
    assert added.status_code in (200, 302, 404)
    assert Meeting.objects.exists() == MeetingAddition.objects.exists()
    assert (added.status_code == 302) == MeetingAddition.objects.exists()
    if added.status_code == 200:
        assert "Også det." in added.text


@pytest.mark.parametrize("attempt", range(4))
def test_correction_and_undoing_at_once_leave_nothing_half_done(
    client_for, karen, meeting, attempt
):
    undone, corrected = pairing.at_once(
        client_for,
        (karen, reverse("meeting_undo", args=[meeting.pk]), {}),
        (karen, reverse("meeting_correct", args=[meeting.pk]), correction(meeting, note="Rettet.")),
    )
    assert undone.status_code == 302
    assert corrected.status_code in (200, 302, 404)
    assert not Meeting.objects.exists()
    assert not MeetingVersion.objects.exists()
    if corrected.status_code == 200:
        assert "Rettet." in corrected.text
