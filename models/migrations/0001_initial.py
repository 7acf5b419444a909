from orjson import loads
from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.base import new_id
from rules.actors import OrgKind, Role
from rules.lifecycle import Subject
from rules.states import (
    Channel,
    Course,
    PermitState,
    PlanState,
    RegistrationState,
    RequestState,
    Stage,
    SurveyState,
)


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("person_id", fields.UUIDField(null=True)),
                ("role", fields.CharField(max_length=20)),
                ("action", fields.CharField(max_length=40)),
                ("object_kind", fields.CharField(max_length=24)),
                ("object_id", fields.CharField(max_length=64)),
                ("success", fields.BooleanField(default=True)),
                ("detail", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("correlation", fields.CharField(default="", max_length=64)),
                ("sequence", fields.BigIntField(null=True)),
                ("previous", fields.BinaryField(null=True)),
                ("digest", fields.BinaryField(null=True)),
            ],
            options={
                "table": "audit",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One change, or one staff read of personal data. Chained per city by the appender.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CalendarDay",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("day", fields.DateField()),
                ("working", fields.BooleanField()),
                ("note", fields.CharField(default="", max_length=120)),
            ],
            options={
                "table": "calendar_days",
                "app": "models",
                "unique_together": (("city", "day"),),
                "pk_attr": "id",
                "table_description": "A day whose working state the city's administrator has set (moved weekends, 2027 …).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CalendarYear",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("year", fields.SmallIntField()),
            ],
            options={
                "table": "calendar_years",
                "app": "models",
                "unique_together": (("city", "year"),),
                "pk_attr": "id",
                "table_description": "A year declared published by an administrator: its deadlines are not provisional.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CaseCounter",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("city", fields.CharField(max_length=32)),
                ("year", fields.SmallIntField()),
                ("newest", fields.IntField(default=0)),
            ],
            options={
                "table": "case_counters",
                "app": "models",
                "unique_together": (("city", "year"),),
                "pk_attr": "id",
                "table_description": "The last number given per city and year: gapless, taken at the end of the transaction.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="DeskLogin",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("poll_hash", fields.CharField(max_length=64)),
                ("person_id", fields.UUIDField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "confirmed_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "finished_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "desk_logins",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A QR shown on a desk: waiting → confirmed in the mini-program → finished by TOTP.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="Enterprise",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                ("created_by", fields.UUIDField()),
                ("credit_code", fields.CharField(max_length=18)),
                ("name", fields.CharField(max_length=120)),
                ("profile", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("personal_sealed", fields.BinaryField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "enterprises",
                "app": "models",
                "unique_together": (("created_by", "credit_code"),),
                "indexes": [Index(fields=["credit_code"])],
                "pk_attr": "id",
                "table_description": "The enterprise profile, asked once (domain §4); personal columns sealed.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="ColleagueCode",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "enterprise",
                    fields.ForeignKeyField(
                        "models.Enterprise",
                        source_field="enterprise_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "colleague_codes",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A one-time code an owner hands a colleague to join the enterprise.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                (
                    "subject",
                    fields.CharEnumField(
                        description="REGISTRATION: registration\nAPPLICATION: application\nREQUEST: request",
                        enum_type=Subject,
                        max_length=12,
                    ),
                ),
                ("application_id", fields.UUIDField(null=True)),
                ("request_id", fields.UUIDField(null=True)),
                ("registration_id", fields.UUIDField(null=True)),
                ("name", fields.CharField(max_length=32)),
                ("source", fields.CharField(max_length=12)),
                ("target", fields.CharField(max_length=12)),
                (
                    "role",
                    fields.CharEnumField(
                        description="APPLICANT: applicant\nWINDOW_CLERK: window_clerk\nUTILITY_CLERK: utility_clerk\nCREW: crew\nAPPROVER: approver\nREGULATOR: regulator\nCOORDINATOR: coordinator\nSYSTEM_ADMIN: system_admin\nSECURITY_ADMIN: security_admin\nAUDITOR: auditor\nSYSTEM: system\nPLATFORM: platform",
                        enum_type=Role,
                        max_length=20,
                    ),
                ),
                ("person_id", fields.UUIDField(null=True)),
                ("organization_id", fields.UUIDField(null=True)),
                ("version", fields.IntField(default=0)),
                ("data", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("happened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "events",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One move: who, when it happened, when it was entered, from, to, why. Never changed.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Organization",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("city", fields.CharField(max_length=32)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="WINDOW: window\nUTILITY: utility\nCARRIER: carrier\nDEPARTMENT: department\nLEAD: lead\nREGULATOR: regulator\nADMINISTRATION: administration\nPLATFORM: platform",
                        enum_type=OrgKind,
                        max_length=16,
                    ),
                ),
                ("code", fields.CharField(max_length=64)),
                ("name", fields.CharField(max_length=120)),
                ("utility", fields.CharField(null=True, max_length=32)),
                ("town", fields.CharField(null=True, max_length=64)),
                ("active", fields.BooleanField(default=True)),
            ],
            options={
                "table": "organizations",
                "app": "models",
                "unique_together": (("city", "kind", "code"),),
                "pk_attr": "id",
                "table_description": "A window, utility, carrier, department, lead bureau … of one city, from the city file.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="AnnualCommitment",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("city", fields.CharField(max_length=32)),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("department", fields.CharField(max_length=32)),
                ("year", fields.SmallIntField()),
                ("builder", fields.CharField(default="", max_length=120)),
                ("promises", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("signed_by", fields.UUIDField(null=True)),
                ("signed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "annual_commitments",
                "app": "models",
                "pk_attr": "id",
                "table_description": "年度承诺 (大冶 四(二)1): utility or its builder to one department, for one year.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "role",
                    fields.CharEnumField(
                        description="APPLICANT: applicant\nWINDOW_CLERK: window_clerk\nUTILITY_CLERK: utility_clerk\nCREW: crew\nAPPROVER: approver\nREGULATOR: regulator\nCOORDINATOR: coordinator\nSYSTEM_ADMIN: system_admin\nSECURITY_ADMIN: security_admin\nAUDITOR: auditor\nSYSTEM: system\nPLATFORM: platform",
                        enum_type=Role,
                        max_length=20,
                    ),
                ),
                ("invited_by", fields.UUIDField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_by", fields.UUIDField(null=True)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "invitations",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A one-time code by which a person joins an organisation; only its hash is stored.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="OutboxRow",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("topic", fields.CharField(max_length=40)),
                ("payload", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("available_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("attempts", fields.SmallIntField(default=0)),
                (
                    "leased_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("failed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("outcome", fields.CharField(default="", max_length=40)),
            ],
            options={
                "table": "outbox",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Something to tell the outside, written with the change that causes it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                ("name_sealed", fields.BinaryField(null=True)),
                ("phone_sealed", fields.BinaryField(null=True)),
                ("phone_lookup", fields.CharField(null=True, max_length=64)),
                ("unionid", fields.CharField(null=True, unique=True, max_length=64)),
                ("totp_sealed", fields.BinaryField(null=True)),
                ("totp_last", fields.BigIntField(default=0)),
                ("totp_failures", fields.IntField(default=0)),
                (
                    "locked_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "persons",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Anybody who signs in. Name and phone are sealed; ``phone_lookup`` is a keyed hash.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("template", fields.CharField(max_length=64)),
                ("remaining", fields.IntField(default=0)),
            ],
            options={
                "table": "consents",
                "app": "models",
                "unique_together": (("person", "template"),),
                "pk_attr": "id",
                "table_description": "How many one-time subscription messages a person has agreed to, per template.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="EnterpriseMember",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "enterprise",
                    fields.ForeignKeyField(
                        "models.Enterprise",
                        source_field="enterprise_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="members",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("relation", fields.CharField(max_length=8)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "enterprise_members",
                "app": "models",
                "unique_together": (("enterprise", "person"),),
                "pk_attr": "id",
                "table_description": "Who may act for an enterprise: the owner who entered it, and colleagues it let in.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="Identity",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="identities",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=8)),
                ("appid", fields.CharField(max_length=64)),
                ("openid", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "identities",
                "app": "models",
                "unique_together": (("appid", "openid"),),
                "pk_attr": "id",
                "table_description": "One openid of one platform account (mini-program or service account).",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="InboxMessage",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("code", fields.CharField(max_length=40)),
                ("params", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("application_id", fields.UUIDField(null=True)),
                ("registration_id", fields.UUIDField(null=True)),
                ("origin", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("read_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "inbox",
                "app": "models",
                "unique_together": (("person", "origin", "code"),),
                "pk_attr": "id",
                "table_description": "A notice in somebody's in-app inbox, exactly once per event and code.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="memberships",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="memberships",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "role",
                    fields.CharEnumField(
                        description="APPLICANT: applicant\nWINDOW_CLERK: window_clerk\nUTILITY_CLERK: utility_clerk\nCREW: crew\nAPPROVER: approver\nREGULATOR: regulator\nCOORDINATOR: coordinator\nSYSTEM_ADMIN: system_admin\nSECURITY_ADMIN: security_admin\nAUDITOR: auditor\nSYSTEM: system\nPLATFORM: platform",
                        enum_type=Role,
                        max_length=20,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "memberships",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A role one person holds in one organisation, from ``created_at`` to ``ended_at``.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="PlatformNonce",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("platform", fields.CharField(max_length=40)),
                ("nonce", fields.CharField(max_length=64)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "platform_nonces",
                "app": "models",
                "unique_together": (("platform", "nonce"),),
                "pk_attr": "id",
                "table_description": "A nonce of a signed integration call; a second use is a replay.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                ("city", fields.CharField(max_length=32)),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "channel",
                    fields.CharEnumField(
                        description="MINIPROGRAM: miniprogram\nH5: h5\nCHAT: chat\nWINDOW: window\nPLATFORM: platform",
                        enum_type=Channel,
                        max_length=12,
                    ),
                ),
                ("platform", fields.CharField(null=True, max_length=40)),
                ("platform_ref", fields.CharField(null=True, max_length=80)),
                (
                    "state",
                    fields.CharEnumField(
                        description="RECEIVED: received\nVISITED: visited\nREADY: ready\nPARKED: parked\nCONVERTED: converted\nWITHDRAWN: withdrawn",
                        enum_type=RegistrationState,
                        max_length=12,
                    ),
                ),
                ("utilities", ArrayField(default=list, element_type="TEXT")),
                ("town", fields.CharField(null=True, max_length=64)),
                ("enterprise_name", fields.CharField(null=True, max_length=120)),
                ("credit_code", fields.CharField(null=True, max_length=18)),
                ("project_code", fields.CharField(null=True, max_length=32)),
                (
                    "fields_",
                    fields.JSONField(
                        source_field="fields", default=dict, encoder=JSON_DUMPS, decoder=loads
                    ),
                ),
                ("personal_sealed", fields.BinaryField(null=True)),
                ("contact_lookup", fields.CharField(null=True, max_length=64)),
                ("contract", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "agreed_connection_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("planning_permit_on", fields.DateField(null=True)),
                ("judged_on", fields.DateField()),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "registrations",
                "app": "models",
                "pk_attr": "id",
                "table_description": "意向登记 by form A. Without ``owner`` until the contact's verified phone claims it.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                ("city", fields.CharField(max_length=32)),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "enterprise",
                    fields.ForeignKeyField(
                        "models.Enterprise",
                        source_field="enterprise_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "registration",
                    fields.ForeignKeyField(
                        "models.Registration",
                        source_field="registration_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "channel",
                    fields.CharEnumField(
                        description="MINIPROGRAM: miniprogram\nH5: h5\nCHAT: chat\nWINDOW: window\nPLATFORM: platform",
                        enum_type=Channel,
                        max_length=12,
                    ),
                ),
                ("entered_by", fields.UUIDField(null=True)),
                ("platform", fields.CharField(null=True, max_length=40)),
                ("platform_ref", fields.CharField(null=True, max_length=80)),
                ("year", fields.SmallIntField(null=True)),
                ("sequence", fields.IntField(null=True)),
                (
                    "stage",
                    fields.CharEnumField(
                        description="DRAFT: draft\nSUBMITTED: submitted\nRETURNED: returned\nACCEPTED: accepted\nSURVEYING: surveying\nPLANNING: planning\nPERMITTING: permitting\nCONSTRUCTING: constructing\nINSPECTING: inspecting\nCONNECTING: connecting\nCONNECTED: connected\nCLOSED: closed\nWITHDRAWN: withdrawn\nREJECTED: rejected",
                        enum_type=Stage,
                        max_length=12,
                    ),
                ),
                ("judged_on", fields.DateField(null=True)),
                ("utilities", ArrayField(default=list, element_type="TEXT")),
                ("town", fields.CharField(null=True, max_length=64)),
                ("enterprise_name", fields.CharField(null=True, max_length=120)),
                ("credit_code", fields.CharField(null=True, max_length=18)),
                ("project_code", fields.CharField(null=True, max_length=32)),
                (
                    "fields_",
                    fields.JSONField(
                        source_field="fields", default=dict, encoder=JSON_DUMPS, decoder=loads
                    ),
                ),
                ("revisions", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("personal_sealed", fields.BinaryField(null=True)),
                ("contact_lookup", fields.CharField(null=True, max_length=64)),
                ("faults_told", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("gaps", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "plan_state",
                    fields.CharEnumField(
                        default=PlanState.DRAFTING,
                        description="DRAFTING: drafting\nOFFERED: offered\nAGREED: agreed\nCHANGE_ASKED: change_asked\nLAPSED: lapsed\nREPLACED: replaced",
                        enum_type=PlanState,
                        max_length=12,
                    ),
                ),
                ("works_started", fields.BooleanField(default=False)),
                ("road_opened", fields.BooleanField(default=False)),
                (
                    "road_checked_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("rated_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("form_c_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "submitted_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "accepted_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "connected_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "applications",
                "app": "models",
                "indexes": [
                    Index(fields=["owner_id", "created_at"]),
                    Index(fields=["credit_code"]),
                ],
                "pk_attr": "id",
                "table_description": "联合报装申请, from draft to closed. ``fields`` holds form B without personal values.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "application",
                    fields.ForeignKeyField(
                        "models.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="plans",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.SmallIntField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="DRAFTING: drafting\nOFFERED: offered\nAGREED: agreed\nCHANGE_ASKED: change_asked\nLAPSED: lapsed\nREPLACED: replaced",
                        enum_type=PlanState,
                        max_length=12,
                    ),
                ),
                ("content", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("offered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "answered_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("answer", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "plans",
                "app": "models",
                "unique_together": (("application", "number"),),
                "pk_attr": "id",
                "table_description": "一个方案: one version of the combined reply as the applicant saw it.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "application",
                    fields.OneToOneField(
                        "models.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rating",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("level", fields.SmallIntField()),
                ("reason", fields.TextField(default="", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "ratings",
                "app": "models",
                "pk_attr": "id",
                "table_description": "好差评: five levels; the two lowest carry a reason.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="RegistrationVisit",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "registration",
                    fields.ForeignKeyField(
                        "models.Registration",
                        source_field="registration_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visits",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("visited_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("visited_by", fields.UUIDField(null=True)),
                ("note", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "registration_visits",
                "app": "models",
                "unique_together": (("registration", "organization"),),
                "pk_attr": "id",
                "table_description": "上门对接 owed by one organisation (each utility, or the lead bureau jointly).",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="ServiceClock",
            fields=[
                ("id", fields.IntField(primary_key=True, unique=True, db_index=True)),
                ("offset_seconds", fields.BigIntField(default=0)),
            ],
            options={
                "table": "service_clock",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How far a demo moved the service's clock; production refuses a database with one moved.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=8)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sessions",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A signed-in device. Tokens name a session; a revoked or expired one opens nothing.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="StoredAnswer",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("scope", fields.CharField(max_length=80)),
                ("key", fields.CharField(max_length=128)),
                ("fingerprint", fields.BinaryField()),
                ("status", fields.SmallIntField(null=True)),
                ("body", fields.BinaryField(null=True)),
                ("headers", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stored_answers",
                "app": "models",
                "unique_together": (("scope", "key"),),
                "pk_attr": "id",
                "table_description": "The answer given to an ``Idempotency-Key``, stored in the transaction of its effect.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "models.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="surveys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        description="HELD: held\nCONFIRMED: confirmed\nDONE: done\nCANCELLED: cancelled",
                        enum_type=SurveyState,
                        max_length=12,
                    ),
                ),
                ("reason", fields.TextField(default="", unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "surveys",
                "app": "models",
                "pk_attr": "id",
                "table_description": "联合踏勘: the appointment of the one joint visit.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("person_id", fields.UUIDField(null=True)),
                ("digest", fields.CharField(max_length=64)),
                ("media_type", fields.CharField(max_length=40)),
                ("size", fields.BigIntField()),
                ("name", fields.CharField(max_length=255)),
                ("evidence", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "uploads",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A checked file; its bytes lie in the store under ``digest``.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="UploadUse",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "upload",
                    fields.ForeignKeyField(
                        "models.Upload",
                        source_field="upload_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="uses",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "application",
                    fields.ForeignKeyField(
                        "models.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="uploads",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("purpose", fields.CharField(max_length=40)),
                ("added_by", fields.UUIDField(null=True)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "upload_uses",
                "app": "models",
                "unique_together": (("upload", "application", "purpose"),),
                "pk_attr": "id",
                "table_description": "One upload used in one case: one upload serves all utilities (一次上传、多方共享).",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="UtilityRequest",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "models.Application",
                        source_field="application_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("utility", fields.CharField(max_length=32)),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=24)),
                (
                    "course",
                    fields.CharEnumField(
                        description="FULL: full\nNO_LINE: no_line\nACCOUNT: account",
                        enum_type=Course,
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="PENDING: pending\nSURVEYED: surveyed\nPLANNED: planned\nPERMITTED: permitted\nBUILT: built\nINSPECTED: inspected\nCONNECTED: connected\nDECLINED: declined\nWITHDRAWN: withdrawn",
                        enum_type=RequestState,
                        max_length=12,
                    ),
                ),
                (
                    "permit_state",
                    fields.CharEnumField(
                        null=True,
                        description="NOT_NEEDED: not_needed\nCOMMITTING: committing\nLISTING: listing\nFILING: filing\nDECIDING: deciding\nOBJECTED: objected\nGRANTED: granted",
                        enum_type=PermitState,
                        max_length=12,
                    ),
                ),
                ("permit", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("findings", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("segment", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("segment_open", fields.BooleanField(default=False)),
                ("works", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "works_started_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "works_finished_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("inspection", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("connection", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                (
                    "connection_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "connected_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("ended", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "requests",
                "app": "models",
                "unique_together": (("application", "organization", "utility"),),
                "pk_attr": "id",
                "table_description": "One utility's (for network: one carrier's) part of an accepted application.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="Deadline",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("city", fields.CharField(max_length=32)),
                ("step", fields.CharField(max_length=24)),
                (
                    "application",
                    fields.ForeignKeyField(
                        "models.Application",
                        source_field="application_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="deadlines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "request",
                    fields.ForeignKeyField(
                        "models.UtilityRequest",
                        source_field="request_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="deadlines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "registration",
                    fields.ForeignKeyField(
                        "models.Registration",
                        source_field="registration_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="deadlines",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "holder",
                    fields.CharEnumField(
                        description="APPLICANT: applicant\nWINDOW_CLERK: window_clerk\nUTILITY_CLERK: utility_clerk\nCREW: crew\nAPPROVER: approver\nREGULATOR: regulator\nCOORDINATOR: coordinator\nSYSTEM_ADMIN: system_admin\nSECURITY_ADMIN: security_admin\nAUDITOR: auditor\nSYSTEM: system\nPLATFORM: platform",
                        enum_type=Role,
                        max_length=20,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("target_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("provisional", fields.BooleanField(default=False)),
                ("limit", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("paused_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("pause_reason", fields.CharField(null=True, max_length=40)),
                ("paused_minutes", fields.IntField(default=0)),
                ("warned", fields.CharField(default="", max_length=8)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "deadlines",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A clock on one step of one subject, held by one organisation (or the applicant).",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                (
                    "request",
                    fields.ForeignKeyField(
                        "models.UtilityRequest",
                        source_field="request_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="opinions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("department", fields.CharField(max_length=32)),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "models.Organization",
                        source_field="organization_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("documents", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("listed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("asked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verdict", fields.CharField(null=True, max_length=12)),
                ("by_commitment", fields.BooleanField(default=False)),
                ("conditions", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("remark", fields.TextField(default="", unique=False)),
                ("signed_by", fields.UUIDField(null=True)),
                ("signed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("round", fields.SmallIntField(default=1)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "opinions",
                "app": "models",
                "unique_together": (("request", "department"),),
                "pk_attr": "id",
                "table_description": "One department's part in the permits of one request: its list, then its opinion.",
            },
            bases=["Versioned"],
        ),
    ]
