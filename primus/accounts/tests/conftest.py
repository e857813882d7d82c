import pytest
from django.core.cache import cache

from primus.celery import app


@pytest.fixture(autouse=True)
def no_rate_used():
    """Limits are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def worker_at_once(django_capture_on_commit_callbacks):
    """Within this block tasks are done where they are sent, as soon as the block ends."""
    from contextlib import contextmanager

    @contextmanager
    def at_once():
        before = app.conf.task_always_eager, app.conf.task_eager_propagates
        app.conf.task_always_eager = app.conf.task_eager_propagates = True
        try:
            with django_capture_on_commit_callbacks(execute=True):
                yield
        finally:
            app.conf.task_always_eager, app.conf.task_eager_propagates = before

    return at_once
