"""The platform behind a signed call. Each nonce is good once, whatever becomes of the call."""

from datetime import datetime

from models.queries.integration import first_use
from rules.actors import Actor, Membership, OrgKind, Role


async def actor_of(platform: str, nonce: str, now: datetime) -> Actor | None:
    """The actor of a call whose signature was judged right; ``None`` for a replay.

    ``platform`` is ``code@city``. It acts for its organisation where the city's file names one.
    """
    code, _, city = platform.partition("@")
    used = await first_use(code, city, nonce, now)
    if used is None:
        return None
    org = used.organization
    held = Membership(org, Role.PLATFORM, city, org, OrgKind.PLATFORM, code) if org else None
    return Actor(
        person=None,
        memberships=(held,) if held else (),
        roles=frozenset({Role.PLATFORM}),
        platform=platform,
    )
