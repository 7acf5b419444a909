"""Permit papers are attached under the names departments listed them by."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0007_audit_reads")]

    operations = [
        ops.AlterField(
            model_name="UploadUse",
            name="purpose",
            field=fields.CharField(max_length=200),
        ),
    ]
