"""What Tortoise cannot state: partial and unique indexes, checks, append-only triggers.

``Meta.constraints`` is silently ignored when tables are created, so these are plain SQL;
``tests/models/test_constraints.py`` reads them back from the catalogue.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

UP = [
    # -- people ---------------------------------------------------------------------------------
    "CREATE UNIQUE INDEX memberships_one_each ON memberships (person_id, organization_id, role)"
    " WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX memberships_one_admin_role ON memberships (person_id)"
    " WHERE ended_at IS NULL AND role IN ('system_admin', 'security_admin', 'auditor')",
    "CREATE INDEX memberships_by_organization ON memberships (organization_id, role)"
    " WHERE ended_at IS NULL",
    "CREATE INDEX persons_by_phone ON persons (phone_lookup) WHERE phone_lookup IS NOT NULL",
    "CREATE INDEX sessions_by_person ON sessions (person_id) WHERE revoked_at IS NULL",
    "CREATE INDEX identities_by_person ON identities (person_id)",
    "CREATE INDEX enterprise_members_by_person ON enterprise_members (person_id)",
    # -- cases ----------------------------------------------------------------------------------
    "CREATE UNIQUE INDEX applications_number ON applications (city, year, sequence)"
    " WHERE sequence IS NOT NULL",
    "CREATE UNIQUE INDEX applications_platform_ref ON applications (platform, platform_ref)"
    " WHERE platform_ref IS NOT NULL",
    "CREATE UNIQUE INDEX registrations_platform_ref ON registrations (platform, platform_ref)"
    " WHERE platform_ref IS NOT NULL",
    "CREATE INDEX applications_queue ON applications (city, stage, due_at, id)",
    "CREATE INDEX applications_city_due ON applications (city, due_at, id)",
    "CREATE INDEX applications_by_contact ON applications (contact_lookup)"
    " WHERE contact_lookup IS NOT NULL AND owner_id IS NULL",
    "CREATE INDEX registrations_by_contact ON registrations (contact_lookup)"
    " WHERE contact_lookup IS NOT NULL AND owner_id IS NULL",
    "CREATE INDEX applications_by_enterprise ON applications (enterprise_id, created_at)"
    " WHERE enterprise_id IS NOT NULL",
    "CREATE INDEX applications_by_registration ON applications (registration_id)"
    " WHERE registration_id IS NOT NULL",
    "CREATE INDEX registrations_by_owner ON registrations (owner_id, created_at)",
    "CREATE INDEX registrations_queue ON registrations (city, state, due_at, id)",
    "CREATE INDEX requests_queue ON requests (organization_id, state, due_at, id)",
    "CREATE INDEX opinions_queue ON opinions (organization_id, due_at, id) WHERE verdict IS NULL",
    "CREATE UNIQUE INDEX surveys_one_live ON surveys (application_id)"
    " WHERE state IN ('held', 'confirmed')",
    "CREATE UNIQUE INDEX annual_commitments_one ON annual_commitments"
    " (organization_id, department, year) WHERE revoked_at IS NULL",
    "ALTER TABLE applications ADD CONSTRAINT applications_number_whole"
    " CHECK ((year IS NULL) = (sequence IS NULL))",
    "ALTER TABLE applications ADD CONSTRAINT applications_number_once_submitted"
    " CHECK (sequence IS NOT NULL OR stage IN ('draft', 'withdrawn'))",
    "ALTER TABLE applications ADD CONSTRAINT applications_judged"
    " CHECK (judged_on IS NOT NULL OR sequence IS NULL)",
    "ALTER TABLE ratings ADD CONSTRAINT ratings_level CHECK (level BETWEEN 1 AND 5)",
    "ALTER TABLE requests ADD CONSTRAINT requests_connected"
    " CHECK ((state = 'connected') = (connected_at IS NOT NULL))",
    # -- records --------------------------------------------------------------------------------
    "CREATE INDEX events_by_application ON events (application_id, id)"
    " WHERE application_id IS NOT NULL",
    "CREATE INDEX events_by_registration ON events (registration_id, id)"
    " WHERE registration_id IS NOT NULL",
    "ALTER TABLE deadlines ADD CONSTRAINT deadlines_one_subject"
    " CHECK (num_nonnulls(application_id, registration_id) = 1)",
    "CREATE UNIQUE INDEX deadlines_one_open ON deadlines (step, application_id, registration_id,"
    " request_id, organization_id) NULLS NOT DISTINCT WHERE closed_at IS NULL",
    "CREATE INDEX deadlines_by_application ON deadlines (application_id)"
    " WHERE application_id IS NOT NULL",
    "CREATE INDEX deadlines_by_registration ON deadlines (registration_id)"
    " WHERE registration_id IS NOT NULL",
    "CREATE INDEX deadlines_running ON deadlines (due_at)"
    " WHERE closed_at IS NULL AND paused_at IS NULL",
    "CREATE INDEX outbox_waiting ON outbox (available_at, id)"
    " WHERE done_at IS NULL AND failed_at IS NULL",
    "CREATE INDEX inbox_of ON inbox (person_id, id DESC)",
    "CREATE INDEX stored_answers_age ON stored_answers (created_at)",
    "CREATE INDEX platform_nonces_age ON platform_nonces (seen_at)",
    "CREATE INDEX upload_uses_by_application ON upload_uses (application_id)",
    "CREATE INDEX audit_unchained ON audit (city, id) WHERE sequence IS NULL",
    "CREATE UNIQUE INDEX audit_sequence ON audit (city, sequence) WHERE sequence IS NOT NULL",
    "CREATE INDEX audit_by_object ON audit (object_kind, object_id, id)",
    "ALTER TABLE service_clock ADD CONSTRAINT service_clock_one_row"
    " CHECK (id = 1 AND offset_seconds >= 0)",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
    "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
    " FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    """CREATE FUNCTION audit_chain_only() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF OLD.sequence IS NOT NULL OR
            (OLD.city, OLD.at, OLD.person_id, OLD.role, OLD.action, OLD.object_kind,
             OLD.object_id, OLD.success, OLD.detail::text, OLD.correlation)
            IS DISTINCT FROM
            (NEW.city, NEW.at, NEW.person_id, NEW.role, NEW.action, NEW.object_kind,
             NEW.object_id, NEW.success, NEW.detail::text, NEW.correlation)
         THEN RAISE EXCEPTION 'audit is append-only'; END IF;
         RETURN NEW;
       END $$""",
    "CREATE TRIGGER audit_chain_only BEFORE UPDATE ON audit"
    " FOR EACH ROW EXECUTE FUNCTION audit_chain_only()",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [ops.RunSQL(UP)]
