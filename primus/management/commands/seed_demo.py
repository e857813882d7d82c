from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from primus.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from primus.demo.national import seed_national
from primus.demo.seeding import DEFAULT_SEED, Seeded, seed_demo

SCALES: dict[str, Callable[[int, date], Seeded | None]] = {
    "small": seed_demo,
    "national": seed_national,
}


class Command(BaseCommand):
    help = (
        "Load the demonstration's data: fictitious people in the eight pilot municipalities. "
        "The same seed gives the same data on the same day; where it is loaded already, "
        "nothing is changed."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--seed",
            type=int,
            default=DEFAULT_SEED,
            help="which demonstration (default: %(default)s)",
        )
        parser.add_argument(
            "--scale",
            choices=list(SCALES),
            default="small",
            help="small: eight municipalities, with stories. national: 100,000 enrolments, 20,000 "
            "mentors and 2,000,000 meetings in the whole country, to measure with; takes some "
            "minutes (default: %(default)s)",
        )

    def handle(self, *, seed: int, scale: str, **options):
        if settings.PRODUCTION:
            raise CommandError(
                "These are fictitious people with a password that everybody knows: "
                "the demonstration's data cannot be loaded in production."
            )
        loaded = SCALES[scale](seed, timezone.localdate())
        if loaded is None:
            self.stdout.write("The demonstration's data is here already: nothing was changed.")
        else:
            self.stdout.write(
                f"Loaded {loaded.enrolments} enrolments of {loaded.participants} people, "
                f"{loaded.mentors} mentors and {loaded.meetings} meetings (seed {seed})."
            )
        self.stdout.write("Sign in with one of these, and the password " + DEMO_PASSWORD + ":")
        for email, role in DEMO_ACCOUNTS:
            self.stdout.write(f"  {email:<28} {role.value}")
