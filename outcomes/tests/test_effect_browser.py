"""The page of a trial as it is met: on a laptop and a phone, and on paper."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes.tasks import recompute_effect
from outcomes.tests.effects import known_trial
from primus.accounts.tests.factories import UserFactory
from primus.testing.browser import LOOKS, SIZES
from primus.testing.pages import PageObject

pytestmark = pytest.mark.usefixtures("transactional_db")


class Effect(PageObject):
    url_name = "effect_trial"


@LOOKS
def test_the_page_is_read_chosen_from_and_printed(signed_in_page, language, color_scheme):
    trial = known_trial(timezone.localdate(), is_demonstration=True)
    recompute_effect()
    page = signed_in_page(UserFactory(staff=True), "laptop", language, color_scheme=color_scheme)
    effect = Effect(page, trial.pk).open()
    page.wait_for_load_state("networkidle")
    for summary in page.locator(".chart-table > summary").all():
        summary.click()
    effect.check()
    drawn = "[...document.querySelectorAll('picture img')].every(i => i.naturalWidth > 0)"
    assert page.evaluate(drawn)
    page.set_viewport_size(SIZES["phone"]["viewport"])
    page.wait_for_load_state("networkidle")
    effect.check()
    assert "width=296" in page.evaluate("document.querySelector('picture img').currentSrc")
    page.set_viewport_size(SIZES["laptop"]["viewport"])
    # Choosing a definition leads there.
    page.locator("select[name=definition]").select_option("dst")
    expect(page).to_have_url(f"{page.url.split('/effect/')[0]}{effect.path}?definition=dst")
    sheets = effect.sheets()
    text = " ".join(sheets)
    assert "Legal Affairs Committee" in text or "Retsudvalg" in text
    assert "emonstration" in text
    assert len(sheets) <= 5
