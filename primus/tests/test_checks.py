"""Combinations of settings that must not be, one by one."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured

from primus.checks import check_installation, refuse_bad_installation


@pytest.fixture
def production(monkeypatch):
    """A production installation that nothing is wrong with."""
    installation = SimpleNamespace(
        PRODUCTION=True,
        PRIMUS_DEMO=False,
        SECRET_KEY="x" * 50,
        SEALING_KEYS=["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="],
        DEBUG=False,
        ALLOWED_HOSTS=["primus.example.org"],
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        BASE_URL="https://primus.example.org",
        REDIS_URL="redis://redis:6379/0",
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql"}},
    )
    monkeypatch.setattr("primus.checks.settings", installation)
    return installation


def found() -> list[str]:
    return [message.id for message in check_installation(None)]


def test_a_right_installation_passes(production):
    assert found() == []
    refuse_bad_installation()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PRIMUS_DEMO", True, "primus.E001"),
        ("SECRET_KEY", "", "primus.E002"),
        ("SECRET_KEY", "x" * 49, "primus.E002"),
        ("DEBUG", True, "primus.E003"),
        ("ALLOWED_HOSTS", [], "primus.E004"),
        ("ALLOWED_HOSTS", ["*"], "primus.E004"),
        ("EMAIL_BACKEND", "primus.demo.mailbox.FolderBackend", "primus.E005"),
        ("BASE_URL", "http://primus.example.org", "primus.E006"),
        ("SEALING_KEYS", [], "primus.E007"),
        ("SEALING_KEYS", ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "short"], "primus.E007"),
    ],
)
def test_each_mistake_in_production_stops_the_start(production, name, value, expected):
    setattr(production, name, value)
    assert found() == [expected]
    with pytest.raises(ImproperlyConfigured, match=expected):
        refuse_bad_installation()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}, "primus.W001"),
        ("REDIS_URL", "", "primus.W002"),
    ],
)
def test_what_only_holds_for_one_machine_is_a_warning(production, name, value, expected):
    setattr(production, name, value)
    assert found() == [expected]
    refuse_bad_installation()


def test_outside_production_anything_goes(production):
    production.PRODUCTION = False
    production.PRIMUS_DEMO = True
    production.SECRET_KEY = ""
    assert found() == []
