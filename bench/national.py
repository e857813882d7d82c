"""``python -m bench.national``: the whole country in a database, and what takes long with it.

On the database that DATABASE_URL names, which must be empty or have been filled by this before:
100,000 enrolments, 20,000 mentors and 2,000,000 meetings take some minutes to write, and that is
measured too. Then every dashboard is recomputed (see `bench.snapshots`). Ends with 1 when a budget
is broken.
"""

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

from bench import snapshots

MINUTES = 10.0


def _manage(*arguments: str) -> str:
    env = {**os.environ, "PRIMUS_ENV": "development", "PRIMUS_DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip()


def seed() -> int:
    """Fill the database if nothing is in it; 1 when that took too long."""
    _manage("migrate", "--verbosity", "0")
    begun = time.perf_counter()
    told = _manage("seed_demo", "--scale", "national").splitlines()[0]
    minutes = (time.perf_counter() - begun) / 60
    print(told)
    if not told.startswith("Loaded"):
        return 0
    over = minutes > MINUTES
    print(f"{'seeding':<20}{minutes:>8.1f} min  {'over' if over else 'of'} {MINUTES:.0f} min")
    return int(over)


def report() -> int:
    """Print what it took; how many budgets are broken. Ends the process without PostgreSQL."""
    if urlsplit(os.environ.get("DATABASE_URL", "")).scheme not in ("postgres", "postgresql"):
        sys.exit("The national figures are for PostgreSQL: let DATABASE_URL name an empty one.")
    return seed() + snapshots.report()


if __name__ == "__main__":
    sys.exit(1 if report() else 0)
