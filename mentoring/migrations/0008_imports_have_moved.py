from django.db import migrations


class Migration(migrations.Migration):
    """Files on their way in belong to all apps; nobody has any yet."""

    dependencies = [("mentoring", "0007_seats_end")]

    operations = [
        migrations.DeleteModel("ImportRow"),
        migrations.DeleteModel("ImportFile"),
    ]
