"""The desk in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.tests.factories import ConcernFactory, MeetingFactory, PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class DeskPage(PageObject):
    url_name = "desk"

    def rows(self, name: str):
        return self.page.locator(f"section[aria-labelledby={name}] .wrow")


class DeskListPage(PageObject):
    url_name = "desk_list"


def people() -> None:
    """Somebody on the lists of each tone, and one with a long name."""
    ConcernFactory(enrolment=PairFactory(enrolment=EnrolmentFactory(post_release=True)).enrolment)
    EnrolmentFactory.create_batch(
        11, participant__first_name="Christian-Alexander", participant__last_name="Østergaard-Beck"
    )
    quiet = PairFactory(enrolment=EnrolmentFactory(unconfirmed=True), seat2=False).enrolment
    MeetingFactory(enrolment=quiet, tried=True)


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@LOOKS
def test_the_desk_is_accessible(signed_in_page, language, color_scheme):
    people()
    page = signed_in_page(CoordinatorFactory(), "laptop", language, color_scheme=color_scheme)
    DeskPage(page).open()
    DeskListPage(page, "no-pair").open()


def test_from_the_desk_to_what_is_to_be_done_and_what_is_new_meanwhile(signed_in_page):
    coordinator = CoordinatorFactory()
    people()
    own = EnrolmentFactory(coordinator=coordinator, expected_release=in_days(40))
    page = signed_in_page(coordinator, "laptop", "en")
    page.clock.install()
    desk = DeskPage(page).open()
    expect(desk.rows("no-pair")).to_have_count(10)
    assert sideways(page) <= 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert sideways(page) <= 0
    heights = page.locator(".wrow .act, .rail a:visible").evaluate_all(
        "all => all.map(a => a.offsetHeight)"
    )
    assert min(heights) >= 44
    page.set_viewport_size({"width": 1280, "height": 900})
    # Whose work is shown stands in the address, and the address alone shows it again.
    page.get_by_text("My own", exact=True).click()
    expect(desk.rows("no-pair")).to_have_count(1)
    expect(page).to_have_url(re.compile("whose=own"))
    page.reload()
    expect(desk.rows("no-pair")).to_have_count(1)
    # Somebody new: the count says so, and the list stays until it is asked for.
    EnrolmentFactory(coordinator=coordinator, expected_release=in_days(41))
    count = page.locator("#rail-no-pair .cnt")
    expect(count).to_have_text("1")
    page.clock.run_for(61_000)
    expect(count).to_have_text("2")
    expect(desk.rows("no-pair")).to_have_count(1)
    page.get_by_role("link", name="The lists have changed").click()
    expect(desk.rows("no-pair")).to_have_count(2)
    expect(page).to_have_url(re.compile("whose=own"))
    desk.rows("no-pair").first.get_by_role("link", name="Find pair").click()
    expect(page).to_have_url(re.compile(f"/enrolments/{own.pk}/pair/$"))
