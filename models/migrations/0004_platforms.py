"""Other platforms: whose case an event is about, when it was written, lists of registrations."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

UP = [
    "ALTER TABLE events ADD COLUMN written_at timestamptz NOT NULL DEFAULT clock_timestamp()",
    "CREATE INDEX events_by_platform ON events (platform, id) WHERE platform IS NOT NULL",
    "CREATE INDEX registrations_newest ON registrations (city, id)",
    "CREATE INDEX registrations_by_project ON registrations (city, project_code)"
    " WHERE project_code IS NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0003_sign_in")]

    operations = [
        ops.AddField(
            model_name="Event",
            name="platform",
            field=fields.CharField(null=True, max_length=40),
        ),
        ops.RunSQL(UP),
    ]
