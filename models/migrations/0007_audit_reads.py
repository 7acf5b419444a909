"""The auditor reads the trail of a city, or of one person, the latest first."""

from tortoise import migrations
from tortoise.migrations import operations as ops

UP = [
    "CREATE INDEX audit_by_city ON audit (city, id)",
    "CREATE INDEX audit_by_person ON audit (person_id, id) WHERE person_id IS NOT NULL",
    "CREATE INDEX invitations_open ON invitations (organization_id)"
    " WHERE used_at IS NULL AND revoked_at IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0006_glow")]

    operations = [ops.RunSQL(UP)]
