"""What came along when a chat was joined by a code, to be given back when they part."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0013_pushes")]

    operations = [
        ops.AddField(
            model_name="Conversation",
            name="home",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="home_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddField(
            model_name="Conversation",
            name="brought",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Conversation",
            name="union_asked_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(
            "CREATE INDEX conversations_of_home ON conversations (home_id)"
            " WHERE home_id IS NOT NULL"
        ),
    ]
