"""Reasons for which clocks stand still, why a case ended, one open offer a case."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0008_upload_purposes")]

    operations = [
        ops.AddField(
            model_name="Application",
            name="pauses",
            field=fields.JSONField(default=list, db_default=[], encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Application",
            name="ended",
            field=fields.JSONField(default=dict, db_default={}, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.RunSQL(
            "CREATE UNIQUE INDEX plans_one_offered ON plans (application_id)"
            " WHERE state = 'offered'"
        ),
    ]
