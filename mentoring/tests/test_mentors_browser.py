"""The directory of mentors and what is done from it, in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.models import MentorStep, MessageRecipient
from mentoring.tests.desk_factories import MentorConflictFactory, MessageRecipientFactory
from mentoring.tests.factories import AbsenceFactory, MentorFactory, PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class Directory(PageObject):
    url_name = "mentor_list"

    @property
    def names(self):
        return self.page.locator(".mentor-table th a")


class MentorPage(PageObject):
    url_name = "mentor"


class StepPage(PageObject):
    url_name = "mentor_step"


class Writing(PageObject):
    url_name = "message_create"


class Inbox(PageObject):
    url_name = "message_list"


def sideways(page) -> int:
    """How far the page can be scrolled to the side."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_from_the_directory_to_a_leave_and_a_message(signed_in_page):
    by = CoordinatorFactory()
    karen = MentorFactory(user__first_name="Karen", times=["weekday_evening"])
    MentorFactory(user__first_name="Jonas", state="applicant", cleared=False)
    page = signed_in_page(by, size="laptop", language="en")
    directory = Directory(page).open()
    expect(directory.names).to_have_count(2)
    page.locator("[name=state]").select_option("active")
    expect(directory.names).to_have_count(1)
    expect(page).to_have_url(re.compile(r"[?]state=active$"))
    page.set_viewport_size({"width": 390, "height": 844})
    assert sideways(page) <= 0
    directory.names.first.click()
    MentorPage(page, karen.pk).check()
    page.locator("a[href$='/step/']").click()
    page.get_by_text("Goes on leave").click()
    page.locator(".actionbar button").click()
    MentorPage(page, karen.pk).check()
    assert MentorStep.objects.get(mentor=karen).state == "paused"
    # Who is on leave is not among those a message to everyone goes to.
    Writing(page).open()
    assert not page.get_by_role("button", name="Send").is_visible()


@LOOKS
def test_the_pages_of_a_mentor_in_each_look(signed_in_page, language, color_scheme):
    by = CoordinatorFactory()
    karen = MentorFactory(areas_known=["work"], times=["weekend_day"], about="Tømrer.")
    MentorConflictFactory(mentor=karen)
    AbsenceFactory(mentor=karen)
    pair = PairFactory(enrolment=EnrolmentFactory(post_release=True), seat1=karen)
    PairFactory(ended=True, seat1=karen, seat1__held_until=in_days(-1))
    karen.clearances.filter(kind="training").update(expires_on=in_days(9))
    MessageRecipientFactory(message__pair=pair, user=karen.user)
    page = signed_in_page(by, size="phone", language=language, color_scheme=color_scheme)
    for found in (Directory(page), MentorPage(page, karen.pk), StepPage(page, karen.pk)):
        found.open()
        assert sideways(page) <= 0
    for path in ("profile", "clearances/new", "conflicts/new"):
        page.goto(f"/mentors/{karen.pk}/{path}/")
        assert sideways(page) <= 0
    Writing(page).open()
    own = signed_in_page(karen, size="phone", language=language, color_scheme=color_scheme)
    Inbox(own).open()
    own.locator(".task").first.click()
    expect(own.locator("h1")).to_be_visible()
    assert MessageRecipient.objects.get().read_at
    own.goto("/profile/")
    assert sideways(own) <= 0
