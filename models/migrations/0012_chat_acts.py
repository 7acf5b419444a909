"""What the acts of the chat keep: joined chats, answers to complaints, arrivals of crews."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from rules.states import Channel


class Migration(migrations.Migration):
    dependencies = [("models", "0011_chat")]

    operations = [
        ops.AddField(
            model_name="Conversation",
            name="joined_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Conversation",
            name="tries",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Conversation",
            name="tried_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Complaint",
            name="number",
            field=fields.CharField(unique=True, max_length=24),
        ),
        ops.AlterField(
            model_name="Complaint",
            name="channel",
            field=fields.CharEnumField(
                description="MINIPROGRAM: miniprogram\nH5: h5\nCHAT: chat\nWINDOW: window\nPLATFORM: platform",
                enum_type=Channel,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Complaint",
            name="yellow_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Complaint",
            name="overdue_told",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(model_name="Complaint", name="answered_by", field=fields.UUIDField(null=True)),
        ops.AddField(
            model_name="Complaint", name="answer_sealed", field=fields.BinaryField(null=True)
        ),
        ops.AddField(
            model_name="UtilityRequest",
            name="arrived_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(
            "CREATE INDEX outbox_chat ON outbox ((payload->>'openid'), (payload->>'ref'))"
            " WHERE topic = 'chat_message' AND done_at IS NULL AND failed_at IS NULL"
        ),
        ops.RunSQL("CREATE INDEX conversations_of_person ON conversations (person_id)"),
    ]
