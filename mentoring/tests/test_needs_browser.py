"""Needs and the printed plan in Chromium: with a thumb, with keys, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.tests.factories import AuthorityContactFactory, MentorFactory, PairFactory
from participants.models import NeedRating
from participants.tests.factories import EnrolmentFactory, GoalFactory, NeedRatingFactory
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class NeedsPage(PageObject):
    url_name = "enrolment_needs"


class RatePage(PageObject):
    url_name = "needs_rate"

    def label(self, area: str, value: str):
        field = self.page.locator(f'[name="{area}"][value="{value}"]')
        return self.page.locator(f'label[for="{field.get_attribute("id")}"]')

    def save(self) -> None:
        self.page.locator(".actionbar button").tap()


class PrintPage(PageObject):
    url_name = "plan_print"


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", user__phone="11 22 33 44")


@pytest.fixture
def rasmus(karen):
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen)
    return enrolment


@LOOKS
def test_pages_are_accessible_in_both_languages_and_themes(
    signed_in_page, karen, rasmus, language, color_scheme
):
    for stage, rating in [("start", 2), ("month_3", 4)]:
        NeedRatingFactory(enrolment=rasmus, stage=stage, rating=rating, rated_by=karen.user)
    NeedRatingFactory(enrolment=rasmus, area="work", without_need=True)
    GoalFactory(enrolment=rasmus)
    AuthorityContactFactory(enrolment=rasmus)
    page = signed_in_page(karen, "phone", language, color_scheme=color_scheme)
    needs = NeedsPage(page, rasmus.pk).open()
    page.locator("details.ratings summary").click()
    needs.check()
    RatePage(page, rasmus.pk, "month_3").open()
    PrintPage(page, rasmus.pk).open()


def test_a_stage_is_rated_with_a_thumb(signed_in_page, karen, rasmus):
    NeedRatingFactory(enrolment=rasmus, rating=1)
    page = signed_in_page(karen)
    NeedsPage(page, rasmus.pk).open()
    page.locator(".actionbar .btn-primary").tap()
    form = RatePage(page, rasmus.pk, "month_3").check()
    for area, value in [("housing", "4"), ("work", "2"), ("health", "none")]:
        label = form.label(area, value)
        assert label.bounding_box()["height"] >= 44
        label.tap()
    # From the chosen step on with the keys, as on a slider.
    page.locator('[name="work"][value="2"]').focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator('[name="work"][value="3"]')).to_be_checked()
    form.save()
    expect(page).to_have_url(re.compile("/needs/$"))
    expect(page.locator("#messages .alert")).to_be_visible()
    rows = {r.area: (r.rating, r.no_need) for r in NeedRating.objects.filter(stage="month_3")}
    assert rows == {"housing": (4, False), "work": (3, False), "health": (None, True)}


def test_it_is_rated_without_scripts(open_context, karen, rasmus):
    page = open_context(karen, java_script_enabled=False).new_page()
    form = RatePage(page, rasmus.pk, "start")
    page.goto(form.path)
    form.label("network", "5").tap()
    form.save()
    expect(page).to_have_url(re.compile("/needs/$"))
    assert NeedRating.objects.get().rating == 5


def test_the_sheet_is_what_comes_out_of_the_printer(signed_in_page, karen, rasmus):
    GoalFactory(enrolment=rasmus, title="Skrevet op til en bolig")
    page = signed_in_page(karen)
    sheet = PrintPage(page, rasmus.pk).open()
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    page.locator("[data-print]").tap()
    assert page.evaluate("document.body.dataset.printed") == "yes"
    page.locator('label[for="id_language_1"]').tap()
    page.locator("#id_phones").tap()
    page.locator(".sheet-choices button").tap()
    expect(page.locator(".sheet")).to_have_attribute("lang", "en")
    expect(page.locator(".sheet")).to_contain_text("11 22 33 44")
    sheet.check()
    with page.expect_download() as download:
        page.locator("a[download]").tap()
    assert re.fullmatch(r"plan-[\d-]+\.pdf", download.value.suggested_filename)
    page.emulate_media(media="print")
    expect(page.locator(".sheet")).to_be_visible()
    for selector in (".navbar", ".sheet-tools"):
        expect(page.locator(selector)).to_be_hidden()
