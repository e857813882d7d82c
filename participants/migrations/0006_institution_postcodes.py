"""Where the institutions lie: the postcodes of the CSV file, for those that have none yet."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"


def load(apps, schema_editor):
    institution = apps.get_model("participants", "Institution")
    with (DATA / "institutions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known = institution.objects.filter(name=row["name"], postcode="")
            known.update(postcode=row["postcode"])


class Migration(migrations.Migration):
    dependencies = [("participants", "0005_consent_withdrawal")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
