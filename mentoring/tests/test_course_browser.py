"""Handing an enrolment over, and ending and opening one again, in Chromium."""

import pytest
from playwright.sync_api import expect

from mentoring.tests.factories import PairFactory
from participants.models import Ending, NeedRating, RatingStage
from participants.tests.factories import (
    ELSEWHERE,
    CoordinatorFactory,
    CoordinatorNoteFactory,
    EnrolmentFactory,
)
from primus.testing.axe import axe_clean
from primus.testing.browser import SIZES
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class EnrolmentPage(PageObject):
    url_name = "enrolment"


class MunicipalityPage(PageObject):
    url_name = "municipality_move"


class TimelinePage(PageObject):
    url_name = "enrolment_timeline"


class EndPage(PageObject):
    url_name = "enrolment_end"


def fits_a_phone(page) -> None:
    """The same page on a phone does not move sideways."""
    page.set_viewport_size(SIZES["phone"]["viewport"])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size(SIZES["laptop"]["viewport"])


def test_an_enrolment_is_handed_over_and_is_gone_at_once(signed_in_page, browser_problems):
    coordinator = CoordinatorFactory()
    there = CoordinatorFactory(municipalities=[ELSEWHERE])
    enrolment = PairFactory(enrolment__pre_release=True).enrolment
    CoordinatorNoteFactory(enrolment=enrolment, text="Ring til hans søster")
    page = signed_in_page(coordinator, "laptop", "en")
    move = MunicipalityPage(page, enrolment.pk).open()
    page.get_by_label("To which municipality?").select_option("Odense")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Who sees the enrolment")).to_be_visible()
    axe_clean(page)
    fits_a_phone(page)
    page.get_by_label("What the new coordinator should know").fill("Det haster med et par.")
    page.get_by_role("button", name="Hand over to Odense").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is handed over to Odense")
    assert enrolment.participant.last_name not in page.locator("main").inner_text()
    axe_clean(page)
    fits_a_phone(page)
    response = page.goto(move.path)
    assert response is not None
    assert response.status == 404
    # Which the browser itself notes as a problem.
    browser_problems.clear()

    theirs = signed_in_page(there, "laptop", "en", color_scheme="dark")
    EnrolmentPage(theirs, enrolment.pk).open()
    expect(theirs.get_by_text("Det haster med et par.")).to_be_visible()
    TimelinePage(theirs, enrolment.pk).open()
    expect(theirs.get_by_text("Handed over from Aarhus to Odense")).to_be_visible()
    theirs.get_by_role("link", name="Notes", exact=True).click()
    expect(theirs.get_by_text("Ring til hans søster")).to_be_visible()
    expect(theirs.locator(".events li")).to_have_count(1)
    fits_a_phone(theirs)


def test_an_enrolment_is_ended_in_two_steps_and_opened_again(signed_in_page):
    enrolment = EnrolmentFactory(post_release=True)
    pair = PairFactory(enrolment=enrolment)
    page = signed_in_page(CoordinatorFactory(), "laptop", "en")
    EndPage(page, enrolment.pk).open()
    fits_a_phone(page)
    form = page.locator(".end-form")
    expect(form.get_by_text("Why did they say no?")).to_be_hidden()
    form.get_by_text("Said no to taking part").click()
    expect(form.get_by_text("Why did they say no?")).to_be_visible()
    form.get_by_text("Completed", exact=True).click()
    form.locator("label[for=id_housing_4]").click()
    form.get_by_label("How it went, in short").fill("Han har fået bolig.")
    page.get_by_role("button", name="See what follows").click()
    follows = page.locator("#what-follows")
    expect(follows).to_contain_text(pair.seats.get(number=1).mentor.user.first_name)
    axe_clean(page)
    page.get_by_role("button", name="End the enrolment").click()
    expect(page.locator(".alert-success")).to_contain_text("The enrolment has ended")
    expect(page.get_by_text("Han har fået bolig.").first).to_be_visible()
    axe_clean(page)
    fits_a_phone(page)
    assert NeedRating.objects.get(stage=RatingStage.END).rating == 5
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("The enrolment is open again.")
    expect(page.get_by_role("link", name="End", exact=True).first).to_be_visible()
    assert Ending.objects.get().reopened_at
    assert pair.seats.filter(held_until=None).count() == 2
