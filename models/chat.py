"""The talk in the official account: where each stands, how it is joined to a person, complaints."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.base import Versioned
from models.cases import Application
from models.identity import Person
from rules.states import Channel


class Conversation(Versioned):
    """One talk: an openid of the official account, its person, and where the dialogue stands.

    The state is sealed: it may hold what somebody typed.
    """

    appid = fields.CharField(max_length=64)
    openid = fields.CharField(max_length=64)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False
    )
    person_id: UUID
    state_sealed: bytes | None = fields.BinaryField(null=True)
    joined_at: datetime | None = fields.DatetimeField(null=True)
    """When it was joined to the person by a one-time code; None: by the platform, or never."""
    home: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True
    )
    home_id: UUID | None
    """While it is joined by a code: whose it was before, and is again when they part."""
    brought: dict[str, list[Any]] | None = fields.JSONField(null=True)
    """What came along then: ids of rows by table (``models.queries.belongings``)."""
    union_asked_at: datetime | None = fields.DatetimeField(null=True)
    """When the platform last would not tell who this is in the mini-program."""
    tries = fields.SmallIntField(default=0, db_default=0)
    """Wrong one-time codes typed since ``tried_at``."""
    tried_at: datetime | None = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "conversations"
        unique_together = (("appid", "openid"),)


class ChatLink(Model):
    """A one-time code shown in the mini-program; typed into the chat it joins the two."""

    id = fields.BigIntField(primary_key=True, generated=True)
    code_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False
    )
    person_id: UUID
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "chat_links"


class Complaint(Versioned):
    """投诉: what somebody complains about, and until when it is owed an answer."""

    number = fields.CharField(max_length=24, unique=True)
    city = fields.CharField(max_length=32)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False
    )
    person_id: UUID
    application: fields.ForeignKeyNullableRelation[Application] = fields.ForeignKeyField(
        "models.Application", related_name=False, null=True
    )
    application_id: UUID | None
    channel = fields.CharEnumField(Channel, max_length=16)
    text_sealed = fields.BinaryField()
    created_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    yellow_at: datetime | None = fields.DatetimeField(null=True)
    """When the last quarter of its time begins."""
    overdue_told = fields.BooleanField(default=False, db_default=False)
    answered_at: datetime | None = fields.DatetimeField(null=True)
    answered_by: UUID | None = fields.UUIDField(null=True)
    answer_sealed: bytes | None = fields.BinaryField(null=True)

    class Meta:
        table = "complaints"
