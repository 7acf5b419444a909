"""Work queues: what waits for somebody in office, most urgent first (domain §1)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from models.queries import queue as query
from models.queries.page import After
from rules.actors import Actor, Membership, Role
from rules.errors import Code, DomainError, Fault
from workflow.ports import Services
from workflow.reading.cursor import decode, encode, uuid_of
from workflow.reading.queue_filters import QueueQuery, check, filters_of, membership_of
from workflow.reading.queue_rows import Rows
from workflow.unit import Answer

Read = Callable[[query.Filters, After | None, int], Awaitable[Sequence[query.Row]]]


async def queue(services: Services, actor: Actor, asked: QueueQuery, now: datetime) -> Answer:
    """One page of the actor's queue. ``FORBIDDEN`` without such a role; ``INVALID`` filters."""
    membership = membership_of(actor, asked)
    check(asked, membership.role)
    filters = filters_of(asked, membership.role, now)
    kind = "name" if filters.name_prefix is not None else "due"
    read = _reader(membership, asked)
    found = await read(filters, _after(kind, asked.after), asked.limit + 1)
    page = found[: asked.limit]
    end = page[-1] if len(found) > asked.limit else None
    rows = Rows(services, now)
    return Answer(
        {
            "city": membership.city,
            "role": membership.role.value,
            "items": [rows.item(row) for row in page],
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
