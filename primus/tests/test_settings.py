"""Bad values in the environment stop the start with a sentence that names the variable."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "PRIMUS_ENV": "production",
    "SECRET_KEY": "x" * 50,
    "SEALING_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "ALLOWED_HOSTS": "primus.example.org, www.primus.example.org",
    "BASE_URL": "https://primus.example.org",
    "EMAIL_URL": "submission://user:password@mail.example.org:587",
    "DATABASE_URL": "postgres://primus:secret@localhost:9/primus",
    "REDIS_URL": "redis://localhost:9/0",
}
SHOW = "; ".join(
    [
        "from django.conf import settings",
        "print(settings.DATABASES['default']['ENGINE'], settings.ALLOWED_HOSTS, settings.VAR_DIR)",
    ]
)


def run(code: str, cwd=settings.BASE_DIR, **env: str) -> subprocess.CompletedProcess:
    """Run Python in an installation with this environment and nothing else."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "primus.settings",
            **env,
        },
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRIMUS_ENV", "prod"),
        ("PRIMUS_DEMO", "maybe"),
        ("DEBUG", "perhaps"),
        ("SECURE_SSL_REDIRECT", "2"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://localhost/primus"),
        ("DATABASE_URL", "postgres://localhost:port/primus"),
        ("REDIS_URL", "localhost:6379"),
        ("EMAIL_URL", "smtp+tls://mail.example.org"),
        ("EMAIL_URL", "mail.example.org"),
        ("BASE_URL", "primus.example.org"),
    ],
)
def test_a_value_that_cannot_be_understood_is_named(name, value):
    result = run(SHOW, **{name: value})
    assert result.returncode != 0
    assert name in result.stderr.splitlines()[-1] + result.stderr.splitlines()[-2]


def test_all_bad_values_are_named_at_once():
    result = run(SHOW, PRIMUS_DEMO="maybe", DEBUG="perhaps")
    assert "PRIMUS_DEMO" in result.stderr
    assert "DEBUG" in result.stderr


def test_no_file_is_read_silently(tmp_path):
    (tmp_path / ".env").write_text("DATABASE_URL=nonsense\nPRIMUS_DEMO=maybe\n")
    result = run(SHOW, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "sqlite3" in result.stdout


def test_an_empty_address_is_an_address_not_given():
    result = run(SHOW, DATABASE_URL="", REDIS_URL="", EMAIL_URL="", ALLOWED_HOSTS="")
    assert result.returncode == 0, result.stderr
    assert "sqlite3" in result.stdout
    assert "localhost" in result.stdout


def test_a_relative_folder_is_taken_from_where_one_stands(tmp_path):
    assert str(tmp_path / "here") in run(SHOW, cwd=tmp_path, VAR_DIR="here").stdout


def test_production_reads_its_hosts():
    result = run(SHOW, **PRODUCTION)
    assert "postgresql ['primus.example.org', 'www.primus.example.org']" in result.stdout


@pytest.mark.parametrize(
    "start",
    [
        "import primus.wsgi",
        "from celery.signals import worker_init; import primus; worker_init.send(None)",
        "from celery.signals import beat_init; import primus; beat_init.send(None)",
        "from django.core.management import execute_from_command_line as run; run(['', 'check'])",
    ],
    ids=["web", "worker", "beat", "manage.py"],
)
def test_every_process_refuses_demonstration_mode_in_production(start):
    assert run(start, **PRODUCTION).returncode == 0
    refused = run(start, **PRODUCTION, PRIMUS_DEMO="1")
    assert refused.returncode != 0
    assert "primus.E001" in refused.stderr


def test_the_web_process_is_production_unless_told_otherwise():
    result = run("import primus.wsgi")
    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


def test_the_web_process_loads_neither_the_statistics_nor_what_draws_a_pdf():
    heavy = ("scipy", "statsmodels", "pandas", "altair", "typst", "fontTools", "pymupdf_fonts")
    result = run(
        "import sys, primus.wsgi; from django.urls import get_resolver; "
        "get_resolver().url_patterns; "
        f"print([m for m in {heavy} if m in sys.modules])",
        **PRODUCTION,
    )
    assert result.stdout.strip() == "[]", result.stderr


def test_every_variable_is_in_the_list():
    """docs/settings.md is what an administrator reads."""
    listed = set(
        re.findall(r"^\| `(\w+)`", (settings.BASE_DIR / "docs/settings.md").read_text(), re.M)
    )
    code = (settings.BASE_DIR / "primus/settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', code))
    assert len(read) > 10
    assert read <= listed
    assert listed - read == {"PORT", "REQUIRE_SERVICES", "CHROMIUM"}
