"""What every test may use. The parts lie in primus/testing."""

import weakref

import hypothesis
import pytest
from django.core.cache import caches
from django.db.backends.signals import connection_created
from django.test import Client
from django.utils import translation

pytest_plugins = [
    "primus.testing.strict",
    "primus.testing.reference",
    "primus.testing.services",
    "primus.testing.queries",
    "primus.testing.cast",
    "primus.testing.axe",
    "primus.testing.browser",
]


# The same examples each time: a run that fails has found something that is new in the source. And
# no time limit for each: a busy machine is nothing new.
hypothesis.settings.register_profile("primus", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("primus")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Close every connection before the database is dropped.

    Where a loop runs in the thread, as Playwright's does, Django keeps connections of their own
    for it, and PostgreSQL drops no database that anybody is connected to.
    """
    opened: weakref.WeakSet = weakref.WeakSet()

    def note(connection, **_):
        opened.add(connection)

    connection_created.connect(note)
    yield
    connection_created.disconnect(note)
    for connection in opened:
        connection.inc_thread_sharing()
        connection.close()


@pytest.fixture(autouse=True)
def as_at_the_start():
    """What one test leaves in the caches (limits on signing in, charts, parts of pages), and the
    language of the last page it read, are not the next one's."""
    for alias in caches:
        caches[alias].clear()
    translation.deactivate()


@pytest.fixture(scope="session")
def base_url():
    """In the place of pytest-playwright's own, which pytest 9 warns of, and here rather than in a
    plugin because that one is registered last. Each browser context has its own address."""


@pytest.fixture
def client_for(db):
    """``client_for(user)``: a client that user is signed in with. None is nobody."""

    def make(user=None, **options) -> Client:
        client = Client(**options)
        if user is not None and getattr(user, "is_authenticated", True):
            client.force_login(getattr(user, "user", user))
        return client

    return make


@pytest.fixture
def mentor(db):
    """A cleared mentor of Aarhus who follows nobody yet."""
    from mentoring.tests.factories import MentorFactory

    return MentorFactory()


@pytest.fixture
def coordinator(db):
    """A coordinator of Aarhus."""
    from participants.tests.factories import CoordinatorFactory

    return CoordinatorFactory()


@pytest.fixture
def mentor_user(mentor):
    return mentor.user


@pytest.fixture
def coordinator_user(coordinator):
    return coordinator.user


@pytest.fixture
def staff_user(db):
    from primus.accounts.tests.factories import UserFactory

    return UserFactory(staff=True)


@pytest.fixture
def administrator_user(db):
    from primus.accounts.tests.factories import UserFactory

    return UserFactory(administrator=True)


@pytest.fixture
def mentor_client(client_for, mentor_user):
    return client_for(mentor_user)


@pytest.fixture
def coordinator_client(client_for, coordinator_user):
    return client_for(coordinator_user)


@pytest.fixture
def staff_client(client_for, staff_user):
    return client_for(staff_user)


@pytest.fixture
def administrator_client(client_for, administrator_user):
    return client_for(administrator_user)
