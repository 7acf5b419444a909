"""The control surface, part one: what people do and see."""

import base64
from typing import Any

from sanic import Request
from sanic.response import raw

from wechat.sandbox.calls_service import store_media
from wechat.sandbox.config import PersonConfig
from wechat.sandbox.delivery import DeliveryOrder
from wechat.sandbox.hub import Hub
from wechat.sandbox.messages import popup_event
from wechat.sandbox.orders import ActOrder, CodeOrder, MediaOrder, SubscriptionOrder, Unknown
from wechat.sandbox.people import Person
from wechat.sandbox.world import World


def person_of(world: World, told: str) -> Person:
    """By id or openid."""
    person = world.people.find(told)
    if person is None:
        raise Unknown(f"no such person: {told}")
    return person


async def list_people(hub: Hub, request: Request) -> Any:
    return [person.shown() for person in hub.world.people.all()]


async def put_person(hub: Hub, request: Request) -> Any:
    return hub.world.people.put(PersonConfig.model_validate_json(request.body)).shown()


async def issue_code(hub: Hub, request: Request) -> Any:
    order = CodeOrder.model_validate_json(request.body)
    person = person_of(hub.world, order.person)
    code = hub.world.codes.issue(
        order.kind, person, hub.world.clock.now(), scope=order.scope, snapshot=order.snapshot
    )
    return {"code": code, "person": person.id}


async def list_subscriptions(hub: Hub, request: Request) -> Any:
    return hub.world.subscriptions.shown()


async def answer_subscription(hub: Hub, request: Request) -> Any:
    order = SubscriptionOrder.model_validate_json(request.body)
    person = person_of(hub.world, order.person)
    if order.template_id not in hub.world.config.templates:
        raise Unknown(f"no such template: {order.template_id}")
    left = hub.world.subscriptions.answer(
        person.mp_openid, order.template_id, order.answer, order.count
    )
    if not order.push:
        return {"left": left}
    event = popup_event(hub.world.config.mp, order.template_id, order.answer)
    push = DeliveryOrder(account="mp", person=person.id, message=event)
    return {"left": left, "push": (await hub.deliverer.deliver(push, person)).shown()}


async def open_window(hub: Hub, request: Request) -> Any:
    order = ActOrder.model_validate_json(request.body)
    openid = person_of(hub.world, order.person).openid(order.account)
    hub.world.quota.acted(order.account, openid, order.act, hub.world.clock.now())
    return {}


async def deliver(hub: Hub, request: Request) -> Any:
    order = DeliveryOrder.model_validate_json(request.body)
    person = person_of(hub.world, order.person)
    return (await hub.deliverer.deliver(order, person)).shown()


async def put_media(hub: Hub, request: Request) -> Any:
    order = MediaOrder.model_validate_json(request.body)
    content = base64.b64decode(order.content, validate=True)
    media_id = store_media(hub.world, order.account, content, order.mime, order.name)
    return {"media_id": media_id, "url": f"http://{request.host}/_sandbox/files/{media_id}"}


async def read_file(hub: Hub, request: Request) -> Any:
    media = hub.world.media.get(request.path.rsplit("/", 1)[1])
    if media is None:
        raise Unknown("no such file")
    return raw(media.content, content_type=media.mime)


async def read_link(hub: Hub, request: Request) -> Any:
    link = hub.world.links.get(request.path.rsplit("/", 1)[1])
    if link is None or hub.world.clock.now() >= link["ends"]:
        raise Unknown("no such link, or it has run out")
    return link


async def read_menu(hub: Hub, request: Request) -> Any:
    return hub.world.menus.get(hub.world.config.oa.appid, {})


async def list_sent(hub: Hub, request: Request) -> Any:
    wanted = {key: request.args.get(key) for key in ("account", "what", "person", "openid")}
    since = int(request.args.get("since", "0"))
    return [
        message
        for message in hub.world.sent
        if message["number"] > since
        and all(value is None or message[key] == value for key, value in wanted.items())
    ]


async def clear_sent(hub: Hub, request: Request) -> Any:
    hub.world.sent.clear()
    return []
