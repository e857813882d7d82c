import json
import math

from django.core.management.base import BaseCommand, CommandError

from outcomes.engine.analysis import analyse, default_reference
from outcomes.management import cohort_file, report

# How many refused rows are told of one by one, when the report is to be read.
TOLD = 20


class Command(BaseCommand):
    help = (
        "Compare the arms of a cohort: a .csv file with one person in each row. Survival by arm, "
        "log-rank, risk difference, relative risk, number needed to treat, hazard ratio and "
        "difference in mean time, all with 95% intervals. docs/engine.md says by which methods. "
        "Rows that cannot be used are told of and left out."
    )
    # Nothing but the file is read.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.csv")
        parser.add_argument(
            "--at",
            metavar="13,26,39,52",
            help="the times of the survival; the last is the horizon of what is compared "
            "(default: every time with an event)",
        )
        parser.add_argument(
            "--reference",
            metavar="ARM",
            help="the arm that the other is compared with (default: the one called control, "
            "placebo or the like, else the first by name)",
        )
        for name, what in (
            ("arm", "the column of the arm"),
            ("time", "the column of the time, in any unit"),
            ("event", "the column of the event: 0 censored, 1 event, 2 competing event"),
        ):
            parser.add_argument(
                f"--{name}", metavar="COLUMN", default=name, help=f"{what} (default: {name})"
            )
        parser.add_argument(
            "--stratum",
            metavar="COLUMN",
            help="the column of the stratum (default: stratum, where there is one)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options):
        times = moments(options["at"]) if options["at"] is not None else None
        try:
            cohort = cohort_file.read(
                options["file"],
                options["arm"],
                options["time"],
                options["event"],
                options["stratum"] or "stratum",
                strata=bool(options["stratum"]),
            )
        except cohort_file.CohortRefused as refused:
            raise CommandError(refused.sentence, returncode=2) from refused
        reference = options["reference"]
        if reference is None:
            reference = default_reference(cohort.arms)
        elif (reference := reference.strip()) not in cohort.arms:
            arms = ", ".join(cohort.arms[:20])
            raise CommandError(
                f"There is no arm {reference} to compare with; the arms are: {arms}.", returncode=2
            )
        result = analyse(cohort, times, reference)
        if options["json"]:
            self.stdout.write(json.dumps(result, indent=2, allow_nan=False))
            return
        for line in report.lines(result, reference):
            self.stdout.write(line)
        self.tell(result["refused"])

    def tell(self, refused):
        """Which rows were left out, on the error stream."""
        if not refused:
            return
        rows = "1 row was" if len(refused) == 1 else f"{len(refused)} rows were"
        self.stderr.write(f"{rows} left out:")
        for row in refused[:TOLD]:
            self.stderr.write(f"  row {row['row']}: {row['reason']}")
        if len(refused) > TOLD:
            self.stderr.write(f"  and {len(refused) - TOLD} more; --json tells of all.")


def moments(text: str) -> list[float]:
    """The times of ``--at``. Raises CommandError for what is no list of times."""
    try:
        # An underscore is no digit.
        times = [float(part.replace("_", "x")) for part in text.split(",")]
    except ValueError:
        times = [math.nan]
    if not all(0 <= time < math.inf for time in times):
        raise CommandError(
            f"--at must be times from 0 with commas between, as 13,26,39,52; not {text}.",
            returncode=2,
        )
    return times
