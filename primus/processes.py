"""Starting the three processes of Primus, and seeing to it that none is left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

CELERY = [sys.executable, "-m", "celery", "-A", "primus"]
# It works by itself: workers that talk to each other only cost a slower start.
WORKER = [*CELERY, "worker", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
BEAT = [*CELERY, "beat", "--pidfile=", "--loglevel=INFO"]

PR_SET_PDEATHSIG = 1


def _prctl():
    try:
        return ctypes.CDLL(None, use_errno=True).prctl
    except (AttributeError, OSError):  # not Linux
        return None


# Looked up once, before any fork: between fork and exec there is no safe time to load a library.
prctl = _prctl()


def die_with_parent(sent: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel (Linux only) to send this process a signal when its parent dies."""
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, int(sent), 0, 0, 0)


def is_told_to_end(pid: int) -> bool:
    """Whether a process is just handling a signal to end, which it then blocks (Linux only).

    make, when it alone is sent SIGINT or SIGHUP, waits for its command without telling it.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    blocked = int(status.partition("SigBlk:")[2].split(maxsplit=1)[0], 16)
    return any(blocked >> (number - 1) & 1 for number in (signal.SIGINT, signal.SIGHUP))


def start(
    command: list[str], *, log: IO[bytes], env: Mapping[str, str], when_orphaned: signal.Signals
) -> subprocess.Popen:
    """Start a process at the head of its own group, so that it can be stopped with all it starts.

    Call it from the main thread: the kernel counts the thread as the parent.
    """
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(when_orphaned)
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=dict(env),
        cwd=Path(__file__).resolve().parent.parent,
        process_group=0,
        preexec_fn=prepare,
    )


def kill_group(process: subprocess.Popen) -> None:
    """Kill what is left of a process and everything it started."""
    # macOS says PermissionError where Linux says that there is nobody.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(processes: list[subprocess.Popen], *, grace: float) -> None:
    """Ask all to finish, give them `grace` seconds together, then kill what is left.

    Only the head of each group is asked: it lets its own children finish what they are doing.
    """
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + grace
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(deadline - time.monotonic(), 0.1))
        kill_group(process)
