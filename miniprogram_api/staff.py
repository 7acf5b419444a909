"""人员管理: invitations, memberships, lost second factors; the security administrator's acts."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from doors.access import SIGNED_IN, roles
from doors.call import Call
from miniprogram_api.address import address_of
from miniprogram_api.identity_answers import (
    InvitationList,
    InvitationRevoked,
    Joined,
    MembershipEnded,
    NewInvitation,
    OrganizationList,
    StaffList,
    TotpReset,
)
from miniprogram_api.resource import resource
from rules.actors import Role
from rules.errors import Code
from workflow.inputs import CodeName, Input
from workflow.people import invitations
from workflow.people import staff as use_case
from workflow.unit import Answer, Done

staff = resource(
    "staff",
    "人员管理",
    "由各市安全管理员在电脑端办理。系统、安全、审计管理员须由三名不同的人员担任。",
)

SECURITY = roles(Role.SECURITY_ADMIN, desk=True)
_ADMIN = (Code.FORBIDDEN, Code.TOTP_NEEDED)


class OfCity(Input):
    """One city."""

    city: Annotated[CodeName, Field(description="城市代码")]


@staff.get(
    "/organizations",
    who=SECURITY,
    query=OfCity,
    answers={200: OrganizationList},
    errors=_ADMIN,
    summary="本市的单位",
)
async def organizations(call: Call, query: OfCity) -> Answer:
    """Every organisation of a city with the roles held there."""
    return Answer(await use_case.organizations(call.actor, query.city))


@staff.post(
    "/invitations",
    who=SECURITY,
    key=False,
    body=invitations.Invite,
    answers={201: NewInvitation},
    errors=(*_ADMIN, Code.INVALID),
    summary="邀请人员加入单位",
    description="邀请码只显示这一次，7 天内有效，只能用一次。",
)
async def invite(call: Call, body: invitations.Invite) -> Done:
    """A one-time code for a role."""
    return await call.act(lambda unit: invitations.invite(unit, body))


@staff.get(
    "/invitations",
    who=SECURITY,
    query=OfCity,
    answers={200: InvitationList},
    errors=_ADMIN,
    summary="尚可接受的邀请",
)
async def open_invitations(call: Call, query: OfCity) -> Answer:
    """Codes that can still be accepted."""
    return Answer(await invitations.open_invitations(call.services, call.actor, query.city))


@staff.post(
    "/invitations/accept",
    who=SIGNED_IN,
    body=invitations.Accept,
    answers={201: Joined},
    errors=(
        Code.INVITATION_INVALID,
        Code.ALREADY_MEMBER,
        Code.ADMIN_ROLES_SEPARATE,
        Code.FORBIDDEN,
        Code.TOO_MANY,
    ),
    summary="凭邀请码加入单位",
    description="在小程序中办理：角色归当前登录的微信身份所有。",
)
async def accept(call: Call, body: invitations.Accept) -> Done:
    """Join by a code."""
    await invitations.guard_accept(call.services, call.actor, address_of(call))
    return await call.act(lambda unit: invitations.accept(unit, body))


@staff.delete(
    "/invitations/<id>",
    who=SECURITY,
    answers={200: InvitationRevoked},
    errors=(*_ADMIN, Code.NOT_FOUND, Code.CONFLICT),
    summary="撤销邀请",
)
async def revoke(call: Call, id: UUID) -> Done:
    """Make an unused code worthless."""
    return await call.act(lambda unit: invitations.revoke(unit, id))


@staff.get(
    "/staff",
    who=SECURITY,
    query=use_case.StaffQuery,
    answers={200: StaffList},
    errors=(*_ADMIN, Code.INVALID),
    summary="本市的工作人员",
)
async def list_staff(call: Call, query: use_case.StaffQuery) -> Done:
    """Who works where; the read is audited."""
    return await call.act(lambda unit: use_case.staff(unit, query))


@staff.delete(
    "/memberships/<id>",
    who=SECURITY,
    answers={200: MembershipEnded},
    errors=(*_ADMIN, Code.NOT_FOUND),
    summary="终止角色",
    description="立即生效。不能终止本人的角色。",
)
async def end_membership(call: Call, id: UUID) -> Done:
    """End a role."""
    return await call.act(lambda unit: use_case.end_membership(unit, id))


@staff.delete(
    "/memberships/<id>/totp",
    who=SECURITY,
    answers={200: TotpReset},
    errors=(*_ADMIN, Code.NOT_FOUND),
    summary="清除遗失的动态口令",
    description="该人员的电脑端随即退出，须重新启用动态口令。",
)
async def reset_totp(call: Call, id: UUID) -> Done:
    """Take a lost second factor away."""
    return await call.act(lambda unit: use_case.reset_totp(unit, id))
