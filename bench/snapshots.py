"""``python -m bench.snapshots``: every dashboard recomputed, as the worker does it every night.

On the installation that DATABASE_URL names, filled by ``seed_demo --scale national``; it is asked
and written to as the worker would. In a process of its own, so that its memory is nobody else's;
what PostgreSQL itself uses is not counted. Seconds by the clock: the budget is for a machine of
two cores that does nothing else. ``--profile`` tells which questions to the database took longest.
Ends with 1 when a budget is broken.
"""

import json
import os
import resource
import subprocess
import sys
import time

SECONDS, MEGABYTES = 30.0, 500.0
LONGEST = 10


def inside(profile: bool) -> dict:
    """Recompute them here, and tell what it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primus.settings")
    os.environ.setdefault("PRIMUS_ENV", "development")
    import django
    from django.conf import settings
    from django.db import connection

    django.setup()
    # Else every statement is kept and written out, which is what would be measured.
    settings.DEBUG = False
    from mentoring.models import Meeting
    from outcomes.models import DashboardSnapshot
    from outcomes.tasks import recompute_snapshots
    from participants.models import Enrolment

    sizes = {"enrolments": Enrolment.objects.count(), "meetings": Meeting.objects.count()}
    statements: list[tuple[float, str]] = []

    def timed(execute, sql, params, many, context):
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            statements.append((time.perf_counter() - begun, sql))

    begun, worked = time.perf_counter(), time.process_time()
    if profile:
        with connection.execute_wrapper(timed):
            recompute_snapshots()
    else:
        recompute_snapshots()
    return {
        **sizes,
        "vendor": connection.vendor,
        "seconds": time.perf_counter() - begun,
        "processor": time.process_time() - worked,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "snapshots": DashboardSnapshot.objects.count(),
        "longest": sorted(statements, reverse=True)[:LONGEST],
    }


def measure(*, profile: bool = False) -> dict:
    """What it takes in a process of its own."""
    command = [sys.executable, "-m", "bench.snapshots", "--inside"]
    told = subprocess.run(
        command + ["--profile"] * profile, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(told.stdout.splitlines()[-1])


def report(*, profile: bool = False) -> int:
    """Print what it took beside the budgets; how many of them are broken."""
    found = measure(profile=profile)
    print(
        f"\n{found['snapshots']} dashboards of {found['enrolments']:,} enrolments and "
        f"{found['meetings']:,} meetings, {found['vendor']}"
    )
    broken = 0
    for name, value, budget, unit in (
        ("by the clock", found["seconds"], SECONDS, "s"),
        ("peak memory", found["megabytes"], MEGABYTES, "MB"),
    ):
        over = value > budget
        broken += over
        told = f"  over {budget:.0f} {unit}" if over else f"  of {budget:.0f} {unit}"
        print(f"{name:<20}{value:>8.1f} {unit}{told}")
    print(f"{'of the processor':<20}{found['processor']:>8.1f} s")
    for seconds, sql in found["longest"]:
        print(f"{seconds:>8.2f} s  {sql[:160]}")
    return broken


def main() -> int:
    profile = "--profile" in sys.argv
    if "--inside" in sys.argv:
        print(json.dumps(inside(profile)))
        return 0
    return 1 if report(profile=profile) else 0


if __name__ == "__main__":
    sys.exit(main())
