"""``/healthz``: whether the installation does its work, for whoever watches over it.

Answered before sessions, host names and redirects are looked at, so that it needs nothing but
what it reports on, and says so when that is gone instead of failing itself.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Min, Q
from django.http import JsonResponse
from django.utils import timezone

from primus.access.declare import public
from primus.jobs.models import Heartbeat, Process, Run, RunKind, RunState

# Both beat every 20 seconds: four missed in a row is no accident.
GONE_AFTER = timedelta(seconds=90)
# Reminders are looked at hourly from 7 to 20, dashboards and trials nightly: the longest pause and
# an hour.
# Other jobs are run when somebody asks for them, and are never late.
OVERDUE_AFTER = {
    RunKind.REMINDERS: timedelta(hours=12),
    RunKind.SNAPSHOTS: timedelta(hours=25),
    RunKind.EFFECT: timedelta(hours=25),
}
SECONDS_TO_ANSWER = 2


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def check_broker() -> None:
    """Put something where the messages go, and take it away. Raises OSError or RedisError."""
    if settings.REDIS_URL:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=SECONDS_TO_ANSWER,
            socket_connect_timeout=SECONDS_TO_ANSWER,
        )
        with client:
            client.set("primus:health", "1", ex=60)
    else:
        with tempfile.TemporaryFile(dir=settings.BROKER_DIR / "queue"):
            pass


def _broker() -> dict:
    try:
        check_broker()
    except (OSError, redis.RedisError) as error:
        return {"state": "error", "error": type(error).__name__}
    return {"state": "ok"}


def _processes(now: datetime) -> dict[str, dict]:
    seen = dict(Heartbeat.objects.values_list("process", "seen_at"))
    answer = {}
    for process in Process.values:
        at = seen.get(process)
        gone = at is None or now - at > GONE_AFTER
        answer[process] = {"state": "gone" if gone else "ok", "last_seen": _stamp(at)}
    return answer


def _jobs(now: datetime) -> dict[str, dict]:
    """When each job last succeeded. A late one is told of, and is no reason to restart anything."""
    last = Run.objects.aggregate(
        **{
            kind: Max("finished_at", filter=Q(kind=kind, state=RunState.DONE))
            for kind in OVERDUE_AFTER
        }
    )
    # A new installation has not had the time to be late.
    installed = MigrationRecorder.Migration.objects.aggregate(at=Min("applied"))["at"]
    return {
        kind: {
            "last_success": _stamp(last[kind]),
            "overdue": now - (last[kind] or installed) > OVERDUE_AFTER[kind],
        }
        for kind in OVERDUE_AFTER
    }


def state_of_installation() -> dict:
    """What ``/healthz`` answers. ``status`` is ok, or error when something needed is gone."""
    now = timezone.now()
    answer: dict = {"status": "ok", "database": {"state": "ok"}, "broker": _broker()}
    try:
        name = connection.settings_dict["NAME"]
        if connection.vendor == "sqlite" and not Path(name).exists():
            # SQLite would make an empty one, or go on in the one that was deleted.
            raise DatabaseError
        answer |= _processes(now)
        answer["jobs"] = _jobs(now)
    except DatabaseError as error:
        answer["database"] = {"state": "error", "error": type(error).__name__}
        answer |= {process: {"state": "unknown", "last_seen": None} for process in Process.values}
        answer["jobs"] = {kind: {"last_success": None, "overdue": None} for kind in RunKind.values}
    needed = ("database", "broker", *Process.values)
    if any(answer[part]["state"] != "ok" for part in needed):
        answer["status"] = "error"
    return answer


@public
def healthz(request):
    """The state of database, broker, worker and beat; 503 when one of them is gone."""
    answer = state_of_installation()
    response = JsonResponse(answer, status=200 if answer["status"] == "ok" else 503)
    response.headers["Cache-Control"] = "no-store"
    return response


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return healthz(request) if request.path == "/healthz" else self.get_response(request)
