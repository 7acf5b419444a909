"""Answers of reading: progress, queues, my cases, inbox, guide."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered
from rules.actors import Role
from rules.lifecycle import Subject
from rules.states import Course, PermitState, RequestState
from rules.states import Stage as ApplicationStage
from rules.waiting import Holder
from workflow.reading.lights import Light


class Step(Answered):
    """正在等待的一步：由谁办、何时到期、之后是什么。"""

    step: str
    label: str
    holder: Holder
    holder_name: str
    due_at: AwareDatetime | None
    target_at: AwareDatetime | None = Field(description="努力目标，早于时限；不计超时")
    provisional: bool = Field(description="年度工作日安排尚未公布，时限为暂定")
    light: Light | None = Field(description="normal 正常，yellow 临近时限，red 已超时限")
    paused: bool
    paused_for: str | None
    next: str


class CaseStep(Step):
    """整个申请当前最紧要的一步。"""

    request_id: UUID | None


class RequestProgress(Answered):
    """一项报装的进度。"""

    id: UUID
    utility: str
    utility_label: str
    kind: str
    kind_label: str
    provider: str
    state: RequestState
    state_label: str
    permit: PermitState | None
    version: int
    connection_at: AwareDatetime | None
    connected_at: AwareDatetime | None
    now: Step


class RunningDeadline(Answered):
    """一个正在计算（或暂停）的时限。"""

    step: str
    step_label: str
    request_id: UUID | None
    holder: Role
    holder_name: str
    target_at: AwareDatetime | None
    due_at: AwareDatetime
    provisional: bool
    light: Light
    paused: bool
    paused_for: str | None


class TimelineEntry(Answered):
    """办理过程中的一件事。"""

    subject: Subject
    event: str
    text: str
    by: str
    utility: str | None
    at: AwareDatetime = Field(description="发生的时间")
    entered_at: AwareDatetime = Field(description="录入的时间")


class StageName(Answered):
    """阶段。"""

    stage: ApplicationStage
    label: str


class Progress(Answered):
    """申请的进度。"""

    id: UUID
    city: str
    number: str | None
    enterprise_name: str | None
    stage: ApplicationStage
    stage_label: str
    version: int
    path: list[StageName] = Field(description="本申请要经过的阶段，依次")
    light: Light | None
    now: CaseStep
    survey_at: AwareDatetime | None
    submitted_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    connected_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    requests: list[RequestProgress]
    deadlines: list[RunningDeadline]
    timeline: list[TimelineEntry]


class QueuePart(Answered):
    """一项报装，在清单里。"""

    utility_label: str
    provider: str
    state: RequestState
    state_label: str


class QueueCase(Answered):
    """清单中的申请。"""

    id: UUID
    number: str | None
    enterprise_name: str | None
    town: str | None
    town_label: str | None
    stage: ApplicationStage
    stage_label: str
    channel: str
    channel_label: str
    submitted_at: AwareDatetime | None
    version: int
    waits_for: str | None
    utilities: list[str] = Field(default=[], description="窗口和牵头单位的清单才有")
    requests: list[QueuePart] = Field(default=[], description="窗口和牵头单位的清单才有")


class QueueRequest(Answered):
    """清单中属于本单位的事项。"""

    id: UUID
    utility: str
    utility_label: str
    kind: str
    kind_label: str
    course: Course
    provider: str
    state: RequestState
    state_label: str
    permit: PermitState | None
    connection_at: AwareDatetime | None
    version: int
    waits_for: str


class QueueItem(Answered):
    """清单的一行。"""

    application: QueueCase
    request: QueueRequest | None
    survey_at: AwareDatetime | None
    step: str | None
    step_label: str | None
    due_at: AwareDatetime | None
    provisional: bool
    light: Light | None
    paused: bool
    paused_for: str | None


class QueuePage(Answered):
    """工作清单的一页，最急的在前。"""

    city: str
    role: Role
    items: list[QueueItem]
    next: str | None = Field(description="下一页的 after；没有下一页为 null")


class MyCase(Answered):
    """我的一份申请或登记。"""

    kind: Literal["application", "registration"]
    id: UUID
    city: str
    city_name: str
    number: str | None
    enterprise_name: str | None
    town: str | None
    utilities: list[str]
    state: str
    state_label: str
    entered_by_me: bool
    registration_id: UUID | None
    version: int
    light: Light | None
    step: str | None
    step_label: str | None
    holder_name: str | None
    due_at: AwareDatetime | None
    provisional: bool
    paused: bool
    paused_for: str | None
    created_at: AwareDatetime
    submitted_at: AwareDatetime | None


class MyCases(Answered):
    """我的办件的一页，新的在前。"""

    items: list[MyCase]
    next: str | None


class Message(Answered):
    """一条消息。"""

    id: int
    code: str
    title: str
    text: str
    city: str
    application_id: UUID | None
    registration_id: UUID | None
    at: AwareDatetime
    read: bool


class Inbox(Answered):
    """消息的一页，新的在前。"""

    unread: int
    items: list[Message]
    next: str | None


class Unread(Answered):
    """未读条数。"""

    unread: int


class Marked(Unread):
    """标为已读之后。"""

    marked: int


class GuideAnswer(Answered):
    """一段解答。"""

    text: str
    clause: str | None = Field(description="方案条款；本市自行规定的为 null")


class GuideTopic(Answered):
    """指南的一个主题。"""

    topic: str
    label: str
    answers: list[GuideAnswer]


class GuideHotline(Answered):
    """电话。"""

    code: str
    label: str
    number: str
    utility: str | None
    emergency: bool


class Guide(Answered):
    """一个城市的办事指南。"""

    city: str
    city_name: str
    policy: str
    topics: list[GuideTopic]
    hotlines: list[GuideHotline]
