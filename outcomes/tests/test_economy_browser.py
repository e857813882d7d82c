"""The economy and a municipality's preparation as they are met: on screens, and on paper."""

import re

import pytest
from playwright.sync_api import expect

from outcomes.tests.economy_data import effect_snapshot
from primus.accounts.tests.factories import UserFactory
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class EconomyPage(PageObject):
    url_name = "economy"

    def back(self):
        """The tile that says how much comes back."""
        return self.page.locator(".econ-tiles .val").first


class ReadinessPage(PageObject):
    url_name = "readiness_municipality"


def test_assumptions_are_changed_and_one_page_is_printed(signed_in_page):
    effect_snapshot()
    staff = UserFactory(staff=True)
    page = signed_in_page(staff, "laptop")
    economy = EconomyPage(page).open()
    expect(economy.back()).to_contain_text("8")
    # A changed field asks for the result at once, and the address holds it.
    page.locator("label[for=id_count_hours_1]").click()
    expect(economy.back()).to_contain_text(re.compile("2[.,]0"))
    expect(page).to_have_url(re.compile("count_hours=yes"))
    page.reload()
    expect(economy.back()).to_contain_text(re.compile("2[.,]0"))
    # What is wrong is said beside its field, and what is typed next is kept.
    page.locator("#id_salary").fill("abc")
    page.locator("#id_caseload").fill("35")
    expect(page.locator("#id_salary_error")).to_be_visible()
    expect(page.locator("#id_caseload")).to_have_value("35")
    expect(page.locator("#id_caseload")).to_be_focused()
    economy.check()

    readiness = ReadinessPage(page, "0751")
    page.goto(readiness.path)
    page.locator("#id_releases").fill("120")
    page.locator("#id_releases").press("Enter")
    expect(page.locator(".sheet-tiles")).to_be_visible()
    readiness.check()
    assert len(readiness.sheets()) == 1
    # As few as there can be, with every warning that a page can have.
    page.goto(f"{readiness.path}?releases=1&effect=own&own_low=-60&own_high=80&count_hours=yes")
    assert len(readiness.sheets()) == 1

    phone = signed_in_page(staff, "phone", "en", color_scheme="dark")
    EconomyPage(phone).open()
    phone.goto(f"{readiness.path}?releases=9")
    ReadinessPage(phone, "0751").check()
