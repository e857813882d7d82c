"""The point that stands on the checklist when offices are closed at the release."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("participants", "ChecklistPoint").objects.create(
        key="closed_day",
        text_da="Ordnet i forvejen, hvad der ikke kan vente, til kontorerne åbner",
        text_en="Settled beforehand what cannot wait until the offices open",
        position=9,
        applies="closed_day",
    )


class Migration(migrations.Migration):
    dependencies = [("participants", "0004_who_sees_to_the_checklist")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
