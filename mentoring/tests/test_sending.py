"""What reaches the outbox, and how often."""

import re
from datetime import date, timedelta
from unittest import mock

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.utils import timezone, translation

from mentoring import sending
from mentoring.models import Reminder, ReminderState
from mentoring.planning import KINDS, plan_for
from mentoring.reminder_texts import Words, words_for
from mentoring.sending import compose_reminder, send_waiting
from mentoring.tests.factories import PairFactory, ReminderFactory
from participants.models import Participant
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.accounts.models import Role, User
from primus.testing.threads import at_once


class MailServerIsAway(OSError):
    pass


@pytest.fixture
def mail_fails_for(monkeypatch):
    """``mail_fails_for(address, …)``: e-mails to these raise; without addresses, all do."""

    def fail(*addresses, error=MailServerIsAway):
        plain = locmem.EmailBackend.send_messages

        def send(self, messages):
            if not addresses or set(messages[0].to) & set(addresses):
                raise error
            return plain(self, messages)

        monkeypatch.setattr(locmem.EmailBackend, "send_messages", send)
        return lambda: monkeypatch.setattr(locmem.EmailBackend, "send_messages", plain)

    return fail


def test_each_reminder_is_sent_once(db):
    reminders = ReminderFactory.create_batch(3)
    assert send_waiting().sent == 3
    assert send_waiting().sent == 0
    assert sorted(m.to[0] for m in mail.outbox) == sorted(r.recipient.email for r in reminders)
    assert set(Reminder.objects.values_list("state", "error")) == {("sent", "")}
    assert not Reminder.objects.filter(sent_at=None).exists()


def test_what_is_cancelled_or_sent_is_not_sent(db):
    ReminderFactory(cancelled=True)
    ReminderFactory(sent=True)
    assert send_waiting().sent == 0
    assert mail.outbox == []


def test_one_that_fails_waits_and_holds_up_nobody(db, mail_fails_for):
    first, second, third = ReminderFactory.create_batch(3)
    mend = mail_fails_for(second.recipient.email)
    result = send_waiting()
    assert (result.sent, result.failed) == (2, 1)
    second.refresh_from_db()
    assert (second.state, second.error) == (ReminderState.PLANNED, "MailServerIsAway")
    mend()
    assert send_waiting().sent == 1
    second.refresh_from_db()
    assert (second.state, second.error) == (ReminderState.SENT, "")
    assert {m.to[0] for m in mail.outbox} == {r.recipient.email for r in (first, second, third)}


def test_the_error_is_kept_without_what_it_quotes(db, mail_fails_for, caplog):
    reminder = ReminderFactory()
    mail_fails_for(error=MailServerIsAway(f"refused {reminder.recipient.email}"))
    send_waiting()
    reminder.refresh_from_db()
    assert reminder.error == "MailServerIsAway"
    assert reminder.recipient.email not in caplog.text
    assert "MailServerIsAway" in caplog.text


def test_a_mail_server_that_is_away_is_not_asked_a_thousand_times(db, mail_fails_for):
    ReminderFactory.create_batch(sending.GIVE_UP_AFTER + 5)
    mend = mail_fails_for()
    assert send_waiting().failed == sending.GIVE_UP_AFTER
    assert Reminder.objects.filter(state="planned", error="").count() == 5
    mend()
    # Those that were never tried go first.
    assert send_waiting().sent == sending.GIVE_UP_AFTER + 5
    untried = Reminder.objects.order_by("pk")[sending.GIVE_UP_AFTER :]
    first = {message.to[0] for message in mail.outbox[:5]}
    assert first == {reminder.recipient.email for reminder in untried}


def test_killed_between_the_claim_and_the_e_mail(db, mail_fails_for):
    reminder = ReminderFactory()
    with time_machine.travel("2027-03-11T07:00:00+01:00", tick=False) as clock:
        mend = mail_fails_for(error=KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            send_waiting()
        mend()
        reminder.refresh_from_db()
        assert reminder.state == ReminderState.SENDING
        clock.shift(timedelta(minutes=29))
        assert send_waiting().sent == 0  # its sender may still be alive
        clock.shift(timedelta(minutes=2))
        assert send_waiting().sent == 1
    assert len(mail.outbox) == 1


def test_killed_between_the_e_mail_and_the_ledger(db, settings, tmp_path):
    settings.EMAIL_BACKEND = "primus.demo.mailbox.FolderBackend"
    settings.MAIL_DIR = tmp_path
    reminder = ReminderFactory()
    with time_machine.travel("2027-03-11T07:00:00+01:00", tick=False) as clock:
        send_waiting()
        (first,) = tmp_path.iterdir()
        # As a kill would have left the row: the e-mail has gone out and nobody has written it.
        Reminder.objects.update(
            state=ReminderState.SENDING, claimed_at=timezone.now(), sent_at=None
        )
        clock.shift(timedelta(minutes=31))
        assert send_waiting().sent == 1
    assert list(tmp_path.iterdir()) == [first]  # the same Message-ID: one e-mail
    reminder.refresh_from_db()
    assert reminder.state == ReminderState.SENT


def test_the_message_id_is_the_rows_own(db):
    one, other = ReminderFactory.create_batch(2)
    ids = [
        compose_reminder(r).message()["Message-ID"]
        for r in (one, Reminder.objects.get(pk=one.pk), other)
    ]
    assert ids[0] == ids[1] != ids[2]
    assert re.fullmatch(r"<[\w.-]+@[\w.-]+>", ids[0])


@pytest.mark.parametrize("language", ["da", "en"])
def test_in_the_recipients_language(db, language, monkeypatch):
    def words(kind, role):
        return Words(translation.get_language(), "", ())

    monkeypatch.setattr(sending, "words_for", words)
    ReminderFactory(recipient__language=language)
    with translation.override("en" if language == "da" else "da"):
        send_waiting()
    (message,) = mail.outbox
    assert message.subject == f"Primus: {language}"


@pytest.mark.parametrize("role", [Role.MENTOR, Role.COORDINATOR])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_to_do_and_where(db, settings, kind, role):
    settings.BASE_URL = "https://primus.example.org"
    reminder = ReminderFactory(kind=kind, recipient__role=role, recipient__language="en")
    message = compose_reminder(reminder)
    with translation.override("en"):
        words = words_for(kind, role)
        assert message.subject == f"Primus: {words.title}"
        assert len(words.steps) in (2, 3)
        assert all(f"* {step}\n" in message.body for step in words.steps)
    assert "https://primus.example.org/\n" in message.body
    assert len(message.subject) <= 70
    assert "\n\n\n" not in message.body
    assert "&" not in message.body  # plain text, not escaped for a page
    assert message.message()["Auto-Submitted"] == "auto-generated"


def test_every_kind_has_its_own_words():
    titles = {
        str(words_for(kind, role).title) for kind in KINDS for role in ("mentor", "coordinator")
    }
    assert len(titles) == 2 * len(KINDS)


def test_no_e_mail_says_anything_about_anyone(db):
    """Every kind to every recipient; none of what the database holds on people is in any."""
    coordinator = CoordinatorFactory(user__language="en")
    today = date(2027, 3, 11)
    for release, released in [
        (date(2027, 5, 11), False),
        (date(2027, 3, 25), False),
        (today, False),
        (date(2027, 2, 25), True),
        (date(2026, 12, 11), True),
        (date(2026, 9, 11), True),
        (date(2026, 6, 11), True),
        (date(2026, 3, 11), True),
    ]:
        enrolment = EnrolmentFactory(
            referred_on=date(2026, 1, 1),
            expected_release=release,
            released_on=release if released else None,
            wishes="Vil helst bo ved vandet",
        )
        PairFactory(enrolment=enrolment, seat1__mentor__user__language="en")
    plan_for(today=today)
    send_waiting()
    assert len(mail.outbox) == 8 * 3
    assert set(Reminder.objects.values_list("kind", flat=True)) == set(KINDS)

    secrets = {"Opdigtsen", "Deltagine", "Testine", "Prøvelund", "vandet", "12 34 56 78"}
    people = [*Participant.objects.all(), *User.objects.all()]
    secrets |= {name for p in people for name in (p.first_name, p.last_name, p.get_full_name())}
    secrets |= {p.phone for p in people}
    for reminder in Reminder.objects.select_related("enrolment__participant"):
        enrolment = reminder.enrolment
        secrets |= {enrolment.case_number, enrolment.municipality.name, enrolment.institution.name}
        for day in (enrolment.release_day, reminder.occasion_on, enrolment.participant.birth_date):
            secrets |= {day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%d%m%y}", str(day.year)}
    assert coordinator.user.first_name in secrets
    for message in mail.outbox:
        written = message.message()
        # Where it is sent, when, and its own number are not about the participant.
        del written["To"], written["Date"], written["Message-ID"]
        everything = " ".join([*written.values(), message.subject, message.body])
        assert [secret for secret in secrets if secret in everything] == []


def test_the_number_of_queries_is_two_for_each_e_mail(query_budget):
    ReminderFactory.create_batch(10)
    with query_budget(2 + 2 * 10):
        assert send_waiting().sent == 10


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["planned", "sending"])
def test_senders_at_once_send_each_exactly_once(state):
    claimed = timezone.now() - timedelta(hours=1)
    ReminderFactory.create_batch(
        30, state=state, claimed_at=claimed if state == "sending" else None
    )
    at_once(*[send_waiting] * 4)
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids)) == 30
    assert set(Reminder.objects.values_list("state", flat=True)) == {"sent"}


def test_progress_counts_every_reminder(db, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS_BETWEEN_STEPS", 0)
    ReminderFactory.create_batch(3)
    progress = mock.Mock()
    send_waiting(progress=progress)
    assert progress.expect.call_args == mock.call(3)
    assert sum(call.args[0] for call in progress.advance.call_args_list) == 3
