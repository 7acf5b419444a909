"""A turn of the chat: all it needs before it is answered in one statement, and its answer in one.

The turns of one person take an advisory lock. A turn that only reads does not wait for it: it sees
whether somebody holds it (``busy``); its answer is kept where the talk has not moved meanwhile.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from models.db import pool

_MEMBERSHIP = "m.id, m.role, o.city, o.id, o.kind, o.code, o.utility, o.town"
_LOCK = "hashtextextended('chat:' || {0} || ':' || {1}, 0)"
_TALK = f"""
       c.id, c.person_id, c.version, c.state_sealed,
       p.phone_lookup IS NOT NULL OR EXISTS (
           SELECT FROM identities i WHERE i.person_id = p.id AND i.kind = 'mp') AS linked,
       (SELECT json_agg(json_build_array({_MEMBERSHIP}) ORDER BY m.created_at, m.id)
          FROM memberships m JOIN organizations o ON o.id = m.organization_id AND o.active
         WHERE m.person_id = c.person_id AND m.ended_at IS NULL) AS memberships
"""  # noqa: S608 - only constants are put into it
_OPENED = f"""
SELECT (SELECT a.body FROM stored_answers a WHERE a.scope = $3 AND a.key = $4) AS answered,
       NOT pg_try_advisory_xact_lock_shared({_LOCK.format("$1::text", "$2::text")}) AS busy,
       {_TALK}
FROM (SELECT 1) AS one
LEFT JOIN conversations c ON c.appid = $1 AND c.openid = $2
LEFT JOIN persons p ON p.id = c.person_id
"""  # noqa: S608 - only the constants above are put into it
_HELD = f"SELECT pg_advisory_xact_lock({_LOCK.format('$1::text', '$2::text')})"
_TALKING = f"""
SELECT {_TALK}
FROM conversations c JOIN persons p ON p.id = c.person_id
WHERE c.appid = $1 AND c.openid = $2
"""  # noqa: S608 - only the constants above are put into it
_MOVED = """
WITH moved AS (
    UPDATE conversations SET state_sealed = $6, version = version + 1, updated_at = $5
    WHERE id = $7 AND version = $8 RETURNING 1)
INSERT INTO stored_answers (scope, key, fingerprint, status, body, headers, created_at)
SELECT $1, $2, $3, 200, $4, '{}', $5 WHERE EXISTS (SELECT FROM moved)
ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""
_STILL = """
INSERT INTO stored_answers (scope, key, fingerprint, status, body, headers, created_at)
SELECT $1, $2, $3, 200, $4, '{}', $5
WHERE EXISTS (SELECT FROM conversations WHERE id = $6 AND version = $7)
ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""
_SAVED = """
UPDATE conversations SET state_sealed = $2, version = version + 1, updated_at = $3 WHERE id = $1
"""


async def opened(appid: str, openid: str, scope: str, key: str) -> Any:
    """One row: the answer kept under the key, whether a turn runs, where the talk stands."""
    return await pool().fetchrow(_OPENED, appid, openid, scope, key)


async def wait_for_turn(appid: str, openid: str) -> None:
    """Hold the person's turn until the end of the ambient transaction."""
    await pool().fetchval(_HELD, appid, openid)


async def talking(appid: str, openid: str) -> Any | None:
    """Where the talk stands; asked after ``wait_for_turn``, so that it is the newest."""
    return await pool().fetchrow(_TALKING, appid, openid)


async def keep(
    scope: str, key: str, fingerprint: bytes, body: bytes, now: datetime, talk: UUID, version: int
) -> bool:
    """Keep the answer of a turn that changes nothing, unless the talk has moved or another did."""
    given = (scope, key, fingerprint, body, now, talk, version)
    return await pool().fetchval(_STILL, *given) is not None


async def keep_moved(
    scope: str,
    key: str,
    fingerprint: bytes,
    body: bytes,
    now: datetime,
    state: bytes,
    talk: UUID,
    version: int,
) -> bool:
    """The same, and the talk goes on from ``state``."""
    given = (scope, key, fingerprint, body, now, state, talk, version)
    return await pool().fetchval(_MOVED, *given) is not None


async def save(talk: UUID, state: bytes, now: datetime) -> None:
    """Where the talk stands from now on, in the ambient transaction."""
    await pool().execute(_SAVED, talk, state, now)


_EARLIER = """
SELECT EXISTS (
    SELECT FROM outbox WHERE topic = 'chat_message' AND payload->>'openid' = $1
       AND payload->>'ref' < $2 AND done_at IS NULL AND failed_at IS NULL)
"""


async def has_earlier_message(openid: str, ref: str) -> bool:
    """Whether an outbox row with messages to the person, written before ``ref``, still waits."""
    return bool(await pool().fetchval(_EARLIER, openid, ref))
