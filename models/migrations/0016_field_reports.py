"""Field reports say for whom and for which visit they are, and keep what was answered."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0015_joint_survey")]

    initial = False

    operations = [
        ops.AddField(
            model_name="FieldReport",
            name="application_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="FieldReport",
            name="city",
            field=fields.CharField(default="", db_default="", max_length=32),
        ),
        ops.AddField(
            model_name="FieldReport",
            name="organization_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="FieldReport",
            name="told",
            field=fields.JSONField(default=dict, db_default={}, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="FieldReport",
            name="visit",
            field=fields.ForeignKeyField(
                "models.SurveyVisit",
                source_field="visit_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.RunSQL(
            "CREATE INDEX field_reports_to_decide ON field_reports (city, received_at)"
            " WHERE outcome = 'conflict'"
        ),
    ]
