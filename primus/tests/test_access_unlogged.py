"""Where the row of the access log cannot be written, nothing is shown, found or changed."""

import uuid
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from mentoring.models import Reminder, ReminderState
from mentoring.tests.factories import MentorFactory
from participants.tests.factories import EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event
from primus.accounts.tests.factories import InvitationFactory
from primus.testing.walk import everything, undone

pytestmark = pytest.mark.django_db


@contextmanager
def log_that_cannot_be_written():
    """The database takes everything but rows of the access log."""
    table = AccessEntry._meta.db_table

    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT") and table in sql:
            raise OperationalError("the access log is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


SHOWING = {
    "enrolment": ("mentor", lambda c: [c.own.enrolment.pk], {}),
    "mentor_home": ("mentor", lambda c: [], {}),
    "meeting_create": ("mentor", lambda c: [], {}),
    "meeting_saved": ("mentor", lambda c: [c.own.meeting.pk], {}),
    "meeting": ("mentor", lambda c: [c.own.meeting.pk], {}),
    "meeting_correct": ("mentor", lambda c: [c.own.meeting.pk], {}),
    "meeting_add": ("mentor", lambda c: [c.own.meeting.pk], {}),
    "enrolment_list": ("coordinator", lambda c: [], {}),
    "pair_create": ("coordinator", lambda c: [c.own.enrolment.pk], {}),
    "concern": ("coordinator", lambda c: [c.own.concern.pk], {}),
    "concern_create": ("mentor", lambda c: [], {}),
    "my_concerns": ("mentor", lambda c: [], {}),
    "seat_stop": ("partner", lambda c: [c.own.enrolment.pk], {}),
    "stop_notice": ("coordinator", lambda c: [c.own.stop_notice.pk], {}),
    "release_move": ("coordinator", lambda c: [c.own.enrolment.pk], {}),
    "release_confirm": ("coordinator", lambda c: [c.own.enrolment.pk], {}),
    "enrolment_end": ("coordinator", lambda c: [c.own.enrolment.pk], {}),
    "user_list": ("administrator", lambda c: [], {}),
}


@pytest.mark.parametrize("name", sorted(SHOWING))
def test_nothing_is_shown(cast, client_for, name):
    who, args, query = SHOWING[name]
    client = client_for(cast.by_name[who])
    path = reverse(name, args=args(cast))
    assert client.get(path, query).status_code == 200
    with log_that_cannot_be_written(), pytest.raises(OperationalError, match="access log"):
        client.get(path, query)


def test_nothing_is_found(cast, client_for):
    client = client_for(cast.coordinator)
    search = {"q": cast.own.participant.first_name}
    assert client.post(reverse("enrolment_list"), search).status_code == 200
    with log_that_cannot_be_written(), pytest.raises(OperationalError, match="access log"):
        client.post(reverse("enrolment_list"), search)


def meeting(cast):
    return [], {
        "token": str(uuid.uuid4()),
        "enrolment": cast.own.enrolment.pk,
        "state": "held",
        "when": "now",
        "mode": "cafe",
        "mentors": [cast.mentors["mentor"].pk],
        "areas": ["housing"],
        "text_housing": "Skrevet op.",
        "concern_text": "Sover ikke.",
        "concern_topic": "health",
        "concern_urgency": "urgent",
    }


def pair(cast):
    enrolment = EnrolmentFactory()
    mentors = [MentorFactory().pk, MentorFactory().pk]
    return [enrolment.pk], {"mentors": mentors}


def sent_reminder(cast):
    Reminder.objects.filter(pk=cast.own.reminder.pk).update(
        state=ReminderState.SENT, sent_at=cast.own.reminder.created_at
    )
    return [cast.own.reminder.pk], {}


def overdue(cast):
    """A release in the past that has not been confirmed."""
    enrolment = EnrolmentFactory(unconfirmed=True)
    return [enrolment.pk], {"released_on": in_days(-5).isoformat()}


def draft(cast):
    sent = {**meeting(cast)[1], "writer": str(uuid.uuid4()), "seen": cast.own.draft.mark}
    return [cast.own.enrolment.pk], sent


def correction(cast):
    _, sent = meeting(cast)
    return [cast.own.meeting.pk], {**sent, "version": 1, "day": in_days(-1).isoformat()}


def follow_up(cast):
    found = cast.own.accompaniment
    found.follow_up, found.follow_up_on = "Ringe til jobcentret", in_days(3)
    found.save()
    return [found.pk], {}


def undoing(cast):
    cast.own.draft.delete()
    cast.own.addition.delete()
    return [cast.own.meeting.pk], {}


CHANGING = {
    "meeting_create": ("mentor", meeting),
    "meeting_undo": ("mentor", undoing),
    "meeting_correct": ("mentor", correction),
    "meeting_add": (
        "mentor",
        lambda c: ([c.own.meeting.pk], {"token": str(uuid.uuid4()), "text": "Også det."}),
    ),
    "follow_up_save": ("mentor", follow_up),
    "draft_save": ("mentor", draft),
    "draft_discard": (
        "mentor",
        lambda c: ([c.own.enrolment.pk], {"token": str(c.own.draft.token)}),
    ),
    "checklist_save": (
        "mentor",
        lambda c: ([c.own.enrolment.pk], {"point": [c.own.checklist_item.point_id], "was": []}),
    ),
    "checklist_take": (
        "mentor",
        lambda c: (
            [c.own.enrolment.pk, c.own.checklist_item.point_id],
            {"who": c.mentor.pk, "due_on": in_days(2).isoformat()},
        ),
    ),
    "turn_ask": ("mentor", lambda c: ([c.own.enrolment.pk], {})),
    "turn_answer": ("mentor", lambda c: ([c.own.turn_request.pk], {"answer": "yes"})),
    "absence_create": (
        "mentor",
        lambda c: (
            [],
            {"away_from": in_days(20).isoformat(), "away_until": in_days(21).isoformat()},
        ),
    ),
    "absence_change": ("mentor", lambda c: ([c.own.absence.pk], {"do": "back"})),
    "reminder_seen": ("mentor", sent_reminder),
    "concern": ("coordinator", lambda c: ([c.own.concern.pk], {"do": "acknowledge"})),
    "concern_create": (
        "mentor",
        lambda c: (
            [],
            {
                "token": str(uuid.uuid4()),
                "enrolment": c.own.enrolment.pk,
                "urgency": "life",
                "text": "Svarer ikke.",
            },
        ),
    ),
    "seat_stop": (
        "partner",
        lambda c: (
            [c.own.enrolment.pk],
            {"stops_on": in_days(0).isoformat(), "today_is_meant": "on", "reason": "time"},
        ),
    ),
    "stop_notice": ("coordinator", lambda c: ([c.own.stop_notice.pk], {"do": "acknowledge"})),
    "pair_create": ("coordinator", pair),
    "seat_vacate": (
        "coordinator",
        lambda c: ([c.own.pair.seats.get(mentor__user=c.mentor).pk], {}),
    ),
    "release_confirm": ("coordinator", overdue),
    "user_deactivate": ("administrator", lambda c: ([c.idle.pk], {})),
    "invitation_revoke": ("administrator", lambda c: ([InvitationFactory().pk], {})),
}


@pytest.mark.parametrize("name", sorted(CHANGING))
def test_nothing_is_changed(cast, client_for, name):
    who, prepare = CHANGING[name]
    client = client_for(cast.by_name[who])
    args, form = prepare(cast)
    path = reverse(name, args=args)
    before = everything()
    with undone():
        response = client.post(path, form)
        assert response.status_code in (200, 302), response.content.decode()
        assert everything() != before, "the form changes nothing: this test would prove nothing"
        events = set(AccessEntry.objects.values_list("event", flat=True))
        assert events & {Event.CREATE, Event.CHANGE, Event.DELETE}, events
    with log_that_cannot_be_written(), pytest.raises(OperationalError, match="access log"):
        client.post(path, form)
    assert everything() == before
