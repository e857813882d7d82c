"""In Chromium: from the assessment to what somebody is drawn to."""

import pytest
from django.utils.translation import override
from playwright.sync_api import expect

from outcomes.models import TrialSubject
from outcomes.tests.factories import TrialSubjectFactory
from outcomes.trials.randomisation import new_trial
from participants.tests.factories import ELSEWHERE, in_days
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class SubjectsPage(PageObject):
    url_name = "trial"


class AssessPage(PageObject):
    url_name = "trial_assess"

    def choose(self, name: str, value: str) -> None:
        field = self.page.locator(f'[name="{name}"][value="{value}"]')
        self.page.locator(f'label[for="{field.get_attribute("id")}"]').click()

    def asked(self, name: str):
        return self.page.locator(f'.formfield:has([name="{name}"])')


class DrawPage(PageObject):
    url_name = "trial_draw"


class SubjectPage(PageObject):
    url_name = "trial_subject"


class NewTrialPage(PageObject):
    url_name = "trial_create"


@pytest.fixture
def trial():
    return new_trial(name="Forsøg", municipalities=["0751", ELSEWHERE], by=None, length=8)


def fits_a_phone(page) -> bool:
    page.set_viewport_size({"width": 390, "height": 844})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    return width <= 390


def test_somebody_is_assessed_and_drawn(signed_in_page, coordinator, trial):
    page = signed_in_page(coordinator, "laptop", "en")
    SubjectsPage(page, trial.pk).open()
    page.locator(f'a[href$="/trials/{trial.pk}/subjects/new/"]').click()
    form = AssessPage(page, trial.pk)
    expect(form.asked("not_eligible_reason")).to_be_hidden()
    expect(form.asked("age_group")).to_be_hidden()
    form.choose("risk_group", "highest")
    form.choose("eligibility", "not_eligible")
    expect(form.asked("not_eligible_reason")).to_be_visible()
    form.choose("eligibility", "eligible")
    expect(form.asked("not_eligible_reason")).to_be_hidden()
    expect(form.asked("consent_on")).to_be_hidden()
    form.choose("consent_form", "written")
    expect(form.asked("consent_on")).to_be_visible()
    form.choose("age_group", "from_30")
    form.choose("priors", "many")
    page.get_by_role("button", name="Save").click()
    # What was left out is asked for, and nothing is lost.
    expect(page.locator(".error-summary")).to_be_visible()
    form.check()
    assert fits_a_phone(page)
    form.choose("release_kind", "parole")
    page.locator('[name="expected_release"]').fill(in_days(50).isoformat())
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/draw/")
    subject = TrialSubject.objects.get()
    DrawPage(page, subject.pk).check()
    assert fits_a_phone(page)
    assert not TrialSubject.objects.randomised()
    page.get_by_role("button", name="Draw now").click()
    SubjectPage(page, subject.pk).check()
    assert fits_a_phone(page)
    drawn = TrialSubject.objects.randomised().get()
    assert drawn.priors == "many"
    with override("en"):
        expect(page.locator(".trial-arm-name")).to_have_text(drawn.arm.label)
    # Whoever goes back to draw again is led here, and it is as it was.
    page.go_back()
    with override("en"):
        expect(page.locator(".trial-arm-name")).to_have_text(drawn.arm.label)
    again = TrialSubject.objects.get()
    assert (again.place, again.arm, again.allocated_at) == (
        drawn.place,
        drawn.arm,
        drawn.allocated_at,
    )


@LOOKS
def test_pages_are_accessible_in_both_languages_and_themes(
    signed_in_page, coordinator, staff_user, trial, language, color_scheme
):
    subject = TrialSubjectFactory(has_mentors=True)
    page = signed_in_page(coordinator, "phone", language, color_scheme=color_scheme)
    SubjectPage(page, subject.pk).open()
    page = signed_in_page(staff_user, "phone", language, color_scheme=color_scheme)
    SubjectsPage(page, trial.pk).open()
    NewTrialPage(page).open()
