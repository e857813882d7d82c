"""Logging a meeting on a phone: never lost, never twice, never the wrong one."""

import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from mentoring.models import Meeting, MeetingDraft
from primus.accounts.tests.factories import PASSWORD
from primus.processes import kill_group, start
from primus.testing.browser import LOOKS
from primus.testing.line import HOST, Line
from primus.testing.pages import PageObject
from primus.testing.processes import wait_until
from primus.testing.services import free_port

pytestmark = pytest.mark.django_db(transaction=True)
# Milliseconds. The page tries again after 2, 4, 8 … seconds, and the machine may be busy.
A_WHILE = 60_000
# All that the browser holds beyond the open page. htmx notes the address it stands at.
KEPT_IN_BROWSER = """async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage).filter((key) => key !== "htmx-current-path-for-history"),
    ...(await indexedDB.databases()), ...(await caches.keys()),
    ...(await navigator.serviceWorker.getRegistrations()),
]"""
IS_AMBER = """(element) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "var(--pr-warn)";
    return getComputedStyle(probe).color === getComputedStyle(element).color;
}"""


@pytest.fixture
def new_page(open_context):
    """Pages on which things are meant to go wrong: what the browser says of it is no problem."""
    return lambda user, **options: open_context(user, **options).new_page()


class LogPage(PageObject):
    """The form, used with a thumb; counts what the thumb does."""

    url_name = "meeting_create"

    def __init__(self, page):
        super().__init__(page)
        self.interactions = 0

    def go(self, enrolment=None, origin=""):
        query = f"?enrolment={enrolment.pk}" if enrolment else ""
        assert self.page.goto(f"{origin}{self.path}{query}").status == 200
        return self

    def choose(self, name, value):
        self.interactions += 1
        field = self.page.locator(f'#log [name="{name}"][value="{value}"]')
        self.page.locator(f'label[for="{field.get_attribute("id")}"]').tap()
        return self

    def write(self, text, field="note"):
        self.interactions += 1
        self.page.locator(f"#id_{field}").fill(text)
        return self

    def tap(self, selector):
        self.interactions += 1
        self.page.locator(f"{selector}:visible").first.tap()
        return self

    def save(self):
        return self.tap(".log-bar [type=submit]")

    def has(self, text, field="note"):
        expect(self.page.locator(f"#id_{field}")).to_have_value(text, timeout=A_WHILE)
        return self

    def says(self, state):
        """The state of the draft in the header: saved, saving or offline."""
        expect(self.page.locator("#draft")).to_have_attribute("data-state", state, timeout=A_WHILE)
        expect(self.page.locator(f'#draft [data-when="{state}"]')).to_be_visible()
        return self

    def notes(self, name):
        expect(self.page.locator(f'[data-notice="{name}"]')).to_be_visible(timeout=A_WHILE)
        return self

    def would_warn(self):
        """Whether leaving the page now would be asked about."""
        leaving = "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
        return self.page.evaluate(leaving)

    def has_saved(self):
        expect(self.page).to_have_url(re.compile(r"/meetings/\d+/saved/$"), timeout=A_WHILE)
        return Meeting.objects.get()


def sign_in(page, mentor):
    page.locator("[name=login]").fill(mentor.user.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").click()


@LOOKS
def test_form_confirmation_and_notices_are_accessible(
    signed_in_page, karen, rasmus, danny, size, language, color_scheme
):
    page = signed_in_page(karen, size, language, color_scheme=color_scheme)
    form = LogPage(page)
    page.goto(form.path)
    page.locator("#id_note").fill("Vi talte sammen.")
    form.says("saved")
    page.locator("#draft summary").click()
    page.evaluate("document.querySelectorAll('[data-notice]').forEach(n => { n.hidden = false; })")
    form.check()
    page.reload()
    form.says("saved").has("Vi talte sammen.").check()
    mode = page.locator('[name="mode"][value="cafe"]').get_attribute("id")
    page.locator(f'label[for="{mode}"]').click()
    page.locator(".log-bar [type=submit]").click()
    form.has_saved()
    SavedPage(page, Meeting.objects.get().pk).check()


class SavedPage(PageObject):
    url_name = "meeting_saved"


def test_meeting_is_logged_from_home_in_under_fifteen_interactions(signed_in_page, karen, rasmus):
    page = signed_in_page(karen)
    page.goto(reverse("mentor_home"))
    form = LogPage(page).tap('a[href="/meetings/new/"]')
    partner = rasmus.pairs.get().seats.get(number=2).mentor
    form.choose("when", "yesterday").choose("mode", "institution").choose("mentors", partner.pk)
    form.choose("areas", "housing").write("Står nu på to ventelister.", "text_housing")
    form.choose("areas", "work").write("Praktik på lageret", "text_work")
    form.write("Ringe til boligkontoret", "next_step").choose("next_when", "week").save()
    meeting = form.has_saved()
    assert meeting.areas.count() == meeting.mentors.count() == 2
    assert form.interactions < 15
    print(f"\nInteractions from home to saved: {form.interactions}")  # noqa: T201


def test_undo_gives_the_text_back(signed_in_page, karen, rasmus):
    page = signed_in_page(karen)
    form = LogPage(page).go().choose("mode", "phone").write("Ringede om mødet.").save()
    form.has_saved()
    page.locator(".saved-undo button").dblclick()
    form.has("Ringede om mødet.").says("saved")
    assert not Meeting.objects.exists()
    form.save()
    assert form.has_saved().note == "Ringede om mødet."


def test_draft_is_restored_and_discarded(new_page, karen, rasmus):
    text = "👩‍👩‍👧 שלום <b>x</b>\n\n  linje"
    form = LogPage(new_page(karen)).go().write(text).says("saved")
    assert not form.would_warn()
    phone = LogPage(new_page(karen)).go().has(text).says("saved")
    expect(phone.page.locator("#draft [data-restored-at]")).to_be_visible()
    phone.tap("#draft summary").tap("#discard button")
    phone.has("")
    assert not MeetingDraft.objects.exists()
    # The other window cannot bring it back.
    form.write("stadig her").notes("sentence")
    assert not MeetingDraft.objects.exists()


# --- The network is gone -------------------------------------------------------------------


def test_network_gone_while_typing_and_while_saving(new_page, karen, rasmus):
    page = new_page(karen)
    form = LogPage(page).go().choose("mode", "cafe").write("Før tunnellen.").says("saved")
    page.context.set_offline(True)
    form.write("Før tunnellen. I tunnellen.").says("offline")
    assert form.would_warn()
    assert page.locator("#draft [data-when=offline]").evaluate(IS_AMBER)
    page.context.set_offline(False)
    form.says("saved")
    assert MeetingDraft.objects.get().content["note"] == ["Før tunnellen. I tunnellen."]
    page.context.set_offline(True)
    form.write("Før, i og efter.").save().says("offline").notes("waiting")
    assert not Meeting.objects.exists()
    assert form.would_warn()
    page.context.set_offline(False)
    assert form.has_saved().note == "Før, i og efter."
    assert not MeetingDraft.objects.exists()
    assert page.evaluate(KEPT_IN_BROWSER) == []


def test_answer_that_is_lost_on_the_way(new_page, karen, rasmus, live_server):
    """The form arrives and its answer does not: the next attempt is told that it has arrived."""
    with Line(urlsplit(live_server.url).port) as line:
        form = LogPage(new_page(karen)).go(origin=line.address)
        form.choose("mode", "cafe").write("En gang.").says("saved")
        line.lose_answers()
        form.save().notes("waiting")
        assert Meeting.objects.count() == 1
        line.mend()
        assert form.has_saved().note == "En gang."


@contextmanager
def gunicorn(database_url, folder, port):
    """The web server as it runs for real, on the test's database."""
    env = {
        "PATH": "/usr/bin:/bin",
        "PRIMUS_ENV": "test",
        "VAR_DIR": str(folder),
        "DATABASE_URL": database_url,
    }
    if not (folder / "static").exists():
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, env=env, check=True)
    command = [sys.executable, "-m", "gunicorn", "primus.wsgi", f"--bind={HOST}:{port}"]
    log = folder / "web.log"
    with log.open("ab") as out:
        server = start(
            [*command, "--workers=2", "--no-control-socket"],
            log=out,
            env=env,
            when_orphaned=signal.SIGKILL,
        )
    try:
        wait_until(lambda: answers(port), process=server, log=log)
        yield server, log
    finally:
        kill_group(server)


def answers(port) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def test_server_killed_between_the_save_and_the_answer(
    new_page, karen, rasmus, database_url, tmp_path
):
    port = free_port()
    with Line(port) as line, ExitStack() as running:
        server, log = running.enter_context(gunicorn(database_url, tmp_path, port))
        form = LogPage(new_page(karen)).go(origin=line.address)
        form.choose("mode", "cafe").choose("areas", "housing").write("En gang.").says("saved")
        line.hold_answers()
        form.save()
        wait_until(Meeting.objects.exists, process=server, log=log)
        kill_group(server)
        line.mend()
        form.notes("waiting").says("offline")
        running.enter_context(gunicorn(database_url, tmp_path, port))
        meeting = form.has_saved()
        assert (meeting.note, meeting.areas.get().area) == ("En gang.", "housing")
        assert not MeetingDraft.objects.exists()


# --- Signed out, other windows, other participants -----------------------------------------


def test_session_that_ends_while_typing_leads_back_to_the_filled_form(new_page, karen, rasmus):
    page = new_page(karen)
    form = LogPage(page).go().choose("mode", "home").write("Før.").says("saved")
    Session.objects.all().delete()
    form.write("Før og efter.").notes("signed-out-kept")
    form.tap("[data-do=sign-in]")
    sign_in(page, karen)
    form.has("Før og efter.").says("saved")
    expect(page.locator("#log > .alert-warning")).to_be_visible()
    # And once more at the moment of saving, signing in in another tab.
    Session.objects.all().delete()
    form.save().notes("signed-out-kept")
    tab = page.context.new_page()
    tab.goto(reverse("account_login"))
    sign_in(tab, karen)
    expect(tab).to_have_url(re.compile(reverse("mentor_home")))
    form.save()
    assert form.has_saved().note == "Før og efter."


def test_two_tabs_lose_nothing_unasked(new_page, karen, rasmus):
    first = LogPage(new_page(karen)).go().choose("mode", "cafe").write("Fra den første.")
    first.says("saved")
    second = LogPage(first.page.context.new_page()).go().has("Fra den første.")
    second.write("Fra den anden.").says("saved")
    first.write("Fra den første igen.").notes("elsewhere")
    assert MeetingDraft.objects.get().content["note"] == ["Fra den anden."]
    first.tap("[data-do=keep]").says("saved")
    second.write("Fra den anden igen.").notes("elsewhere").tap("[data-do=other]")
    second.has("Fra den første igen.")
    first.save()
    first.has_saved()
    second.save()
    assert second.has_saved().note == "Fra den første igen."


def test_text_stays_with_whom_it_is_about(signed_in_page, karen, rasmus, danny):
    form = LogPage(signed_in_page(karen)).go(rasmus).write("Om Rasmus.").says("saved")
    form.go(danny).has("").write("Om Danny.").says("saved")
    # A draft that was only opened stays where it is when the other is chosen.
    form.go(danny).choose("enrolment", rasmus.pk).has("Om Rasmus.")
    form.choose("enrolment", danny.pk).has("Om Danny.")
    MeetingDraft.objects.filter(enrolment=rasmus).delete()
    # What was just written goes along, is said to, and can be told apart.
    form.go(danny).write("Om Danny i dag.").says("saved")
    form.choose("enrolment", rasmus.pk).notes("moved").says("saved")
    assert MeetingDraft.objects.get().enrolment == rasmus
    form.tap("[data-do=apart]")
    expect(form.page).to_have_url(re.compile(f"enrolment={rasmus.pk}$"))
    form.has("")
    draft = MeetingDraft.objects.get()
    assert (draft.enrolment, draft.content["note"]) == (danny, ["Om Danny i dag."])
