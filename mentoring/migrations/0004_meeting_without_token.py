from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0003_receipts")]
    operations = [
        migrations.RemoveField(model_name="meeting", name="form_digest"),
        migrations.RemoveField(model_name="meeting", name="form_token"),
    ]
