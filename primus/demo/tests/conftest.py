"""The demonstration as it is loaded today, for tests that only look at it."""

import pytest
from django.db import transaction
from django.utils import timezone

from primus.demo.seeding import DEFAULT_SEED, seed_demo


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The demonstration's stories as they are loaded today, for all tests of a module,
    taken back afterwards. The years before are in test_history."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(DEFAULT_SEED, timezone.localdate(), history=False)
        yield timezone.localdate()
        transaction.set_rollback(True)
