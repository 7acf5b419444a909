"""Sign-in: when a session was last used, and a TOTP secret that waits for its first code."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0002_constraints")]

    operations = [
        ops.AddField(
            model_name="Person",
            name="totp_pending_sealed",
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name="Session",
            name="seen_at",
            field=fields.DatetimeField(null=True),
        ),
    ]
