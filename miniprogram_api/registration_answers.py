"""What reads of registrations answer, as types."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered, RegistrationBrief
from rules.calendar import Light
from rules.lifecycle import Subject
from rules.states import Channel, RegistrationState, Stage


class RegistrationItem(Answered):
    """列表中的一份意向登记，不含联系人信息。"""

    id: UUID
    city: str
    state: RegistrationState
    state_label: str
    version: int
    channel: Channel
    enterprise: str | None
    project_code: str | None
    project: str | None
    town: str | None
    utilities: list[str]
    received_at: AwareDatetime
    due_at: AwareDatetime | None
    light: Light | None = Field(description="最紧的时限：正常、黄灯、红灯；没有时限为 null")
    agreed_connection_at: AwareDatetime | None
    planning_permit_on: date | None


class RegistrationPage(Answered):
    """一页意向登记，新的在前。"""

    items: list[RegistrationItem]
    next: str | None = Field(description="下一页的 after；没有下一页为 null")


class RegistrationVisit(Answered):
    """一个单位应上门对接，及其实际上门时间。"""

    organization: str
    utility: str | None
    visited_at: AwareDatetime | None
    note: str


class RegistrationDeadline(Answered):
    """一项未办结的时限。"""

    step: str
    label: str
    holder: str
    utility: str | None
    due_at: AwareDatetime
    provisional: bool
    light: Light


class RegistrationEvent(Answered):
    """经过中的一步。"""

    subject: Subject
    event: str
    text: str
    by: str
    utility: str | None
    at: AwareDatetime
    entered_at: AwareDatetime


class MadeApplication(Answered):
    """由本登记转成的申请。"""

    id: UUID
    number: str | None
    stage: Stage
    utilities: list[str]


class RegistrationView(RegistrationBrief):
    """一份意向登记，按查看人的岗位显示。"""

    state_label: str
    channel: Channel
    received_at: AwareDatetime
    values: dict[str, Any] = Field(description="信息采集单（表A）各项")
    visits: list[RegistrationVisit]
    deadlines: list[RegistrationDeadline]
    timeline: list[RegistrationEvent]
    applications: list[MadeApplication]
