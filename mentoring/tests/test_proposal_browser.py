"""Two mentors are asked and answer with a thumb, and a seat is handed over, in Chromium."""

import pytest
from playwright.sync_api import expect

from mentoring.models import MentorPair, PairProposal, Replacement
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import MentorFactory, PairFactory
from participants.models import SupportArea
from participants.tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    NeedRatingFactory,
    in_days,
)
from primus.testing.axe import axe_clean
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class QuestionPage(PageObject):
    url_name = "proposal_answer"


class ReplacePage(PageObject):
    url_name = "seat_replace"


def sideways(page) -> int:
    """How far the page can be scrolled to the side."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.fixture
def asked():
    karen = MentorFactory(user__first_name="Karen")
    jonas = MentorFactory(user__first_name="Jonas", about="Kører lastbil.")
    enrolment = EnrolmentFactory()
    for area in SupportArea:
        NeedRatingFactory(enrolment=enrolment, area=area, stage="start", rating=2)
    return PairProposalFactory(enrolment=enrolment, asked=[karen, jonas])


def test_two_say_yes_with_a_thumb(signed_in_page, asked):
    first, second = asked.answers.select_related("mentor").order_by("number")
    page = signed_in_page(first.mentor, language="en")
    page.goto("/home/")
    page.get_by_role("link", name="Will you follow somebody?").tap()
    page.wait_for_url("**/proposals/*/")
    assert sideways(page) == 0
    page.get_by_role("button", name="Yes, I will").tap()
    expect(page.get_by_text("has not answered yet").first).to_be_visible()
    page = signed_in_page(second.mentor, language="en")
    QuestionPage(page, second.pk).open()
    # A no without a reason is asked for it, and may become a yes.
    page.get_by_text("No, not this time").tap()
    page.get_by_role("button", name="Say no").tap()
    expect(page.locator("#id_reason_error, .is-invalid").first).to_be_visible()
    page.get_by_role("button", name="Yes, I will").tap()
    page.wait_for_url("**/enrolments/*/")
    pair = MentorPair.objects.get()
    assert PairProposal.objects.get().pair == pair


@LOOKS
def test_the_pages_of_asking_are_accessible(signed_in_page, asked, language, color_scheme):
    look = {"language": language, "color_scheme": color_scheme}
    answer = asked.answers.select_related("mentor").first()
    page = signed_in_page(answer.mentor, **look)
    QuestionPage(page, answer.pk).open()
    page.locator("details.disclose > summary").click()
    axe_clean(page)
    page = signed_in_page(CoordinatorFactory().user, "laptop", **look)
    ReplacePage(page, PairFactory().seats.get(number=1).pk).open()
    axe_clean(page)


def test_a_seat_is_handed_over(signed_in_page):
    pair = PairFactory()
    seat, new = pair.seats.get(number=1), MentorFactory()
    page = signed_in_page(CoordinatorFactory().user, "laptop", language="en")
    ReplacePage(page, seat.pk).open()
    page.locator(f"#mentor-{new.pk}").check()
    page.get_by_label("For how many days do both follow?").fill("15")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("#id_overlap_days_error")).to_be_visible()
    # What was chosen is still chosen.
    expect(page.locator(f"#mentor-{new.pk}")).to_be_checked()
    page.get_by_label("For how many days do both follow?").fill("7")
    page.get_by_label("When do they meet").fill(in_days(1).isoformat())
    page.get_by_role("button", name="Hand over").click()
    page.wait_for_url("**/pair/")
    made = Replacement.objects.get()
    # The one who leaves is asked, on their phone, and the new one reads it.
    page = signed_in_page(seat.mentor, language="en")
    page.goto("/home/")
    page.get_by_role("link", name="should know").first.tap()
    page.wait_for_url(f"**/replacements/{made.pk}/")
    assert sideways(page) == 0
    axe_clean(page)
    page.locator("#id_summary").fill("Vi mødes om formiddagen.")
    page.get_by_role("button", name="Save").tap()
    page.wait_for_url("**/enrolments/*/")
    page = signed_in_page(new, language="en")
    page.goto("/home/")
    expect(page.get_by_text("Vi mødes om formiddagen.")).to_be_visible()
    page.get_by_role("button", name="I have read it").tap()
    expect(page.get_by_role("button", name="I have read it")).to_have_count(0)
