"""The token of the form that saved a meeting moves to a receipt of its own."""

from django.db import migrations


def copy_tokens(apps, schema_editor):
    meetings = apps.get_model("mentoring", "Meeting").objects
    receipts = apps.get_model("mentoring", "FormReceipt").objects
    rows = meetings.values_list("form_token", "form_digest", "pk", "logged_by", "logged_at")
    receipts.bulk_create(
        (
            receipts.model(
                token=token, digest=digest, meeting_id=pk, saved_by_id=by, saved_at=saved_at
            )
            for token, digest, pk, by, saved_at in rows.iterator(2000)
        ),
        batch_size=2000,
    )


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0002_mentors_evening")]
    operations = [migrations.RunPython(copy_tokens, migrations.RunPython.noop)]
