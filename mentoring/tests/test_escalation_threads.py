"""Two workers at once: a concern goes on once."""

import threading

import pytest
from django.db import connection

from mentoring.escalation import escalate
from mentoring.models import Letter
from mentoring.tests.factories import ConcernFactory
from primus.accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_a_concern_goes_on_once():
    UserFactory(staff=True)
    for _ in range(5):
        ConcernFactory(overdue=True)
    barrier, counts = threading.Barrier(3), []

    def work():
        try:
            barrier.wait(20)
            counts.append(escalate().to_staff)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(counts) == 5
    assert Letter.objects.count() == 5
