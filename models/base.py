"""What every table shares: time-ordered random ids and versioned change."""

from typing import Any, Self
from uuid import UUID

import uuid_utils
from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from rules.errors import Code, DomainError


def new_id() -> UUID:
    """A UUIDv7: sorts by time of creation, 74 random bits (not guessable)."""
    return UUID(int=uuid_utils.uuid7().int)


class Table(Model):
    """A table with a UUIDv7 key."""

    id = fields.UUIDField(primary_key=True, default=new_id)

    class Meta:
        abstract = True


class Versioned(Table):
    """A table whose rows change only at the version the writer has read."""

    version = fields.IntField(default=1)

    class Meta:
        abstract = True

    async def change(self, **values: Any) -> Self:
        """Write ``values`` where the version is still the one read; bumps it.

        ``Model.save()`` would overwrite a concurrent change. Raises ``VERSION_STALE``.
        """
        changed = await (
            type(self)
            .filter(id=self.id, version=self.version)
            .update(version=F("version") + 1, **values)
        )
        if not changed:
            raise DomainError(Code.VERSION_STALE)
        self.update_from_dict(values)
        self.version += 1
        return self
