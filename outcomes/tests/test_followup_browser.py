"""Noting what the registers say, in Chromium: from the enrolment's page and back."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from outcomes.models import FollowUp
from participants.models import ConsentKind
from participants.tests.factories import ConsentFactory, EnrolmentFactory, in_days
from primus.testing.browser import LOOKS, SIZES

pytestmark = pytest.mark.django_db(transaction=True)


@LOOKS
def test_a_conviction_is_noted_mended_and_taken_out(
    signed_in_page, coordinator_user, axe_clean, language, color_scheme
):
    enrolment = EnrolmentFactory(past_year=True)
    ConsentFactory(enrolment=enrolment, kind=ConsentKind.OFFENCES)
    page = signed_in_page(coordinator_user, "laptop", language, color_scheme=color_scheme)

    def looked_at():
        axe_clean(page)
        page.set_viewport_size(SIZES["phone"]["viewport"])
        axe_clean(page)
        page.set_viewport_size(SIZES["laptop"]["viewport"])

    page.goto(reverse("enrolment", args=[enrolment.pk]))
    page.locator(f'a[href="{reverse("followup", args=[enrolment.pk])}"]').click()
    page.fill("#id_register_date", in_days(-401).isoformat())
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".error-summary a")).to_have_count(1)
    looked_at()
    page.fill("#id_register_date", in_days(-3).isoformat())
    page.locator("main form button[type=submit]").first.click()
    row = FollowUp.objects.get()
    page.locator(f'a[href="{reverse("reoffence_create", args=[row.pk])}"]').click()
    page.fill("#id_offence_on", in_days(-390).isoformat())
    page.fill("#id_convicted_on", in_days(-391).isoformat())
    page.locator("label[for=id_sanction_1]").click()
    page.locator(".actionbar button[type=submit]").click()
    expect(page.locator("#id_convicted_on_error")).to_be_visible()
    expect(page.locator("#id_offence_on")).to_have_value(in_days(-390).isoformat())
    looked_at()
    page.fill("#id_convicted_on", in_days(-200).isoformat())
    page.locator(".actionbar button[type=submit]").click()
    expect(page.locator(".convictions li")).to_have_count(1)
    expect(page.locator(".standings li")).to_have_count(4)
    looked_at()
    page.locator(".convictions a").click()
    expect(page).to_have_url(re.compile(r"/reoffences/\d+/$"))
    page.locator("details summary").click()
    looked_at()
    page.locator("details button[type=submit]").click()
    expect(page.locator(".convictions")).to_have_count(0)
    assert not row.reoffences.exists()
