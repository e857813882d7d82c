"""Loaded by pytest before Django's settings: the suite is an installation of its own kind."""

import os

os.environ["PRIMUS_ENV"] = "test"
os.environ.pop("PRIMUS_DEMO", None)
os.environ.pop("REDIS_URL", None)
