"""The dashboards as they are met: in both sizes, languages and themes, and with a real worker."""

import re
import signal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes.models import DashboardSnapshot
from outcomes.tasks import recompute_snapshots
from outcomes.tests.histories import make
from participants.tests.factories import CoordinatorFactory
from primus.accounts.tests.factories import UserFactory
from primus.jobs.models import Run, RunState
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject
from primus.testing.processes import celery_worker

pytestmark = pytest.mark.usefixtures("transactional_db")


class Dashboard(PageObject):
    url_name = "dashboard"

    def pictures_are_drawn(self) -> bool:
        """Whether every picture was loaded, in the size it is shown at."""
        self.page.wait_for_load_state("networkidle")
        return self.page.evaluate(
            "[...document.querySelectorAll('picture img')].every("
            "i => i.complete && i.naturalWidth > 0 && i.clientWidth >= i.naturalWidth * 0.99)"
        )


class MunicipalityDashboard(Dashboard):
    url_name = "dashboard_municipality"


@LOOKS
def test_the_pages_are_accessible_and_their_pictures_fit(
    signed_in_page, size, language, color_scheme
):
    make(5, enrolments=20)
    recompute_snapshots()
    page = signed_in_page(UserFactory(staff=True), size, language, color_scheme=color_scheme)
    assert Dashboard(page).open().pictures_are_drawn()
    for summary in page.locator(".chart-table > summary").all():
        summary.click()
    Dashboard(page).check()
    assert MunicipalityDashboard(page, "0751").open().pictures_are_drawn()
    page = signed_in_page(
        CoordinatorFactory(municipalities=["0710"]), size, language, color_scheme=color_scheme
    )
    assert MunicipalityDashboard(page, "0710").open().heading == "Favrskov"


def test_the_picture_follows_theme_and_width(signed_in_page, size):
    recompute_snapshots()
    for scheme in ("light", "dark"):
        page = signed_in_page(UserFactory(staff=True), size, color_scheme=scheme)
        Dashboard(page).open()
        shown = page.evaluate("document.querySelector('picture img').currentSrc")
        width = {"phone": 296, "laptop": 548}[size]
        assert f"theme={scheme}" in shown
        assert f"width={width}" in shown


def test_choosing_a_municipality_leads_there(signed_in_page, size):
    make(5, enrolments=6)
    recompute_snapshots()
    page = signed_in_page(UserFactory(staff=True), size)
    Dashboard(page).open()
    page.get_by_label("Kommune").select_option(label="Odense")
    expect(page).to_have_url(re.compile("/dashboards/0461/$"))
    assert MunicipalityDashboard(page, "0461").check().heading == "Odense"


def test_staff_recompute_and_see_the_new_figures(signed_in_page, size, database_url, tmp_path):
    make(5, enrolments=12)
    page = signed_in_page(UserFactory(staff=True), size)
    Dashboard(page).open()
    expect(page.locator(".tile")).to_have_count(0)
    with celery_worker(database_url, tmp_path) as background:
        # Held, so that the bar can be looked at for as long as that takes.
        background.worker.send_signal(signal.SIGSTOP)
        page.locator('form[action="/dashboards/recompute/"] button').click()
        expect(page.locator("#run progress")).to_be_visible()
        # The bar survives leaving the page.
        Dashboard(page).open()
        expect(page.locator("#run progress")).to_be_visible()
        background.worker.send_signal(signal.SIGCONT)
        expect(page.locator(".tile")).to_have_count(4, timeout=60_000)
    computed_at = timezone.localtime(DashboardSnapshot.objects.get(municipality=None).computed_at)
    assert f"kl. {computed_at:%H.%M}" in page.locator("#as-of").inner_text()
    assert Run.objects.get().state == RunState.DONE
    Dashboard(page).check()
