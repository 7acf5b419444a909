"""Somebody's inbox, newest first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from models.db import pool

Row = Mapping[str, Any]

_PAGE = """
SELECT i.id, i.city, i.code, i.params::text AS params, i.application_id, i.registration_id,
       i.created_at, i.read_at,
       COALESCE(a.judged_on, g.judged_on) AS judged_on,
       COALESCE(a.owner_id = $1, false) OR COALESCE(g.owner_id = $1, false) OR EXISTS (
           SELECT FROM enterprise_members m
           WHERE m.enterprise_id = a.enterprise_id AND m.person_id = $1) AS own
  FROM inbox i
  LEFT JOIN applications a ON a.id = i.application_id
  LEFT JOIN registrations g ON g.id = i.registration_id
 WHERE i.person_id = $1 AND i.id < $2 AND (i.read_at IS NULL OR NOT $4)
 ORDER BY i.id DESC LIMIT $3
"""
UNREAD = "SELECT count(*) FROM inbox WHERE person_id = $1 AND read_at IS NULL"
READ = """
UPDATE inbox SET read_at = $2
 WHERE person_id = $1 AND read_at IS NULL AND (id = ANY($3::bigint[]) OR id <= $4)
RETURNING id
"""
"""Mark as read, of one person, the named ones and all up to one."""


async def page(person: UUID, before: int, limit: int, *, unread: bool) -> list[Row]:
    """Messages older than ``before``; ``own``: about the person's own case, not its office."""
    rows: list[Row] = await pool().fetch(_PAGE, person, before, limit, unread)
    return rows


async def unread(person: UUID) -> int:
    """How many are not read yet."""
    return int(await pool().fetchval(UNREAD, person))
