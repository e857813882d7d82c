"""What errors quote of people stays out of the log."""

import logging
from smtplib import SMTPRecipientsRefused

import pytest
from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

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
