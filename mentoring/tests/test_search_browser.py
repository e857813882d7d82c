"""The search of a coordinator, in Chromium."""

import pytest
from playwright.sync_api import expect

from mentoring.tests.factories import MeetingFactory, MentorFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.testing.axe import axe_clean
from primus.testing.browser import LOOKS, SIZES
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class ListPage(PageObject):
    url_name = "enrolment_list"


class SearchPage(PageObject):
    url_name = "search"


@LOOKS
def test_search_from_the_bar_by_keyboard_and_on_a_phone(signed_in_page, language, color_scheme):
    coordinator = CoordinatorFactory()
    enrolment = EnrolmentFactory(
        participant__first_name="Søren", participant__last_name="Østergaard-Christensen"
    )
    MentorFactory(user__first_name="Søren", user__last_name="Mentorsen")
    MeetingFactory(enrolment=enrolment, note="Sørens gæld", areas={"finance": "gæld hos Søren"})
    page = signed_in_page(coordinator, "laptop", language, color_scheme=color_scheme)
    ListPage(page).open()
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("soeren")
    page.keyboard.press("Enter")
    expect(page.locator(".found-row")).to_have_count(2)
    expect(page.locator(".passage mark")).to_have_count(2)
    axe_clean(page)
    page.set_viewport_size(SIZES["phone"]["viewport"])
    axe_clean(page)
    page.locator(".nav-search-link").click()
    expect(page.locator(".found-row")).to_have_count(0)
