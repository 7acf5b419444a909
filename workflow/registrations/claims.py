"""Whose case it is: by a telephone number the platform has verified, or as a colleague.

Who binds a number and who submits a case with that number as its contact must not miss each other
(each would still see the world without the other), nor wait for each other in a ring. So whoever
joins persons to cases by a number takes its turn at that number first, before any row.
"""

from uuid import UUID

from tortoise.expressions import Subquery

from models import Enterprise, Person
from models.db import pool

_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('phone:' || $1, 0))"


async def take_turn(*lookups: str | None) -> None:
    """Hold these numbers (their keyed hashes) until the end of the unit of work."""
    for lookup in sorted({each for each in lookups if each is not None}):
        await pool().fetchval(_TURN, lookup)


async def verified_owner(contact_lookup: str | None) -> UUID | None:
    """The one person whose verified phone is the contact's; ``None`` when nobody or several.

    Takes the turn at the number; who already holds rows has taken it before them.
    """
    if contact_lookup is None:
        return None
    await take_turn(contact_lookup)
    found = await Person.filter(phone_lookup=contact_lookup).limit(2).values_list("id", flat=True)
    ids = [UUID(str(each)) for each in found]
    return ids[0] if len(ids) == 1 else None


async def shared_enterprise(
    owner: UUID | None, person: UUID | None, credit_code: str | None
) -> UUID | None:
    """The enterprise of this credit code for which both may act; ``None`` when there is none.

    Knowing a credit code is not enough: the owner has let the other in.
    """
    if owner is None or person is None or credit_code is None:
        return None
    of_owner = Enterprise.filter(credit_code=credit_code, members__person_id=owner)
    found = await of_owner.filter(
        id__in=Subquery(Enterprise.filter(members__person_id=person).values("id"))
    ).first()
    return found.id if found else None
