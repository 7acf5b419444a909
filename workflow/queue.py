"""Work queues: what waits for somebody in office, most urgent first (domain §1)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.queries import queue as query
from models.queries.page import After
from rules.actors import Actor, Membership, Role
from rules.errors import Code, DomainError, Fault
from workflow.cursor import decode, encode, uuid_of
from workflow.encoding import SHANGHAI
from workflow.ports import Services
from workflow.queue_filters import QueueQuery, check, filters_of, membership_of
from workflow.queue_rows import Rows
from workflow.unit import Answer

SCAN = 200
"""Rows read at a time when a light has to be judged in working time."""
SCANS = 5
"""How often, before a shorter page is given with a cursor to go on from."""

Read = Callable[[query.Filters, After | None, int], Awaitable[Sequence[query.Row]]]


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows, and the one to go on after; ``None`` when there is nothing more."""

    rows: Sequence[query.Row]
    end: query.Row | None


async def queue(services: Services, actor: Actor, asked: QueueQuery, now: datetime) -> Answer:
    """One page of the actor's queue. ``FORBIDDEN`` without such a role; ``INVALID`` filters."""
    membership = membership_of(actor, asked)
    check(asked, membership.role)
    filters = filters_of(asked, membership.role, now)
    kind = "name" if filters.name_prefix is not None else "due"
    city = services.cities.on(membership.city, now.astimezone(SHANGHAI).date())
    rows = Rows(services, city, now)
    page = await _scan(_reader(membership, asked), filters, _after(kind, asked.after), asked, rows)
    end = page.end
    return Answer(
        {
            "city": membership.city,
            "role": membership.role.value,
            "items": [rows.item(row) for row in page.rows],
            "next": encode(kind, end["sort"], end["row_id"]) if end else None,
        }
    )


def _reader(membership: Membership, asked: QueueQuery) -> Read:
    """The read model of the role."""
    city, org = membership.city, membership.org
    match membership.role:
        case Role.UTILITY_CLERK | Role.CREW:
            return lambda filters, after, limit: query.of_provider(org, city, filters, after, limit)
        case Role.APPROVER if asked.task == "check_road":
            return lambda filters, after, limit: query.unchecked_roads(
                city, org, filters, after, limit
            )
        case Role.APPROVER:
            return lambda filters, after, limit: query.of_department(org, filters, after, limit)
    return lambda filters, after, limit: query.of_city(city, filters, after, limit)


def _after(kind: str, cursor: str | None) -> After | None:
    """The place a cursor names, sure to be one the statement can read."""
    found = decode(kind, cursor)
    if found is None:
        return None
    key, ident = found
    if kind == "due" and key != query.FOREVER:
        try:
            datetime.fromisoformat(key)
        except ValueError:
            raise DomainError(Code.INVALID, faults=(Fault("after", "cursor_wrong"),)) from None
    return After(key, uuid_of(ident))


async def _scan(
    read: Read, filters: query.Filters, after: After | None, asked: QueueQuery, rows: Rows
) -> _Page:
    """A page; yellow and normal are judged in working time, so rows are read until it is full."""
    limit = asked.limit
    if asked.light in (None, "red"):
        found = await read(filters, after, limit + 1)
        return _Page(found[:limit], found[limit - 1] if len(found) > limit else None)
    kept: list[query.Row] = []
    last: query.Row | None = None
    for _ in range(SCANS):
        found = await read(filters, after, SCAN)
        for row in found:
            if rows.light(row) == asked.light:
                if len(kept) == limit:
                    return _Page(kept, kept[-1])
                kept.append(row)
        if len(found) < SCAN:
            return _Page(kept, None)
        last = found[-1]
        after = After(last["sort"], last["row_id"])
    return _Page(kept, last)
