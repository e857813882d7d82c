"""The dashboards as they are met: in both sizes, languages and themes, and with a real worker."""

import re
import signal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outcomes.models import DashboardSnapshot
from outcomes.tests import dashboards
from outcomes.tests.histories import make
from primus.accounts.tests.factories import UserFactory
from primus.jobs.models import Run, RunState
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

    def fits(self) -> bool:
        """Whether nothing has to be scrolled sideways."""
        return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


class MunicipalityDashboard(Dashboard):
    url_name = "dashboard_municipality"


@pytest.mark.parametrize(
    ("size", "language", "color_scheme"), [("phone", "da", "light"), ("laptop", "en", "dark")]
)
def test_the_pages_are_accessible_fit_and_can_be_printed(
    signed_in_page, size, language, color_scheme
):
    """The country's, with every table open, and a municipality's with hidden figures only."""
    dashboards.store(dashboards.country())
    dashboards.store(dashboards.tiny(), "0607")
    page = signed_in_page(UserFactory(staff=True), size, language, color_scheme=color_scheme)
    page.goto("/dashboards/")
    country = Dashboard(page)
    assert country.pictures_are_drawn()
    shown = page.evaluate("document.querySelector('picture img').currentSrc")
    assert f"theme={color_scheme}" in shown
    assert f"width={ {'phone': 296, 'laptop': 548}[size] }" in shown
    if size == "laptop":
        is_printed_on_a4(country)
    for summary in page.locator(".chart-table > summary").all():
        summary.click()
    assert country.check().fits()
    assert MunicipalityDashboard(page, "0607").open().fits()


def is_printed_on_a4(dashboard) -> None:
    """Whole figures, each with its definition and its time; nothing that can only be clicked."""
    pages = dashboard.sheets()
    assert 5 <= len(pages) <= 7
    told = " ".join(pages)
    assert "Whole country" in pages[0]
    assert "New crime is counted by: The Danish Prison and Probation Service." in pages[0]
    # Each figure with its definition and its time, in one piece: title, picture and foot on the
    # same sheet.
    assert told.count("Figures as of 12 March 2027, 04:10") >= 10
    for title, within, foot in (
        ("33% have completed", "In contact after 6 months", "the enrolment ended before"),
        ("Things have got better", "Health and substance use", "nobody was rated in between"),
        ("33% have a new sentence", "Cannot be measured", "within 1,095"),
        ("outside what chance allows", "Odense", "1 of 500"),
        ("Mentors and room", "Free places with them", "every clearance"),
        ("The municipalities", "Fredericia", "could be worked out"),
    ):
        assert any(title in sheet and within in sheet and foot in sheet for sheet in pages), title
    # What can only be clicked is not on paper.
    for chrome in ("CSV", "PNG", "Compute again", "Highest share first", "Skip to content"):
        assert chrome not in told


def test_choosing_leads_there_and_keeps_the_rest(signed_in_page):
    for period in ("", "2023"):
        dashboards.store(dashboards.country(period))
        dashboards.store(dashboards.municipality(period), "0751")
    page = signed_in_page(UserFactory(staff=True), "laptop", "en")
    # The pictures are not what is looked at here.
    blank = "<svg xmlns='http://www.w3.org/2000/svg'/>"
    page.route("**/charts/*.svg*", lambda r: r.fulfill(body=blank, content_type="image/svg+xml"))
    page.goto("/dashboards/")
    page.get_by_label("Period").select_option("2023")
    expect(page).to_have_url(re.compile("period=2023"))
    page.get_by_label("Definition of new crime").select_option("jdl")
    expect(page).to_have_url(re.compile("definition=jdl"))
    page.get_by_label("Municipality", exact=True).select_option(label="Aarhus")
    expect(page).to_have_url(re.compile(r"/dashboards/0751/\?period=2023&definition=jdl$"))
    assert MunicipalityDashboard(page, "0751").heading == "Aarhus"
    # With the keyboard a choice is passed on the way to another: then the button says when.
    page.get_by_label("Period").focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"/dashboards/0751/\?definition=jdl$"))


def test_staff_recompute_and_see_the_new_figures(signed_in_page, database_url, tmp_path):
    make(5, enrolments=12)
    page = signed_in_page(UserFactory(staff=True), "phone")
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
    computed_at = timezone.localtime(
        DashboardSnapshot.objects.get(municipality=None, period="").computed_at
    )
    assert f"kl. {computed_at:%H.%M}" in page.locator("#as-of").inner_text()
    assert Run.objects.get().state == RunState.DONE
    Dashboard(page).check()
