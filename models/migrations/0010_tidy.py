"""What nothing reads goes; a year that is published finds its provisional deadlines by index."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

CLOCK_WITHOUT_SEQUENCE = [
    "ALTER TABLE service_clock ALTER COLUMN id DROP DEFAULT",
    "DROP SEQUENCE service_clock_id_seq",
]
"""The one row is number 1 by a check; ``0001`` gave its column a sequence all the same."""


class Migration(migrations.Migration):
    dependencies = [("models", "0009_settled")]

    operations = [
        ops.RunSQL("DROP INDEX opinions_queue"),
        ops.RemoveField(model_name="Opinion", name="due_at"),
        ops.AlterField(
            model_name="ServiceClock",
            name="id",
            field=fields.IntField(primary_key=True, generated=False, unique=True, db_index=True),
        ),
        ops.RunSQL(CLOCK_WITHOUT_SEQUENCE),
        ops.RunSQL(
            "CREATE INDEX deadlines_provisional ON deadlines"
            " (city, COALESCE(application_id, registration_id))"
            " WHERE closed_at IS NULL AND provisional"
        ),
    ]
