"""Two planners at the same moment: each reminder is planned once."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from mentoring.models import Reminder
from mentoring.planning import plan_for
from mentoring.tests.planning_data import enrol
from participants.tests.factories import CoordinatorFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_two_planners_at_once_plan_each_reminder_once():
    for _n in range(10):
        enrol()
    CoordinatorFactory()
    barrier, errors = Barrier(4), []

    def plan():
        try:
            barrier.wait()
            plan_for(today=date(2027, 3, 11))
        except Exception as error:  # shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=plan) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Reminder.objects.count() == 30
