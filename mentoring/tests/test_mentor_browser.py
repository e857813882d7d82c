"""A mentor's evening in Chromium: home, log a meeting, the enrolment's page."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.models import Meeting
from mentoring.tests.factories import MeetingFactory
from participants.models import ChecklistItem
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class HomePage(PageObject):
    url_name = "mentor_home"

    def log_meeting(self) -> "LogMeetingPage":
        self.page.locator('a[href="/meetings/new/"]:visible').click()
        return LogMeetingPage(self.page).check()


class LogMeetingPage(PageObject):
    url_name = "meeting_create"

    def choose(self, name: str, value: str) -> None:
        """Tap the label, as a thumb does."""
        field = self.page.locator(f'[name="{name}"][value="{value}"]')
        self.page.locator(f'label[for="{field.get_attribute("id")}"]').click()

    def save(self) -> None:
        self.page.locator(".actionbar button").click()


class EnrolmentPage(PageObject):
    url_name = "enrolment"


@LOOKS
def test_pages_are_accessible_in_both_languages_and_themes(
    signed_in_page, karen, rasmus, danny, size, language, color_scheme
):
    MeetingFactory(enrolment=rasmus, mentors=[karen], areas=["housing"])
    page = signed_in_page(karen, size, language, color_scheme=color_scheme)
    HomePage(page).open().log_meeting()
    EnrolmentPage(page, rasmus.pk).open()
    EnrolmentPage(page, danny.pk).open()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_meeting_is_logged_from_home_in_few_taps(signed_in_page, karen, rasmus, size):
    page = signed_in_page(karen, size)
    form = HomePage(page).open().log_meeting()
    form.choose("mode", "cafe")
    form.choose("areas", "housing")
    page.locator("#id_text_housing").fill("Står nu på to ventelister.")
    form.save()
    expect(page).to_have_url(re.compile("/saved/$"))
    expect(page.locator("main")).to_contain_text("Rasmus")
    meeting = Meeting.objects.get()
    assert meeting.areas.get().text == "Står nu på to ventelister."
    assert list(meeting.mentors.all()) == [karen]


def test_double_tap_saves_once(signed_in_page, karen, rasmus):
    page = signed_in_page(karen)
    form = HomePage(page).open().log_meeting()
    form.choose("mode", "phone")
    page.locator(".actionbar button").dblclick()
    expect(page).to_have_url(re.compile("/saved/$"))
    assert Meeting.objects.count() == 1


def test_questions_follow_the_answers(signed_in_page, karen, rasmus, danny):
    page = signed_in_page(karen)
    form = HomePage(page).open().log_meeting()
    areas, reason = page.locator(".area-choice").first, page.locator("#div_id_not_held_reason")
    expect(areas).to_be_visible()
    expect(reason).to_be_hidden()
    form.choose("state", "not_held")
    expect(areas).to_be_hidden()
    expect(reason).to_be_visible()
    form.choose("state", "held")
    for enrolment, there, elsewhere in [(rasmus, "Jonas", "Birgit"), (danny, "Birgit", "Jonas")]:
        form.choose("enrolment", str(enrolment.pk))
        expect(page.locator(".chip-slot", has_text=there)).to_be_visible()
        expect(page.locator(".chip-slot", has_text=elsewhere)).to_be_hidden()


def test_wrong_answer_leads_to_its_question_and_keeps_the_text(signed_in_page, karen, rasmus):
    page = signed_in_page(karen)
    form = HomePage(page).open().log_meeting()
    form.choose("areas", "housing")
    page.locator("#id_text_housing").fill("Det her må ikke blive væk.")
    form.save()
    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    form.check()
    expect(page.locator("#id_text_housing")).to_have_value("Det her må ikke blive væk.")
    form.choose("mode", "home")
    form.save()
    expect(page).to_have_url(re.compile("/saved/$"))
    assert Meeting.objects.get().areas.get().text == "Det her må ikke blive væk."


def test_form_works_without_javascript(open_context, karen, rasmus):
    page = open_context(karen, java_script_enabled=False).new_page()
    page.goto("/meetings/new/")
    page.locator('label[for="id_mode_0"]').click()
    page.locator(".actionbar button").click()
    expect(page).to_have_url(re.compile("/saved/$"))
    assert Meeting.objects.count() == 1


def test_two_mentors_tick_the_list_without_undoing_each_other(signed_in_page, karen, danny):
    partner = danny.pairs.get().seats.get(number=2).mentor
    mine, theirs = signed_in_page(karen), signed_in_page(partner)
    HomePage(mine).open()
    HomePage(theirs).open()
    for page, nth in [(mine, 0), (theirs, 1)]:
        with page.expect_response(re.compile("/checklist/")):
            page.locator(".checklist input[type=checkbox]").nth(nth).click()
    assert ChecklistItem.objects.done().filter(enrolment=danny).count() == 2
    expect(theirs.locator(".checklist input:checked")).to_have_count(2)
