"""Shorter words for driving a case: where tests of the case engine begin, and its single acts."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from models import Deadline, Event, Opinion, UtilityRequest
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import Verdict
from tests.workflow.drive import Drive, attach
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import SHANGHAI, World
from workflow.cases import acceptance, commitment, connection, joint
from workflow.cases.view import case_view
from workflow.unit import Answer, Unit

Json = dict[str, Any]
Act = Callable[[Unit], Awaitable[Answer]]
TWO = ZHOUKOU | {"utilities": ["water", "electricity"]}
LONG = {"line_m": 300, "road_excavated": True, "crossing_m": 10, "road_class": "branch"}
"""A dig that needs joint approval in Zhoukou (more than 200 m)."""
SHORT = {"line_m": 120, "road_excavated": True, "crossing_m": 10, "road_class": "branch"}
"""A dig for which a promise is enough in Zhoukou."""
INSIDE = acceptance.Estimate(external_line=False)
PAPER = "施工方案"
PROMISE = commitment.Commitment(
    builder="样例工程队",
    signer="样例",
    conditions_met=True,
    road_restored=True,
    inspection_accepted=True,
    pipes_protected=True,
)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A time of 2026 as the city's clocks show it."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


async def accepted(
    world: World, values: Json = TWO, city: str = "zhoukou", **estimates: acceptance.Estimate
) -> Drive:
    """A case accepted on Monday at nine."""
    drive = await Drive.drafted(world, city, values)
    await drive.submit()
    await drive.accept(**estimates)
    return drive


async def walked_in(world: World, values: Json = TWO, city: str = "zhoukou") -> Drive:
    """A case entered at the window and accepted; its contact has not signed in yet."""
    drive = await Drive.drafted(world, city, values, window=await world.window(city))
    await drive.submit()
    await drive.accept()
    return drive


async def surveyed(world: World, drive: Drive, **segments: Json) -> Drive:
    """At the agreed time every line is looked at; ``segments`` by utility."""
    world.clock.set(at(3, 18, 10))
    for request in await drive.requests():
        if request.course == "full":
            await drive.find(request, **segments.get(request.utility, {}))
    return drive


async def offered(world: World, values: Json = TWO, **segments: Json) -> Drive:
    """Everything surveyed and drawn; the applicant has been asked."""
    drive = await surveyed(world, await accepted(world, values), **segments)
    for request in await drive.requests():
        await drive.draw(request)
    return drive


async def planned(world: World, values: Json = TWO, **segments: Json) -> Drive:
    """The plan agreed, the permits under way."""
    drive = await offered(world, values, **segments)
    await drive.agree()
    return drive


async def of(drive: Drive, utility: str) -> UtilityRequest:
    """The request of one utility as it stands."""
    return await UtilityRequest.get(application_id=drive.id, utility=utility)


async def clerk(drive: Drive, utility: str) -> Actor:
    """A clerk of the utility that serves the case."""
    return await drive.world.clerk(drive.city, (await of(drive, utility)).organization_id)


async def crew(drive: Drive, utility: str) -> Actor:
    """A crew of the utility that serves the case."""
    return await drive.world.crew(drive.city, (await of(drive, utility)).organization_id)


async def decline(drive: Drive, utility: str) -> Json:
    """The utility refuses its part."""
    row = await of(drive, utility)
    body = connection.Refusal(reason="no_source", explanation="样例说明")
    return await drive.world.act(
        await clerk(drive, utility),
        lambda unit: connection.decline(unit, row.id, body, expect=row.version),
    )


async def give_up(drive: Drive, utility: str, actor: Actor | None = None) -> Json:
    """The applicant gives up one utility."""
    row = await of(drive, utility)
    return await drive.world.act(
        actor or drive.owner,
        lambda unit: connection.withdraw_request(
            unit, row.id, connection.Reason(), expect=row.version
        ),
    )


async def agree_time(
    drive: Drive, utility: str, when: datetime, actor: Actor | None = None
) -> Json:
    """Somebody (the owner) agrees a time of connection."""
    row = await of(drive, utility)
    body = connection.ConnectionTime(at=when)
    return await drive.world.act(
        actor or drive.owner,
        lambda unit: connection.agree_connection_time(unit, row.id, body, expect=row.version),
    )


async def commit(drive: Drive, utility: str) -> Json:
    """The utility promises."""
    row = await of(drive, utility)
    return await drive.world.act(
        await clerk(drive, utility),
        lambda unit: commitment.commit(unit, row.id, PROMISE, expect=row.version),
    )


async def list_all(drive: Drive, utility: str, *papers: str) -> None:
    """Every department says what it asks for."""
    ident = (await of(drive, utility)).id
    body = joint.DocumentList(documents=papers)
    for opinion in await Opinion.filter(request_id=ident, listed_at=None):
        await drive.world.act(
            await drive.world.approver(drive.city, opinion.organization_id),
            lambda unit: joint.list_documents(unit, ident, body, expect=None),
        )


async def file(drive: Drive, utility: str, *papers: str) -> Json:
    """The utility files papers."""
    row = await of(drive, utility)
    body = joint.Filing(documents=papers, restoration_promised=True)
    return await drive.world.act(
        await clerk(drive, utility),
        lambda unit: joint.file_papers(unit, row.id, body, expect=row.version),
    )


async def filed(drive: Drive, utility: str) -> list[Opinion]:
    """Lists complete and papers filed; the opinions that wait, by department."""
    await list_all(drive, utility, PAPER)
    await attach(drive.world, drive.id, PAPER)
    await file(drive, utility, PAPER)
    row = await of(drive, utility)
    return await Opinion.filter(request_id=row.id, verdict=None).order_by("department")


async def objected(drive: Drive, utility: str, *codes: str) -> Opinion:
    """The first department objects, all others approve: back to the plan."""
    first, *others = await filed(drive, utility)
    await drive.sign(first, Verdict.OBJECTED, *(codes or ("route_conflict",)))
    for opinion in others:
        await drive.sign(opinion, Verdict.APPROVED)
    return first


async def open_clocks(drive: Drive, step: str, **filters: Any) -> list[Deadline]:
    """The clocks of a step that are not closed."""
    found = Deadline.filter(application_id=drive.id, step=step, closed_at=None, **filters)
    return await found.order_by("due_at")


async def the_clock(drive: Drive, step: str, **filters: Any) -> Deadline:
    """The only clock of a step that is not closed."""
    (found,) = await open_clocks(drive, step, **filters)
    return found


async def last_event(drive: Drive, name: str) -> Event:
    """The newest event of that name."""
    newest = await Event.filter(application_id=drive.id, name=name).order_by("-id").first()
    assert newest is not None, name
    return newest


async def allowed(drive: Drive, actor: Actor) -> list[str]:
    """What the actor may do with the case now."""
    view = await drive.world.act(actor, lambda unit: case_view(unit, drive.id))
    return list(view["allowed"])


async def allowed_on(drive: Drive, utility: str, actor: Actor) -> list[str]:
    """What the actor may do with a request now."""
    view = await drive.world.act(actor, lambda unit: case_view(unit, drive.id))
    return next(list(r["allowed"]) for r in view["requests"] if r["utility"] == utility)


async def refused(world: World, actor: Actor, act: Act) -> DomainError:
    """The refusal of an act that must not pass."""
    with pytest.raises(DomainError) as refusal:
        await world.act(actor, act)
    return refusal.value


async def guarded(world: World, actor: Actor, act: Act) -> str:
    """The guard by which an act is refused."""
    refusal = await refused(world, actor, act)
    assert refusal.code is Code.GUARD_FAILED, refusal
    return str(refusal.data["guard"])


async def faults(world: World, actor: Actor, act: Act) -> dict[str, str]:
    """Field → fault of an act that is refused for its contents."""
    refusal = await refused(world, actor, act)
    assert refusal.code is Code.INVALID, refusal
    return {fault.field: fault.code for fault in refusal.faults}
