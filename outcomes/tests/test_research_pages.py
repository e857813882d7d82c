"""The page where data for research are asked for, and how long a file is there."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from outcomes import tasks
from outcomes.models import ResearchExport
from outcomes.research import exports
from outcomes.tests.factories import TrialSubjectFactory
from outcomes.tests.research_data import PAGE, ResearchExportFactory, ask
from participants.consents import withdraw_consent
from participants.models import ConsentKind
from participants.tests.factories import ConsentFactory, in_days
from primus.access.models import AccessEntry
from primus.accounts.tests.factories import UserFactory
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("why", ["not_staff", "too_few", "changing"])
def test_where_there_can_be_no_file_the_page_says_why(
    staff_client, staff_user, research_worker, monkeypatch, django_capture_on_commit_callbacks, why
):
    ask(staff_client, django_capture_on_commit_callbacks)
    bar = BeautifulSoup(staff_client.get(PAGE).content, "html.parser").select_one("progress")
    # What htmx is told around it would hold for what the bar asks for, too.
    assert not bar.find_parents(attrs={"hx-select": True})
    assert "run-waiting" in bar["class"]
    if why == "not_staff":
        staff_user.role = "mentor"
        staff_user.save()
    if why == "changing":
        monkeypatch.setattr(exports, "guard", lambda rows: {})
        monkeypatch.setattr(exports, "_taken_back_since", lambda *args: True)
    research_worker()
    export = ResearchExport.objects.get()
    assert (export.not_made, export.content) == (why, None)
    assert not AccessEntry.objects.filter(object_type="participants.enrolment").exists()
    if why != "not_staff":
        assert str(export.get_not_made_display()) in staff_client.get(PAGE).content.decode()


def test_the_file_goes_when_its_time_is_over_or_a_consent_is_taken_back(
    staff_client, staff_user, coordinator
):
    with time_machine.travel(in_days(-8)):
        old = ResearchExportFactory(requested_by=staff_user)
    kept = ResearchExportFactory(requested_by=staff_user, read_at=timezone.now())
    address = reverse("research_file", args=[kept.pk])
    tasks.forget_research_exports()
    old.refresh_from_db()
    assert (old.content, old.has_file) == (None, False)
    assert staff_client.get(address).status_code == 200

    consent = ConsentFactory(kind=ConsentKind.RESEARCH)
    withdraw_consent(consent, timezone.localdate(), by=coordinator.user)
    assert staff_client.get(address).url == PAGE
    tasks.forget_research_exports()
    kept.refresh_from_db()
    assert kept.content is None
    assert kept.purpose in staff_client.get(PAGE).content.decode()


def test_a_subject_of_a_trial_who_takes_it_back_counts_too(staff_client, staff_user):
    subject = TrialSubjectFactory()
    export = ResearchExportFactory(requested_by=staff_user, subjects=[subject.pk])
    address = reverse("research_file", args=[export.pk])
    assert staff_client.get(address).status_code == 200
    type(subject).objects.filter(pk=subject.pk).update(consent_withdrawn_on=timezone.localdate())
    assert staff_client.get(address).status_code == 302


def test_the_page_asks_as_much_however_many_there_are(staff_client, query_budget):
    ResearchExportFactory()
    staff_client.get(PAGE)
    with query_budget(12) as few:
        staff_client.get(PAGE)
    for _ in range(5):
        ResearchExportFactory()
    with query_budget(len(few)):
        staff_client.get(PAGE)


class ResearchPage(PageObject):
    url_name = "research_export"


@LOOKS
@pytest.mark.usefixtures("transactional_db")
def test_the_page_is_accessible_and_fits(signed_in_page, size, language, color_scheme):
    staff = UserFactory(staff=True)
    ResearchExportFactory(requested_by=staff)
    ResearchExportFactory(not_made="too_few", content=None, built_at=None, counts={})
    page = signed_in_page(staff, size, language, color_scheme=color_scheme)
    ResearchPage(page).open()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".research-main form button").click()
    expect(page.locator("textarea.is-invalid")).to_be_visible()
    ResearchPage(page).check()
