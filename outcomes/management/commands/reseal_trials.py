"""``manage.py reseal_trials``: seals the trials' keys with the first of SEALING_KEYS."""

from django.core.management.base import BaseCommand, CommandError

from outcomes.trials.closing import reseal_all
from primus.sealing import SealBroken


class Command(BaseCommand):
    help = "Seals what the database keeps sealed anew, with the first key in SEALING_KEYS."

    def handle(self, *args, **options) -> None:
        try:
            count = reseal_all()
        except SealBroken as error:
            raise CommandError(
                "A trial cannot be opened by any of SEALING_KEYS, so nothing was changed."
            ) from error
        self.stdout.write(f"Open trials sealed anew: {count}.")
