"""``manage.py verify_trial [NAME]``: whether hash, order and draws of a trial agree."""

from django.core.management.base import BaseCommand, CommandError

from outcomes.models import Trial
from outcomes.trials.closing import verify


class Command(BaseCommand):
    help = (
        "Checks that the order of a trial is the one whose hash was published, and that everybody "
        "was drawn by it. Of all trials, or of the one named. Exit status 1 when something differs."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", nargs="?", help="the trial's name; all of them without")

    def handle(self, *args, **options) -> None:
        trials = Trial.objects.order_by("pk")
        if options["name"] is not None:
            trials = trials.filter(name=options["name"])
            if not trials:
                raise CommandError(f"There is no trial called {options['name']}.", returncode=2)
        differs = False
        for trial in trials:
            proof = verify(trial)
            differs |= not proof.agrees
            self.stdout.write(
                f"{trial.name}: {'agrees' if proof.agrees else 'DOES NOT AGREE'}\n"
                f"  published {proof.sequence_hash}\n"
                f"  found     {proof.found_hash or 'nothing'}\n"
                f"  {proof.places} places, {proof.drawn} drawn"
            )
            for problem in proof.problems:
                self.stdout.write(f"  - {problem}")
        if differs:
            raise CommandError("Something of a trial does not agree.", returncode=1)
