"""A mentor's home in Chromium, on a phone with a thumb: one screen, and what is tapped on it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mentoring.models import Absence, TurnRequest
from mentoring.tests.factories import MeetingFactory, MentorFactory, PairFactory, TurnRequestFactory
from participants.models import ChecklistItem, ChecklistPoint
from participants.tests.factories import EnrolmentFactory, GoalFactory, in_days
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class HomePage(PageObject):
    url_name = "mentor_home"

    def card(self, name: str):
        return self.page.get_by_role("article").filter(has_text=name)


class AwayPage(PageObject):
    url_name = "absence_create"


class TakePage(PageObject):
    url_name = "checklist_take"


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", user__last_name="Holm")


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas", user__last_name="Brandt")


def follow(karen, jonas, name, **options):
    enrolment = EnrolmentFactory(
        participant__first_name=name, participant__last_name="Prøve", **options
    )
    PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
    for days, mentor in [(3, karen), (9, jonas), (16, karen), (24, jonas)]:
        MeetingFactory(
            enrolment=enrolment,
            mentors=[mentor],
            happened_at=timezone.now() - timedelta(days=days),
            next_step="Bisidder på jobcentret",
            next_step_on=in_days(4),
        )
    for days in (9, 20):
        GoalFactory(enrolment=enrolment, due_on=in_days(days))
    return enrolment


@pytest.fixture
def rasmus(karen, jonas):
    return follow(karen, jonas, "Rasmus", post_release=True)


@pytest.fixture
def danny(karen, jonas):
    # On a Wednesday, so that the list has its eight points.
    near = in_days(7)
    day = near + timedelta(days=(2 - near.weekday()) % 7)
    return follow(karen, jonas, "Danny", expected_release=day)


def test_home_is_one_screen_of_a_phone(signed_in_page, karen, rasmus, danny):
    page = signed_in_page(karen)
    HomePage(page).open()
    bar = page.locator(".actionbar").bounding_box()
    last = page.get_by_role("article").last.bounding_box()
    assert last["y"] + last["height"] <= bar["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for target in page.locator("main :is(a, button, summary):visible").all():
        box = target.bounding_box()
        assert box["height"] >= 43.5, target.inner_text()


@LOOKS
def test_the_pages_of_home_are_accessible(
    signed_in_page, karen, jonas, rasmus, danny, language, color_scheme
):
    TurnRequestFactory(enrolment=rasmus, asked_by=jonas, asked=karen)
    away = Absence.objects.create(mentor=jonas, away_from=in_days(0), away_until=in_days(4))
    away.handovers.create(enrolment=rasmus, text="Han skal til tandlæge.")
    page = signed_in_page(karen, language=language, color_scheme=color_scheme)
    home = HomePage(page).open()
    for summary in page.locator("main summary").all():
        summary.click()
    home.check()
    AwayPage(page).open()
    TakePage(page, danny.pk, ChecklistPoint.objects.earliest("position").pk).open()


def test_the_partner_is_asked_with_one_tap_and_answers_with_one(
    signed_in_page, karen, jonas, rasmus
):
    mine, theirs = signed_in_page(karen), signed_in_page(jonas)
    HomePage(mine).open().card("Rasmus").locator('form[action$="/turn/"] button').tap()
    expect(mine.locator("#messages .alert-success")).to_be_visible()
    HomePage(theirs).open().card("Rasmus").locator('button[value="yes"]').tap()
    expect(theirs.locator("#messages .alert-success")).to_be_visible()
    assert TurnRequest.objects.get().answer == "accepted"
    card = HomePage(mine).open().card("Rasmus")
    expect(card.locator(".turn .strong")).to_contain_text("Jonas")
    card.locator('form[action$="/take-back/"] button').tap()
    expect(card.locator('form[action$="/turn/"] button')).to_be_visible()


def test_being_away_is_said_with_a_handover_that_the_partner_reads(
    signed_in_page, karen, jonas, rasmus
):
    mine, theirs = signed_in_page(karen), signed_in_page(jonas)
    HomePage(mine).open().page.locator('a[href="/away/"]').tap()
    form = AwayPage(mine).check().page
    form.locator("#id_away_from").fill(in_days(2).isoformat())
    form.locator("#id_away_until").fill(in_days(1).isoformat())
    form.locator("textarea").fill("Nøglen ligger hos Maja.")
    form.locator("form button[type=submit]").tap()
    expect(form.locator(".error-summary")).to_be_focused()
    expect(form.locator("textarea")).to_have_value("Nøglen ligger hos Maja.")
    form.locator("#id_away_until").fill(in_days(6).isoformat())
    form.locator("form button[type=submit]").tap()
    expect(mine).to_have_url(re.compile("/home/$"))
    away = HomePage(theirs).open().card("Rasmus").locator("details.away")
    expect(away).not_to_contain_text("Nøglen", use_inner_text=True)
    away.locator("summary").tap()
    expect(away).to_contain_text("Nøglen ligger hos Maja.", use_inner_text=True)
    mine.locator('a[href^="/away/"].task').tap()
    mine.locator('button[value="back"]').tap()
    expect(mine).to_have_url(re.compile("/home/$"))
    assert not Absence.objects.exists()


def test_the_checklist_is_ticked_and_undone_and_a_point_is_taken_on(
    signed_in_page, karen, jonas, rasmus, danny
):
    page = signed_in_page(karen)
    card = HomePage(page).open().card("Danny")
    fold = card.locator(".checklist-fold")
    fold.locator("summary").tap()
    first = fold.locator("input[type=checkbox]").first
    with page.expect_response(re.compile("/checklist/")):
        first.tap()
    # It stays open, and says who and when.
    expect(fold.locator("li").first).to_contain_text("Karen")
    expect(fold.locator("summary .end")).to_have_text(re.compile("1 .* 8"))
    with page.expect_response(re.compile("/checklist/")):
        first.tap()
    expect(fold.locator("summary .end")).to_have_text(re.compile("0 .* 8"))
    assert not ChecklistItem.objects.done().exists()
    fold.locator("li a").nth(1).tap()
    page.locator('label[for="id_who_1"]').tap()
    page.locator("form button[type=submit]").tap()
    expect(page).to_have_url(re.compile("/home/"))
    item = ChecklistItem.objects.get(taken_by__isnull=False)
    assert item.due_on == danny.release_day - timedelta(days=1)
