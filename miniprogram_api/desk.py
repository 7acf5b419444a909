"""电脑端登录: a QR on the desk, a confirmation on the phone, the second factor on the desk."""

from uuid import UUID

from doors.access import PUBLIC, SIGNED_IN
from doors.call import Call, one_header
from miniprogram_api.address import address_of
from miniprogram_api.identity_answers import DeskConfirmed, DeskLogin, DeskLoginOpened, SignedIn
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.people import attempts
from workflow.people import desk as use_case
from workflow.unit import Answer, Done

desk = resource(
    "desk",
    "电脑端登录",
    "电脑显示二维码，工作人员用小程序扫码确认，再在电脑上输入动态口令。"
    "30 分钟不操作或满 12 小时须重新登录。",
)

SECRET = "x-desk-secret"  # noqa: S105 - the name of a header


@desk.post(
    "/desk/logins",
    who=PUBLIC,
    key=False,
    answers={201: DeskLoginOpened},
    errors=(Code.TOO_MANY,),
    summary="请求一个登录二维码",
    description="二维码两分钟内有效，只能用一次。",
)
async def open_login(call: Call) -> Done:
    """A QR for this desk."""
    await attempts.spend(call.services, attempts.DESK_ADDRESS, address_of(call))
    return await call.act(use_case.open_login)


@desk.get(
    "/desk/logins/<id>",
    who=PUBLIC,
    answers={200: DeskLogin},
    errors=(Code.NOT_FOUND,),
    summary="查询扫码进行到哪一步",
    description="请求头 X-Desk-Secret 带上请求二维码时得到的 secret；没有它就当不存在。",
)
async def look(call: Call, id: UUID) -> Answer:
    """How far the sign-in is, for the desk that holds its secret."""
    secret = one_header(call.request, SECRET, Code.NOT_FOUND)
    return Answer(await use_case.look(call.services, id, secret))


@desk.post(
    "/desk/logins/<id>/confirm",
    who=SIGNED_IN,
    answers={200: DeskConfirmed},
    errors=(Code.FORBIDDEN, Code.NOT_FOUND, Code.TOTP_NEEDED, Code.TOO_MANY),
    summary="在小程序中确认电脑端登录",
    description="仅限已启用动态口令的工作人员。",
)
async def confirm(call: Call, id: UUID) -> Done:
    """Staff says on its phone: that desk is me."""
    await attempts.spend(call.services, attempts.DESK_CONFIRM, str(call.actor.person))
    return await call.act(lambda unit: use_case.confirm(unit, id))


@desk.post(
    "/desk/logins/<id>/finish",
    who=PUBLIC,
    key=False,
    body=use_case.Finish,
    answers={201: SignedIn},
    errors=(
        Code.NOT_FOUND,
        Code.CONFLICT,
        Code.FORBIDDEN,
        Code.TOTP_WRONG,
        Code.LOCKED_OUT,
        Code.TOO_MANY,
    ),
    summary="输入动态口令，完成登录",
    description="连续 5 次不正确，锁定 15 分钟。每个口令只能用一次。",
)
async def finish(call: Call, id: UUID, body: use_case.Finish) -> Done:
    """The second factor opens the desk's session."""
    await attempts.spend(call.services, attempts.DESK_FINISH, address_of(call))
    return await call.act(lambda unit: use_case.finish(unit, id, body))
