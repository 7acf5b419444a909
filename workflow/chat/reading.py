"""What the talk reads of a person's own cases, and of a crew's visits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from models import Application
from models.queries.progress import Only
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import Stage
from workflow.cases.correcting import to_correct
from workflow.cases.draft import read_draft
from workflow.encoding import SHANGHAI
from workflow.ports import Services
from workflow.reading.mine import MineQuery, mine
from workflow.reading.progress import only_progress, progress
from workflow.registrations.view import view
from workflow.unit import Answer, Unit, perform

Group = Literal["all", "draft", "open", "ended"]
Json = dict[str, Any]


async def cases(services: Services, actor: Actor, group: Group, now: datetime) -> Json:
    """``items``: the newest 20 of one's own."""
    answer = await mine(services, actor, MineQuery(group=group), now)
    return {"items": answer.body["items"]}


async def status(
    services: Services,
    actor: Actor,
    now: datetime,
    unit: Unit | None = None,
    known: Only | None = None,
) -> Json:
    """``kind`` and progress of the only open case; else ``items``, open ones where there are any.

    One statement where the one open case is an application, none where it is ``known``. ``unit``:
    within which it is read.
    """
    if actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    found = await only_progress(services, actor.person, now, known)
    if found.progress is not None:
        return await _told(services, found.progress.body, now)
    if found.kind == "registration" and found.case is not None:
        return await registration(services, actor, found.case, unit)
    return await cases(services, actor, "open" if found.count else "all", now)


async def application(services: Services, actor: Actor, case: UUID, now: datetime) -> Json:
    """``kind`` and progress. ``NOT_FOUND`` for a case that is not the actor's own."""
    answer = await progress(services, actor.as_applicant(), case, now)
    return await _told(services, answer.body, now)


async def _told(services: Services, body: Mapping[str, Any], now: datetime) -> Json:
    """Progress with ``to_correct``: what a returned application was returned for."""
    if body["stage"] != Stage.RETURNED.value:
        return {"kind": "application", **body}
    faults = await _to_correct(services, body["city"], UUID(body["id"]), now)
    return {"kind": "application", **body, "to_correct": faults}


async def draft(unit: Unit, case: UUID) -> Json:
    """The form as it stands; of a returned application also ``to_correct``."""
    body = (await read_draft(unit, case)).body
    if body["stage"] != Stage.RETURNED.value:
        return dict(body)
    return {**body, "to_correct": await _to_correct(unit.services, body["city"], case, unit.now)}


async def _to_correct(services: Services, city: str, case: UUID, now: datetime) -> list[Json]:
    return await to_correct(services.cities.on(city, now.astimezone(SHANGHAI).date()), case)


async def registration(
    services: Services, actor: Actor, case: UUID, unit: Unit | None = None
) -> Json:
    """``kind`` and the registration. ``NOT_FOUND`` for one that is not the actor's own."""
    seen: Json = {}

    async def act(unit: Unit) -> Answer:
        seen.update((await view(unit, case)).body)
        return Answer({})

    if unit is None:
        await perform(services, actor.as_applicant(), act)
    else:
        await act(unit)
    return {**seen, "kind": "registration"}


async def newest_editable(person: UUID | None, city: str) -> UUID | None:
    """The draft, or the application returned for correction, one has last worked on in a city."""
    if person is None:
        return None
    found = (
        await Application.filter(
            owner_id=person, city=city, stage__in=[Stage.DRAFT, Stage.RETURNED]
        )
        .order_by("-updated_at")
        .first()
        .values_list("id", flat=True)
    )
    return UUID(str(found)) if found else None
