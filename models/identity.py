"""People, the organisations they work for, how they prove who they are."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Table, Versioned
from rules.actors import OrgKind, Role


class Organization(Table):
    """A window, utility, carrier, department, lead bureau … of one city, from the city file."""

    city = fields.CharField(max_length=32)
    kind = fields.CharEnumField(OrgKind, max_length=16)
    code = fields.CharField(max_length=64)
    name = fields.CharField(max_length=120)
    utility = fields.CharField(max_length=32, null=True)
    town = fields.CharField(max_length=64, null=True)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "organizations"
        unique_together = (("city", "kind", "code"),)


class Person(Versioned):
    """Anybody who signs in. Name and phone are sealed; ``phone_lookup`` is a keyed hash."""

    name_sealed = fields.BinaryField(null=True)
    phone_sealed = fields.BinaryField(null=True)
    phone_lookup = fields.CharField(max_length=64, null=True)
    unionid = fields.CharField(max_length=64, null=True, unique=True)
    totp_sealed = fields.BinaryField(null=True)
    totp_pending_sealed = fields.BinaryField(null=True)
    """A new TOTP secret until its first code proves that it was taken over."""
    totp_last = fields.BigIntField(default=0)
    """Time step of the last TOTP accepted; an earlier or equal one is a replay."""
    totp_failures = fields.IntField(default=0)
    locked_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "persons"


class Identity(Table):
    """One openid of one platform account (mini-program or service account)."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="identities"
    )
    person_id: UUID
    kind = fields.CharField(max_length=8)
    appid = fields.CharField(max_length=64)
    openid = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()

    class Meta:
        table = "identities"
        unique_together = (("appid", "openid"),)


class Membership(Table):
    """A role one person holds in one organisation, from ``created_at`` to ``ended_at``."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="memberships"
    )
    person_id: UUID
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name="memberships"
    )
    organization_id: UUID
    role = fields.CharEnumField(Role, max_length=20)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "memberships"


class Invitation(Table):
    """A one-time code by which a person joins an organisation; only its hash is stored."""

    code_hash = fields.CharField(max_length=64, unique=True)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False
    )
    organization_id: UUID
    role = fields.CharEnumField(Role, max_length=20)
    invited_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_by = fields.UUIDField(null=True)
    used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "invitations"


class Session(Table):
    """A signed-in device. Tokens name a session; a revoked or expired one opens nothing."""

    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="sessions"
    )
    person_id: UUID
    kind = fields.CharField(max_length=8)
    """``mp`` | ``h5`` | ``desk``"""
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField(null=True)
    """When it was last used, coarsely; what an idle limit counts from."""
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sessions"


class DeskLogin(Table):
    """A QR shown on a desk: waiting → confirmed in the mini-program → finished by TOTP."""

    poll_hash = fields.CharField(max_length=64)
    person_id: UUID | None = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    confirmed_at: datetime | None = fields.DatetimeField(null=True)
    finished_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "desk_logins"


class Enterprise(Versioned):
    """The enterprise profile, asked once (domain §4); personal columns sealed."""

    created_by = fields.UUIDField()
    credit_code = fields.CharField(max_length=18)
    name = fields.CharField(max_length=120)
    profile = fields.JSONField[dict[str, object]](default=dict)
    personal_sealed = fields.BinaryField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "enterprises"
        unique_together = (("created_by", "credit_code"),)
        indexes = (Index(fields=("credit_code",)),)


class EnterpriseMember(Table):
    """Who may act for an enterprise: the owner who entered it, and colleagues it let in."""

    enterprise: fields.ForeignKeyRelation[Enterprise] = fields.ForeignKeyField(
        "models.Enterprise", related_name="members"
    )
    enterprise_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False
    )
    person_id: UUID
    relation = fields.CharField(max_length=8)
    """``owner`` | ``agent`` (经办人)"""
    created_at = fields.DatetimeField()

    class Meta:
        table = "enterprise_members"
        unique_together = (("enterprise", "person"),)


class ColleagueCode(Table):
    """A one-time code an owner hands a colleague to join the enterprise."""

    code_hash = fields.CharField(max_length=64, unique=True)
    enterprise: fields.ForeignKeyRelation[Enterprise] = fields.ForeignKeyField(
        "models.Enterprise", related_name=False
    )
    enterprise_id: UUID
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_by = fields.UUIDField(null=True)

    class Meta:
        table = "colleague_codes"
