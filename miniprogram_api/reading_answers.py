"""Answers of reading: progress, queues, cases, inbox, guide."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered
from rules.actors import Role
from rules.lifecycle import Subject
from rules.states import Course, PermitState, PlanState, RequestState, SurveyState, Verdict
from rules.states import Stage as ApplicationStage
from rules.waiting import Holder
from workflow.lights import Light


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


class FilledField(Answered):
    """表中填写的一项。"""

    key: str
    label: str
    value: Any
    text: str
    masked: bool = Field(description="按权限隐去了一部分")


class FilledSection(Answered):
    """表中的一节。"""

    code: str
    label: str
    fields: list[FilledField]


class Line(Answered):
    """外线的位置、长度与日期。"""

    found: list[dict[str, Any]]
    planned: dict[str, Any]
    works_until: str | None


class Ended(Answered):
    """为什么不办了。"""

    reason: str | None
    explanation: str


class RequestDetail(Answered):
    """一项报装的全部内容。"""

    kind: str
    kind_label: str
    course_label: str
    findings: dict[str, Any]
    segment: dict[str, Any]
    segment_open: bool
    works: dict[str, Any]
    inspection: dict[str, Any]
    connection: dict[str, Any]
    ended: Ended | None


class OpinionView(Answered):
    """一个部门的审批事项与意见。"""

    department: str
    department_label: str
    organization: str
    documents: list[str]
    listed_at: AwareDatetime | None
    asked_at: AwareDatetime | None
    verdict: Verdict | None
    verdict_label: str | None
    conditions: list[str]
    remark: str
    by_commitment: bool
    round: int
    signed_at: AwareDatetime | None


class PermitReason(Answered):
    """为什么走这条路：条款与数字。"""

    code: str
    clause: str
    text: str


class PermitView(Answered):
    """一项报装的审批。"""

    state: PermitState
    state_label: str
    route: str | None
    reasons: list[PermitReason]
    permits: list[str]
    form_c_at: AwareDatetime | None
    committed_builder: str | None
    filed: list[str]
    filing_gaps: list[str]
    opinions: list[OpinionView]


class RequestView(Answered):
    """案卷中的一项报装。"""

    id: UUID
    utility: str
    utility_label: str
    provider: str
    state: RequestState
    state_label: str
    own: bool = Field(description="由本人所在单位办理")
    course: Course
    line: Line
    works_started_at: AwareDatetime | None
    works_finished_at: AwareDatetime | None
    connection_at: AwareDatetime | None
    connected_at: AwareDatetime | None
    detail: RequestDetail | None = Field(description="其他单位的事项为 null，只见外线与日期")
    permit: PermitView | None
    version: int
    allowed: list[str]


class SurveyView(Answered):
    """一次联合踏勘预约。"""

    id: UUID
    at: AwareDatetime
    state: SurveyState
    state_label: str


class PlanView(Answered):
    """一版方案答复。"""

    number: int
    state: PlanState
    state_label: str
    segments: list[dict[str, Any]]
    offered_at: AwareDatetime
    answered_at: AwareDatetime | None
    answer: str


class AttachedDocument(Answered):
    """一份已上传的材料。"""

    upload_id: UUID
    purpose: str
    label: str
    name: str
    media_type: str
    size: int
    added_at: AwareDatetime


class MissingDocument(Answered):
    """还缺的材料。"""

    code: str
    label: str


class DocumentGap(Answered):
    """容缺的材料。"""

    document: str
    label: str
    due_at: AwareDatetime | None
    supplied_at: AwareDatetime | None


class Documents(Answered):
    """材料。"""

    attached: list[AttachedDocument]
    missing: list[MissingDocument]
    gaps: list[DocumentGap]


class CorrectionFault(Answered):
    """一处需要更正的内容。"""

    field: str
    label: str
    reason: str
    reason_label: str
    note: str


class Correction(Answered):
    """一次补正告知。"""

    at: AwareDatetime
    faults: list[CorrectionFault]


class Road(Answered):
    """道路开挖与恢复。"""

    opened: bool
    checked_at: AwareDatetime | None


class RatingView(Answered):
    """评价。"""

    level: int
    label: str
    reason: str
    at: AwareDatetime


class CaseView(Answered):
    """一份申请的案卷，按本人的角色显示。"""

    id: UUID
    city: str
    number: str | None
    stage: ApplicationStage
    stage_label: str
    channel: str
    channel_label: str
    version: int
    own: bool
    roles: list[Role]
    allowed: list[str] = Field(description="本人现在可以对申请进行的操作")
    submitted_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    connected_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    due_at: AwareDatetime | None
    registration_id: UUID | None
    form: list[FilledSection]
    requests: list[RequestView]
    surveys: list[SurveyView]
    plan: PlanState
    plans: list[PlanView]
    documents: Documents | None
    corrections: list[Correction]
    road: Road
    rating: RatingView | None
