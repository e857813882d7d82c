"""``manage.py serve`` and ``make run``: all three processes start together and end together."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from primus.testing.services import free_port

SECONDS = 120
# By what is seen of each in the list of processes.
SEEN = {"web": "gunicorn primus.wsgi", "worker": "-A primus worker", "beat": "-A primus beat"}
SERVE = [sys.executable, "manage.py", "serve"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")


def family(pid: int) -> set[int]:
    """A process and all its descendants."""
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = [tuple(map(int, line.split())) for line in listing.stdout.splitlines()]
    found, new = set(), {pid}
    while new:
        found |= new
        new = {child for child, parent in pairs if parent in found} - found
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that still run; a zombie that nobody has fetched does not."""
    listing = subprocess.run(
        ["ps", "-o", "pid=,stat=", "-p", ",".join(map(str, pids))], capture_output=True, text=True
    )
    states = (line.split() for line in listing.stdout.splitlines())
    return {int(pid) for pid, state in states if not state.startswith("Z")}


def nobody_left(pids: set[int]) -> bool:
    """Whether all of them end by themselves in a while."""
    deadline = time.monotonic() + SECONDS
    while alive(pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


class Server:
    """One ``serve`` under test, with what it says collected in a file."""

    def __init__(self, folder: Path, command: list[str], **env: str):
        self.port = free_port()
        self.folder = folder
        self.said = folder / "said.txt"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env={
                    **os.environ,
                    "PRIMUS_ENV": "development",
                    "PRIMUS_DEMO": "0",
                    "DATABASE_URL": "",
                    "REDIS_URL": "",
                    "VAR_DIR": str(folder),
                    "PORT": str(self.port),
                    **env,
                },
                stdin=subprocess.DEVNULL,
                stdout=said,
                # As at a terminal, even where the tests themselves were told to ignore Ctrl-C.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.family: set[int] = {self.process.pid}

    @property
    def text(self) -> str:
        return self.said.read_text()

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + SECONDS
        while "Stop with Ctrl-C" not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.1)
        self.family = family(self.process.pid)

    def health(self) -> tuple[int, dict]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with closing(client):
            client.request("GET", "/healthz")
            response = client.getresponse()
            return response.status, json.load(response)

    def pid_of(self, name: str) -> int:
        """One of the three: the child of the supervisor, not one of its own workers."""
        listing = subprocess.run(
            ["ps", "-ww", "-o", "pid=,ppid=,args=", "-p", ",".join(map(str, self.family))],
            capture_output=True,
            text=True,
            check=True,
        )
        rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
        supervisor = next(row[0] for row in rows if "manage.py serve" in row[2])
        return next(int(row[0]) for row in rows if SEEN[name] in row[2] and row[1] == supervisor)


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory) -> Path:
    """What ``serve`` prepares before it starts anything, made once: it takes the longest.

    These installations are embedded ones, whatever database the suite runs on: once is enough.
    """
    if connection.vendor != "sqlite":
        pytest.skip("the embedded installation is tested where the suite runs on SQLite")
    folder = tmp_path_factory.mktemp("prepared")
    env = {**os.environ, "PRIMUS_ENV": "development", "VAR_DIR": str(folder), "DATABASE_URL": ""}
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity=0"],
            cwd=settings.BASE_DIR,
            env=env,
            check=True,
        )
    return folder


@pytest.fixture
def folder(prepared_folder, tmp_path) -> Path:
    """The folder of an installation that has run before."""
    return shutil.copytree(prepared_folder, tmp_path / "var")


@contextmanager
def serving(folder: Path, command: list[str] = SERVE, **env: str):
    server = Server(folder, command, **env)
    try:
        server.wait_until_up()
        yield server
    finally:
        for pid in alive(server.family | family(server.process.pid)):
            os.kill(pid, signal.SIGKILL)
        server.process.wait()


@pytest.fixture
def make_run(tmp_path) -> list[str]:
    """``make run`` in this environment, which has what it needs already."""
    if shutil.which("make") is None:
        pytest.skip("there is no make")
    bin_dir = tmp_path / "venv/bin"
    bin_dir.mkdir(parents=True)
    (bin_dir / "python").symlink_to(sys.executable)
    (tmp_path / "venv/pyvenv.cfg").write_text((Path(sys.prefix) / "pyvenv.cfg").read_text())
    (tmp_path / "venv/lib").symlink_to(Path(sys.prefix) / "lib")
    (tmp_path / "venv/.installed").touch()
    return ["make", "--no-print-directory", "run", f"VENV={tmp_path / 'venv'}"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_make_run_starts_all_three_and_stops_all_three(make_run, tmp_path, folder, number):
    if number == signal.SIGINT:  # once from nothing, as the first time
        shutil.rmtree(folder)
        folder.mkdir()
    with serving(folder, make_run) as server:
        status, health = server.health()
        assert (status, health["status"]) == (200, "ok")
        assert f"http://localhost:{server.port}/" in server.text
        assert {p.name for p in (folder / "log").iterdir()} == {"web.log", "worker.log", "beat.log"}
        groups = {os.getpgid(server.pid_of(w)) for w in SEEN}
        assert len(groups) == 3
        os.kill(server.process.pid, number)
        server.process.wait(timeout=SECONDS)
        assert "Stopped." in server.text
        assert alive(server.family) == set()


def test_a_second_interrupt_while_stopping_is_fine_and_the_next_start_is_too(folder):
    with serving(folder) as server:
        server.process.send_signal(signal.SIGINT)
        while "Stopping" not in server.text:
            time.sleep(0.05)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=SECONDS) == 0
        assert "Traceback" not in server.text
        assert alive(server.family) == set()
    with serving(folder) as server:
        assert server.health()[0] == 200


@pytest.mark.parametrize("name", SEEN)
def test_when_one_dies_all_end_and_say_so(folder, name):
    with serving(folder) as server:
        os.kill(server.pid_of(name), signal.SIGKILL)
        assert server.process.wait(timeout=SECONDS) == 1
        assert f"The {name} process ended by itself" in server.text
        assert nobody_left(server.family)


@linux
def test_a_supervisor_that_is_killed_leaves_nobody(folder):
    with serving(folder) as server:
        server.process.kill()
        server.process.wait()
        assert nobody_left(server.family)


def test_one_folder_holds_one_installation_and_two_folders_two(folder, tmp_path):
    one, two = folder, shutil.copytree(folder, tmp_path / "two")
    with serving(one) as first:
        same = subprocess.run(
            SERVE,
            cwd=settings.BASE_DIR,
            env={**os.environ, "VAR_DIR": str(one), "PORT": str(free_port()), "DATABASE_URL": ""},
            capture_output=True,
            text=True,
        )
        assert same.returncode == 1
        assert f"already runs from {one}" in same.stderr
        with serving(two) as second:
            assert (first.health()[0], second.health()[0]) == (200, 200)


@pytest.mark.parametrize("port", ["eighty", "0", "65536"])
def test_a_port_that_is_no_port_is_named(tmp_path, port):
    server = Server(tmp_path, SERVE, PORT=port)
    assert server.process.wait(timeout=SECONDS) == 1
    assert f"PORT must be a number from 1 to 65535, and is '{port}'" in server.text


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = Server(tmp_path, SERVE, PORT=str(port))
        assert server.process.wait(timeout=SECONDS) == 1
    assert f"Port {port} cannot be used" in server.text


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "postgres://u:secret@127.0.0.1:9/x"), ("REDIS_URL", "redis://127.0.0.1:9/0")],
)
def test_a_service_that_does_not_answer_is_named(tmp_path, name, value):
    server = Server(tmp_path, SERVE, **{name: value})
    assert server.process.wait(timeout=SECONDS) == 1
    assert f"in {name} does not answer" in server.text
    assert "Traceback" not in server.text
    assert "secret" not in server.text


@pytest.fixture
def empty_database(database_url):
    """An empty database beside the suite's."""
    name = f"primus_{uuid.uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield database_url.rpartition("/")[0] + f"/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgresql
@pytest.mark.redis
def test_the_same_command_runs_on_postgresql_and_redis(tmp_path, empty_database, redis_url):
    with serving(tmp_path, DATABASE_URL=empty_database, REDIS_URL=redis_url) as server:
        status, health = server.health()
        assert (status, health["status"]) == (200, "ok")
        assert not (tmp_path / "primus.sqlite3").exists()
        assert not (tmp_path / "broker").exists()
        server.process.terminate()
        assert server.process.wait(timeout=SECONDS) == 0
        assert alive(server.family) == set()
