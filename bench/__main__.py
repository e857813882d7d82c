"""``make bench``: how long the pages take and what they weigh, and what each flow costs a thumb.

Starts an installation of its own with the demonstration data (DATABASE_URL and REDIS_URL say on
what) and asks it as a browser would. Times are ratios to the emptiest signed-in page of the same
server in the same run, asked in turn with the page itself, so that a slow machine or a busy one
says nothing about Primus. The engine is measured against others in the same way. Ends with 1 when
a budget is broken.

With BENCH_SCALE=national the whole country is in it: the database that DATABASE_URL names, on
PostgreSQL, is filled first, which takes some minutes, and the recomputation of all dashboards is
measured too, in seconds, on this machine as it is.
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

from bench import engine, flows, national, pages
from primus.testing.installation import served

# With the whole country the worker counts for a while, beside the pages that are asked for.
SECONDS_TO_COUNT = 600


def wait_for_figures(port: int, seconds: float = SECONDS_TO_COUNT) -> None:
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
    broken = suggestions.returncode + engine.report()
    of_the_country = os.environ.get("BENCH_SCALE") == "national"
    if of_the_country:
        broken += national.report()
    with (
        tempfile.TemporaryDirectory(prefix="primus-bench-") as folder,
        served(Path(folder), database_url=os.environ.get("DATABASE_URL", "")) as address,
    ):
        port = urlsplit(address).port
        assert port is not None
        wait_for_figures(port)
        broken += pages.report(port)
        if not of_the_country:
            # Their stories are those of the small demonstration.
            broken += flows.report(address)
    print("All within budget." if not broken else f"{broken} are over budget or missing.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
