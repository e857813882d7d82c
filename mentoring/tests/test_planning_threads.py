"""Two planners at the same moment: each reminder is planned once."""

from datetime import date

import pytest

from mentoring.models import Reminder
from mentoring.planning import plan_for
from mentoring.tests.planning_data import enrol
from participants.tests.factories import CoordinatorFactory
from primus.testing.threads import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_two_planners_at_once_plan_each_reminder_once():
    for _n in range(10):
        enrol()
    CoordinatorFactory()
    at_once(*[lambda: plan_for(today=date(2027, 3, 11))] * 4)
    assert Reminder.objects.count() == 30
