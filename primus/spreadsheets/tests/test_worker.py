"""The import by a real worker, and one that is killed in the middle of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.models import Consent, Enrolment, Participant
from participants.tests.test_imports import HEADINGS, row
from primus.access.models import AccessEntry, Event
from primus.jobs.models import Run
from primus.spreadsheets.models import ImportFile, ImportState
from primus.spreadsheets.tests.sending import Importing, as_csv
from primus.testing.processes import celery_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 500


def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    database_url, tmp_path, coordinator_client
):
    importing = Importing(coordinator_client, "participants")
    rows = [HEADINGS, *(row(f"Bo{n:04}", "Nummer") for n in range(ROWS))]
    importing.upload(as_csv(rows))
    file = ImportFile.objects.get()
    chosen = {f"column_{field}": at for field, at in file.columns.items()}

    def state_is(state):
        return lambda: ImportFile.objects.get(pk=file.pk).state == state

    with celery_worker(database_url, tmp_path) as background:
        watched = {"process": background.worker, "log": tmp_path / "log" / "worker.log"}
        coordinator_client.post(reverse("import_columns", args=[file.pk]), chosen)
        wait_until(state_is(ImportState.CHECKED), **watched)
        coordinator_client.post(reverse("import_apply", args=[file.pk]))
        wait_until(lambda: Enrolment.objects.exists(), **watched)
        background.kill()
    some = Enrolment.objects.count()
    assert 0 < some < ROWS
    assert file.rows.filter(applied_at__isnull=False).count() == some
    # Nobody has said anything for a while: the page offers to take it up again.
    Run.objects.unfinished().update(moved_at=timezone.now() - 2 * Run.SILENT_AFTER)
    assert reverse("import_resume", args=[file.pk]) in importing.page(file)
    with celery_worker(database_url, tmp_path) as background:
        watched = {"process": background.worker, "log": tmp_path / "log" / "worker.log"}
        coordinator_client.post(reverse("import_resume", args=[file.pk]))
        wait_until(state_is(ImportState.APPLIED), **watched)
    for model in (Participant, Enrolment, Consent):
        assert model.objects.count() == ROWS
    assert set(Enrolment.objects.values_list("pk", flat=True)) == set(
        file.rows.filter(applied_at__gt=timezone.now() - timedelta(hours=1)).values_list(
            "subject", flat=True
        )
    )
    assert AccessEntry.objects.filter(event=Event.CREATE).count() == 2 * ROWS
