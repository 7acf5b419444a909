"""When a deadline turns yellow, so that the sweeper finds those due for a warning by index."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

UP = [
    "CREATE INDEX deadlines_to_warn ON deadlines (yellow_at)"
    " WHERE closed_at IS NULL AND paused_at IS NULL AND warned = ''",
    "CREATE INDEX deadlines_to_alarm ON deadlines (due_at)"
    " WHERE closed_at IS NULL AND paused_at IS NULL AND warned <> 'red'",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0005_queues")]

    operations = [
        ops.AddField(
            model_name="Deadline", name="yellow_at", field=fields.DatetimeField(null=True)
        ),
        ops.RunSQL(UP),
    ]
