"""Notices: written with the change, into every recipient's inbox exactly once (domain §10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rules.actors import Role


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a notice: named people, everyone of a role in the city, staff of organisations."""

    persons: tuple[UUID, ...] = ()
    enterprise: UUID | None = None
    city_roles: tuple[Role, ...] = ()
    organizations: tuple[UUID, ...] = ()
    organization_roles: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``origin`` makes it happen once per person; params carry no secrets."""

    origin: str
    code: str
    city: str
    audience: Audience
    params: Mapping[str, Any] = field(default_factory=dict)
    application_id: UUID | None = None
    registration_id: UUID | None = None

    def row(self) -> dict[str, Any]:
        """As ``models.noted`` writes it."""
        audience = self.audience
        return {
            "origin": self.origin,
            "code": self.code,
            "city": self.city,
            "params": self.params,
            "application_id": self.application_id,
            "registration_id": self.registration_id,
            "persons": audience.persons,
            "enterprise": audience.enterprise,
            "city_roles": audience.city_roles,
            "organizations": audience.organizations,
            "organization_roles": audience.organization_roles,
        }
