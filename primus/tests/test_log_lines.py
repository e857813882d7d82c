"""What errors quote of people stays out of the log."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace

import pytest
from celery import shared_task
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from gunicorn.config import Config

from primus.log_lines import without_secrets
from primus.web_log import SecretlessLogger

QUOTED = "deltagine@example.org"


@pytest.fixture
def written(monkeypatch):
    """What the log of an installation says of everything from here on, as one text."""
    made = settings.LOGGING["formatters"]["line"]
    formatter = import_string(made["()"])(made["format"])
    lines = []

    class Handler(logging.Handler):
        def emit(self, record):
            lines.append(formatter.format(record))

    handler = Handler()
    loggers = [logging.getLogger(), logging.getLogger("celery")]
    for logger in loggers:
        logger.addHandler(handler)
    monkeypatch.setattr(logging.getLogger("celery.app.trace"), "level", logging.INFO)
    yield lambda: "\n".join(lines)
    for logger in loggers:
        logger.removeHandler(handler)


def refuse():
    raise SMTPRecipientsRefused({QUOTED: (550, b"no such user")})


def test_an_error_is_told_by_its_class_and_place(written):
    try:
        try:
            refuse()
        except SMTPRecipientsRefused as error:
            raise RuntimeError(QUOTED) from error
    except RuntimeError:
        logging.getLogger("primus").exception("It failed")
    text = written()
    assert "ERROR primus: It failed" in text
    assert "smtplib.SMTPRecipientsRefused" in text
    assert "builtins.RuntimeError" in text
    assert "in refuse" in text
    assert QUOTED not in text


@pytest.mark.parametrize("retries", [{}, {"autoretry_for": (OSError,), "max_retries": 1}])
def test_a_task_that_fails_does_not_quote_it_either(written, retries):
    @shared_task(name=f"tests.refused.{len(retries)}", **retries)
    def refused(address):
        refuse()

    refused.apply(args=[QUOTED])
    text = written()
    assert "SMTPRecipientsRefused" in text
    assert ("retry" in text) == bool(retries)
    assert "in refuse" in text
    assert QUOTED not in text


@pytest.mark.parametrize(
    ("name", "kwargs"),
    [
        ("calendar_feed", {"secret": "s3cret-_x"}),
        ("invitation_accept", {"token": "s3cret-_x"}),
        ("account_reset_password_from_key", {"uidb36": "a1", "key": "s3cret-_x"}),
    ],
)
def test_an_address_that_opens_something_is_logged_without_its_secret(written, name, kwargs):
    path = reverse(name, kwargs=kwargs)
    assert "s3cret" in path
    logging.getLogger("django.request").warning("Not Found: %s", path)
    assert "Not Found: /" in written()
    assert "s3cret" not in written()
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"{path}?a=1",
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://primus.example.org{path}",
    }
    answer = SimpleNamespace(status="200 OK", sent=5, headers=[])
    asked = SimpleNamespace(headers=[("REFERER", environ["HTTP_REFERER"])])
    config = Config()
    line = config.access_log_format % SecretlessLogger(config).atoms(
        answer, asked, environ, timedelta(seconds=1)
    )
    assert '"GET /' in line
    assert "s3cret" not in line


def test_other_addresses_are_logged_whole():
    for path in ("/enrolments/12/", "/calendar/", "/password/reset/sent/", "/invitations/new/"):
        assert without_secrets(f"GET {path} HTTP/1.1") == f"GET {path} HTTP/1.1"
