"""Two workers at once: a concern goes on once."""

import pytest

from mentoring.escalation import escalate
from mentoring.models import Letter
from mentoring.tests.factories import ConcernFactory
from primus.accounts.tests.factories import UserFactory
from primus.testing.threads import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_a_concern_goes_on_once():
    UserFactory(staff=True)
    for _ in range(5):
        ConcernFactory(overdue=True)
    assert sum(done.to_staff for done in at_once(*[escalate] * 3)) == 5
    assert Letter.objects.count() == 5
