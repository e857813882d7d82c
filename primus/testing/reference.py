"""The data that the migrations load, kept through every flush of the test database.

A test that commits (``transactional_db``, ``live_server``) ends with a flush, which empties the
reference data too. What the migrations had put there is read once and put back after each flush,
with the same primary keys, before any other test runs. Django's own permissions are not: nobody
in Primus has any, and to make them anew for every table takes longer than most tests.
"""

from itertools import groupby

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, transaction
from django.db.models.signals import post_migrate

OWN_APPS = ("accounts", "access", "jobs", "spreadsheets", "participants", "mentoring", "outcomes")


def _rows():
    for label in OWN_APPS:
        for model in apps.get_app_config(label).get_models():
            yield from model._base_manager.order_by("pk")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loaded = serializers.serialize("json", _rows())

    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")

    def put_back(sender, **kwargs):
        rows = [row.object for row in serializers.deserialize("json", loaded)]
        with transaction.atomic(), connection.constraint_checks_disabled():
            for model, of_one in groupby(rows, key=type):
                model._base_manager.bulk_create(of_one)

    # A flush ends with the signal of each app; the last of ours stands for them all.
    sender = apps.get_app_config(OWN_APPS[-1])
    post_migrate.connect(put_back, sender=sender, weak=False, dispatch_uid="reference data")
    yield
    post_migrate.disconnect(sender=sender, dispatch_uid="reference data")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """SQLite in a file of its own: threads and worker processes meet it as they do in use."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = str(settings.VAR_DIR / "tests.sqlite3")
    else:
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
