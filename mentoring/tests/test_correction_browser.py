"""In Chromium, with a thumb: the questions follow the answers, and a meeting is corrected."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.models import Meeting
from mentoring.tests.factories import MeetingFactory, PairFactory
from participants.models import Goal, GoalState
from participants.tests.factories import EnrolmentFactory, GoalFactory, in_days
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class MeetingForm(PageObject):
    url_name = "meeting_create"

    def choose(self, name: str, value: str) -> None:
        field = self.page.locator(f'[name="{name}"][value="{value}"]')
        self.page.locator(f'label[for="{field.get_attribute("id")}"]').tap()

    def save(self) -> None:
        self.page.locator(".actionbar [type=submit]").tap()


class CorrectionPage(MeetingForm):
    url_name = "meeting_correct"


class MeetingPage(PageObject):
    url_name = "meeting"


class AddPage(PageObject):
    url_name = "meeting_add"


def test_each_branch_asks_its_own_questions_and_saves_only_those(signed_in_page, karen, rasmus):
    danny = EnrolmentFactory(gate_week=True, participant__first_name="Danny")
    PairFactory(enrolment=danny, seat1=karen)
    goal = GoalFactory(enrolment=rasmus, area="housing", title="Et sted at bo")
    GoalFactory(enrolment=danny, area="housing", title="En bolig til Danny")
    page = signed_in_page(karen)
    form = MeetingForm(page).open()
    form.choose("enrolment", str(rasmus.pk))
    form.choose("mode", "authority")
    expect(page.locator("#id_purpose")).to_be_visible()
    page.locator("#id_authority").select_option("bank")
    page.locator("#id_follow_up").fill("Sende budget")
    form.choose("areas", "housing")
    # The goals of the chosen participant, and of nobody else.
    expect(page.get_by_text("Et sted at bo").first).to_be_visible()
    expect(page.get_by_text("En bolig til Danny").first).to_be_hidden()
    page.locator(f"label[for=id_goal_{goal.pk}]").tap()
    expect(page.locator("#id_transport_km")).to_be_hidden()
    form.check()

    form.choose("state", "tried")
    for hidden in ("#id_purpose", "#id_next_step", "[name=areas] + label"):
        expect(page.locator(hidden).first).to_be_hidden()
    form.choose("state", "not_held")
    expect(page.locator("#div_id_mode")).to_be_hidden()
    form.choose("not_held_reason", "institution")
    expect(page.locator("#id_rescheduled_on")).to_be_hidden()
    form.choose("rescheduled", "yes")
    form.save()
    expect(page.locator("#id_rescheduled_on_error")).to_be_visible()
    form.check()
    page.locator("#id_rescheduled_on").fill(in_days(3).isoformat())
    form.save()
    expect(page).to_have_url(re.compile("/saved/$"))
    meeting = Meeting.objects.get()
    assert (meeting.enrolment, meeting.is_rescheduled) == (rasmus, True)
    assert meeting.next_step_on == in_days(3)
    assert not hasattr(meeting, "accompaniment")
    assert Goal.objects.get(pk=goal.pk).state == GoalState.OPEN


def test_meeting_is_corrected_and_the_earlier_text_is_found_again(signed_in_page, karen, rasmus):
    meeting = MeetingFactory(
        enrolment=rasmus,
        mentors=[karen],
        logged_by=karen.user,
        areas={"housing": "Skrevet op."},
        note="<b>God</b> stemning 👩‍👩‍👧",
    )
    page = signed_in_page(karen)
    MeetingPage(page, meeting.pk).open()
    page.locator(".actionbar a").first.tap()
    form = CorrectionPage(page, meeting.pk).check()
    expect(page.locator("#id_note")).to_have_value("<b>God</b> stemning 👩‍👩‍👧")
    form.choose("mode", "phone")
    page.locator("#id_text_housing").fill("Skrevet op to steder.")
    form.save()
    corrected = MeetingPage(page, meeting.pk)
    expect(page.get_by_text("Skrevet op to steder.")).to_be_visible()
    corrected.check()
    expect(page.get_by_text("Skrevet op.", exact=True)).to_be_hidden()
    page.locator(".version summary").tap()
    expect(page.get_by_text("Skrevet op.", exact=True)).to_be_visible()
    expect(page.locator(".version .said-changed")).to_have_count(2)
    corrected.check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    meeting.refresh_from_db()
    assert (meeting.mode, meeting.versions.count()) == ("phone", 1)


@LOOKS
def test_pages_around_a_meeting_are_accessible(
    signed_in_page, karen, rasmus, language, color_scheme
):
    meeting = MeetingFactory(
        enrolment=rasmus, mentors=[karen], logged_by=karen.user, areas=["housing"]
    )
    page = signed_in_page(karen, "phone", language, color_scheme=color_scheme)
    MeetingPage(page, meeting.pk).open()
    CorrectionPage(page, meeting.pk).open()
    AddPage(page, meeting.pk).open()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
