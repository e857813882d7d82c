"""How much each criterion counts when pairs are suggested, until somebody changes it."""

from django.db import migrations

WEIGHTS = {
    "language": 10,
    "distance": 6,
    "times": 5,
    "experience": 6,
    "mix": 4,
    "load": 3,
    "history": 10,
}


def load(apps, schema_editor):
    weight = apps.get_model("mentoring", "MatchWeight")
    weights = [weight(criterion=key, weight=n) for key, n in WEIGHTS.items()]
    weight.objects.bulk_create(weights, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
