"""登录: with the platform's code; one's own sessions, and out again."""

from uuid import UUID

from doors.access import PUBLIC, SIGNED_IN
from doors.call import Call
from miniprogram_api.address import address_of
from miniprogram_api.identity_answers import SessionEnded, SessionList, SignedIn
from miniprogram_api.resource import resource
from rules.errors import Code, DomainError
from workflow.people import sessions as use_case
from workflow.unit import Answer, Done

sessions = resource("sessions", "登录")


@sessions.post(
    "/sessions",
    who=PUBLIC,
    key=False,
    body=use_case.SignIn,
    answers={201: SignedIn},
    errors=(Code.LOGIN_FAILED, Code.PLATFORM_UNAVAILABLE, Code.TOO_MANY),
    summary="登录",
    description="kind 为 mp 时，code 是小程序 wx.login 的凭证；"
    "为 h5 时，是公众号网页授权的凭证。凭证只能用一次。",
)
async def sign_in(call: Call, body: use_case.SignIn) -> Done:
    """A new session; the first sign-in makes the person."""
    found = await use_case.recognise(call.services, body, address_of(call))
    return await call.act(lambda unit: use_case.sign_in(unit, found))


@sessions.get("/sessions", who=SIGNED_IN, answers={200: SessionList}, summary="本人的登录")
async def own_sessions(call: Call) -> Answer:
    """Where one is signed in."""
    if call.actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    return Answer(await use_case.own_sessions(call.actor.person, call.actor.session, call.now))


@sessions.delete(
    "/sessions/current", who=SIGNED_IN, answers={200: SessionEnded}, summary="退出登录"
)
async def sign_out(call: Call) -> Done:
    """End the session of this token, at once."""
    return await call.act(lambda unit: use_case.sign_out(unit, call.actor.session))


@sessions.delete(
    "/sessions/<id>",
    who=SIGNED_IN,
    answers={200: SessionEnded},
    errors=(Code.NOT_FOUND,),
    summary="退出本人的另一处登录",
)
async def end_session(call: Call, id: UUID) -> Done:
    """End another of one's own sessions: a lost phone, a desk left open."""
    return await call.act(lambda unit: use_case.sign_out(unit, id))
