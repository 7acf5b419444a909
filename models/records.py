"""What is written beside every change: events, deadlines, audit, notices, answers, uploads."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.base import Table
from models.cases import Application, Json, Registration, UtilityRequest
from models.identity import Organization, Person
from rules.actors import Role
from rules.lifecycle import Subject


class Event(Model):
    """One move: who, when it happened, when it was entered, from, to, why. Never changed."""

    id = fields.BigIntField(primary_key=True, generated=True)
    city = fields.CharField(max_length=32)
    subject = fields.CharEnumField(Subject, max_length=12)
    application_id: UUID | None = fields.UUIDField(null=True)
    request_id: UUID | None = fields.UUIDField(null=True)
    registration_id: UUID | None = fields.UUIDField(null=True)
    platform = fields.CharField(max_length=40, null=True)
    """The platform that pushed the case, for its feed. Beside it the database keeps
    ``written_at``, by which a feed never passes a move that is not committed yet."""
    name = fields.CharField(max_length=32)
    source = fields.CharField(max_length=12)
    target = fields.CharField(max_length=12)
    role = fields.CharEnumField(Role, max_length=20)
    person_id: UUID | None = fields.UUIDField(null=True)
    organization_id: UUID | None = fields.UUIDField(null=True)
    version = fields.IntField(default=0)
    """The version of the case that this move made."""
    data = fields.JSONField[Json](default=dict)
    happened_at = fields.DatetimeField()
    entered_at = fields.DatetimeField()

    class Meta:
        table = "events"


class Deadline(Table):
    """A clock on one step of one subject, held by one organisation (or the applicant)."""

    city = fields.CharField(max_length=32)
    step = fields.CharField(max_length=24)
    application: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="deadlines", null=True
    )
    application_id: UUID | None
    request: fields.ForeignKeyNullableRelation[UtilityRequest] = fields.ForeignKeyField(
        "models.UtilityRequest", related_name="deadlines", null=True
    )
    request_id: UUID | None
    registration: fields.ForeignKeyNullableRelation[Registration] = fields.ForeignKeyField(
        "models.Registration", related_name="deadlines", null=True
    )
    registration_id: UUID | None
    organization: fields.ForeignKeyNullableRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False, null=True
    )
    organization_id: UUID | None
    """Who holds it; ``None`` for the applicant."""
    holder = fields.CharEnumField(Role, max_length=20)
    opened_at = fields.DatetimeField()
    target_at: datetime | None = fields.DatetimeField(null=True)
    due_at = fields.DatetimeField()
    yellow_at: datetime | None = fields.DatetimeField(null=True)
    """When its last quarter begins."""
    provisional = fields.BooleanField(default=False)
    limit = fields.JSONField[Json](default=dict)
    """The limit it was computed from, to recompute it when a calendar is published."""
    paused_at: datetime | None = fields.DatetimeField(null=True)
    pause_reason = fields.CharField(max_length=40, null=True)
    paused_minutes = fields.IntField(default=0)
    warned = fields.CharField(max_length=8, default="")
    """``""`` | ``yellow`` | ``red``: which glow has been told."""
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "deadlines"


class AuditEntry(Model):
    """One change, or one staff read of personal data. Chained per city by the appender."""

    id = fields.BigIntField(primary_key=True, generated=True)
    city = fields.CharField(max_length=32)
    at = fields.DatetimeField()
    person_id: UUID | None = fields.UUIDField(null=True)
    role = fields.CharField(max_length=20)
    action = fields.CharField(max_length=40)
    object_kind = fields.CharField(max_length=24)
    object_id = fields.CharField(max_length=64)
    success = fields.BooleanField(default=True)
    detail = fields.JSONField[Json](default=dict)
    correlation = fields.CharField(max_length=64, default="")
    """The request id, as in the logs."""
    sequence: int | None = fields.BigIntField(null=True)
    previous: bytes | None = fields.BinaryField(null=True)
    digest: bytes | None = fields.BinaryField(null=True)

    class Meta:
        table = "audit"


class OutboxRow(Model):
    """Something to tell the outside, written with the change that causes it."""

    id = fields.BigIntField(primary_key=True, generated=True)
    topic = fields.CharField(max_length=40)
    payload = fields.JSONField[Json](default=dict)
    created_at = fields.DatetimeField()
    available_at = fields.DatetimeField()
    attempts = fields.SmallIntField(default=0)
    leased_until = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)
    outcome = fields.CharField(max_length=40, default="")

    class Meta:
        table = "outbox"


class InboxMessage(Model):
    """A notice in somebody's in-app inbox, exactly once per event and code."""

    id = fields.BigIntField(primary_key=True, generated=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False
    )
    person_id: UUID
    city = fields.CharField(max_length=32)
    code = fields.CharField(max_length=40)
    params = fields.JSONField[Json](default=dict)
    application_id: UUID | None = fields.UUIDField(null=True)
    registration_id: UUID | None = fields.UUIDField(null=True)
    origin = fields.CharField(max_length=64)
    """What caused it, e.g. ``event:123`` or ``deadline:…:red``; unique with person and code."""
    created_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta:
        table = "inbox"
        unique_together = (("person", "origin", "code"),)


class Consent(Table):
    """How many one-time subscription messages a person has agreed to, per template."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False
    )
    person_id: UUID
    template = fields.CharField(max_length=64)
    remaining = fields.IntField(default=0)
    told_by_client = fields.IntField(default=0, db_default=0)
    """Acceptances the mini-program has told of."""
    told_by_platform = fields.IntField(default=0, db_default=0)
    """Acceptances the platform has pushed: the same ones, told by somebody else."""

    class Meta:
        table = "consents"
        unique_together = (("person", "template"),)


class StoredAnswer(Model):
    """The answer given to an ``Idempotency-Key``, stored in the transaction of its effect."""

    id = fields.BigIntField(primary_key=True, generated=True)
    scope = fields.CharField(max_length=80)
    key = fields.CharField(max_length=128)
    fingerprint = fields.BinaryField()
    status = fields.SmallIntField(null=True)
    body = fields.BinaryField(null=True)
    headers = fields.JSONField[dict[str, str]](default=dict)
    created_at = fields.DatetimeField()

    class Meta:
        table = "stored_answers"
        unique_together = (("scope", "key"),)


class Upload(Table):
    """A checked file; its bytes lie in the store under ``digest``."""

    person_id: UUID | None = fields.UUIDField(null=True)
    digest = fields.CharField(max_length=64)
    media_type = fields.CharField(max_length=40)
    size = fields.BigIntField()
    name = fields.CharField(max_length=255)
    evidence = fields.JSONField[Json](default=dict)
    created_at = fields.DatetimeField()

    class Meta:
        table = "uploads"


class MediaVerdict(Model):
    """What the platform's check of a file found, by the trace id the check was asked under.

    A verdict may come before whoever asked has committed the id, so it stands for itself.
    """

    trace_id = fields.CharField(max_length=128, primary_key=True)
    error = fields.IntField()
    suggest = fields.CharField(max_length=16)
    label = fields.IntField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "media_verdicts"


class UploadUse(Table):
    """One upload used in one case: one upload serves all utilities (一次上传、多方共享)."""

    upload: fields.ForeignKeyRelation[Upload] = fields.ForeignKeyField(
        "models.Upload", related_name="uses"
    )
    upload_id: UUID
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name="uploads"
    )
    application_id: UUID
    purpose = fields.CharField(max_length=200)
    """Code of a document of the city, or the name of a permit paper as a department listed it."""
    added_by = fields.UUIDField(null=True)
    added_at = fields.DatetimeField()

    class Meta:
        table = "upload_uses"
        unique_together = (("upload", "application", "purpose"),)


class CalendarDay(Model):
    """A day whose working state the city's administrator has set (moved weekends, 2027 …)."""

    id = fields.BigIntField(primary_key=True, generated=True)
    city = fields.CharField(max_length=32)
    day = fields.DateField()
    working = fields.BooleanField()
    note = fields.CharField(max_length=120, default="")

    class Meta:
        table = "calendar_days"
        unique_together = (("city", "day"),)


class CalendarYear(Model):
    """A year declared published by an administrator: its deadlines are not provisional."""

    id = fields.BigIntField(primary_key=True, generated=True)
    city = fields.CharField(max_length=32)
    year = fields.SmallIntField()

    class Meta:
        table = "calendar_years"
        unique_together = (("city", "year"),)


class PlatformNonce(Model):
    """A nonce of a signed integration call; a second use is a replay."""

    id = fields.BigIntField(primary_key=True, generated=True)
    platform = fields.CharField(max_length=40)
    nonce = fields.CharField(max_length=64)
    seen_at = fields.DatetimeField()

    class Meta:
        table = "platform_nonces"
        unique_together = (("platform", "nonce"),)


class ServiceClock(Model):
    """How far a demo moved the service's clock; production refuses a database with one moved."""

    id = fields.IntField(primary_key=True, generated=False)
    offset_seconds = fields.BigIntField(default=0)

    class Meta:
        table = "service_clock"
