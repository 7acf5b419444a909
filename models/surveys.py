"""联合踏勘: the joint visit, each party's part in it, who waits for an earlier time, its record."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Table, Versioned
from models.cases import Application, Json, Registration, UtilityRequest
from models.crews import Crew
from models.identity import Organization
from models.records import Upload
from rules.states import (
    Ender,
    ReportOutcome,
    SurveyState,
    VisitState,
    WaitState,
)


class Survey(Versioned):
    """One appointment of the joint visit; a time that is moved is a new row, the old one ended.

    Of an application, or of a registration (前置服务), from which it is carried over.
    """

    application: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="surveys", null=True
    )
    application_id: UUID | None
    registration: fields.ForeignKeyNullableRelation[Registration] = fields.ForeignKeyField(
        "models.Registration", related_name="surveys", null=True
    )
    registration_id: UUID | None
    city = fields.CharField(max_length=32)
    town = fields.CharField(max_length=64, null=True)
    lon: float | None = fields.FloatField(null=True)
    """Of the site as planned with: its own point, or the middle of its town (GCJ-02)."""
    lat: float | None = fields.FloatField(null=True)
    at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    state = fields.CharEnumField(SurveyState, max_length=12)
    held_until: datetime | None = fields.DatetimeField(null=True)
    """A held time is free again from then on, whether or not anybody has swept it."""
    ended_by: Any = fields.CharEnumField(Ender, max_length=12, null=True)
    """Who moved, cancelled or missed it: limits count those of the applicant."""
    reason = fields.TextField(default="")
    late_minutes = fields.SmallIntField(default=0, db_default=0)
    """How much later than agreed the applicant said to be there."""
    created_at = fields.DatetimeField()

    class Meta:
        table = "surveys"


class SurveyVisit(Versioned):
    """One crew's part in a joint visit.

    While ``active`` no other may overlap it on its lane: the database refuses (migration 0015).
    """

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "models.Survey", related_name="visits"
    )
    survey_id: UUID
    city = fields.CharField(max_length=32)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False
    )
    organization_id: UUID
    request: fields.ForeignKeyNullableRelation[UtilityRequest] = fields.ForeignKeyField(
        "models.UtilityRequest", related_name=False, null=True
    )
    """Empty before acceptance, and for a department."""
    request_id: UUID | None
    crew: fields.ForeignKeyRelation[Crew] = fields.ForeignKeyField(
        "models.Crew", related_name=False
    )
    crew_id: UUID
    lane = fields.BigIntField()
    """``crew.number * LANES + lane of the crew``."""
    at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    lon: float | None = fields.FloatField(null=True)
    lat: float | None = fields.FloatField(null=True)
    active = fields.BooleanField(default=True)
    state = fields.CharEnumField(VisitState, max_length=12)
    reason = fields.TextField(default="")
    """Why it was declined, or came late, or was too far from the site."""
    late_minutes = fields.SmallIntField(default=0)
    arrived_at: datetime | None = fields.DatetimeField(null=True)
    """By the crew's own clock; ``arrival`` tells how it was judged."""
    arrival = fields.JSONField[Json](default=dict)

    class Meta:
        table = "survey_visits"
        indexes = (
            Index(fields=("crew_id", "at")),
            Index(fields=("survey_id",)),
        )


class SurveyWait(Versioned):
    """候补: somebody with a time who would take an earlier one; it is offered as a held survey."""

    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="waits"
    )
    application_id: UUID
    city = fields.CharField(max_length=32)
    state = fields.CharEnumField(WaitState, max_length=12)
    not_before: date | None = fields.DateField(null=True)
    offer: fields.ForeignKeyNullableRelation[Survey] = fields.ForeignKeyField(
        "models.Survey", related_name=False, null=True
    )
    offer_id: UUID | None
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "survey_waits"


class SurveyReminder(Table):
    """That one survey's parties were reminded so many hours before; its row is the claim to it."""

    survey: fields.ForeignKeyRelation[Survey] = fields.ForeignKeyField(
        "models.Survey", related_name=False
    )
    survey_id: UUID
    hours = fields.SmallIntField()
    sent_at = fields.DatetimeField()

    class Meta:
        table = "survey_reminders"
        unique_together = (("survey", "hours"),)


class SurveyRecord(Versioned):
    """联合踏勘记录: what was found jointly; every change asks everybody again."""

    survey: fields.OneToOneRelation[Survey] = fields.OneToOneField(
        "models.Survey", related_name="record"
    )
    survey_id: UUID
    city = fields.CharField(max_length=32)
    content = fields.JSONField[Json](default=dict)
    edition = fields.SmallIntField(default=1)
    agreed_at: datetime | None = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "survey_records"


class RecordSignature(Table):
    """One party's word on one edition of the record; ``organization`` empty: the applicant."""

    record: fields.ForeignKeyRelation[SurveyRecord] = fields.ForeignKeyField(
        "models.SurveyRecord", related_name="signatures"
    )
    record_id: UUID
    edition = fields.SmallIntField()
    organization: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False, null=True
    )
    organization_id: UUID | None
    person_id = fields.UUIDField()
    agrees = fields.BooleanField()
    remark = fields.TextField(default="")
    upload: fields.ForeignKeyNullableRelation[Upload] = fields.ForeignKeyField(
        "models.Upload", related_name=False, null=True
    )
    """The handwritten signature, where one was drawn."""
    upload_id: UUID | None
    signed_at = fields.DatetimeField()

    class Meta:
        table = "record_signatures"


class FieldReport(Table):
    """What a crew's phone handed in, by the phone's own id: it counts once, whenever it comes."""

    person_id = fields.UUIDField()
    organization_id: UUID | None = fields.UUIDField(null=True)
    """For whom the person was out; empty where the report names nothing that it has a part in."""
    city = fields.CharField(max_length=32, default="", db_default="")
    application_id: UUID | None = fields.UUIDField(null=True)
    kind = fields.CharField(max_length=16)
    visit: fields.ForeignKeyNullableRelation[SurveyVisit] = fields.ForeignKeyField(
        "models.SurveyVisit", related_name=False, null=True
    )
    visit_id: UUID | None
    survey: fields.ForeignKeyNullableRelation[Survey] = fields.ForeignKeyField(
        "models.Survey", related_name=False, null=True
    )
    survey_id: UUID | None
    request: fields.ForeignKeyNullableRelation[UtilityRequest] = fields.ForeignKeyField(
        "models.UtilityRequest", related_name=False, null=True
    )
    request_id: UUID | None
    happened_at = fields.DatetimeField()
    """By the phone's clock, mended by what the phone said the time was when it sent."""
    received_at = fields.DatetimeField()
    clock_off_s = fields.IntField(default=0)
    """Seconds by which the phone's clock was ahead of ours."""
    fingerprint = fields.BinaryField()
    body_sealed = fields.BinaryField()
    outcome = fields.CharEnumField(ReportOutcome, max_length=12)
    conflict = fields.CharField(max_length=40, default="")
    decided_by: UUID | None = fields.UUIDField(null=True)
    decided_at: datetime | None = fields.DatetimeField(null=True)
    decision = fields.CharField(max_length=12, default="")
    told = fields.JSONField[Json](default=dict, db_default={})
    """What the phone was answered beside the outcome; the same again when it asks again."""

    class Meta:
        table = "field_reports"


class SitePhoto(Table):
    """A photo taken at the visit, and what its own data said before they were stripped."""

    visit: fields.ForeignKeyRelation[SurveyVisit] = fields.ForeignKeyField(
        "models.SurveyVisit", related_name="photos"
    )
    visit_id: UUID
    upload: fields.ForeignKeyRelation[Upload] = fields.ForeignKeyField(
        "models.Upload", related_name=False
    )
    upload_id: UUID
    taken_at = fields.DatetimeField()
    metres: int | None = fields.IntField(null=True)
    """How far from the site the picture says it was taken; empty when it does not say."""
    doubts = fields.JSONField[list[Any]](default=list)
    created_at = fields.DatetimeField()

    class Meta:
        table = "site_photos"
        unique_together = (("visit", "upload"),)
