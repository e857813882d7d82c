"""Importing in Chromium: from the list of enrolments to what could not be imported."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from participants.models import Enrolment
from participants.tests.test_imports import HEADINGS, row
from primus.jobs.models import Run, RunState
from primus.spreadsheets.models import ImportFile, ImportState
from primus.spreadsheets.tasks import go_on
from primus.spreadsheets.tests.sending import as_csv
from primus.testing.browser import LOOKS, SIZES

pytestmark = pytest.mark.django_db(transaction=True)


@LOOKS
def test_a_file_is_imported_and_what_is_left_is_told(
    signed_in_page, coordinator_user, axe_clean, tmp_path, language, color_scheme
):
    sent = tmp_path / "list.csv"
    sent.write_bytes(as_csv([HEADINGS, row("Bo", "Et"), row("Eva", "To", consent="")]))
    page = signed_in_page(coordinator_user, "laptop", language, color_scheme=color_scheme)

    def looked_at():
        axe_clean(page)
        page.set_viewport_size(SIZES["phone"]["viewport"])
        axe_clean(page)
        page.set_viewport_size(SIZES["laptop"]["viewport"])

    def send():
        page.locator("main form button[type=submit]").first.click()

    page.goto(reverse("enrolment_list"))
    page.locator(f'a[href="{reverse("import_list")}"]').click()
    looked_at()
    page.locator(f'a[href="{reverse("import_create", args=["participants"])}"]').click()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("A;B\n1;=1+1\n")
    page.set_input_files("#id_file", wrong)
    send()
    expect(page.locator(".error-summary")).to_contain_text("B2")
    looked_at()
    page.set_input_files("#id_file", sent)
    send()
    expect(page).to_have_url(re.compile("/columns/$"))
    looked_at()
    send()
    expect(page.locator("progress")).to_be_visible()
    axe_clean(page)
    # The page is left; a worker comes by; nothing needs to be loaded anew on coming back.
    page.goto(reverse("import_list"))
    page.go_back()
    run = Run.objects.get()
    go_on(run.pk)
    expect(page.locator(".import-rows tbody tr")).to_have_count(2)
    expect(page.locator(".outcome-bad")).to_have_count(1)
    looked_at()
    page.locator(".import-actions button").click()
    expect(page.locator("progress")).to_be_visible()
    go_on(Run.objects.get(state=RunState.WAITING).pk)
    expect(page.locator(".import-actions")).to_have_count(0)
    expect(page.locator(".import-state .alert-warning a")).to_be_visible()
    with page.expect_download() as download:
        page.locator(".import-state .alert-warning a").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert ImportFile.objects.get().state == ImportState.APPLIED
    assert Enrolment.objects.get().participant.first_name == "Bo"
