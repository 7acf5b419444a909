"""Ways to the surveys of a case, the crews of a person, the shifts of a crew."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = (
    "CREATE INDEX surveys_of_application ON surveys (application_id)",
    "CREATE INDEX surveys_of_registration ON surveys (registration_id)"
    " WHERE registration_id IS NOT NULL",
    "CREATE INDEX crew_members_of_office ON crew_members (membership_id)",
    "CREATE INDEX crew_shifts_of_crew ON crew_shifts (crew_id)",
    "CREATE INDEX calendar_links_of_person ON calendar_links (person_id)",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0016_field_reports")]

    initial = False

    operations = [ops.RunSQL(each) for each in INDEXES]
