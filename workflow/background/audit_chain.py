"""The audit trail's chain: one appender gives every entry its place and digest, per city.

The digest is SM3 over the previous digest and the entry's canonical JSON, so changing, removing
or inserting an entry shows from there on (GB/T 22239 8.1.4.3).
"""

from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from tortoise.backends.base.client import BaseDBAsyncClient

from models.db import in_transaction

APPENDER_LOCK = 0x61756469
BATCH = 500
ZERO = b"\x00" * 32

_COLUMNS = (
    "id, city, at, person_id, role, action, object_kind, object_id, success, detail, correlation"
)


def digest(previous: bytes, sequence: int, entry: dict[str, Any]) -> bytes:
    """SM3 of one entry in its place. ``entry`` holds the audit columns as read."""
    detail = entry["detail"]
    canonical = orjson.dumps(
        {
            "sequence": sequence,
            "city": entry["city"],
            "at": int(entry["at"].timestamp() * 1_000_000),
            "person": str(entry["person_id"]) if entry["person_id"] else None,
            "role": entry["role"],
            "action": entry["action"],
            "kind": entry["object_kind"],
            "object": entry["object_id"],
            "success": entry["success"],
            "detail": orjson.loads(detail) if isinstance(detail, str | bytes) else detail,
            "correlation": entry["correlation"],
        },
        option=orjson.OPT_SORT_KEYS,
    )
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(previous)
    sm3.update(canonical)
    return sm3.finalize()


async def append() -> int:
    """Chain what has been committed since; how many entries. Another appender running: none.

    An entry committed late gets a later place than its id suggests; nothing is left out.
    """
    async with in_transaction() as connection:
        locked = await connection.execute_query_dict(
            "SELECT pg_try_advisory_xact_lock($1) AS mine", [APPENDER_LOCK]
        )
        if not locked[0]["mine"]:
            return 0
        waiting = await connection.execute_query_dict(
            f"SELECT {_COLUMNS} FROM audit WHERE sequence IS NULL"  # noqa: S608 - constants
            " ORDER BY city, id LIMIT $1",
            [BATCH],
        )
        links = await _links(connection, waiting)
        if links:
            await connection.execute_query(
                "UPDATE audit SET sequence = l.sequence, previous = l.previous, digest = l.digest"
                " FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])"
                " AS l (id, sequence, previous, digest) WHERE audit.id = l.id",
                [list(column) for column in zip(*links, strict=True)],
            )
    return len(links)


async def _links(
    connection: BaseDBAsyncClient, waiting: list[dict[str, Any]]
) -> list[tuple[int, int, bytes, bytes]]:
    links: list[tuple[int, int, bytes, bytes]] = []
    ends: dict[str, tuple[int, bytes]] = {}
    for entry in waiting:
        city = entry["city"]
        sequence, previous = ends.get(city) or await _end(connection, city)
        sequence += 1
        own = digest(previous, sequence, entry)
        links.append((entry["id"], sequence, previous, own))
        ends[city] = (sequence, own)
    return links


async def _end(connection: BaseDBAsyncClient, city: str) -> tuple[int, bytes]:
    rows = await connection.execute_query_dict(
        "SELECT sequence, digest FROM audit WHERE city = $1 AND sequence IS NOT NULL"
        " ORDER BY sequence DESC LIMIT 1",
        [city],
    )
    return (rows[0]["sequence"], bytes(rows[0]["digest"])) if rows else (0, ZERO)


async def verify(city: str) -> list[int]:
    """Places of a city's chain that do not fit: changed, removed before, or inserted."""
    wrong: list[int] = []
    async with in_transaction() as connection:
        expected, previous = 1, ZERO
        after = 0
        while True:
            rows = await connection.execute_query_dict(
                f"SELECT {_COLUMNS}, sequence, previous, digest FROM audit"  # noqa: S608
                " WHERE city = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
                [city, after, BATCH],
            )
            for entry in rows:
                sequence, own = entry["sequence"], bytes(entry["digest"])
                fits = (
                    sequence == expected
                    and bytes(entry["previous"]) == previous
                    and digest(previous, sequence, entry) == own
                )
                if not fits:
                    wrong.append(sequence)
                expected, previous, after = sequence + 1, own, sequence
            if len(rows) < BATCH:
                return wrong
