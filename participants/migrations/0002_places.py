"""Municipalities and institutions from the CSV files, and the default gate-week checklist."""

import csv
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"

KINDS = {
    "closed prison": "closed",
    "open prison": "open",
    "remand prison": "remand",
    "halfway house": "halfway",
}

POINTS = [
    ("gate", "Aftalt, hvem der henter ved porten", "Agreed who meets at the gate"),
    ("sleep", "Et sted at sove den første nat", "Somewhere to sleep the first night"),
    ("money", "Penge indtil den første udbetaling", "Money until the first payment"),
    ("id", "Gyldigt id, MitID og NemKonto", "Valid ID, MitID and NemKonto"),
    ("medicine", "Medicin og recepter med ud", "Medicine and prescriptions to bring out"),
    ("phone", "Telefon, der virker", "A phone that works"),
    ("job_centre", "Tid på jobcentret i den første uge", "Job centre appointment in the first week"),
    ("evening", "Aftalt, hvem man ringer til den første aften", "Agreed who to call the first evening"),
    (
        "closed_day",
        "Ordnet i forvejen, hvad der ikke kan vente, til kontorerne åbner",
        "Settled beforehand what cannot wait until the offices open",
    ),
]
# On the list only when the release meets closed offices.
APPLIES = {"closed_day": "closed_day"}


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def load(apps, schema_editor):
    municipality = apps.get_model("participants", "Municipality")
    municipality.objects.bulk_create(
        municipality(
            code=row["code"],
            name=row["name"],
            region=row["region"],
            in_pilot=row["offered_in_pilot"] == "yes",
        )
        for row in rows("municipalities.csv")
    )
    institution = apps.get_model("participants", "Institution")
    institution.objects.bulk_create(
        institution(name=row["name"], kind=KINDS[row["kind"]], postcode=row["postcode"])
        for row in rows("institutions.csv")
    )
    point = apps.get_model("participants", "ChecklistPoint")
    point.objects.bulk_create(
        point(
            key=key,
            text_da=da,
            text_en=en,
            position=position,
            applies=APPLIES.get(key, "always"),
        )
        for position, (key, da, en) in enumerate(POINTS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("participants", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
