"""Work queues in plain SQL: cases of a city, requests of a provider, tasks of a department.

Indexes of migration ``0005_queues`` serve each order; a page costs the same at any depth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from models.db import pool
from models.queries.page import DUE, FOREVER, NAME, After, Statement

Row = Mapping[str, Any]

OPEN_STAGES = (
    "('submitted', 'returned', 'accepted', 'surveying', 'planning', 'permitting',"
    " 'constructing', 'inspecting', 'connecting', 'connected')"
)
OPEN_REQUESTS = "('pending', 'surveyed', 'planned', 'permitted', 'built', 'inspected')"
"""Spelt as in the partial indexes, so that the planner sees that they fit."""

_EPOCH = "extract(epoch FROM {})::float8"
_CLOCK = (
    f"json_build_array(d.step, {_EPOCH.format('d.due_at')}, {_EPOCH.format('d.yellow_at')},"
    f" {_EPOCH.format('d.paused_at')}, d.pause_reason, d.provisional)"
)
_CASE = """a.id, a.city, a.year, a.sequence, a.stage, a.plan_state, a.enterprise_name, a.town,
 a.utilities, a.channel, a.judged_on, a.submitted_at, a.version, a.rated_at IS NOT NULL AS rated,
 a.road_opened AND a.road_checked_at IS NULL AS road_unchecked,
 (SELECT s.at FROM surveys s
   WHERE s.application_id = a.id AND s.state IN ('held', 'confirmed')) AS survey_at"""
_REQUEST = """r.id AS request_id, r.utility, r.kind, r.course, r.state, r.permit_state,
 r.segment_open, r.works_started_at IS NOT NULL AS works_started, r.connection_at,
 r.version AS request_version, o.name AS provider"""
_PARTS = """(SELECT json_agg(json_build_array(r.utility, o.name, r.state) ORDER BY r.id)
   FROM requests r JOIN organizations o ON o.id = r.organization_id
  WHERE r.application_id = a.id) AS requests"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a page is narrowed to; ``None`` does not narrow."""

    states: tuple[str, ...] = ()
    """Stages of cases, states of requests; empty: everything still open."""
    any_state: bool = False
    """With ``states`` empty: what has ended, too (a search)."""
    task: str | None = None
    utility: str | None = None
    town: str | None = None
    channel: str | None = None
    due_before: datetime | None = None
    light: str | None = None
    now: datetime | None = None
    """The time lights are judged at."""
    name_prefix: str | None = None
    """Orders by the enterprise's name instead of by due time."""
    numbers: tuple[tuple[int, int], ...] = ()
    """Year and sequence pairs: one of them."""


TASKS: dict[str, tuple[tuple[str, ...], str]] = {
    "survey": (
        ("pending",),
        "r.course = 'full' AND EXISTS (SELECT FROM surveys s"
        " WHERE s.application_id = r.application_id AND s.state = 'confirmed')",
    ),
    "build": (
        ("planned", "permitted"),
        "(r.state = 'permitted' OR r.permit_state = 'not_needed') AND r.works_finished_at IS NULL",
    ),
    "connect": (
        ("inspected", "pending"),
        "(r.state = 'inspected' OR r.course <> 'full') AND r.connection_at IS NOT NULL",
    ),
}
"""A crew's tasks: states of requests, and what else must hold."""

_GLOWS = (
    "EXISTS (SELECT FROM deadlines y WHERE y.{0} AND y.closed_at IS NULL"
    " AND y.paused_at IS NULL AND y.yellow_at <= {{}})"
)
_OF_REQUESTS = (
    "({0}.request_id = r.id OR {0}.request_id IS NULL AND {0}.step = 'survey'"
    " AND r.state = 'pending' AND r.course = 'full')"
)
"""Clocks of a request: its own, and until it is surveyed that of the joint survey."""
GLOWS = {
    "a": _GLOWS.format("application_id = a.id"),
    "r": _GLOWS.format("application_id = r.application_id AND " + _OF_REQUESTS.format("y")),
    "d": "d.paused_at IS NULL AND d.yellow_at <= {}",
}
"""Whether a case, a request or a clock is in the last quarter of some running clock."""

RUNNING = {"a": "", "r": "", "d": " AND d.paused_at IS NULL"}
"""The due time of a case is that of a running clock already."""

STEPS = {"list": "document_list", "sign": "joint_approval"}
"""A department's tasks: the clock that runs against it."""


async def of_city(city: str, filters: Filters, after: After | None, limit: int) -> list[Row]:
    """Cases of one city, for its window and its coordinator. Drafts only of the window's own."""
    statement = Statement()
    place = statement.param(city)
    key, cast = _order(filters, "a")
    _narrow(statement, filters, "a")
    if filters.utility is not None:
        statement.where("a.utilities @> ARRAY[{}]::text[]", filters.utility)
    statement.after(key, "a.id", cast, after)
    arms = [f"a.city = {place} AND {arm}" for arm in _stages(statement, filters)]
    page = statement.arms("FROM applications a", key, "a.id", arms, limit)
    return await _cases(page, statement)


async def unchecked_roads(
    city: str, organization: UUID, filters: Filters, after: After | None, limit: int
) -> list[Row]:
    """Cases whose opened road one department still has to find restored."""
    statement = Statement()
    key, cast = _order(filters, "a")
    _narrow(statement, filters, "a")
    statement.where("a.city = {}", city)
    statement.where(
        "EXISTS (SELECT FROM opinions p JOIN requests r ON r.id = p.request_id"
        " WHERE r.application_id = a.id AND p.organization_id = {})",
        organization,
    )
    statement.after(key, "a.id", cast, after)
    arm = f"a.road_opened AND a.road_checked_at IS NULL AND a.stage IN {OPEN_STAGES}"
    page = statement.arms("FROM applications a", key, "a.id", [arm], limit)
    return await _cases(page, statement)


async def of_provider(
    organization: UUID, city: str, filters: Filters, after: After | None, limit: int
) -> list[Row]:
    """Requests of one utility or carrier."""
    statement = Statement()
    owner = statement.param(organization)
    searching = filters.name_prefix is not None or bool(filters.numbers)
    key, cast = _order(filters, "a" if filters.name_prefix is not None else "r")
    _narrow(statement, filters, "r", "{}" if searching else _OF_REQUEST)
    if searching:
        statement.where("a.city = {}", city)
    if filters.utility is not None:
        statement.where("r.utility = {}", filters.utility)
    arms = [f"r.organization_id = {owner} AND {arm}" for arm in _states(statement, filters)]
    statement.after(key, "r.id", cast, after)
    source = (
        "FROM applications a JOIN requests r ON r.application_id = a.id"
        if searching
        else "FROM requests r"
    )
    page = statement.arms(source, key, "r.id", arms, limit)
    rows: list[Row] = await pool().fetch(
        f"""SELECT page.key::text AS sort, {_CASE}, {_REQUEST}, page.id AS row_id,
            (SELECT json_agg({_CLOCK} ORDER BY d.due_at) FROM deadlines d
              WHERE d.application_id = a.id AND d.closed_at IS NULL
                AND {_OF_REQUESTS.format("d")}) AS clocks
        FROM {page} AS page JOIN requests r ON r.id = page.id
        JOIN applications a ON a.id = r.application_id
        JOIN organizations o ON o.id = r.organization_id
        ORDER BY page.key, page.id""",  # noqa: S608 - made of constants and parameters
        *statement.params,
    )
    return rows


async def of_department(
    organization: UUID, filters: Filters, after: After | None, limit: int
) -> list[Row]:
    """Lists to give and opinions to sign: the clocks that run against one department."""
    statement = Statement()
    key, cast = _order(filters, "a" if filters.name_prefix is not None else "d")
    _narrow(statement, filters, "d")
    steps = [STEPS[filters.task]] if filters.task else list(STEPS.values())
    statement.where("d.step = ANY({}::text[])", steps)
    if filters.states:
        statement.where("a.stage = ANY({}::text[])", list(filters.states))
    if filters.utility is not None:
        statement.where("r.utility = {}", filters.utility)
    statement.after(key, "d.id", cast, after)
    arm = f"d.organization_id = {statement.param(organization)} AND d.closed_at IS NULL"
    source = (
        "FROM deadlines d JOIN requests r ON r.id = d.request_id"
        " JOIN applications a ON a.id = d.application_id"
    )
    page = statement.arms(source, key, "d.id", [arm], limit)
    rows: list[Row] = await pool().fetch(
        f"""SELECT page.key::text AS sort, {_CASE}, {_REQUEST}, page.id AS row_id,
            json_build_array({_CLOCK}) AS clocks
        FROM {page} AS page JOIN deadlines d ON d.id = page.id
        JOIN requests r ON r.id = d.request_id
        JOIN applications a ON a.id = r.application_id
        JOIN organizations o ON o.id = r.organization_id
        ORDER BY page.key, page.id""",  # noqa: S608 - made of constants and parameters
        *statement.params,
    )
    return rows


def clocks_of(row: Row) -> list[list[Any]]:
    """Open clocks: step; due, yellow, paused (epoch seconds); why it is paused; provisional."""
    return orjson.loads(row["clocks"]) if row["clocks"] else []


def parts_of(row: Row) -> list[list[Any]]:
    """Utility, provider and state of each request of a case."""
    return orjson.loads(row["requests"]) if row["requests"] else []


async def _cases(page: str, statement: Statement) -> list[Row]:
    rows: list[Row] = await pool().fetch(
        f"""SELECT page.key::text AS sort, {_CASE}, {_PARTS}, page.id AS row_id,
            (SELECT json_agg({_CLOCK} ORDER BY d.due_at) FROM deadlines d
              WHERE d.application_id = a.id AND d.closed_at IS NULL) AS clocks
        FROM {page} AS page JOIN applications a ON a.id = page.id
        ORDER BY page.key, page.id""",  # noqa: S608 - made of constants and parameters
        *statement.params,
    )
    return rows


def _order(filters: Filters, alias: str) -> tuple[str, str]:
    if filters.name_prefix is not None:
        return NAME.format(alias), 'text COLLATE "C"'
    return DUE.format(alias), "timestamptz"


_OF_REQUEST = "(SELECT {} FROM applications a WHERE a.id = r.application_id)"
"""A column of a request's case, looked up by key: a join here would be planned for all rows."""


def _narrow(statement: Statement, filters: Filters, due: str, column: str = "{}") -> None:
    """Conditions on the case (``a``, reached by ``column``), and on the due time of ``due``."""
    for name, value in (("a.town", filters.town), ("a.channel", filters.channel)):
        if value is not None:
            statement.where(f"{column.format(name)} = {{}}", value)
    if filters.due_before is not None:
        statement.where(f"{DUE.format(due)} < {{}}", filters.due_before)
    if filters.light == "red":
        statement.where(f"{DUE.format(due)} < {{}}{RUNNING[due]}", filters.now)
    elif filters.light is not None:
        no = "" if filters.light == "yellow" else "NOT "
        statement.where(f"{DUE.format(due)} >= {{}}{RUNNING[due]}", filters.now)
        statement.where(f"{due}.due_at IS NOT NULL AND {no}({GLOWS[due]})", filters.now)
    if filters.name_prefix is not None:
        prefix = filters.name_prefix
        statement.where(f"{NAME.format('a')} >= {{}}", prefix)
        statement.where(f"{NAME.format('a')} < {{}}", prefix + "\U0010ffff")
    if filters.numbers:
        statement.where(
            "(a.year, a.sequence) IN (SELECT * FROM unnest({}::int2[], {}::int4[]))",
            [year for year, _ in filters.numbers],
            [sequence for _, sequence in filters.numbers],
        )


def _stages(statement: Statement, filters: Filters) -> list[str]:
    if not filters.states:
        shown = "a.stage <> 'draft'" if filters.any_state else f"a.stage IN {OPEN_STAGES}"
        return [shown]
    return [
        "a.stage = 'draft' AND a.channel = 'window'"
        if state == "draft"
        else f"a.stage = {statement.param(state)}"
        for state in filters.states
    ]


def _states(statement: Statement, filters: Filters) -> list[str]:
    if filters.task is not None:
        states, also = TASKS[filters.task]
        return [f"r.state = '{state}' AND {also}" for state in states]
    if not filters.states:
        return ["true" if filters.any_state else f"r.state IN {OPEN_REQUESTS}"]
    return [f"r.state = {statement.param(state)}" for state in filters.states]


__all__ = [
    "FOREVER",
    "STEPS",
    "TASKS",
    "After",
    "Filters",
    "clocks_of",
    "of_city",
    "of_department",
    "of_provider",
    "parts_of",
    "unchecked_roads",
]
