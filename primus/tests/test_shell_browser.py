"""The shell as it is met in a browser: accessible in both sizes, languages and themes."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.tests.factories import MentorFactory
from participants.tests.factories import CoordinatorFactory
from primus.access.models import AccessEntry, Event
from primus.accounts.tests.factories import PASSWORD, InvitationFactory, UserFactory
from primus.demo.accounts import DEMO_ACCOUNTS
from primus.testing.browser import LOOKS

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def administrator():
    """An administrator with something to look at."""
    CoordinatorFactory()
    MentorFactory()
    UserFactory(inactive=True)
    InvitationFactory(token="accept-me")
    # Signing in brings the stored language along.
    user = UserFactory(administrator=True, language="en")
    for event in (Event.READ, Event.REFUSED):
        AccessEntry.objects.create(
            user=user,
            user_label="Testine Prøvelund",
            role="mentor",
            event=event,
            view="a.view",
            object_type="participants.enrolment",
            object_id=7,
            object_label="P-00007",
            municipality_code="0751",
        )
    return user


OUTSIDE = ["/sign-in/", "/password/reset/", "/password/reset/sent/", "/sign-up/", "/inactive/"]
INSIDE = [
    "/account/",
    "/account/password/",
    "/account/confirm/",
    "/sign-out/",
    "/users/",
    "/invitations/",
    "/invitations/new/",
    "/access-log/",
]


@LOOKS
def test_the_pages_outside(
    signed_in_page, axe_clean, settings, size, language, color_scheme, browser_problems
):
    settings.PRIMUS_DEMO = True
    for email, role in DEMO_ACCOUNTS:
        UserFactory(email=email, role=role)
    InvitationFactory(token="accept-me")
    page = signed_in_page(None, size, language, color_scheme=color_scheme)
    for url in [*OUTSIDE, "/invitation/accept-me/"]:
        page.goto(url)
        axe_clean(page)
    for url in ("/nothing/", "/invitation/gone/"):
        page.goto(url)
        axe_clean(page)
    # The browser notes in the console that these two are not found, as it should.
    assert len(browser_problems) == 2
    assert all("404" in problem or "410" in problem for problem in browser_problems)
    browser_problems.clear()


@LOOKS
def test_the_pages_inside(signed_in_page, axe_clean, administrator, size, language, color_scheme):
    page = signed_in_page(administrator, size, language, color_scheme=color_scheme)
    for url in INSIDE:
        assert page.goto(url).ok
        axe_clean(page)


def test_signing_in_with_a_password_one_can_look_at(signed_in_page, administrator, size):
    page = signed_in_page(None, size, "en")
    page.goto("/users/")
    page.get_by_label("E-mail").fill(administrator.email)
    password = page.locator("input[name=password]")
    password.fill(PASSWORD)
    assert password.get_attribute("type") == "password"
    page.get_by_role("button", name="Show password").click()
    assert password.get_attribute("type") == "text"
    assert password.input_value() == PASSWORD
    password.press("Enter")
    page.wait_for_url("**/users/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Users")


def test_errors_are_met_first_and_lead_to_their_field(
    signed_in_page, axe_clean, administrator, size
):
    page = signed_in_page(administrator, size, "en")
    page.goto("/invitations/new/")
    page.get_by_label("E-mail").fill("not an address")
    page.get_by_role("button", name="Send the invitation").click()
    summary = page.locator(".error-summary")
    summary.wait_for()
    expect(summary).to_be_focused()
    axe_clean(page)
    summary.get_by_role("link").filter(has_text="E-mail").click()
    expect(page.get_by_label("E-mail")).to_be_focused()
    assert page.get_by_label("E-mail").input_value() == "not an address"


def test_icons_are_drawn_under_the_policy(signed_in_page, administrator):
    page = signed_in_page(administrator, "laptop")
    page.goto("/users/")
    drawn = page.evaluate(
        "() => [...document.querySelectorAll('svg.icon')]"
        ".filter(svg => svg.getClientRects().length)"
        ".map(svg => svg.querySelector('use').getBoundingClientRect().width)"
    )
    assert drawn
    assert all(width > 4 for width in drawn)


def test_the_menu_fits_a_phone_for_every_role(signed_in_page, administrator):
    coordinator = CoordinatorFactory()
    for user in (administrator, coordinator):
        for width in (360, 390):
            page = signed_in_page(user, "phone", "en")
            page.set_viewport_size({"width": width, "height": 780})
            page.goto("/account/")
            links = page.locator(".nav-phone a")
            tops = {round(links.nth(n).bounding_box()["y"]) for n in range(links.count())}
            assert len(tops) == 1, f"{links.all_inner_texts()} at {width}"
            assert all(links.nth(n).bounding_box()["height"] >= 44 for n in range(links.count()))


def test_the_keyboard_reaches_the_content_first(signed_in_page, administrator):
    page = signed_in_page(administrator, "laptop", "en")
    page.goto("/users/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/users/#content$"))


def test_it_works_without_javascript(open_context, administrator):
    page = open_context(None, "phone", "en", java_script_enabled=False).new_page()
    page.goto("/sign-in/")
    assert not page.get_by_role("button", name="Show password").is_visible()
    page.get_by_label("E-mail").fill(administrator.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/users/")
