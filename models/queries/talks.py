"""Which talks of the official account are somebody's."""

from collections.abc import Iterable
from uuid import UUID

from models.db import pool

_HELD = """
SELECT appid, openid FROM identities WHERE person_id = ANY($1::uuid[]) AND kind = 'h5'
UNION
SELECT appid, openid FROM conversations
WHERE person_id = ANY($1::uuid[]) OR home_id = ANY($1::uuid[])
ORDER BY appid, openid
"""
_JOINED = """
SELECT person_id FROM conversations
WHERE appid = $1 AND openid = $2 AND home_id IS NOT NULL
"""


async def held_by(persons: Iterable[UUID]) -> list[tuple[str, str]]:
    """(appid, openid) of every talk that is, or may begin as, one of theirs; in the order in which
    their turns are taken.
    """
    rows = await pool().fetch(_HELD, list(persons))
    return [(row["appid"], row["openid"]) for row in rows]


async def joined_to(appid: str, openid: str) -> UUID | None:
    """Whom an openid's talk is joined to by a code; None where it is not."""
    found: UUID | None = await pool().fetchval(_JOINED, appid, openid)
    return found
