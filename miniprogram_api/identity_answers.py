"""What the routes of signing in, of staff and of administrators answer."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered
from miniprogram_api.crew_answers import MovedVisit
from rules.actors import OrgKind, Role


class SignedIn(Answered):
    """登录之后：令牌只在这里给出一次。"""

    token: str = Field(description="放在 Authorization: Bearer 之后")
    session: UUID
    expires_at: AwareDatetime
    phone_bound: bool = Field(description="是否已绑定手机号")
    staff: bool = Field(description="是否为工作人员")


class Session(Answered):
    """本人的一处登录。"""

    id: UUID
    kind: Literal["mp", "h5", "desk"]
    created_at: AwareDatetime
    seen_at: AwareDatetime | None
    expires_at: AwareDatetime
    current: bool


class SessionList(Answered):
    """本人的全部登录，最近的在前。"""

    items: list[Session]


class SessionEnded(Answered):
    """已退出。"""

    id: UUID
    ended_at: AwareDatetime


class OwnMembership(Answered):
    """本人在一个单位担任的角色。"""

    id: UUID
    role: Role
    city: str
    city_name: str
    organization: UUID
    organization_name: str
    utility: str | None
    town: str | None


class OwnEnterprise(Answered):
    """本人代表的一家企业。"""

    id: UUID
    name: str
    credit_code: str


class Me(Answered):
    """本人。"""

    id: UUID
    name: str | None
    phone: str | None = Field(description="已脱敏，如 138****1234")
    on_desk: bool
    totp: bool = Field(description="是否已启用动态口令")
    memberships: list[OwnMembership]
    enterprises: list[OwnEnterprise]


class NameSet(Answered):
    """已保存的姓名。"""

    name: str


class Claimed(Answered):
    """按手机号归到本人名下的件数。"""

    applications: int
    registrations: int


class PhoneBound(Answered):
    """已绑定的手机号（脱敏）。"""

    phone: str
    claimed: Claimed


class TotpOffered(Answered):
    """新的动态口令密钥，只显示这一次；输入第一个口令后生效。"""

    secret: str
    uri: str
    account: str


class TotpSet(Answered):
    """是否已启用动态口令。"""

    totp: bool


class DeskLoginOpened(Answered):
    """供扫码的登录请求；secret 只留在这台电脑上。"""

    id: UUID
    secret: str
    qr: str
    expires_at: AwareDatetime


class DeskLogin(Answered):
    """扫码登录进行到哪一步。"""

    state: Literal["waiting", "confirmed", "finished", "expired"]
    expires_at: AwareDatetime
    name: str | None = Field(default=None, description="确认登录的人，已脱敏")
    totp: bool | None = None


class DeskConfirmed(Answered):
    """已在手机上确认。"""

    id: UUID
    state: Literal["confirmed"]


class Invitation(Answered):
    """一份尚可接受的邀请。"""

    id: UUID
    city: str
    organization: UUID
    organization_name: str
    role: Role
    created_at: AwareDatetime
    expires_at: AwareDatetime


class NewInvitation(Invitation):
    """新的邀请；邀请码只显示这一次。"""

    code: str


class InvitationList(Answered):
    """尚可接受的邀请，最近的在前。"""

    items: list[Invitation]


class InvitationRevoked(Answered):
    """邀请已撤销。"""

    id: UUID
    state: Literal["revoked"]


class Joined(Answered):
    """已加入的单位和角色。"""

    membership: UUID
    role: Role
    city: str
    organization: UUID
    organization_name: str


class StaffMember(Answered):
    """一名工作人员在一个单位的角色。"""

    membership: UUID
    person: UUID
    name: str | None
    phone: str | None = Field(description="已脱敏")
    role: Role
    organization: UUID
    organization_name: str
    since: AwareDatetime
    totp: bool
    locked_until: AwareDatetime | None


class StaffList(Answered):
    """工作人员；next 为空表示没有下一页。"""

    items: list[StaffMember]
    next: str | None


class MembershipEnded(Answered):
    """角色已终止，立即生效。"""

    membership: UUID
    ended_at: AwareDatetime


class TotpReset(Answered):
    """已清除的动态口令。"""

    membership: UUID
    totp: bool


class Organization(Answered):
    """城市的一个单位。"""

    id: UUID
    kind: OrgKind
    code: str
    name: str
    utility: str | None
    town: str | None
    roles: list[Role] = Field(description="可在该单位担任的角色")


class OrganizationList(Answered):
    """城市的全部单位。"""

    items: list[Organization]


class CalendarDaySet(Answered):
    """已设定的一天。"""

    city: str
    day: date
    working: bool
    visits: list[MovedVisit] = Field(description="因当天不再上班而取消的踏勘")


class CalendarDayCleared(Answered):
    """恢复按国家公布的日历执行的一天。"""

    city: str
    day: date
    visits: list[MovedVisit] = Field(description="因当天不再上班而取消的踏勘")


class CalendarDay(Answered):
    """单独设定的一天。"""

    day: date
    working: bool
    note: str


class CalendarYear(Answered):
    """一个年度单独设定的日期，以及是否已标记为公布。"""

    city: str
    year: int
    published: bool
    items: list[CalendarDay]


class CalendarYearSet(Answered):
    """年度是否已标记为公布。"""

    city: str
    year: int
    published: bool


class AuditRow(Answered):
    """一条审计记录。"""

    id: int
    at: AwareDatetime
    person: UUID | None
    name: str = Field(description="已脱敏")
    role: str
    action: str
    object_kind: str
    object_id: str
    success: bool
    detail: dict[str, Any]
    correlation: str
    sequence: int | None = Field(description="在本市审计链中的序号；刚写入的暂缺")


class AuditPage(Answered):
    """审计记录，最近的在前；next 为空表示没有下一页。"""

    items: list[AuditRow]
    next: str | None


class Enterprise(Answered):
    """企业资料；values 的键与申请表一致。"""

    id: UUID
    name: str
    credit_code: str
    values: dict[str, Any]
    relation: Literal["owner", "agent"]
    version: int


class EnterpriseMember(Answered):
    """可以代表企业办理的一个人。"""

    person: UUID
    name: str = Field(description="已脱敏")
    phone: str | None = Field(description="已脱敏")
    relation: Literal["owner", "agent"]
    since: AwareDatetime
    self: bool


class EnterpriseMembers(Answered):
    """可以代表企业办理的人。"""

    items: list[EnterpriseMember]


class ColleagueCode(Answered):
    """给同事的一次性邀请码，只显示这一次。"""

    code: str
    expires_at: AwareDatetime


class EnterpriseJoined(Answered):
    """已成为企业的经办人。"""

    enterprise: UUID
    name: str
    relation: Literal["agent"]


class MemberRemoved(Answered):
    """已移出企业的人。"""

    enterprise: UUID
    person: UUID
    removed: bool
