"""The control surface under ``/_sandbox``: what people and the platform do, asked for by tests."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field, ValidationError
from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw

from wechat.sandbox.codes import Purpose
from wechat.sandbox.config import AccountConfig, Kind, Options, PersonConfig, Strict, TemplateConfig
from wechat.sandbox.injection import Injection
from wechat.sandbox.people import Person
from wechat.sandbox.subscriptions import Choice
from wechat.sandbox.world import World


class Unknown(Exception):
    """The control surface was asked about somebody or something it does not know."""


class CodeOrder(Strict):
    kind: Purpose
    person: str
    scope: Literal["snsapi_base", "snsapi_userinfo"] = "snsapi_base"
    snapshot: bool = False


class SubscriptionOrder(Strict):
    person: str
    template_id: str
    answer: Choice = "accept"
    count: Annotated[int, Field(ge=1, le=1000)] = 1


class ClockOrder(Strict):
    seconds: float


class TokenOrder(Strict):
    account: Kind
    how: Literal["expire", "forget"] = "expire"


class ActOrder(Strict):
    person: str
    account: Kind = "oa"
    act: Literal["message", "click"] = "message"


Route = Callable[[World, Request], Awaitable[Any]]


def person_of(world: World, told: str) -> Person:
    """By id or openid."""
    person = world.people.find(told)
    if person is None:
        raise Unknown(f"no such person: {told}")
    return person


async def ready(world: World, request: Request) -> Any:
    return {"ready": True, "mp": world.config.mp.appid, "oa": world.config.oa.appid}


async def list_people(world: World, request: Request) -> Any:
    return [person.shown() for person in world.people.all()]


async def put_person(world: World, request: Request) -> Any:
    return world.people.put(PersonConfig.model_validate_json(request.body)).shown()


async def issue_code(world: World, request: Request) -> Any:
    order = CodeOrder.model_validate_json(request.body)
    person = person_of(world, order.person)
    code = world.codes.issue(
        order.kind, person, world.clock.now(), scope=order.scope, snapshot=order.snapshot
    )
    return {"code": code, "person": person.id}


async def list_subscriptions(world: World, request: Request) -> Any:
    return world.subscriptions.shown()


async def answer_subscription(world: World, request: Request) -> Any:
    order = SubscriptionOrder.model_validate_json(request.body)
    person = person_of(world, order.person)
    left = world.subscriptions.answer(
        person.mp_openid, order.template_id, order.answer, order.count
    )
    return {"left": left}


async def put_templates(world: World, request: Request) -> Any:
    for name, told in orjson.loads(request.body).items():
        world.config.templates[name] = TemplateConfig.model_validate(told)
    return {name: template.model_dump() for name, template in world.config.templates.items()}


async def change_options(world: World, request: Request) -> Any:
    merged = {**world.config.options.model_dump(), **orjson.loads(request.body or b"{}")}
    world.config.options = Options.model_validate(merged)
    return world.config.options.model_dump()


async def change_account(world: World, request: Request) -> Any:
    changes = orjson.loads(request.body)
    kind: Kind = "mp" if request.path.endswith("/mp") else "oa"
    account = AccountConfig.model_validate({**world.account(kind).model_dump(), **changes})
    if kind == "mp":
        world.config.mp = account
    else:
        world.config.oa = account
    return account.model_dump(exclude={"secret", "token", "aes_key"})


async def spoil_tokens(world: World, request: Request) -> Any:
    order = TokenOrder.model_validate_json(request.body)
    appid = world.account(order.account).appid
    if order.how == "expire":
        world.tokens.expire(appid)
    else:
        world.tokens.forget(appid)
    return {}


async def open_window(world: World, request: Request) -> Any:
    order = ActOrder.model_validate_json(request.body)
    openid = person_of(world, order.person).openid(order.account)
    world.quota.acted(order.account, openid, order.act, world.clock.now())
    return {}


async def list_injections(world: World, request: Request) -> Any:
    return world.injections.shown()


async def inject(world: World, request: Request) -> Any:
    world.injections.add(Injection.model_validate_json(request.body))
    return world.injections.shown()


async def clear_injections(world: World, request: Request) -> Any:
    world.injections.clear()
    return []


async def list_sent(world: World, request: Request) -> Any:
    wanted = {key: request.args.get(key) for key in ("account", "what", "person", "openid")}
    since = int(request.args.get("since", "0"))
    return [
        message
        for message in world.sent
        if message["number"] > since
        and all(value is None or message[key] == value for key, value in wanted.items())
    ]


async def clear_sent(world: World, request: Request) -> Any:
    world.sent.clear()
    return []


async def read_flag(world: World, request: Request) -> Any:
    return {"raised": bool(world.flag.reasons), "reasons": world.flag.reasons}


async def clear_flag(world: World, request: Request) -> Any:
    reasons = list(world.flag.reasons)
    world.flag.reasons.clear()
    return {"raised": False, "reasons": [], "cleared": reasons}


async def read_counters(world: World, request: Request) -> Any:
    return dict(world.counters)


async def clear_counters(world: World, request: Request) -> Any:
    world.counters.clear()
    return {}


async def read_clock(world: World, request: Request) -> Any:
    return {"now": world.clock.now(), "moved": world.clock.moved}


async def move_clock(world: World, request: Request) -> Any:
    world.clock.move(ClockOrder.model_validate_json(request.body).seconds)
    return {"now": world.clock.now(), "moved": world.clock.moved}


async def reset(world: World, request: Request) -> Any:
    world.reset()
    return {}


ROUTES: tuple[tuple[str, str, Route], ...] = (
    ("GET", "/ready", ready),
    ("GET", "/people", list_people),
    ("POST", "/people", put_person),
    ("POST", "/codes", issue_code),
    ("GET", "/subscriptions", list_subscriptions),
    ("POST", "/subscriptions", answer_subscription),
    ("POST", "/templates", put_templates),
    ("POST", "/options", change_options),
    ("POST", "/accounts/mp", change_account),
    ("POST", "/accounts/oa", change_account),
    ("POST", "/tokens", spoil_tokens),
    ("POST", "/acts", open_window),
    ("GET", "/injections", list_injections),
    ("POST", "/injections", inject),
    ("DELETE", "/injections", clear_injections),
    ("GET", "/sent", list_sent),
    ("DELETE", "/sent", clear_sent),
    ("GET", "/flag", read_flag),
    ("DELETE", "/flag", clear_flag),
    ("GET", "/counters", read_counters),
    ("DELETE", "/counters", clear_counters),
    ("GET", "/clock", read_clock),
    ("POST", "/clock", move_clock),
    ("POST", "/reset", reset),
)


def add_routes(app: "Sanic[Any, Any]", world: World) -> None:
    """Every route of ``ROUTES``; a wrong order is answered 400 with its reasons."""
    for method, path, route in ROUTES:
        name = f"control_{method}_{path.strip('/').replace('/', '_')}"
        app.add_route(_bind(world, route), f"/_sandbox{path}", methods=[method], name=name)


def _bind(world: World, route: Route) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse]]:
    async def answer(request: Request) -> HTTPResponse:
        try:
            return _encode(await route(world, request))
        except ValidationError as fault:
            return _encode({"error": fault.errors(include_url=False, include_context=False)}, 400)
        except (Unknown, ValueError) as fault:
            return _encode({"error": str(fault)}, 404 if isinstance(fault, Unknown) else 400)

    return answer


def _encode(body: Any, status: int = 200) -> HTTPResponse:
    return raw(orjson.dumps(body), status=status, content_type="application/json")
