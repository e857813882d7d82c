"""A referral and the consents in Chromium, step by step."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import Enrolment, Institution
from participants.tests.factories import (
    ConsentFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    ParticipantFactory,
    in_days,
)
from primus.testing.axe import axe_clean
from primus.testing.browser import LOOKS, SIZES
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class ReferralPage(PageObject):
    url_name = "enrolment_create"

    def fill(self, name: str, value: str) -> None:
        self.page.locator(f"[name={name}]:not([type=hidden])").fill(value)

    def pick(self, name: str, value: str) -> None:
        option = self.page.locator(f"[name={name}][value={value}]").get_attribute("id")
        self.page.locator(f"label[for={option}]").click()

    def go(self, where: str) -> None:
        self.page.locator(f"button[name=go][value={where}]:visible").last.click()

    def is_at(self, step: str) -> None:
        expect(self.page.locator("[name=step]")).to_have_value(step)

    def look(self) -> None:
        axe_clean(self.page)
        no_wider_than_the_screen(self.page)


def no_wider_than_the_screen(page) -> None:
    laptop, phone = SIZES["laptop"]["viewport"], SIZES["phone"]["viewport"]
    page.set_viewport_size(phone)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size(laptop)


@LOOKS
def test_a_referral_from_the_first_step_to_the_summary(signed_in_page, language, color_scheme):
    coordinator = CoordinatorFactory()
    known = ParticipantFactory(first_name="Kevin", last_name="Aagaard")
    EnrolmentFactory(ended=True, participant=known)
    page = signed_in_page(coordinator, "laptop", language, color_scheme=color_scheme)
    referral = ReferralPage(page).open()
    # Who looks alike is suggested while it is typed, without leaving the page.
    referral.fill("first_name", "Kewin")
    referral.fill("last_name", "Ågaard")
    referral.fill("birth_date", "1990-05-18")
    expect(page.locator(".alike-list")).to_contain_text("Kevin Aagaard")
    referral.look()
    # The Enter key goes on, and nowhere else: here it is asked first who it is.
    page.locator("[name=last_name]").press("Enter")
    expect(page.locator("#id_same_person_error")).to_be_visible()
    referral.is_at("person")
    page.locator("button[name=choose]").first.click()
    referral.is_at("release")
    referral.look()
    page.locator("[name=institution]").select_option(str(Institution.objects.earliest("name").pk))
    referral.pick("release_kind", "parole")
    referral.go("next")
    expect(page.locator("#id_expected_release_error")).to_be_visible()
    referral.fill("expected_release", in_days(60).isoformat())
    referral.go("back")
    referral.is_at("person")
    # Nothing is lost on the way there and back.
    referral.go("next")
    expect(page.locator("[name=expected_release]")).to_have_value(in_days(60).isoformat())
    referral.go("next")
    referral.is_at("wishes")
    referral.look()
    referral.pick("wished_times", "weekday_evening")
    referral.fill("wishes", "Helst om aftenen")
    referral.go("next")
    referral.is_at("consents")
    referral.go("next")
    expect(page.locator("#id_consent_participation_error")).to_be_visible()
    referral.pick("consent_participation", "oral")
    referral.fill("consent_participation_on", in_days(0).isoformat())
    referral.pick("source", "probation")
    referral.look()
    referral.go("next")
    referral.is_at("summary")
    referral.look()
    expect(page.locator("#content")).to_contain_text("Helst om aftenen")
    referral.go("turn_down")
    referral.is_at("turn_down")
    referral.look()
    referral.go("release")
    # The line of steps leads on to the end again.
    referral.go("summary")
    referral.is_at("summary")
    expect(page).to_have_url(re.compile(r"/enrolments/new/$"))
    referral.go("save")
    expect(page.locator("#messages")).to_be_visible()
    new = Enrolment.objects.latest("pk")
    assert (new.participant, new.source, new.coordinator) == (known, "probation", coordinator)
    assert new.consents.get().form == "oral"


@LOOKS
def test_a_consent_is_added_and_taken_back(signed_in_page, language, color_scheme):
    consent = ConsentFactory(kind="offences")
    page = signed_in_page(CoordinatorFactory(), "laptop", language, color_scheme=color_scheme)
    consents = ReferralPage(page)
    page.goto(reverse("enrolment_consents", args=[consent.enrolment_id]))
    consents.look()
    consents.pick("kind", "research")
    consents.pick("form", "written")
    page.locator("form button.btn-primary").click()
    expect(page.locator("#research .text-ok")).to_be_visible()
    page.locator("#offences a.btn").click()
    consents.look()
    page.locator("form button.btn-primary").click()
    expect(page.locator("#offences .text-warn")).to_be_visible()
    consent.refresh_from_db()
    assert consent.withdrawn_on == in_days(0)
