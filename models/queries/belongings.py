"""What belongs to a person, moved to another and given back: exactly the rows that came along."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from models.db import pool

Brought = Mapping[str, Sequence[Any]]
"""Ids of the rows that moved, by table."""

CASES: Final = ("applications", "registrations")
_OWNERS: Final = {
    "applications": "owner_id",
    "registrations": "owner_id",
    "uploads": "person_id",
    "complaints": "person_id",
    "enterprises": "created_by",
    "enterprise_members": "person_id",
    "inbox": "person_id",
}
_SAME: Final = {
    "enterprises": "x.credit_code = t.credit_code",
    "enterprise_members": "x.enterprise_id = t.enterprise_id",
    "inbox": "x.origin = t.origin AND x.code = t.code",
}
"""What one person has only once: a row stays where the other has such a one already."""
_KINDS: Final = {"inbox": "bigint"}

_HOLD = "SELECT id FROM {0} WHERE {1} ORDER BY id FOR UPDATE"


def _moving(table: str, rest: str = "") -> str:
    """$1: to whom, $2: from whom."""
    owner = _OWNERS[table]
    free = f"SELECT FROM {table} x WHERE x.{owner} = $1 AND {_SAME.get(table, 'false')}"
    return (
        f"UPDATE {table} t SET {owner} = $1 WHERE {owner} = $2{rest}"  # noqa: S608 - constants
        f" AND NOT EXISTS ({free}) RETURNING id"
    )


async def hold_cases(person: UUID) -> None:
    """Lock a person's cases: whoever moves a case holds it before it tells its owner."""
    for table in CASES:
        await pool().fetch(_HOLD.format(table, f"{_OWNERS[table]} = $1"), person)


async def hold_brought(brought: Brought) -> None:
    """Lock the cases that came along."""
    for table in CASES:
        await pool().fetch(_HOLD.format(table, "id = ANY($1)"), brought.get(table, ()))


async def bring(person: UUID, other: UUID) -> dict[str, list[Any]]:
    """All that ``person`` has becomes ``other``'s; what it was."""
    moved: dict[str, list[Any]] = {}
    for table in _OWNERS:
        rows = await pool().fetch(_moving(table), other, person)
        if rows:
            ids = [row["id"] for row in rows]
            moved[table] = ids if table in _KINDS else [str(each) for each in ids]
    return moved


async def give_back(brought: Brought, other: UUID, person: UUID) -> dict[str, int]:
    """What came along and is still ``other``'s is ``person``'s again; how many rows, by table."""
    given: dict[str, int] = {}
    for table, ids in brought.items():
        rest = f" AND id = ANY($3::{_KINDS.get(table, 'uuid')}[])"
        given[table] = len(await pool().fetch(_moving(table, rest), person, other, list(ids)))
    return given


async def count_cases(person: UUID) -> int:
    """How many applications (drafts too) and registrations somebody has."""
    found = await pool().fetchval(
        "SELECT (SELECT count(*) FROM applications WHERE owner_id = $1)"
        " + (SELECT count(*) FROM registrations WHERE owner_id = $1)",
        person,
    )
    return int(found)


async def count_brought(brought: Brought, other: UUID) -> int:
    """How many of the cases that came along are still ``other``'s."""
    found = await pool().fetchval(
        "SELECT (SELECT count(*) FROM applications WHERE id = ANY($1::uuid[]) AND owner_id = $3)"
        " + (SELECT count(*) FROM registrations WHERE id = ANY($2::uuid[]) AND owner_id = $3)",
        list(brought.get("applications", ())),
        list(brought.get("registrations", ())),
        other,
    )
    return int(found)
