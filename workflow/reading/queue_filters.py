"""What may be asked of a work queue, and what it means in each role."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from models.queries import queue as query
from rules.actors import Actor, Membership, Role
from rules.errors import Code, DomainError, Fault
from rules.states import Channel, RequestState, Stage
from workflow.encoding import SHANGHAI
from workflow.inputs import CodeName, Input, Moment, clean_text
from workflow.reading.cursor import Cursor, PageSize
from workflow.reading.lights import Light

Task = Literal["survey", "build", "connect", "list", "sign", "check_road"]

WORKERS = (
    Role.WINDOW_CLERK,
    Role.COORDINATOR,
    Role.UTILITY_CLERK,
    Role.CREW,
    Role.APPROVER,
    Role.REGULATOR,
)
"""Roles that have a queue, in the order in which one is chosen for a person of several."""

TASKS: Mapping[Role, frozenset[str]] = {
    Role.CREW: frozenset(query.TASKS),
    Role.UTILITY_CLERK: frozenset(query.TASKS),
    Role.APPROVER: frozenset({*query.STEPS, "check_road"}),
}


class QueueQuery(Input):
    """Whose queue, narrowed to what, from where on."""

    city: CodeName | None = None
    role: Role | None = None
    organization: CodeName | None = None
    """Code of the organisation, for a person who works for several."""
    stage: Stage | None = None
    state: RequestState | None = None
    task: Task | None = None
    utility: CodeName | None = None
    town: CodeName | None = None
    light: Light | None = None
    channel: Channel | None = None
    due_before: Moment | None = None
    search: Annotated[str, Field(max_length=60)] | None = None
    """A number (``2026（000001）号``, or its figures), else how an enterprise's name begins."""
    after: Cursor | None = None
    limit: PageSize = 20


def membership_of(actor: Actor, asked: QueueQuery) -> Membership:
    """The first membership asked for; ``FORBIDDEN`` without one, whatever was asked."""
    fitting = [
        each
        for each in actor.memberships
        if each.role in WORKERS
        and asked.city in (None, each.city)
        and asked.role in (None, each.role)
        and asked.organization in (None, each.org_code)
    ]
    if not fitting:
        raise DomainError(Code.FORBIDDEN)
    return min(fitting, key=lambda each: WORKERS.index(each.role))


def check(asked: QueueQuery, role: Role) -> None:
    """Refuse filters that mean nothing in this queue, rather than ignore them."""
    faults = []
    by_request = role in (Role.UTILITY_CLERK, Role.CREW)
    if asked.state is not None and not by_request:
        faults.append(Fault("state", "filter_unfit"))
    if asked.stage is not None and (
        by_request or (asked.stage is Stage.DRAFT and role is not Role.WINDOW_CLERK)
    ):
        faults.append(Fault("stage", "filter_unfit"))
    if asked.task is not None and asked.task not in TASKS.get(role, frozenset()):
        faults.append(Fault("task", "filter_unfit"))
    if asked.task is not None and asked.state is not None and by_request:
        faults.append(Fault("state", "filter_unfit"))
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))


def filters_of(asked: QueueQuery, role: Role, now: datetime) -> query.Filters:
    state = asked.state if role in (Role.UTILITY_CLERK, Role.CREW) else asked.stage
    filters = query.Filters(
        states=(state.value,) if state else (),
        any_state=asked.search is not None,
        task=asked.task,
        utility=asked.utility,
        town=asked.town,
        channel=asked.channel.value if asked.channel else None,
        due_before=asked.due_before,
        light=asked.light,
        now=now,
    )
    return _search(filters, asked.search, now)


_NUMBER = re.compile(r"([0-9]{4})[^0-9a-z]*?([0-9]{4,9})[^0-9a-z]*", re.IGNORECASE)
_YEARS = 10


def _search(filters: query.Filters, text: str | None, now: datetime) -> query.Filters:
    if text is None:
        return filters
    try:
        cleaned = clean_text(text)
    except ValueError:
        raise DomainError(
            Code.INVALID, faults=(Fault("search", "bad_character", "搜索内容"),)
        ) from None
    if not cleaned:
        raise DomainError(Code.INVALID, faults=(Fault("search", "required", "搜索内容"),))
    figures = unicodedata.normalize("NFKC", cleaned)
    if found := _NUMBER.fullmatch(figures):
        return replace(filters, numbers=((int(found[1]), int(found[2])),))
    if figures.isascii() and figures.isdecimal() and len(figures) <= 9:
        year = now.astimezone(SHANGHAI).year
        years = range(year - _YEARS, year + 1)
        return replace(filters, numbers=tuple((each, int(figures)) for each in years))
    return replace(filters, name_prefix=cleaned)
