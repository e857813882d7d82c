import os
import shutil
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from primus.health import GONE_AFTER
from primus.jobs.models import Heartbeat, Process, Run, RunKind, RunState

PARTS = ("database", "broker", "worker", "beat")


@pytest.fixture
def broker_folder(settings, tmp_path):
    """The embedded broker's folder, as a worker would have made it."""
    settings.REDIS_URL = ""
    settings.BROKER_DIR = tmp_path
    (tmp_path / "queue").mkdir()
    return tmp_path / "queue"


@pytest.fixture
def well(db, broker_folder):
    for process in Process:
        Heartbeat.beat(process)


def ask(client):
    response = client.get("/healthz")
    return response.status_code, response.json()


def states(answer) -> dict:
    return {part: answer[part]["state"] for part in PARTS}


def test_all_is_well(client, well):
    status, answer = ask(client)
    assert (status, answer["status"]) == (200, "ok")
    assert states(answer) == dict.fromkeys(PARTS, "ok")
    assert answer["worker"]["last_seen"]
    assert answer["beat"]["last_seen"]


@pytest.mark.parametrize("process", Process.values)
def test_a_process_that_has_not_been_seen_for_a_while_is_gone(client, well, process):
    long_ago = timezone.now() - GONE_AFTER - timedelta(seconds=1)
    Heartbeat.objects.filter(process=process).update(seen_at=long_ago)
    status, answer = ask(client)
    assert (status, answer["status"], answer[process]["state"]) == (503, "error", "gone")
    Heartbeat.objects.filter(process=process).delete()
    status, answer = ask(client)
    assert (status, answer[process]) == (503, {"state": "gone", "last_seen": None})


def test_the_embedded_broker_is_gone(client, well, broker_folder):
    shutil.rmtree(broker_folder)
    status, answer = ask(client)
    assert (status, answer["broker"]) == (503, {"state": "error", "error": "FileNotFoundError"})
    assert answer["database"]["state"] == "ok"


def test_redis_does_not_answer(client, well, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    status, answer = ask(client)
    assert (status, answer["broker"]) == (503, {"state": "error", "error": "ConnectionError"})


@pytest.mark.redis
def test_redis_answers(client, well, settings, redis_url):
    settings.REDIS_URL = redis_url
    assert ask(client)[0] == 200


def test_the_database_is_gone(client, well, monkeypatch):
    """Even for a browser that has a session, which cannot be looked up either."""
    client.cookies["sessionid"] = "0" * 32

    def refuse(*args, **kwargs):
        raise OperationalError("server closed the connection: password=secret")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        response = client.get("/healthz")
    assert response.status_code == 503
    answer = response.json()
    assert answer["database"] == {"state": "error", "error": "OperationalError"}
    assert states(answer) == {
        "database": "error",
        "broker": "ok",
        "worker": "unknown",
        "beat": "unknown",
    }
    assert "secret" not in response.content.decode()


def test_an_embedded_database_whose_file_is_gone_is_not_made_anew(
    client, well, settings, monkeypatch, tmp_path
):
    if connection.vendor != "sqlite":
        return
    missing = tmp_path / "gone.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(missing))
    status, answer = ask(client)
    assert (status, answer["database"]["state"]) == (503, "error")
    assert not os.path.exists(missing)


def test_it_answers_whatever_the_host_name_and_whoever_asks(client, well):
    response = client.get("/healthz", headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response


def test_it_tells_when_each_job_last_succeeded(client, well):
    now = timezone.now()
    Run.objects.create(
        kind=RunKind.SNAPSHOTS, state=RunState.DONE, finished_at=now - timedelta(hours=26)
    )
    Run.objects.create(
        kind=RunKind.REMINDERS, state=RunState.DONE, finished_at=now - timedelta(hours=1)
    )
    Run.objects.create(kind=RunKind.REMINDERS, state=RunState.FAILED, finished_at=now)
    status, answer = ask(client)
    assert status == 200  # nothing that a restart would mend
    assert answer["jobs"]["snapshots"]["overdue"] is True
    assert answer["jobs"]["reminders"]["overdue"] is False
    assert answer["jobs"]["reminders"]["last_success"] == (now - timedelta(hours=1)).isoformat(
        timespec="seconds"
    )


def test_a_new_installation_is_not_overdue(client, well):
    jobs = ask(client)[1]["jobs"]
    assert {job["last_success"] for job in jobs.values()} == {None}
    assert {job["overdue"] for job in jobs.values()} == {False}
