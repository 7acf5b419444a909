"""Registrations, applications, and each utility's request."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index

from models.base import Table, Versioned
from models.identity import Enterprise, Organization, Person
from rules.states import (
    Channel,
    Course,
    PermitState,
    PlanState,
    RegistrationState,
    RequestState,
    Stage,
)

Json = dict[str, Any]


class Registration(Versioned):
    """意向登记 by form A. Without ``owner`` until the contact's verified phone claims it."""

    city = fields.CharField(max_length=32)
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True
    )
    owner_id: UUID | None
    channel = fields.CharEnumField(Channel, max_length=12)
    platform = fields.CharField(max_length=40, null=True)
    platform_ref = fields.CharField(max_length=80, null=True)
    state = fields.CharEnumField(RegistrationState, max_length=12)
    utilities = ArrayField(element_type="text", default=list)
    town = fields.CharField(max_length=64, null=True)
    enterprise_name = fields.CharField(max_length=120, null=True)
    credit_code = fields.CharField(max_length=18, null=True)
    project_code = fields.CharField(max_length=32, null=True)
    fields_ = fields.JSONField[Json](default=dict, source_field="fields")
    personal_sealed = fields.BinaryField(null=True)
    contact_lookup = fields.CharField(max_length=64, null=True)
    contract: Any = fields.JSONField[Json](default=dict)
    """What the land or housing platform states: contract date, plot, project name."""
    agreed_connection_at = fields.DatetimeField(null=True)
    planning_permit_on: date | None = fields.DateField(null=True)
    judged_on = fields.DateField()
    due_at: datetime | None = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "registrations"


class RegistrationVisit(Table):
    """上门对接 owed by one organisation (each utility, or the lead bureau jointly)."""

    registration: fields.ForeignKeyRelation[Registration] = fields.ForeignKeyField(
        "models.Registration", related_name="visits"
    )
    registration_id: UUID
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False
    )
    organization_id: UUID
    visited_at = fields.DatetimeField(null=True)
    visited_by = fields.UUIDField(null=True)
    note = fields.TextField(default="")

    class Meta:
        table = "registration_visits"
        unique_together = (("registration", "organization"),)


class Application(Versioned):
    """联合报装申请, from draft to closed. ``fields`` holds form B without personal values."""

    city = fields.CharField(max_length=32)
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True
    )
    owner_id: UUID | None
    enterprise: fields.ForeignKeyNullableRelation[Enterprise] = fields.ForeignKeyField(
        "models.Enterprise", related_name=False, null=True
    )
    enterprise_id: UUID | None
    registration: fields.ForeignKeyNullableRelation[Registration] = fields.ForeignKeyField(
        "models.Registration", related_name=False, null=True
    )
    registration_id: UUID | None
    channel = fields.CharEnumField(Channel, max_length=12)
    entered_by = fields.UUIDField(null=True)
    """The window clerk who entered a walk-in."""
    platform = fields.CharField(max_length=40, null=True)
    platform_ref = fields.CharField(max_length=80, null=True)
    year = fields.SmallIntField(null=True)
    sequence = fields.IntField(null=True)
    stage = fields.CharEnumField(Stage, max_length=12)
    judged_on: date | None = fields.DateField(null=True)
    """The case is judged by the city values in force on this day (first submit)."""
    utilities = ArrayField(element_type="text", default=list)
    town = fields.CharField(max_length=64, null=True)
    enterprise_name = fields.CharField(max_length=120, null=True)
    credit_code = fields.CharField(max_length=18, null=True)
    project_code = fields.CharField(max_length=32, null=True)
    fields_ = fields.JSONField[Json](default=dict, source_field="fields")
    revisions = fields.JSONField[Json](default=dict)
    """Per field: the version of the application at which it was last written."""
    personal_sealed = fields.BinaryField(null=True)
    contact_lookup = fields.CharField(max_length=64, null=True)
    faults_told = fields.JSONField[list[Any]](default=list)
    """Fault keys told at earlier returns: a new fault may be raised only once (一次性告知)."""
    gaps = fields.JSONField[list[Any]](default=list)
    pauses = fields.JSONField[list[Any]](default=list, db_default=[])
    """Reasons for which clocks stand still (``workflow/cases/stops.py``)."""
    ended = fields.JSONField[Json](default=dict, db_default={})
    """Why it was withdrawn or rejected, in its own words: never in an event or a notice."""
    plan_state = fields.CharEnumField(PlanState, max_length=12, default=PlanState.DRAFTING)
    works_started = fields.BooleanField(default=False)
    road_opened = fields.BooleanField(default=False)
    road_checked_at = fields.DatetimeField(null=True)
    rated_at = fields.DatetimeField(null=True)
    form_c_at = fields.DatetimeField(null=True)
    due_at: datetime | None = fields.DatetimeField(null=True)
    """The earliest open deadline of the case, for queues."""
    submitted_at: datetime | None = fields.DatetimeField(null=True)
    accepted_at: datetime | None = fields.DatetimeField(null=True)
    connected_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "applications"
        indexes = (
            Index(fields=("owner_id", "created_at")),
            Index(fields=("credit_code",)),
        )


class UtilityRequest(Versioned):
    """One utility's (for network: one carrier's) part of an accepted application."""

    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="requests"
    )
    application_id: UUID
    city = fields.CharField(max_length=32)
    utility = fields.CharField(max_length=32)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False
    )
    organization_id: UUID
    kind = fields.CharField(max_length=24)
    course = fields.CharEnumField(Course, max_length=8)
    state = fields.CharEnumField(RequestState, max_length=12)
    permit_state: Any = fields.CharEnumField(PermitState, max_length=12, null=True)
    """``PermitState``; ``None`` until the plan is agreed."""
    permit = fields.JSONField[Json](default=dict)
    """Route, reasons with clause and numbers, departments; the promise when committed."""
    findings = fields.JSONField[Json](default=dict)
    segment = fields.JSONField[Json](default=dict)
    segment_open = fields.BooleanField(default=False)
    arrived_at: datetime | None = fields.DatetimeField(null=True)
    """When a crew last told that it had come."""
    works = fields.JSONField[Json](default=dict)
    works_started_at = fields.DatetimeField(null=True)
    works_finished_at = fields.DatetimeField(null=True)
    inspection = fields.JSONField[Json](default=dict)
    connection = fields.JSONField[Json](default=dict)
    connection_at: datetime | None = fields.DatetimeField(null=True)
    """The agreed time of connection."""
    connected_at: datetime | None = fields.DatetimeField(null=True)
    ended: Any = fields.JSONField[Json](default=dict)
    """Why it was declined or withdrawn."""
    due_at: datetime | None = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "requests"
        unique_together = (("application", "organization", "utility"),)


class Opinion(Versioned):
    """One department's part in the permits of one request: its list, then its opinion."""

    request: fields.ForeignKeyRelation[UtilityRequest] = fields.ForeignKeyField(
        "models.UtilityRequest", related_name="opinions"
    )
    request_id: UUID
    city = fields.CharField(max_length=32)
    department = fields.CharField(max_length=32)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False
    )
    organization_id: UUID
    documents = fields.JSONField[list[Any]](default=list)
    listed_at = fields.DatetimeField(null=True)
    asked_at = fields.DatetimeField(null=True)
    verdict = fields.CharField(max_length=12, null=True)
    """``rules.states.Verdict``; empty while the department has not signed this round."""
    by_commitment = fields.BooleanField(default=False)
    conditions = fields.JSONField[list[Any]](default=list)
    remark = fields.TextField(default="")
    signed_by = fields.UUIDField(null=True)
    signed_at = fields.DatetimeField(null=True)
    round = fields.SmallIntField(default=1)

    class Meta:
        table = "opinions"
        unique_together = (("request", "department"),)


class Plan(Table):
    """一个方案: one version of the combined reply as the applicant saw it."""

    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="plans"
    )
    application_id: UUID
    number = fields.SmallIntField()
    state = fields.CharEnumField(PlanState, max_length=12)
    content = fields.JSONField[Json](default=dict)
    offered_at = fields.DatetimeField()
    answered_at = fields.DatetimeField(null=True)
    answer = fields.TextField(default="")

    class Meta:
        table = "plans"
        unique_together = (("application", "number"),)


class Rating(Table):
    """好差评: five levels; the two lowest carry a reason."""

    application: fields.OneToOneRelation[Application] = fields.OneToOneField(
        "models.Application", related_name="rating"
    )
    application_id: UUID
    level = fields.SmallIntField()
    reason = fields.TextField(default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "ratings"


class AnnualCommitment(Table):
    """年度承诺 (大冶 四(二)1): utility or its builder to one department, for one year."""

    city = fields.CharField(max_length=32)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False
    )
    organization_id: UUID
    department = fields.CharField(max_length=32)
    year = fields.SmallIntField()
    builder = fields.CharField(max_length=120, default="")
    promises = fields.JSONField[list[Any]](default=list)
    signed_by = fields.UUIDField(null=True)
    signed_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "annual_commitments"


class CaseCounter(Table):
    """The last number given per city and year: gapless, taken at the end of the transaction."""

    city = fields.CharField(max_length=32)
    year = fields.SmallIntField()
    newest = fields.IntField(default=0)

    class Meta:
        table = "case_counters"
        unique_together = (("city", "year"),)
