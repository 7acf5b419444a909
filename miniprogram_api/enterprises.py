"""企业: the profile asked once, and the colleagues who act for it."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.address import address_of
from miniprogram_api.identity_answers import (
    ColleagueCode,
    Enterprise,
    EnterpriseJoined,
    EnterpriseMembers,
    MemberRemoved,
)
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.people import enterprises as use_case
from workflow.people import invitations
from workflow.unit import Answer, Done

enterprises = resource(
    "enterprises",
    "企业",
    "企业资料只填一次，之后的申请自动带出。录入的人可以请同事一起办理。",
)


@enterprises.post(
    "/enterprises",
    who=SIGNED_IN,
    body=use_case.Profile,
    answers={201: Enterprise},
    errors=(Code.INVALID, Code.NOT_FOUND, Code.ENTERPRISE_KNOWN),
    summary="录入企业资料",
    description="values 的键与申请表一致，限 enterprise.、contact.、agent.、premises. 开头的栏目。",
)
async def create(call: Call, body: use_case.Profile) -> Done:
    """Enter an enterprise."""
    return await call.act(lambda unit: use_case.create(unit, body))


@enterprises.post(
    "/enterprises/join",
    who=SIGNED_IN,
    body=use_case.Join,
    answers={201: EnterpriseJoined},
    errors=(Code.INVITATION_INVALID, Code.ALREADY_MEMBER, Code.TOO_MANY),
    summary="凭邀请码成为经办人",
)
async def join(call: Call, body: use_case.Join) -> Done:
    """Act for the enterprise from now on."""
    await invitations.guard_accept(call.services, call.actor, address_of(call))
    return await call.act(lambda unit: use_case.join(unit, body))


@enterprises.get(
    "/enterprises/<id>",
    who=SIGNED_IN,
    answers={200: Enterprise},
    errors=(Code.NOT_FOUND,),
    summary="企业资料",
)
async def read(call: Call, id: UUID) -> Answer:
    """The profile, for those who act for the enterprise."""
    return await use_case.read(call.services, call.actor.person, id)


@enterprises.put(
    "/enterprises/<id>",
    who=SIGNED_IN,
    body=use_case.Profile,
    if_match=True,
    answers={200: Enterprise},
    errors=(Code.INVALID, Code.NOT_FOUND, Code.FORBIDDEN, Code.ENTERPRISE_KNOWN),
    summary="修改企业资料",
    description="限录入的人。",
)
async def update(call: Call, id: UUID, body: use_case.Profile) -> Done:
    """Replace the profile."""
    return await call.act(lambda unit: use_case.update(unit, id, body, call.expected))


@enterprises.get(
    "/enterprises/<id>/members",
    who=SIGNED_IN,
    answers={200: EnterpriseMembers},
    errors=(Code.NOT_FOUND,),
    summary="可以代表企业办理的人",
)
async def members(call: Call, id: UUID) -> Answer:
    """Who acts for the enterprise."""
    return Answer(await use_case.members(call.services, call.actor.person, id))


@enterprises.post(
    "/enterprises/<id>/colleague-codes",
    who=SIGNED_IN,
    key=False,
    answers={201: ColleagueCode},
    errors=(Code.NOT_FOUND, Code.FORBIDDEN),
    summary="请同事一起办理",
    description="邀请码只显示这一次，24 小时内有效，只能用一次。",
)
async def invite_colleague(call: Call, id: UUID) -> Done:
    """A one-time code for a colleague."""
    return await call.act(lambda unit: use_case.invite_colleague(unit, id))


@enterprises.delete(
    "/enterprises/<id>/members/<person>",
    who=SIGNED_IN,
    answers={200: MemberRemoved},
    errors=(Code.NOT_FOUND, Code.FORBIDDEN),
    summary="移出同事，或自己退出",
)
async def remove_member(call: Call, id: UUID, person: UUID) -> Done:
    """The owner removes a colleague, or a colleague leaves."""
    return await call.act(lambda unit: use_case.remove_member(unit, id, person))
