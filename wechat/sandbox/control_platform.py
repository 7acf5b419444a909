"""The control surface, part two: how the platform behaves, and what it noticed."""

from typing import Any

import orjson
from sanic import Request

from wechat.sandbox.config import AccountConfig, Kind, Options, TemplateConfig
from wechat.sandbox.hub import Hub
from wechat.sandbox.injection import Injection
from wechat.sandbox.orders import ClockOrder, TokenOrder, VerifyOrder


async def ready(hub: Hub, request: Request) -> Any:
    return {"ready": True, "mp": hub.world.config.mp.appid, "oa": hub.world.config.oa.appid}


async def put_templates(hub: Hub, request: Request) -> Any:
    for name, told in orjson.loads(request.body).items():
        hub.world.config.templates[name] = TemplateConfig.model_validate(told)
    return {name: template.model_dump() for name, template in hub.world.config.templates.items()}


async def change_options(hub: Hub, request: Request) -> Any:
    merged = {**hub.world.config.options.model_dump(), **orjson.loads(request.body or b"{}")}
    hub.world.config.options = Options.model_validate(merged)
    return hub.world.config.options.model_dump()


async def change_account(hub: Hub, request: Request) -> Any:
    changes = orjson.loads(request.body)
    kind: Kind = "mp" if request.path.endswith("/mp") else "oa"
    account = AccountConfig.model_validate({**hub.world.account(kind).model_dump(), **changes})
    if kind == "mp":
        hub.world.config.mp = account
    else:
        hub.world.config.oa = account
    return account.model_dump(exclude={"secret", "token", "aes_key"})


async def spoil_tokens(hub: Hub, request: Request) -> Any:
    order = TokenOrder.model_validate_json(request.body)
    appid = hub.world.account(order.account).appid
    if order.how == "expire":
        hub.world.tokens.expire(appid)
    else:
        hub.world.tokens.forget(appid)
    return {}


async def list_injections(hub: Hub, request: Request) -> Any:
    return hub.world.injections.shown()


async def inject(hub: Hub, request: Request) -> Any:
    hub.world.injections.add(Injection.model_validate_json(request.body))
    return hub.world.injections.shown()


async def clear_injections(hub: Hub, request: Request) -> Any:
    hub.world.injections.clear()
    return []


async def read_flag(hub: Hub, request: Request) -> Any:
    return {"raised": bool(hub.world.flag.reasons), "reasons": hub.world.flag.reasons}


async def clear_flag(hub: Hub, request: Request) -> Any:
    reasons = list(hub.world.flag.reasons)
    hub.world.flag.reasons.clear()
    return {"raised": False, "reasons": [], "cleared": reasons}


async def read_counters(hub: Hub, request: Request) -> Any:
    return dict(hub.world.counters)


async def clear_counters(hub: Hub, request: Request) -> Any:
    hub.world.counters.clear()
    return {}


async def read_clock(hub: Hub, request: Request) -> Any:
    return {"now": hub.world.clock.now(), "moved": hub.world.clock.moved}


async def move_clock(hub: Hub, request: Request) -> Any:
    hub.world.clock.move(ClockOrder.model_validate_json(request.body).seconds)
    return {"now": hub.world.clock.now(), "moved": hub.world.clock.moved}


async def verify(hub: Hub, request: Request) -> Any:
    order = VerifyOrder.model_validate_json(request.body)
    return await hub.deliverer.verify(order.account)


async def list_media_checks(hub: Hub, request: Request) -> Any:
    return hub.checks.done


async def reset(hub: Hub, request: Request) -> Any:
    hub.reset()
    return {}
