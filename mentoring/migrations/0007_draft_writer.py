import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0006_goals_changed_at_meetings")]

    operations = [
        migrations.AddField(
            model_name="meetingdraft",
            name="writer",
            field=models.UUIDField(default=uuid.uuid4),
        ),
    ]
