"""A real worker, and a real beat, for a test: processes of their own on the test's database."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from kombu import pools

from primus.celery import app, make_broker_folders
from primus.jobs.models import Heartbeat, Process
from primus.jobs.tasks import heartbeat
from primus.processes import BEAT, WORKER, kill_group, start, stop

SECONDS_TO_START = 60


@dataclass
class Background:
    """The processes started for one test, and the folder they write into (``mail``, ``log``)."""

    var_dir: Path
    worker: subprocess.Popen
    beat: subprocess.Popen | None = None

    def kill(self) -> None:
        """Kill the worker as the machine would: it gets to finish nothing."""
        kill_group(self.worker)


@contextmanager
def using_broker(url: str, options: dict) -> Iterator[None]:
    """Let this process send its tasks to another broker."""
    before = {name: app.conf[name] for name in ("broker_url", "broker_transport_options")}

    def switch(values: dict) -> None:
        app.conf.update(values)
        make_broker_folders(app)
        # As Celery itself does after a fork: the next task opens a new connection.
        pools.reset()
        app._after_fork()

    switch({"broker_url": url, "broker_transport_options": options})
    try:
        yield
    finally:
        switch(before)


def wait_until(condition, *, process: subprocess.Popen, log: Path) -> None:
    """Wait for a condition; fail with the end of the log when the process ends or time runs out."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not condition():
        ended = process.poll() is not None
        if ended or time.monotonic() > deadline:
            said = "\n".join(log.read_text().splitlines()[-30:])
            how = f"ended with {process.returncode}" if ended else "was not heard of"
            raise AssertionError(f"{log.stem} {how}; it said:\n{said}")
        time.sleep(0.1)


def _seen_since(process: Process, moment) -> bool:
    return Heartbeat.objects.filter(process=process, seen_at__gte=moment).exists()


@contextmanager
def celery_worker(
    database_url: str, var_dir: Path, *, redis_url: str = "", beat: bool = False
) -> Iterator[Background]:
    """A worker (and beat) on this database, ready to work; this process sends its tasks there.

    Without `redis_url` it works on the embedded broker in `var_dir`. E-mails are written to
    ``var_dir/mail``. The caller's test must commit what the worker is to see
    (``transactional_db``). Ends with everything stopped.
    """
    log_dir = var_dir / "log"
    log_dir.mkdir(parents=True, exist_ok=True)
    env = {
        **os.environ,
        "PRIMUS_ENV": "development",
        "VAR_DIR": str(var_dir),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }
    folder = var_dir / "broker"
    options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
    }
    started: list[subprocess.Popen] = []

    def launch(name: str, command: list[str]) -> subprocess.Popen:
        with (log_dir / f"{name}.log").open("ab") as log:
            started.append(start(command, log=log, env=env, when_orphaned=signal.SIGKILL))
        return started[-1]

    with using_broker(redis_url or "filesystem://localhost//", {} if redis_url else options):
        now = timezone.now()
        try:
            heartbeat.delay()
            background = Background(
                var_dir, launch("worker", [*WORKER, "--include=primus.testing.tasks"])
            )
            if beat:
                background.beat = launch("beat", BEAT)
            wait_until(
                lambda: _seen_since(Process.WORKER, now),
                process=background.worker,
                log=log_dir / "worker.log",
            )
            if background.beat:
                wait_until(
                    lambda: _seen_since(Process.BEAT, now),
                    process=background.beat,
                    log=log_dir / "beat.log",
                )
            yield background
        finally:
            stop(started, grace=10)
