"""Indexes that serve each work queue in its order, at any depth (``models/queries/queue.py``).

The key of the order is never null, so a page starts right at its cursor; what has ended (most of
a million cases) is not in the indexes of what is open.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

DUE = "(COALESCE(due_at, 'infinity'::timestamptz))"

UP = [
    "DROP INDEX applications_queue",
    "DROP INDEX applications_city_due",
    "DROP INDEX requests_queue",
    f"CREATE INDEX applications_queue ON applications (city, stage, {DUE}, id)",
    f"CREATE INDEX applications_open ON applications (city, {DUE}, id)"
    " WHERE stage IN ('submitted', 'returned', 'accepted', 'surveying', 'planning', 'permitting',"
    " 'constructing', 'inspecting', 'connecting', 'connected')",
    'CREATE INDEX applications_by_name ON applications (city, enterprise_name COLLATE "C", id)',
    f"CREATE INDEX applications_roads ON applications (city, {DUE}, id)"
    " WHERE road_opened AND road_checked_at IS NULL",
    f"CREATE INDEX requests_queue ON requests (organization_id, state, {DUE}, id)",
    f"CREATE INDEX requests_open ON requests (organization_id, {DUE}, id)"
    " WHERE state IN ('pending', 'surveyed', 'planned', 'permitted', 'built', 'inspected')",
    f"CREATE INDEX deadlines_of_organization ON deadlines (organization_id, {DUE}, id)"
    " WHERE closed_at IS NULL",
    "CREATE INDEX inbox_unread ON inbox (person_id) WHERE read_at IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0004_platforms")]

    operations = [ops.RunSQL(UP)]
