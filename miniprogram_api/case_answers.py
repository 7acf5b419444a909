"""One case as its reader may see it; parts that are not for the reader are null or empty."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered
from rules.actors import Role
from rules.states import Course, PermitState, PlanState, RequestState, SurveyState, Verdict
from rules.states import Stage as ApplicationStage


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

    id: UUID
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
