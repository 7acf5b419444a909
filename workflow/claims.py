"""Whose case it is: by a telephone number the platform has verified, or as a colleague."""

from uuid import UUID

from tortoise.expressions import Subquery

from models import Enterprise, Person


async def verified_owner(contact_lookup: str | None) -> UUID | None:
    """The one person whose verified phone is the contact's; ``None`` when nobody or several."""
    if contact_lookup is None:
        return None
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
