"""Whose case it is, by telephone: only a number the platform has verified counts."""

from uuid import UUID

from models import Person


async def verified_owner(contact_lookup: str | None) -> UUID | None:
    """The one person whose verified phone is the contact's; ``None`` when nobody or several."""
    if contact_lookup is None:
        return None
    found = await Person.filter(phone_lookup=contact_lookup).limit(2).values_list("id", flat=True)
    ids = [UUID(str(each)) for each in found]
    return ids[0] if len(ids) == 1 else None
