"""PostgreSQL, Redis and Chromium: used when they are found, and said so when they are not.

With ``REQUIRE_SERVICES=1`` a missing one is a failure instead of a skip.
"""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"


def missing(reason: str):
    """Skip the test with the reason, or fail it where services are required."""
    if REQUIRED:
        pytest.fail(f"REQUIRE_SERVICES=1, but {reason}", pytrace=False)
    pytest.skip(reason)


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in ("chromium", "google-chrome")]
    return next((path for path in found if path and Path(path).exists()), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pytest_runtest_setup(item):
    from django.conf import settings

    if (
        item.get_closest_marker("postgresql")
        and "postgresql" not in (settings.DATABASES["default"]["ENGINE"])
    ):
        missing("this shows rules of PostgreSQL, and the suite runs on SQLite (see DATABASE_URL)")
    if item.get_closest_marker("browser") and find_chromium() is None:
        missing("no Chromium was found (see CHROMIUM)")


@pytest.fixture(scope="session")
def redis_server():
    """The address of a Redis: the one in REDIS_URL, else one started for these tests."""
    given = os.environ.get("PRIMUS_TEST_REDIS_URL")
    if given:
        # Each process of pytest-xdist empties a database of its own, and never the first one,
        # which may be somebody's.
        number = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
        yield urlsplit(given)._replace(path=f"/{number}").geturl()
        return
    program = shutil.which("redis-server")
    if program is None:
        missing("no Redis was found (neither REDIS_URL nor redis-server)")
    port = free_port()
    server = subprocess.Popen(  # noqa: S603
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture
def redis_url(redis_server):
    """An empty Redis."""
    import redis

    with redis.Redis.from_url(redis_server) as connection:
        connection.flushdb()
    return redis_server


@pytest.fixture
def database_url(transactional_db) -> str:
    """The test database as another process must name it."""
    from urllib.parse import quote

    from django.db import connection

    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    user = quote(given["USER"] or "", safe="")
    password = f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else ""
    host = quote(given["HOST"] or "", safe="")
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgres://{user}{password}{'@' if user else ''}{host}{port}/{given['NAME']}"


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def broker(request) -> str:
    """The address of a broker; empty for the embedded one."""
    return request.getfixturevalue("redis_url") if request.param == "redis" else ""
