"""The integration API: other platforms push cases in and pull status out (docs/integration.md)."""

from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

import structlog
from pydantic import Field
from sanic import Request, Sanic

from doors.call import Call
from doors.routes import Resource, Scheme
from doors.serving import install as install_routes
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from web import answers, signing
from workflow.inputs import Input
from workflow.platforms import pushes as integration
from workflow.platforms import status as integration_status
from workflow.platforms.inputs import (
    PushedApplication,
    PushedCorrection,
    PushedPermit,
    PushedRegistration,
    key_of,
)
from workflow.platforms.signers import actor_of
from workflow.ports import Services
from workflow.unit import Answer, Done, perform

_log = structlog.get_logger("integration")
_PLATFORM = (Role.PLATFORM,)


async def authenticate(request: Request, services: Services, now: datetime) -> Actor:
    """The platform that signed the call. Every refusal is the same ``SIGNATURE_INVALID``.

    Judged by the real time, not by a demo's clock that may run ahead: the caller's is real, too.
    """
    real = datetime.now(UTC)
    given = {name: request.headers.getall(name, []) for name in signing.HEADERS}
    credentials = signing.Credentials.of(given)
    if credentials is None:
        return _refuse(request, signing.Refusal.MALFORMED)
    refusal = signing.judge(
        request.app.ctx.settings.integration_keys,
        credentials,
        method=request.method,
        target=request.raw_url,
        body=request.body,
        now=real,
    )
    if refusal is not None:
        return _refuse(request, refusal)
    actor = await actor_of(credentials.platform, credentials.nonce, real)
    return actor or _refuse(request, signing.Refusal.REPLAYED)


def _refuse(request: Request, refusal: signing.Refusal) -> NoReturn:
    _log.warning("signature_refused", reason=refusal.value, request_id=str(request.id))
    raise DomainError(Code.SIGNATURE_INVALID)


def _header(name: str, description: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "header", "name": name, "description": description}


SIGNED = Scheme(
    "signature",
    _header("X-Signature", "HMAC-SHA256 签名，64 位小写十六进制，见对接说明"),
    authenticate,
    refusal=Code.SIGNATURE_INVALID,
    beside={
        "platform": _header("X-Platform", "平台号，如 zigui@daye"),
        "timestamp": _header("X-Timestamp", "当前时间的 Unix 秒数，相差不超过 5 分钟"),
        "nonce": _header("X-Nonce", "16–64 位随机串，每次请求新生成，只能用一次"),
    },
)

platforms = Resource(
    "integration",
    "平台对接",
    scheme=SIGNED,
    prefix="/integration/v1",
    description="土地、住建和政务服务平台推送意向登记与申请、拉取办理状态；每个平台限于一个城市。",
)

_PUSH_ERRORS = (Code.INVALID, Code.KEY_REUSED)
_READ_ERRORS = (Code.NOT_FOUND,)


class FeedQuery(Input):
    """Where to go on from, and how much at once."""

    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=integration_status.PAGE)] = 100


async def _push(call: Call, kind: str, body: Any, act: Any) -> Done:
    key = key_of(call.actor, kind, body)
    return await perform(
        call.services, call.actor, lambda unit: act(unit, body), key=key, correlation=call.id
    )


@platforms.post(
    "/registrations",
    who=_PLATFORM,
    key=False,
    body=PushedRegistration,
    answers={201: answers.RegistrationStatus, 200: answers.RegistrationStatus},
    errors=_PUSH_ERRORS,
    summary="推送意向登记",
    operation="push_registration",
)
async def push_registration(call: Call, body: PushedRegistration) -> Done:
    """After the land contract: form A with project, contract date and plot."""
    return await _push(call, "registrations", body, integration.push_registration)


@platforms.post(
    "/planning-permits",
    who=_PLATFORM,
    key=False,
    body=PushedPermit,
    answers={201: answers.PermitPushed},
    errors=_PUSH_ERRORS,
    summary="推送建设工程规划许可证核发信息",
    operation="push_planning_permit",
)
async def push_planning_permit(call: Call, body: PushedPermit) -> Done:
    """Reminds the parked registrations of the project."""
    return await _push(call, "permits", body, integration.push_permit)


@platforms.post(
    "/applications",
    who=_PLATFORM,
    key=False,
    body=PushedApplication,
    answers={201: answers.ApplicationStatus, 200: answers.ApplicationStatus},
    errors=_PUSH_ERRORS,
    summary="推送联合报装申请",
    operation="push_application",
)
async def push_application(call: Call, body: PushedApplication) -> Done:
    """Form B, complete: submitted at once, with its number in the answer."""
    return await _push(call, "applications", body, integration.push_application)


@platforms.put(
    "/applications/<ref>",
    who=_PLATFORM,
    body=PushedCorrection,
    answers={200: answers.ApplicationStatus},
    errors=(*_READ_ERRORS, Code.INVALID, Code.MOVE_NOT_ALLOWED),
    summary="补正后重新提交",
    operation="correct_pushed_application",
)
async def correct_application(call: Call, ref: str, body: PushedCorrection) -> Done:
    """The whole form again after a return; the same again changes nothing."""
    return await perform(
        call.services,
        call.actor,
        lambda unit: integration.correct_application(unit, ref, body),
        correlation=call.id,
    )


@platforms.get(
    "/registrations/<ref>",
    who=_PLATFORM,
    answers={200: answers.RegistrationStatus},
    errors=_READ_ERRORS,
    summary="查询意向登记状态",
    operation="pushed_registration",
)
async def read_registration(call: Call, ref: str) -> Answer:
    """By the platform's own ref."""
    return await integration_status.read_registration(call.services, call.actor, ref)


@platforms.get(
    "/applications/<ref>",
    who=_PLATFORM,
    answers={200: answers.ApplicationStatus},
    errors=_READ_ERRORS,
    summary="查询申请状态",
    operation="pushed_application",
)
async def read_application(call: Call, ref: str) -> Answer:
    """By the platform's own ref."""
    return await integration_status.read_application(call.services, call.actor, ref)


@platforms.get(
    "/events",
    who=_PLATFORM,
    query=FeedQuery,
    answers={200: answers.Feed},
    summary="拉取办理动态",
    operation="pushed_events",
)
async def events(call: Call, query: FeedQuery) -> Answer:
    """Moves on what the platform pushed, oldest first, after a cursor."""
    return await integration_status.feed(call.services, call.actor, query.after, query.limit)


RESOURCES = (platforms,)


def install(app: Sanic[Any, Any]) -> None:
    """Put the integration API on the app."""
    install_routes(app, RESOURCES)
