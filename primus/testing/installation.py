"""An installation of Primus as it is started for real, in a folder and on a port of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from primus.testing.services import free_port

BASE_DIR = Path(__file__).resolve().parents[2]


@contextmanager
def served(folder: Path, *, database_url: str = "") -> Iterator[str]:
    """`manage.py serve` with the demonstration's data; yields its address, and stops it after.

    Raises RuntimeError with what it said when it does not start, or does not stop cleanly.
    """
    port = free_port()
    env = {
        **os.environ,
        "PRIMUS_ENV": "development",
        "PRIMUS_DEMO": "1",
        "PORT": str(port),
        "VAR_DIR": str(folder),
    }
    env.pop("DATABASE_URL", None)
    if database_url:
        env["DATABASE_URL"] = database_url
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=BASE_DIR,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with server:
        assert server.stdout is not None
        said = []
        for line in server.stdout:
            said.append(line)
            if "Stop with Ctrl-C" in line:
                break
        else:
            raise RuntimeError("Primus did not start:\n" + "".join(said))
        try:
            yield f"http://localhost:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            said.append(server.stdout.read())
            if server.wait(timeout=60) != 0:
                raise RuntimeError("Primus did not stop cleanly:\n" + "".join(said))
