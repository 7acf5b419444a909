"""Crews of the utilities and of departments: who is in one, when it works, where its day begins."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Table, Versioned
from models.identity import Membership, Organization, Person

LANES = 16
"""A crew's visits at the same time are numbered below this; ``number * LANES + lane`` is a lane."""


class Crew(Versioned):
    """踏勘班组 of one organisation. Never deleted: one that is given up is no longer active."""

    number = fields.BigIntField(unique=True)
    """From the sequence ``crew_numbers``; names its lanes where the database compares them."""
    city = fields.CharField(max_length=32)
    organization: fields.ForeignKeyRelation[Organization] = fields.ForeignKeyField(
        "models.Organization", related_name=False
    )
    organization_id: UUID
    name = fields.CharField(max_length=60)
    town = fields.CharField(max_length=64)
    """Its home district: where its day begins, unless it has a point of its own."""
    lon: float | None = fields.FloatField(null=True)
    lat: float | None = fields.FloatField(null=True)
    lanes = fields.SmallIntField(default=1)
    """How many visits it can make at the same time."""
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "crews"
        unique_together = (("organization", "name"),)


class CrewMember(Table):
    """Who goes out with a crew: a person's office of a crew, in the crew's own organisation."""

    crew: fields.ForeignKeyRelation[Crew] = fields.ForeignKeyField(
        "models.Crew", related_name="members"
    )
    crew_id: UUID
    membership: fields.ForeignKeyRelation[Membership] = fields.ForeignKeyField(
        "models.Membership", related_name=False
    )
    membership_id: UUID

    class Meta:
        table = "crew_members"
        unique_together = (("crew", "membership"),)


class CrewShift(Table):
    """A stretch of one weekday on which a crew works; only the city's working time of it counts."""

    crew: fields.ForeignKeyRelation[Crew] = fields.ForeignKeyField(
        "models.Crew", related_name="shifts"
    )
    crew_id: UUID
    weekday = fields.SmallIntField()
    """1 (Monday) to 7. A weekend day that is worked in exchange goes by the shifts of Monday."""
    starts = fields.SmallIntField()
    """Minutes after midnight in Shanghai."""
    ends = fields.SmallIntField()

    class Meta:
        table = "crew_shifts"


class CrewAbsence(Table):
    """When a crew, or one lane of it, does not go out although it is its shift."""

    crew: fields.ForeignKeyRelation[Crew] = fields.ForeignKeyField(
        "models.Crew", related_name="absences"
    )
    crew_id: UUID
    lane: int | None = fields.SmallIntField(null=True)
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    reason = fields.CharField(max_length=120)
    entered_by = fields.UUIDField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "crew_absences"
        indexes = (Index(fields=("crew_id", "ends_at")),)


class CalendarLink(Table):
    """A subscription of somebody's visits by calendar programs; only the token's hash is kept."""

    token_hash = fields.CharField(max_length=64, unique=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False
    )
    person_id: UUID
    created_at = fields.DatetimeField()
    read_at: datetime | None = fields.DatetimeField(null=True)
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "calendar_links"
