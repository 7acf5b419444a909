"""A turn of the chat: all it needs before it is answered in one statement, and its answer in one.

The turns of one person take an advisory lock. A turn that only reads does not wait for it: it sees
whether somebody holds it (``busy``); its answer is kept where the talk has not moved meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from models.db import pool
from models.queries.progress import ONLY
from models.queries.together import Together

_MEMBERSHIP = "m.id, m.role, o.city, o.id, o.kind, o.code, o.utility, o.town"
_LOCK = "hashtextextended('chat:' || {0} || ':' || {1}, 0)"
_TALK = f"""
       c.id AS talk_id, c.person_id, c.version AS talk_version, c.state_sealed,
       p.phone_lookup IS NOT NULL OR EXISTS (
           SELECT FROM identities i WHERE i.person_id = p.id AND i.kind = 'mp') AS linked,
       CASE WHEN c.union_asked_at IS NULL AND p.unionid IS NULL
            THEN c.created_at END AS asked_since,
       (SELECT json_agg(json_build_array({_MEMBERSHIP}) ORDER BY m.created_at, m.id)
          FROM memberships m JOIN organizations o ON o.id = m.organization_id AND o.active
         WHERE m.person_id = c.person_id AND m.ended_at IS NULL) AS memberships
"""  # noqa: S608 - only constants are put into it
_OPENED = f"""
SELECT asker.n,
       (SELECT a.body FROM stored_answers a
         WHERE a.scope = asker.scope AND a.key = asker.key) AS answered,
       NOT pg_try_advisory_xact_lock_shared({_LOCK.format("asker.appid", "asker.openid")}) AS busy,
       {_TALK}
       {{and_more}}
FROM json_to_recordset($1::json) AS asker (
    n int, appid text, openid text, scope text, key text, hidden text)
LEFT JOIN LATERAL (
    SELECT * FROM conversations one
    WHERE one.appid = asker.appid AND one.openid = asker.openid LIMIT 1
) AS c ON true
LEFT JOIN LATERAL (SELECT * FROM persons one WHERE one.id = c.person_id LIMIT 1) AS p ON true
{{joined}}
"""  # noqa: S608 - only the constants above are put into it
"""``LIMIT 1``: by the index, however many PostgreSQL thinks there are to find."""
_ALONE = _OPENED.format(and_more="", joined="")
_WITH_CASE = _OPENED.format(
    and_more=", told.*",
    joined=f"LEFT JOIN LATERAL ({ONLY.format(person='c.person_id')}) AS told ON true",
)
_HELD = f"SELECT pg_advisory_xact_lock({_LOCK.format('$1::text', '$2::text')})"
_TALKING = f"""
SELECT {_TALK}
FROM (SELECT pg_advisory_xact_lock({_LOCK.format("$1::text", "$2::text")}) AS held OFFSET 0) AS turn
CROSS JOIN conversations c JOIN persons p ON p.id = c.person_id
WHERE c.appid = $1 AND c.openid = $2 AND turn.held IS NOT NULL
FOR NO KEY UPDATE OF c
"""  # noqa: S608 - only the constants above are put into it
"""Waits for the turn, then locks the talk, which is read anew where it has moved while we waited:
no turn that only reads moves it while this one goes on.
"""
_KEPT = """
WITH given AS MATERIALIZED (
    SELECT n, scope, key, decode(fingerprint, 'hex') AS fingerprint, at, talk, version,
           substr($2::bytea, begins, body) AS body,
           CASE WHEN state > 0 THEN substr($2::bytea, begins + body, state) END AS state
    FROM json_to_recordset($1::json) AS g (
        n int, scope text, key text, fingerprint text, at timestamptz, talk uuid, version int,
        begins int, body int, state int)
), free AS (
    SELECT c.id, c.version FROM conversations c
    WHERE c.id = ANY(ARRAY(SELECT talk FROM given WHERE state IS NOT NULL))
    FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
    UPDATE conversations c SET state_sealed = g.state, version = f.version + 1, updated_at = g.at
    FROM given g JOIN free f ON f.id = g.talk AND f.version = g.version
    WHERE c.id = g.talk AND g.state IS NOT NULL
    RETURNING g.n
), standing AS (
    SELECT n FROM moved
    UNION ALL
    SELECT g.n FROM given g
    WHERE g.state IS NULL AND EXISTS (
        SELECT FROM conversations c WHERE c.id = g.talk AND c.version = g.version)
)
INSERT INTO stored_answers (scope, key, fingerprint, status, body, headers, created_at)
SELECT scope, key, fingerprint, 200, body, '{}', at FROM given WHERE n IN (SELECT n FROM standing)
ON CONFLICT (scope, key) DO NOTHING RETURNING scope, key
"""
"""The bytes of all come in one value, and where each begins: an array of them costs more. A talk
that somebody holds is passed over: its turn goes the long way, and nobody else waits for it.
"""
_SAVED = """
UPDATE conversations SET state_sealed = $2, version = version + 1, updated_at = $3 WHERE id = $1
"""


class Door(NamedTuple):
    """Who writes what: the talk, and the key of one message. ``hidden``: see ``progress.Asker``."""

    appid: str
    openid: str
    scope: str
    key: str
    hidden: str = ""


class Answer(NamedTuple):
    """A sealed answer to keep, unless the talk ``talk`` has moved from ``version`` meanwhile; it
    goes on from ``state``, or stays as it was where that is empty.
    """

    scope: str
    key: str
    fingerprint: bytes
    body: bytes
    at: datetime
    talk: UUID
    version: int
    state: bytes = b""


def _opening(statement: str) -> Together[Door, Any]:
    async def ask(connection: Any, doors: Sequence[Door]) -> Sequence[Any]:
        given = [{"n": n, **door._asdict()} for n, door in enumerate(doors)]
        rows = await connection.fetch(statement, orjson.dumps(given).decode())
        return sorted(rows, key=itemgetter("n"))

    return Together(ask)


async def _keep(connection: Any, answers: Sequence[Answer]) -> Sequence[bool]:
    """Of two answers of one talk the first alone has a chance."""
    first = {each.talk: each for each in reversed(answers)}
    parts: list[bytes] = []
    given, begins = [], 1
    for n, each in enumerate(first.values()):
        given.append(
            {
                "n": n,
                "scope": each.scope,
                "key": each.key,
                "fingerprint": each.fingerprint.hex(),
                "at": each.at,
                "talk": str(each.talk),
                "version": each.version,
                "begins": begins,
                "body": len(each.body),
                "state": len(each.state),
            }
        )
        parts += (each.body, each.state)
        begins += len(each.body) + len(each.state)
    rows = await connection.fetch(_KEPT, orjson.dumps(given).decode(), b"".join(parts))
    kept = {(row["scope"], row["key"]) for row in rows}
    return [first[each.talk] is each and (each.scope, each.key) in kept for each in answers]


opened = _opening(_ALONE)
"""One row: the answer kept under the key, whether a turn runs, where the talk stands."""
opened_with_case = _opening(_WITH_CASE)
"""The same, and what ``progress.ONLY`` tells of the person, who will probably ask for it."""
keep = Together(_keep)
"""Whether the answer of a turn that changes nothing is kept: not where the talk has moved, or
another has answered the message.
"""


async def wait_for_turn(appid: str, openid: str) -> None:
    """Hold the person's turn until the end of the ambient transaction."""
    await pool().fetchval(_HELD, appid, openid)


async def talking(appid: str, openid: str) -> Any | None:
    """Where the talk stands, once it is our turn: held until the end of the ambient transaction.

    None for a talk not begun; only ``wait_for_turn`` makes sure that nobody else begins it.
    """
    return await pool().fetchrow(_TALKING, appid, openid)


async def save(talk: UUID, state: bytes, now: datetime) -> None:
    """Where the talk stands from now on, in the ambient transaction."""
    await pool().execute(_SAVED, talk, state, now)
