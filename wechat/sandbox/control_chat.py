"""The control surface, part three: looking on at one person's chat."""

import asyncio
from typing import Any

from sanic import Request

from wechat.sandbox.config import Kind
from wechat.sandbox.control_people import person_of
from wechat.sandbox.hub import Hub
from wechat.sandbox.orders import LookOrder
from wechat.sandbox.people import Person
from wechat.sandbox.seen import seen_of_service
from wechat.sandbox.world import World


async def look(hub: Hub, request: Request) -> Any:
    """What changed after ``since``; with ``wait``, the answer waits that long for something.

    ``run`` is what the last answer told: numbers of another run count for nothing, and whoever
    comes with them gets everything at once.
    """
    world = hub.world
    order = LookOrder.model_validate(dict(request.query_args))
    loop = asyncio.get_running_loop()
    end = loop.time() + order.wait
    before: Any = None
    while True:
        person = person_of(world, order.person)
        stale = order.run not in ("", world.run)
        told = _seen_since(world, person, order.account, 0 if stale else order.since)
        standing = (told["follows"], told["typing"])
        moved = before is not None and standing != before
        left = end - loop.time()
        if stale or moved or told["exchanges"] or told["service"] or left <= 0:
            return told
        before = standing
        await world.bell.wait(left)


def _seen_since(world: World, person: Person, kind: Kind, since: int) -> dict[str, Any]:
    openid = person.openid(kind)
    service = [
        {**message, "seen": seen_of_service(message["body"])}
        for message in world.sent
        if message["number"] > since
        and message["account"] == kind
        and message["person"] == person.id
        and message["what"] == "custom"
    ]
    return {
        "run": world.run,
        "last": world.last_number,
        "follows": person.follows,
        "typing": world.quota.types(kind, openid, world.clock.now()),
        "exchanges": [each.shown() for each in world.exchanges.of(person.id, kind, since)],
        "service": service,
    }
