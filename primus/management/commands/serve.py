"""``manage.py serve``: the whole of Primus on one machine, as ``make run`` starts it.

It prepares the database and the static files, starts the web server, a worker and beat as
processes of their own, waits until ``/healthz`` says that all of them work, and keeps watch:
when it is stopped, or when one of them dies, all of them end.
"""

import fcntl
import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime

import redis
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.utils import timezone

from primus.accounts.models import User
from primus.celery import app, make_broker_folders
from primus.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from primus.health import check_broker
from primus.jobs.tasks import heartbeat
from primus.processes import (
    BEAT,
    WORKER,
    die_with_parent,
    is_told_to_end,
    start,
    stop,
)

HOST = "127.0.0.1"
# Seconds. It takes three when nothing is under way; what takes longer is begun again by the next
# worker.
GRACE = 10.0
SECONDS_TO_START = 120.0


class Stopped(BaseException):
    """Someone asked for the end. No error, so that nothing on the way takes it for one."""


def chosen_port() -> int:
    """PORT from the environment, or 8000. Raises CommandError when it cannot be used."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CommandError(f"PORT must be a number from 1 to 65535, and is {given!r}.")
    port = int(given)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used: {error.strerror}. "
                "Choose another, for example: make run PORT=8001"
            ) from error
    return port


class Command(BaseCommand):
    help = "Runs web server, worker and beat together, and stops all of them together."

    def add_arguments(self, parser):
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="Stop when the process that started this one is gone (make uses it).",
        )

    def handle(self, *args, **options):
        self.processes: dict[str, subprocess.Popen] = {}
        self.asked_to_stop = False
        self.preparing = True
        signal.signal(signal.SIGINT, self.ask_to_stop)
        signal.signal(signal.SIGTERM, self.ask_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup sets it
            signal.signal(signal.SIGHUP, self.ask_to_stop)
        self.parent = os.getppid() if options["stop_with_parent"] else None
        if self.parent:
            die_with_parent(signal.SIGTERM)
        port = chosen_port()
        self.lock_folder()
        try:
            self.prepare()
            self.preparing = False
            self.launch(port)
            self.wait_until_well(port)
            self.begin_work()
            self.greet(port)
            self.watch()
        except Stopped:
            self.say("Stopping …")
        finally:
            # From here a second Ctrl-C changes nothing: the end is already on its way.
            self.preparing = False
            stop(list(self.processes.values()), grace=GRACE)
        self.say("Stopped.")

    def say(self, text: str) -> None:
        with suppress(OSError):  # nobody may be reading any more
            self.stdout.write(text)
            self.stdout.flush()

    # --- Stopping ----------------------------------------------------------------------
    def ask_to_stop(self, number, frame) -> None:
        """Interrupt the preparations at once. Later the next look ends it: a process that is just
        being started must not be forgotten."""
        self.asked_to_stop = True
        if self.preparing:
            self.preparing = False
            raise Stopped

    def watch(self) -> None:
        while True:
            self.look()
            time.sleep(0.3)

    def look(self) -> None:
        """Raise Stopped when asked to, and CommandError when one of the processes has died."""
        if self.asked_to_stop or (self.parent and is_told_to_end(self.parent)):
            raise Stopped
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise CommandError(
                    f"The {name} process ended by itself ({process.returncode}), so all of them "
                    f"are stopped. The end of {self.log_path(name)}:\n{self.end_of_log(name)}"
                )

    # --- Preparing ---------------------------------------------------------------------
    def lock_folder(self) -> None:
        """Two installations in one folder would take each other's messages and beat twice."""
        # Database, mails and logs are for the user who runs Primus alone.
        os.umask(0o077)
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        (settings.VAR_DIR / "log").mkdir(exist_ok=True)
        self.lock = (settings.VAR_DIR / "serve.lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                f"Primus already runs from {settings.VAR_DIR}. "
                "Stop it, or set VAR_DIR to another folder."
            ) from error

    def prepare(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database in DATABASE_URL does not answer: {error}") from error
        make_broker_folders(app)
        try:
            check_broker()
        except (OSError, redis.RedisError) as error:
            raise CommandError(f"The broker in REDIS_URL does not answer: {error}") from error
        self.say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
        if settings.PRIMUS_DEMO and not User.objects.exists():
            self.say("Loading the demonstration data …")
            # It says who can be signed in as; so does the greeting.
            call_command("seed_demo", stdout=io.StringIO())
        self.say("Preparing the static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        connection.close()

    # --- Starting ----------------------------------------------------------------------
    def log_path(self, name: str):
        return settings.VAR_DIR / "log" / f"{name}.log"

    def end_of_log(self, name: str, lines: int = 15) -> str:
        return "\n".join(self.log_path(name).read_text(errors="replace").splitlines()[-lines:])

    def launch(self, port: int) -> None:
        env = {
            **os.environ,
            "PRIMUS_ENV": settings.PRIMUS_ENV,
            "BASE_URL": os.environ.get("BASE_URL") or f"http://localhost:{port}",
        }
        web = [sys.executable, "-m", "gunicorn", "primus.wsgi", f"--bind={HOST}:{port}"]
        web += ["--workers=2", "--threads=4", "--graceful-timeout=5", "--no-control-socket"]
        web += ["--logger-class=primus.web_log.SecretlessLogger"]
        commands = {
            "web": (web, signal.SIGTERM),
            # At once: nobody is there any more to wait for what it is doing.
            "worker": (WORKER, signal.SIGQUIT),
            "beat": (BEAT, signal.SIGTERM),
        }
        self.started_at = timezone.now()
        for name, (command, when_orphaned) in commands.items():
            with self.log_path(name).open("wb") as log:
                self.processes[name] = start(command, log=log, env=env, when_orphaned=when_orphaned)
        heartbeat.delay()

    def wait_until_well(self, port: int) -> None:
        self.say("Starting web server, worker and beat …")
        deadline = time.monotonic() + SECONDS_TO_START
        health: dict = {}
        while not self.is_well(health):
            self.look()
            if time.monotonic() > deadline:
                raise CommandError(f"It did not start in time. /healthz says: {health}")
            time.sleep(0.2)
            health = self.ask_health(port)

    @staticmethod
    def ask_health(port: int) -> dict:
        client = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            client.request("GET", "/healthz")
            return json.load(client.getresponse())
        except (OSError, ValueError, http.client.HTTPException):
            return {}
        finally:
            client.close()

    def is_well(self, health: dict) -> bool:
        """All is well, and heard of since this start: the last one may be seconds ago."""
        if health.get("status") != "ok":
            return False
        seen = [datetime.fromisoformat(health[name]["last_seen"]) for name in ("worker", "beat")]
        return min(seen) >= self.started_at.replace(microsecond=0)

    # --- Running -----------------------------------------------------------------------
    def begin_work(self) -> None:
        """What waits since the last time: today's reminders, and figures if there are none."""
        app.send_task("mentoring.tasks.send_reminders")
        if not apps.get_model("outcomes", "DashboardSnapshot").objects.exists():
            app.send_task("outcomes.tasks.recompute_snapshots")
        if (
            apps.get_model("outcomes", "Trial").objects.exists()
            and not apps.get_model("outcomes", "EffectSnapshot").objects.exists()
        ):
            app.send_task("outcomes.tasks.recompute_effect")
        connection.close()

    def greet(self, port: int) -> None:
        self.say(f"\nPrimus runs at http://localhost:{port}/\n")
        if settings.PRIMUS_DEMO:
            self.say("Sign in with one of the buttons, or as")
            for email, role in DEMO_ACCOUNTS:
                self.say(f"  {email:<28} {role}")
            self.say(f"with the password {DEMO_PASSWORD}\n")
        self.say(f"Logs are in {settings.VAR_DIR / 'log'}. Stop with Ctrl-C.")
