"""In Chromium: a concern from home in two taps, saying that one must stop, and one's calendar."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.models import Concern, Seat, StopNotice, StopReason, Urgency
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.tests.factories import EnrolmentFactory, in_days
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class HomePage(PageObject):
    url_name = "mentor_home"

    def raise_concern(self) -> "ConcernPage":
        self.page.locator("a.nav-concern").tap()
        return ConcernPage(self.page).check()


class ConcernPage(PageObject):
    url_name = "concern_create"

    def choose(self, name: str, value: str) -> None:
        """Tap the label, as a thumb does."""
        field = self.page.locator(f'[name="{name}"][value="{value}"]')
        self.page.locator(f'label[for="{field.get_attribute("id")}"]').tap()


class PeoplePage(PageObject):
    url_name = "enrolment_people"


class StopPage(PageObject):
    url_name = "seat_stop"


class CalendarPage(PageObject):
    url_name = "calendar"


class MyConcernsPage(PageObject):
    url_name = "my_concerns"


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen")


@pytest.fixture
def rasmus(karen):
    enrolment = EnrolmentFactory(post_release=True, participant__first_name="Rasmus")
    PairFactory(enrolment=enrolment, seat1=karen)
    return enrolment


@LOOKS
def test_pages_are_accessible_in_both_languages_and_themes(
    signed_in_page, karen, rasmus, settings, language, color_scheme
):
    settings.ON_CALL_PHONE = "70 10 20 30"
    page = signed_in_page(karen, "phone", language, color_scheme=color_scheme)
    form = ConcernPage(page).open()
    form.choose("urgency", Urgency.LIFE)
    form.check()
    page.locator("#id_text").fill("Han svarer ikke og skrev farvel.")
    page.locator(".actionbar button").tap()
    expect(page).to_have_url(re.compile(r"/concerns/\d+/$"))
    PageObject.check(ConcernOwnPage(page, Concern.objects.get().pk))
    MyConcernsPage(page).open()
    StopPage(page, rasmus.pk).open()
    CalendarPage(page).open()
    page.locator("button[value=make]").tap()
    expect(page.locator("#feed-address")).to_be_visible()
    CalendarPage(page).check()


class ConcernOwnPage(PageObject):
    url_name = "concern"


def test_a_concern_is_two_taps_from_home_and_112_comes_first(
    signed_in_page, karen, rasmus, settings
):
    settings.ON_CALL_PHONE = "70 10 20 30"
    page = signed_in_page(karen)
    # The first tap; the second writes.
    HomePage(page).open().raise_concern()
    emergency = page.locator(".emergency")
    expect(emergency).to_be_in_viewport()
    expect(emergency.locator(".emergency-more")).to_be_hidden()
    form = ConcernPage(page)
    form.choose("urgency", Urgency.LIFE)
    expect(emergency.locator(".emergency-more")).to_be_visible()
    calls = emergency.locator("a")
    expect(calls.nth(0)).to_have_attribute("href", "tel:112")
    expect(calls.nth(1)).to_have_attribute("href", "tel:+4570102030")
    expect(calls.nth(0)).to_be_in_viewport()
    page.locator("#id_text").fill("Han svarer ikke og skrev farvel.")
    page.locator(".actionbar button").dblclick()
    expect(page).to_have_url(re.compile(r"/concerns/\d+/$"))
    concern = Concern.objects.get()
    assert (concern.enrolment, concern.urgency) == (rasmus, Urgency.LIFE)
    expect(page.locator(".emergency-now a").first).to_be_in_viewport()


def test_a_concern_is_raised_without_javascript(open_context, karen, rasmus):
    page = open_context(karen, java_script_enabled=False).new_page()
    page.goto(f"/concerns/new/?enrolment={rasmus.pk}")
    expect(page.locator(".emergency-more")).to_be_hidden()
    page.locator('label[for="id_urgency_0"]').tap()
    expect(page.locator(".emergency-more")).to_be_visible()
    page.locator("#id_text").fill("Noget er galt.")
    page.locator(".actionbar button").tap()
    expect(page).to_have_url(re.compile(r"/concerns/\d+/$"))
    assert Concern.objects.count() == 1


def test_a_mentor_says_that_they_must_stop_and_takes_it_back(signed_in_page, karen, rasmus):
    page = signed_in_page(karen)
    PeoplePage(page, rasmus.pk).open()
    page.locator(f'a[href="/enrolments/{rasmus.pk}/stop/"]').tap()
    page.locator("#id_stops_on").fill(in_days(14).isoformat())
    reason = page.locator(f'[name=reason][value="{StopReason.MOVING}"]')
    page.locator(f'label[for="{reason.get_attribute("id")}"]').tap()
    page.locator(".actionbar button").tap()
    withdraw = page.locator("button[value=withdraw]")
    expect(withdraw).to_be_visible()
    StopPage(page, rasmus.pk).check()
    assert StopNotice.objects.get().stops_on == in_days(14)
    withdraw.tap()
    expect(page).to_have_url(re.compile(f"/enrolments/{rasmus.pk}/$"))
    assert Seat.objects.get(mentor=karen).held_until is None


def test_the_address_is_copied(signed_in_page, karen):
    page = signed_in_page(karen)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    CalendarPage(page).open()
    page.locator("button[value=make]").tap()
    address = page.locator("#feed-address").input_value()
    page.locator("[data-copy]").tap()
    expect(page.locator("[data-copied]")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
