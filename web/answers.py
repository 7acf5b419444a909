"""Answers of the integration API, as types: the OpenAPI document shows them, tests hold to them."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from rules.lifecycle import Subject
from rules.states import PermitState, RegistrationState, RequestState, Stage


class Answered(BaseModel):
    """An answer: exactly these members. Times are in Shanghai time, to the second."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenDeadline(Answered):
    """一项正在计算（或已暂停）的时限。"""

    step: str
    holder: str = Field(description="由谁办理：单位名称，没有单位的为角色名称，如“申请人”")
    opened_at: AwareDatetime
    target_at: AwareDatetime | None
    due_at: AwareDatetime
    provisional: bool = Field(description="途经年份的放假安排尚未公布，时限暂定")
    paused: str | None = Field(description="暂停原因代码；没有暂停为 null")


class Visit(Answered):
    """一个单位应上门对接，及其实际上门时间。"""

    organization: str
    visited_at: AwareDatetime | None


class MadeApplication(Answered):
    """由登记转成、已提交的申请。"""

    number: str | None
    stage: Stage


class RegistrationStatus(Answered):
    """意向登记的办理状态，不含个人信息。"""

    ref: str
    id: UUID
    state: RegistrationState
    version: int
    received_at: AwareDatetime
    due_at: AwareDatetime | None
    agreed_connection_at: AwareDatetime | None
    planning_permit_on: date | None
    visits: list[Visit]
    deadlines: list[OpenDeadline]
    applications: list[MadeApplication]


class Correction(Answered):
    """一处需要更正的内容，及原因代码。"""

    field: str
    reason: str | None


class RequestStatus(Answered):
    """一个单位（或一家通信运营商）的一项报装。"""

    utility: str
    provider: str
    kind: str
    state: RequestState
    permit: PermitState | None
    due_at: AwareDatetime | None
    connection_at: AwareDatetime | None
    connected_at: AwareDatetime | None


class ApplicationStatus(Answered):
    """联合报装申请的办理状态，不含个人信息。"""

    ref: str
    id: UUID
    number: str | None
    stage: Stage
    version: int
    due_at: AwareDatetime | None
    submitted_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    connected_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    corrections: list[Correction]
    requests: list[RequestStatus]
    deadlines: list[OpenDeadline]


class PermitPushed(Answered):
    """提醒了几份暂缓的登记，另有几份登记记下了核发日期。"""

    ref: str
    project_code: str
    reminded: int
    noted: int


class FeedEvent(Answered):
    """所推送办件的一次状态变化。"""

    id: int
    subject: Subject
    ref: str
    number: str | None
    utility: str | None
    provider: str | None
    event: str
    source: str | None = Field(alias="from")
    target: str = Field(alias="to")
    happened_at: AwareDatetime
    entered_at: AwareDatetime


class Feed(Answered):
    """一页动态。"""

    events: list[FeedEvent]
    next: int = Field(description="下一次请求的 after")
    more: bool = Field(description="现在还有下一页")
