"""Routes of a demo (``DEMO=1``): play somebody, read codes, move the clock. Never in production.

The chat page and what it asks for are in ``pages`` and ``chat``.
"""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
from sanic import Sanic

from config.keys import is_demo_key
from config.settings import Settings
from config.texts import words
from doors import serving
from doors.access import PUBLIC
from doors.call import Call
from doors.routes import Resource
from models import Identity, Person
from rules.calendar import SHANGHAI
from rules.errors import Code, DomainError, Fault
from server import seed
from server.clock import DemoClock
from server.sandbox import answers, stand_in
from server.sandbox.chat import chat
from server.sandbox.clock import move_to
from server.sandbox.pages import pages
from server.sandbox.stand_in import stand_in_of
from server.wiring import Wiring
from workflow.people.totp import PURPOSE as TOTP_PURPOSE
from workflow.people.totp import STEP_S
from workflow.unit import Answer

_PURPOSES = {"mp": "login", "h5": "oauth"}

sandbox = Resource(
    "sandbox",
    "演示",
    scheme=None,
    prefix="/sandbox",
    description="只在演示模式（DEMO=1）下存在：扮演人员、取一次性码、拨快时钟。",
)


def install(app: Sanic[Any, Any]) -> None:
    """Put the demo's routes on the app. RuntimeError outside of a demo."""
    if not app.ctx.settings.demo:
        raise RuntimeError("the sandbox routes belong to demos only")
    stand_in.install(app)
    serving.install(app, [sandbox, chat, pages])


@sandbox.get("/people", who=PUBLIC, answers={200: answers.Cast}, summary="可以扮演的人")
async def sandbox_people(call: Call) -> Answer:
    """Everybody of the seed, in the cities served."""
    served = _wiring(call).cities.codes()
    shown = [
        {
            "code": player.id,
            "name": player.name,
            "phone": player.phone,
            "role": player.role.value,
            "role_label": words.role(player.role),
            "organization": player.post.organization if player.post else None,
            "city": player.city,
            "city_name": player.city_name,
            "note": player.note,
        }
        for player in seed.players()
        if player.city in served
    ]
    return Answer({"people": shown})


@sandbox.post(
    "/login-code",
    who=PUBLIC,
    key=False,
    body=answers.WhoSignsIn,
    answers={200: answers.OneTimeCode},
    errors=(Code.NOT_FOUND, Code.PLATFORM_UNAVAILABLE),
    summary="取登录码",
    description="相当于 wx.login（mp）或网页授权（h5）给出的 code，用于 POST /api/v1/sessions。",
)
async def sandbox_login_code(call: Call, body: answers.WhoSignsIn) -> Answer:
    """From the stand-in, so that the real sign-in is used."""
    return await _from_stand_in(call, body.person, _PURPOSES[body.kind])


@sandbox.post(
    "/phone-code",
    who=PUBLIC,
    key=False,
    body=answers.Whose,
    answers={200: answers.OneTimeCode},
    errors=(Code.NOT_FOUND, Code.PLATFORM_UNAVAILABLE),
    summary="取手机号码授权码",
    description="相当于小程序“获取手机号”按钮给出的 code。",
)
async def sandbox_phone_code(call: Call, body: answers.Whose) -> Answer:
    """From the stand-in."""
    return await _from_stand_in(call, body.person, "phone")


@sandbox.post(
    "/totp-code",
    who=PUBLIC,
    key=False,
    body=answers.Whose,
    answers={200: answers.OneTimeCode},
    errors=(Code.NOT_FOUND,),
    summary="取动态验证码",
    description="相当于这位工作人员身份验证器上此刻显示的 6 位数字。",
)
async def sandbox_totp_code(call: Call, body: answers.Whose) -> Answer:
    """What the person's authenticator would show: the first step it has not used yet."""
    appid = _settings(call).wechat_mp_appid
    identity = await Identity.filter(appid=appid, openid=f"mp-{body.person}").first()
    person = await Person.filter(id=identity.person_id).first() if identity else None
    if person is None or person.totp_sealed is None:
        raise DomainError(Code.NOT_FOUND)
    secret = call.services.seal.open(bytes(person.totp_sealed), TOTP_PURPOSE).decode()
    step = max(int(call.now.timestamp()) // STEP_S, person.totp_last + 1)
    code = pyotp.TOTP(secret, interval=STEP_S).generate_otp(step)
    return Answer({"person": body.person, "code": code})


@sandbox.get(
    "/clock",
    who=PUBLIC,
    answers={200: answers.ServiceTime},
    errors=(Code.NOT_FOUND,),
    summary="服务的时钟",
)
async def sandbox_time(call: Call) -> Answer:
    """Where it stands."""
    return _time(_clock(call))


@sandbox.post(
    "/clock",
    who=PUBLIC,
    key=False,
    body=answers.Clock,
    answers={200: answers.ServiceTime},
    errors=(Code.INVALID, Code.NOT_FOUND),
    summary="拨快时钟",
    description="只能向前。拨快过的数据目录和数据库不能再用于正式运行。",
)
async def sandbox_clock(call: Call, body: answers.Clock) -> Answer:
    """Forwards only, for every process at once."""
    clock = _clock(call)
    if (body.forward_seconds is None) == (body.to is None):
        faults = (Fault("forward_seconds", "required"), Fault("to", "required"))
        raise DomainError(Code.INVALID, faults=faults)
    to = body.to or clock.now() + timedelta(seconds=body.forward_seconds or 0)
    try:
        await move_to(clock, to)
    except ValueError:
        raise DomainError(Code.INVALID, faults=(Fault("to", "time_past"),)) from None
    return _time(clock)


@sandbox.get(
    "/platforms", who=PUBLIC, answers={200: answers.PlatformKeys}, summary="对接平台的演示密钥"
)
async def sandbox_platforms(call: Call) -> Answer:
    """Keys the demo made itself; a key given to it is told to nobody."""
    return Answer(
        {
            "platforms": [
                {
                    "platform": name,
                    "city": name.partition("@")[2],
                    "key": base64.b64encode(key).decode(),
                }
                for name, key in _settings(call).integration_keys.items()
                if is_demo_key(key)
            ]
        }
    )


async def _from_stand_in(call: Call, person: str, purpose: str) -> Answer:
    """``PLATFORM_UNAVAILABLE`` where no stand-in answers, ``NOT_FOUND`` for a stranger to it."""
    told = await stand_in_of(call).post("/codes", {"kind": purpose, "person": person})
    return Answer({"person": person, "code": told["code"]})


def _time(clock: DemoClock) -> Answer:
    ahead = clock.offset
    now = (datetime.now(UTC) + ahead).astimezone(SHANGHAI)
    return Answer(
        {"now": now.isoformat(timespec="seconds"), "ahead_seconds": int(ahead.total_seconds())}
    )


def _clock(call: Call) -> DemoClock:
    """``NOT_FOUND`` where the clock is not a demo's."""
    clock = _wiring(call).clock
    if not isinstance(clock, DemoClock):
        raise DomainError(Code.NOT_FOUND)
    return clock


def _wiring(call: Call) -> Wiring:
    wiring: Wiring = call.request.app.ctx.wiring
    return wiring


def _settings(call: Call) -> Settings:
    return _wiring(call).settings
