"""Loaded by pytest before Django's settings: the suite is an installation of its own kind.

Everything it writes lies in a temporary folder, one for each process of pytest-xdist, so that it
never meets the files of an installation that is running.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["PRIMUS_ENV"] = "test"
# What a developer has set for the own installation must not change what the suite tests.
# Redis is kept under another name: only the tests that ask for it use it (services.py).
_redis = os.environ.pop("REDIS_URL", None)
if _redis:
    os.environ["PRIMUS_TEST_REDIS_URL"] = _redis
for name in (
    "PRIMUS_DEMO",
    "EMAIL_URL",
    "DEBUG",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "SECURE_SSL_REDIRECT",
):
    os.environ.pop(name, None)

if "PRIMUS_TEST_DIR" not in os.environ:
    os.environ["PRIMUS_TEST_DIR"] = tempfile.mkdtemp(prefix="primus-tests-")
    atexit.register(shutil.rmtree, os.environ["PRIMUS_TEST_DIR"], ignore_errors=True)
VAR_DIR = Path(os.environ["PRIMUS_TEST_DIR"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)
os.environ["VAR_DIR"] = str(VAR_DIR)
# Playwright's own loop runs in the thread of the tests; nothing there is asynchronous but it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
