"""What the platform pushes: who told of an acceptance, and what a check of a file found."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0012_chat_acts")]

    operations = [
        ops.AddField(
            model_name="Consent",
            name="told_by_client",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Consent",
            name="told_by_platform",
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.CreateModel(
            name="MediaVerdict",
            fields=[
                (
                    "trace_id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=128),
                ),
                ("error", fields.IntField()),
                ("suggest", fields.CharField(max_length=16)),
                ("label", fields.IntField()),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "media_verdicts",
                "app": "models",
                "pk_attr": "trace_id",
                "table_description": "What the platform's check of a file found, by the trace id the check was asked under.",
            },
            bases=["Model"],
        ),
    ]
