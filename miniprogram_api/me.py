"""本人: name, phone, roles, second factor."""

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.identity_answers import Me, NameSet, PhoneBound, TotpOffered, TotpSet
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.people import me as use_case
from workflow.people import totp
from workflow.unit import Answer, Done

me = resource("me", "本人")

_TOTP_REFUSED = (Code.TOTP_WRONG, Code.LOCKED_OUT)


@me.get("/me", who=SIGNED_IN, answers={200: Me}, summary="本人的信息、角色和企业")
async def read_me(call: Call) -> Answer:
    """Who one is."""
    return Answer(await use_case.me(call.services, call.actor))


@me.put(
    "/me/name",
    who=SIGNED_IN,
    body=use_case.Name,
    answers={200: NameSet},
    errors=(Code.INVALID,),
    summary="填写姓名",
)
async def set_name(call: Call, body: use_case.Name) -> Done:
    """Keep the person's name."""
    return await call.act(lambda unit: use_case.set_name(unit, body))


@me.post(
    "/me/phone",
    who=SIGNED_IN,
    key=False,
    body=use_case.PhoneCode,
    answers={200: PhoneBound},
    errors=(Code.LOGIN_FAILED, Code.PLATFORM_UNAVAILABLE, Code.TOO_MANY),
    summary="绑定手机号",
    description="code 是手机号按钮给出的凭证，只能用一次。"
    "窗口代填或其他平台推送、联系电话为该号码的件，随即归到本人名下。",
)
async def bind_phone(call: Call, body: use_case.PhoneCode) -> Done:
    """Bind a number the platform has verified."""
    phone = await use_case.verified_phone(call.services, call.actor, body)
    return await call.act(lambda unit: use_case.bind_phone(unit, phone))


@me.post(
    "/me/totp",
    who=SIGNED_IN,
    key=False,
    body=totp.Enrol,
    answers={201: TotpOffered},
    errors=(Code.FORBIDDEN, Code.TOTP_NEEDED, *_TOTP_REFUSED),
    summary="启用或更换动态口令",
    description="仅限工作人员。更换时须给出原来的口令。密钥只显示这一次，确认后生效。",
)
async def enrol_totp(call: Call, body: totp.Enrol) -> Done:
    """Offer a new secret."""
    return await call.act(lambda unit: totp.enrol(unit, body))


@me.post(
    "/me/totp/confirm",
    who=SIGNED_IN,
    key=False,
    body=totp.Prove,
    answers={200: TotpSet},
    errors=(Code.CONFLICT, *_TOTP_REFUSED),
    summary="输入第一个动态口令，使之生效",
)
async def confirm_totp(call: Call, body: totp.Prove) -> Done:
    """The first code proves that the secret was taken over."""
    return await call.act(lambda unit: totp.confirm(unit, body))
