"""Finding the organisations of a city: its window, lead bureau, utilities and departments."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from models import Organization
from models.db import pool
from rules.actors import OrgKind, Role
from rules.lifecycle import Organiser, Organisers, organiser_role


async def one(city: str, kind: OrgKind, code: str) -> Organization:
    """The organisation of a code; raises LookupError when the city's file was never loaded."""
    found = await Organization.filter(city=city, kind=kind, code=code, active=True).first()
    if found is None:
        raise LookupError(f"{city} has no {kind} {code}; run migrate")
    return found


async def window(city: str) -> Organization:
    """综合受理专窗 of the city."""
    return await one(city, OrgKind.WINDOW, "window")


async def window_id(city: str) -> UUID:
    """The id of the city's window; LookupError as in ``one``. Asked at every submit."""
    found: UUID | None = await pool().fetchval(
        "SELECT id FROM organizations WHERE city = $1 AND kind = $2 AND code = 'window' AND active",
        city,
        OrgKind.WINDOW.value,
    )
    if found is None:
        raise LookupError(f"{city} has no window; run migrate")
    return found


async def lead(city: str) -> Organization:
    """牵头单位."""
    return await one(city, OrgKind.LEAD, "lead")


async def organiser(city: str, duty: Organiser, organisers: Organisers) -> Organization | None:
    """Who holds a duty; ``None`` where each utility holds it for itself."""
    role = organiser_role(duty, organisers)
    if role is Role.WINDOW_CLERK:
        return await window(city)
    return await lead(city) if role is Role.COORDINATOR else None


async def providers(city: str, utility: str, carriers: Sequence[str]) -> list[Organization]:
    """Who serves a utility: its provider, or each of the named carriers."""
    if not carriers:
        return [await one(city, OrgKind.UTILITY, utility)]
    return [await one(city, OrgKind.CARRIER, carrier) for carrier in carriers]


async def provider_ids(city: str, wanted: Mapping[str, Sequence[str]]) -> list[UUID]:
    """Who serves some utilities, each with the carriers named for it, in one question; what is not
    there is left out.
    """
    codes = [code for carriers in wanted.values() for code in carriers]
    alone = [utility for utility, carriers in wanted.items() if not carriers]
    rows = await pool().fetch(_PROVIDERS, city, alone, codes)
    return [row["id"] for row in rows]


_PROVIDERS = """
SELECT id FROM organizations WHERE city = $1 AND active
 AND (kind = 'utility' AND code = ANY($2::text[]) OR kind = 'carrier' AND code = ANY($3::text[]))
ORDER BY code
"""


async def all_providers(city: str) -> list[Organization]:
    """Every carrier of the city, and every utility's provider that is not split by carrier."""
    found = await Organization.filter(
        city=city, kind__in=[OrgKind.UTILITY, OrgKind.CARRIER], active=True
    ).order_by("code")
    carried = {one.utility for one in found if one.kind is OrgKind.CARRIER}
    return [one for one in found if one.kind is OrgKind.CARRIER or one.utility not in carried]


async def department(city: str, code: str, town: str | None) -> Organization:
    """A department; the town's own where the department is one per town."""
    if town is not None:
        own = await Organization.filter(
            city=city, kind=OrgKind.DEPARTMENT, code=f"{code}-{town}", active=True
        ).first()
        if own is not None:
            return own
    return await one(city, OrgKind.DEPARTMENT, code)


async def names(ids: Sequence[UUID]) -> dict[UUID, str]:
    """Names by id."""
    rows = await Organization.filter(id__in=list(set(ids))).values_list("id", "name")
    return {row[0]: row[1] for row in rows}


async def utilities(ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """Which utility organisations serve, by id; None for those that serve none."""
    rows = await Organization.filter(id__in=list(set(ids))).values_list("id", "utility")
    return {row[0]: row[1] for row in rows}
