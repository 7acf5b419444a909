"""A calendar was published or changed: provisional deadlines of its city are computed anew.

Each case under its own row's lock, so that nobody pauses or resumes it meanwhile. A batch of cases
is one row of the outbox and leaves the row of the next: no message waits for a whole city.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from tortoise.expressions import Q

from config.cities import Limit
from models import Application, Deadline, Registration, UtilityRequest
from models.queries import provisional as query
from models.writes import update
from rules.actors import SYSTEM, Role
from rules.calendar import Due, WorkCalendar
from rules.errors import Code
from workflow.background.calendar_days import TOPIC
from workflow.background.calendar_refresh import refresh
from workflow.cases.draft import today
from workflow.deadlines import Clocks
from workflow.outages import code_of
from workflow.ports import Services
from workflow.unit import Answer, Unit, perform

BATCH = 50
SETTLED = timedelta(minutes=1)
"""By then every process follows the new calendar; what one opened by the old is found then."""
START = UUID(int=0)

_log = structlog.get_logger("recompute")


async def recompute_provisional(services: Services, payload: Mapping[str, Any]) -> str:
    """One batch of the city's cases; the outcome counts the deadlines that changed."""
    city = str(payload["city"])
    await refresh(services.calendars, city)
    cases = await query.batch(city, UUID(payload.get("after", START.hex)), BATCH)
    changed = failed = 0
    for case in cases:
        try:
            changed += await _recompute(services, case)
        except Exception as fault:  # the edge of a background loop: one case holds up no other
            if code_of(fault) is Code.UNAVAILABLE:
                raise
            _log.exception("recompute_failed", case=str(case.id))
            failed += 1
    await _go_on(services, payload, cases)
    return f"recomputed_{changed}" + (f"_failed_{failed}" if failed else "")


async def _go_on(services: Services, payload: Mapping[str, Any], cases: list[query.Found]) -> None:
    """Leave the next batch; after the last one, a second look when the calendar has settled."""

    async def act(unit: Unit) -> Answer:
        if len(cases) == BATCH:
            unit.send(TOPIC, {**payload, "after": str(cases[-1].id)})
        else:
            unit.send(TOPIC, {"city": payload["city"], "again": True}, wait=SETTLED)
        return Answer({})

    if len(cases) == BATCH or not payload.get("again"):
        await perform(services, SYSTEM, act)


async def _recompute(services: Services, case: query.Found) -> int:
    changed = 0

    async def act(unit: Unit) -> Answer:
        nonlocal changed
        changed = await _under_lock(unit, case)
        return Answer({})

    await perform(services, SYSTEM, act)
    return changed


async def _under_lock(unit: Unit, case: query.Found) -> int:
    table = Registration if case.registration else Application
    row = await table.filter(id=case.id).using_db(unit.connection).select_for_update().get()
    clocks = _clocks(unit, row)
    await clocks.load()
    changed = [each for each in clocks.rows if await _anew(clocks, each)]
    if not changed:
        return 0
    await _light_again(changed, unit.now)
    if isinstance(row, Application):
        for request in await UtilityRequest.filter(application_id=row.id):
            if (due := clocks.due_of(request)) != request.due_at:
                await update(UtilityRequest, request.id, {"due_at": due})
    await update(table, row.id, {"due_at": clocks.earliest()})
    kind = "registration" if case.registration else "application"
    unit.audit(row.city, Role.SYSTEM, "recompute", kind, row.id, deadlines=len(changed))
    return len(changed)


def _clocks(unit: Unit, row: Application | Registration) -> Clocks:
    city = unit.services.cities.on(row.city, row.judged_on or today(unit.now))
    calendar = unit.services.calendars.of(city)
    if isinstance(row, Registration):
        return Clocks(city, calendar, unit.now, registration_id=row.id)
    return Clocks(city, calendar, unit.now, application_id=row.id)


async def _anew(clocks: Clocks, row: Deadline) -> bool:
    """Whether a deadline changed. One that a person set has no limit to compute it from."""
    if not row.provisional or not row.limit:
        return False
    due = _due(clocks.calendar, row, Limit.model_validate(row.limit))
    rule = clocks.city.deadlines.get(row.step)  # type: ignore[call-overload]
    values = {
        "due_at": due.at,
        "provisional": due.provisional,
        "yellow_at": clocks.calendar.yellow_at(
            row.opened_at, due, paused_minutes=row.paused_minutes
        ),
        "target_at": _due(clocks.calendar, row, rule.target).at
        if row.target_at is not None and rule is not None and rule.target is not None
        else row.target_at,
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    row.update_from_dict(values)
    await update(Deadline, row.id, values)
    return True


def _due(calendar: WorkCalendar, row: Deadline, limit: Limit) -> Due:
    """When a limit ends with the pauses that are over; one not over yet is added by its end."""
    due = calendar.deadline(row.opened_at, limit)
    if not row.paused_minutes:
        return due
    later = calendar.add_minutes(due.at, row.paused_minutes)
    return Due(later.at, due.provisional or later.provisional)


async def _light_again(rows: list[Deadline], now: datetime) -> None:
    """A light told too early may be told again in its time."""
    early = Q(yellow_at__gt=now) | Q(due_at__gt=now, warned="red")
    await (
        Deadline.filter(early, id__in=[row.id for row in rows]).exclude(warned="").update(warned="")
    )
