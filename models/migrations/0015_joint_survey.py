"""Crews with calendars; the joint visit with each crew's part, waits, records, field reports.

A lane's active visits never overlap: an exclusion constraint over the lane's number as a range, which
needs no extension of PostgreSQL.
"""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.base import new_id
from rules.states import Ender, ReportOutcome, SurveyState, VisitState, WaitState

CONSTRAINTS = (
    "CREATE SEQUENCE crew_numbers",
    "ALTER TABLE survey_visits ADD CONSTRAINT survey_visits_apart EXCLUDE USING gist"
    " (int8range(lane, lane, '[]') WITH &&, tstzrange(at, ends_at) WITH &&) WHERE (active)",
    "ALTER TABLE survey_visits ADD CONSTRAINT survey_visits_last CHECK (at < ends_at)",
    "ALTER TABLE surveys ADD CONSTRAINT surveys_last CHECK (at < ends_at)",
    "ALTER TABLE surveys ADD CONSTRAINT surveys_of_something"
    " CHECK (application_id IS NOT NULL OR registration_id IS NOT NULL)",
    "CREATE UNIQUE INDEX surveys_one_live_registered ON surveys (registration_id)"
    " WHERE state IN ('held', 'confirmed') AND application_id IS NULL",
    "CREATE INDEX surveys_held ON surveys (held_until) WHERE state IN ('held', 'offered')",
    "CREATE INDEX surveys_to_come ON surveys (city, at) WHERE state = 'confirmed'",
    "CREATE INDEX survey_visits_of_lane ON survey_visits (lane, at) WHERE active",
    "CREATE UNIQUE INDEX survey_waits_one ON survey_waits (application_id)"
    " WHERE state IN ('waiting', 'offered')",
    "CREATE INDEX survey_waits_of_city ON survey_waits (city, created_at) WHERE state = 'waiting'",
    "CREATE INDEX field_reports_conflicts ON field_reports (survey_id) WHERE outcome = 'conflict'",
    "CREATE INDEX field_reports_of_person ON field_reports (person_id, received_at)",
    "ALTER TABLE crews ADD CONSTRAINT crews_lanes CHECK (lanes BETWEEN 1 AND 16)",
    "ALTER TABLE crew_shifts ADD CONSTRAINT crew_shifts_day"
    " CHECK (weekday BETWEEN 1 AND 7 AND 0 <= starts AND starts < ends AND ends <= 1440)",
    "ALTER TABLE crew_absences ADD CONSTRAINT crew_absences_last CHECK (starts_at < ends_at)",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0014_joined")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarLink",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
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
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("read_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "calendar_links",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A subscription of somebody's visits by calendar programs; only the token's hash is kept.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="Crew",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                ("number", fields.BigIntField(unique=True)),
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
                ("name", fields.CharField(max_length=60)),
                ("town", fields.CharField(max_length=64)),
                ("lon", fields.FloatField(null=True)),
                ("lat", fields.FloatField(null=True)),
                ("lanes", fields.SmallIntField(default=1)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "crews",
                "app": "models",
                "unique_together": (("organization", "name"),),
                "pk_attr": "id",
                "table_description": "踏勘班组 of one organisation. Never deleted: one that is given up is no longer active.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="CrewAbsence",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "crew",
                    fields.ForeignKeyField(
                        "models.Crew",
                        source_field="crew_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lane", fields.SmallIntField(null=True)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(max_length=120)),
                ("entered_by", fields.UUIDField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "crew_absences",
                "app": "models",
                "indexes": [Index(fields=["crew_id", "ends_at"])],
                "pk_attr": "id",
                "table_description": "When a crew, or one lane of it, does not go out although it is its shift.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="CrewMember",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "crew",
                    fields.ForeignKeyField(
                        "models.Crew",
                        source_field="crew_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="members",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "membership",
                    fields.ForeignKeyField(
                        "models.Membership",
                        source_field="membership_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "crew_members",
                "app": "models",
                "unique_together": (("crew", "membership"),),
                "pk_attr": "id",
                "table_description": "Who goes out with a crew: a person's office of a crew, in the crew's own organisation.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="CrewShift",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "crew",
                    fields.ForeignKeyField(
                        "models.Crew",
                        source_field="crew_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="shifts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("weekday", fields.SmallIntField()),
                ("starts", fields.SmallIntField()),
                ("ends", fields.SmallIntField()),
            ],
            options={
                "table": "crew_shifts",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A stretch of one weekday on which a crew works; only the city's working time of it counts.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="FieldReport",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("person_id", fields.UUIDField()),
                ("kind", fields.CharField(max_length=16)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "models.Survey",
                        source_field="survey_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
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
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("happened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("clock_off_s", fields.IntField(default=0)),
                ("fingerprint", fields.BinaryField()),
                ("body_sealed", fields.BinaryField()),
                (
                    "outcome",
                    fields.CharEnumField(
                        description="APPLIED: applied\nCONFLICT: conflict\nSETTLED: settled\nREFUSED: refused",
                        enum_type=ReportOutcome,
                        max_length=12,
                    ),
                ),
                ("conflict", fields.CharField(default="", max_length=40)),
                ("decided_by", fields.UUIDField(null=True)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decision", fields.CharField(default="", max_length=12)),
            ],
            options={
                "table": "field_reports",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What a crew's phone handed in, by the phone's own id: it counts once, whenever it comes.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="SurveyRecord",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                (
                    "survey",
                    fields.OneToOneField(
                        "models.Survey",
                        source_field="survey_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="record",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                ("content", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ("edition", fields.SmallIntField(default=1)),
                ("agreed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey_records",
                "app": "models",
                "pk_attr": "id",
                "table_description": "联合踏勘记录: what was found jointly; every change asks everybody again.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="RecordSignature",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "record",
                    fields.ForeignKeyField(
                        "models.SurveyRecord",
                        source_field="record_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="signatures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("edition", fields.SmallIntField()),
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
                ("person_id", fields.UUIDField()),
                ("agrees", fields.BooleanField()),
                ("remark", fields.TextField(default="", unique=False)),
                (
                    "upload",
                    fields.ForeignKeyField(
                        "models.Upload",
                        source_field="upload_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("signed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "record_signatures",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One party's word on one edition of the record; ``organization`` empty: the applicant.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="SurveyReminder",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "models.Survey",
                        source_field="survey_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("hours", fields.SmallIntField()),
                ("sent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey_reminders",
                "app": "models",
                "unique_together": (("survey", "hours"),),
                "pk_attr": "id",
                "table_description": "That one survey's parties were reminded so many hours before; its row is the claim to it.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="SurveyVisit",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                ("version", fields.IntField(default=1)),
                (
                    "survey",
                    fields.ForeignKeyField(
                        "models.Survey",
                        source_field="survey_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visits",
                        on_delete=OnDelete.CASCADE,
                    ),
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
                (
                    "request",
                    fields.ForeignKeyField(
                        "models.UtilityRequest",
                        source_field="request_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "crew",
                    fields.ForeignKeyField(
                        "models.Crew",
                        source_field="crew_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lane", fields.BigIntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("lon", fields.FloatField(null=True)),
                ("lat", fields.FloatField(null=True)),
                ("active", fields.BooleanField(default=True)),
                (
                    "state",
                    fields.CharEnumField(
                        description="PLANNED: planned\nCONFIRMED: confirmed\nDECLINED: declined\nARRIVED: arrived\nDONE: done\nMISSED: missed\nENDED: ended",
                        enum_type=VisitState,
                        max_length=12,
                    ),
                ),
                ("reason", fields.TextField(default="", unique=False)),
                ("late_minutes", fields.SmallIntField(default=0)),
                ("arrived_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("arrival", fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "survey_visits",
                "app": "models",
                "indexes": [Index(fields=["crew_id", "at"]), Index(fields=["survey_id"])],
                "pk_attr": "id",
                "table_description": "One crew's part in a joint visit.",
            },
            bases=["Versioned"],
        ),
        ops.CreateModel(
            name="SitePhoto",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True),
                ),
                (
                    "visit",
                    fields.ForeignKeyField(
                        "models.SurveyVisit",
                        source_field="visit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="photos",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "upload",
                    fields.ForeignKeyField(
                        "models.Upload",
                        source_field="upload_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("taken_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("metres", fields.IntField(null=True)),
                ("doubts", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "site_photos",
                "app": "models",
                "unique_together": (("visit", "upload"),),
                "pk_attr": "id",
                "table_description": "A photo taken at the visit, and what its own data said before they were stripped.",
            },
            bases=["Table"],
        ),
        ops.CreateModel(
            name="SurveyWait",
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
                        related_name="waits",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("city", fields.CharField(max_length=32)),
                (
                    "state",
                    fields.CharEnumField(
                        description="WAITING: waiting\nOFFERED: offered\nTAKEN: taken\nENDED: ended",
                        enum_type=WaitState,
                        max_length=12,
                    ),
                ),
                ("not_before", fields.DateField(null=True)),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Survey",
                        source_field="offer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "survey_waits",
                "app": "models",
                "pk_attr": "id",
                "table_description": "候补: somebody with a time who would take an earlier one; it is offered as a held survey.",
            },
            bases=["Versioned"],
        ),
        ops.AlterModelOptions(
            name="Survey",
            options={
                "table": "surveys",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One appointment of the joint visit; a time that is moved is a new row, the old one ended.",
            },
        ),
        ops.AlterField(
            model_name="Survey",
            name="application",
            field=fields.ForeignKeyField(
                "models.Application",
                source_field="application_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="surveys",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AlterField(
            model_name="Survey",
            name="state",
            field=fields.CharEnumField(
                description="HELD: held\nCONFIRMED: confirmed\nDONE: done\nCANCELLED: cancelled\nMOVED: moved\nOFFERED: offered\nMISSED: missed",
                enum_type=SurveyState,
                max_length=12,
            ),
        ),
        ops.AddField(
            model_name="Survey",
            name="ended_by",
            field=fields.CharEnumField(
                null=True,
                description="APPLICANT: applicant\nCREW: crew\nORGANISER: organiser\nSYSTEM: system",
                enum_type=Ender,
                max_length=12,
            ),
        ),
        ops.AddField(
            model_name="Survey",
            name="ends_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL("UPDATE surveys SET ends_at = at + interval '1 hour'"),
        ops.AlterField(
            model_name="Survey",
            name="ends_at",
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Survey",
            name="held_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Survey",
            name="lat",
            field=fields.FloatField(null=True),
        ),
        ops.AddField(
            model_name="Survey",
            name="late_minutes",
            field=fields.SmallIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Survey",
            name="lon",
            field=fields.FloatField(null=True),
        ),
        ops.AddField(
            model_name="Survey",
            name="registration",
            field=fields.ForeignKeyField(
                "models.Registration",
                source_field="registration_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="surveys",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddField(
            model_name="Survey",
            name="town",
            field=fields.CharField(null=True, max_length=64),
        ),
        *(ops.RunSQL(each) for each in CONSTRAINTS),
    ]
