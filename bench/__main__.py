"""``make bench``: how long the pages take and what they weigh, and what each flow costs a thumb.

Starts an installation of its own with the demonstration data (DATABASE_URL and REDIS_URL say on
what) and asks it as a browser would. Times are ratios to the emptiest signed-in page of the same
server in the same run, asked in turn with the page itself, so that a slow machine or a busy one
says nothing about Primus. Ends with 1 when a budget is broken.
"""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from bench import flows, pages
from primus.testing.installation import served


def wait_for_figures(port: int, seconds: float = 120) -> None:
    """The worker computes the dashboards of a new installation once."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    deadline = time.monotonic() + seconds
    with contextlib.closing(client):
        while time.monotonic() < deadline:
            client.request("GET", "/healthz")
            if json.load(client.getresponse())["jobs"]["snapshots"]["last_success"]:
                return
            time.sleep(0.5)
    sys.exit("The dashboards were not computed in time.")


def main() -> int:
    # In a process of its own: this one is no installation of Primus.
    suggestions = subprocess.run([sys.executable, "-m", "bench.suggestions"], check=False)
    with (
        tempfile.TemporaryDirectory(prefix="primus-bench-") as folder,
        served(Path(folder), database_url=os.environ.get("DATABASE_URL", "")) as address,
    ):
        port = urlsplit(address).port
        assert port is not None
        wait_for_figures(port)
        broken = suggestions.returncode + pages.report(port) + flows.report(address)
    print("All within budget." if not broken else f"{broken} are over budget or missing.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
