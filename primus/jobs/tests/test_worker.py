"""Through a real worker and a real beat, on the embedded broker and on Redis."""

import pytest

from primus.jobs.models import Heartbeat, Process
from primus.testing.processes import celery_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_worker_and_beat_are_heard_on_the_embedded_broker(database_url, tmp_path):
    with celery_worker(database_url, tmp_path, beat=True):
        assert set(Heartbeat.objects.values_list("process", flat=True)) == set(Process.values)
