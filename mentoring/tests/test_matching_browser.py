"""The waiting list and the weights in Chromium."""

import pytest
from playwright.sync_api import expect

from mentoring import tasks
from mentoring.models import MatchWeight
from mentoring.tests.factories import MentorFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.accounts.tests.factories import UserFactory
from primus.jobs.models import Run
from primus.testing.browser import LOOKS, SIZES
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class WaitingListPage(PageObject):
    url_name = "waiting_list"


class WeightsPage(PageObject):
    url_name = "match_weights"


class WishesPage(PageObject):
    url_name = "enrolment_wishes"


def sideways(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_pairs_are_found_for_all_while_one_waits_and_one_is_opened(signed_in_page, monkeypatch):
    coordinator = CoordinatorFactory()
    enrolment = EnrolmentFactory(participant__first_name="Kevin")
    first = [MentorFactory(user__first_name=name) for name in ("Birgit", "Dan")]
    EnrolmentFactory(gender_wish="both_male")
    # The worker's part is done here, once the page is looking on.
    monkeypatch.setattr("mentoring.tasks.find_waiting_pairs.delay", lambda number: None)
    waiting = WaitingListPage(signed_in_page(coordinator, "laptop", "en")).open()
    page = waiting.page
    page.get_by_role("button", name="Find pairs for all").click()
    expect(page.locator("#run")).to_contain_text("It begins in a moment")
    tasks.find_waiting_pairs(Run.objects.get().pk)
    expect(page.locator("#waiting")).to_contain_text("Birgit")
    expect(page.locator("#waiting")).to_contain_text("No two mentors are left")
    waiting.check()
    page.set_viewport_size(SIZES["phone"]["viewport"])
    assert sideways(page) <= 0
    page.get_by_role("link", name="Open the pair").click()
    expect(page.locator("[name=pair]").first).to_be_checked()
    expect(page.locator("[data-sentence]")).to_contain_text("for Kevin")
    assert sideways(page) <= 0
    assert page.locator("h1").inner_text().endswith(enrolment.participant.get_full_name())
    assert all(str(mentor.user) in page.locator(".option").first.inner_text() for mentor in first)


@LOOKS
def test_every_page_is_accessible(signed_in_page, language, color_scheme):
    coordinator = CoordinatorFactory()
    enrolment = EnrolmentFactory()
    page = signed_in_page(coordinator, "laptop", language, color_scheme=color_scheme)
    WaitingListPage(page).open()
    WishesPage(page, enrolment.pk).open()
    administrator = UserFactory(administrator=True)
    weights = WeightsPage(
        signed_in_page(administrator, "phone", language, color_scheme=color_scheme)
    ).open()
    assert sideways(weights.page) <= 0
    weights.page.locator("[name=distance]").select_option("0")
    weights.page.locator("form button[type=submit]").last.click()
    expect(weights.page.locator("#messages .alert-success")).to_be_visible()
    weights.check()
    assert MatchWeight.objects.get(criterion="distance").weight == 0
