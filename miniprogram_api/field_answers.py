"""What the field routes answer."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered, FieldFault
from rules.presence import Doubt
from rules.states import ReportOutcome, SurveyState, VisitState


class ShownPhoto(Answered):
    """一张现场照片。"""

    id: UUID
    upload_id: UUID
    taken_at: AwareDatetime
    metres: int | None = Field(description="照片所记位置离现场多少米；没有位置时为空")
    doubts: list[Doubt]


class KeptPhoto(Answered):
    """登记的现场照片。"""

    id: UUID | None = None
    upload_id: UUID
    taken_at: AwareDatetime | None = None
    metres: int | None
    doubts: list[Doubt]


class FieldVisit(Answered):
    """本单位的一次到场任务。"""

    id: UUID
    survey_id: UUID
    request_id: UUID | None
    application_id: UUID | None
    number: str | None
    at: AwareDatetime
    ends_at: AwareDatetime
    state: VisitState
    survey_state: SurveyState
    arrived_at: AwareDatetime | None
    metres: int | None = Field(description="签到位置离现场多少米")
    accuracy_m: float | None
    doubts: list[Doubt] = Field(description="签到存疑之处；存疑不等于不予签到")
    reason: str
    late_minutes: int
    photos: list[ShownPhoto]


class ReportAnswer(Answered):
    """一条现场记录的处理结果。同一编号再次提交，结果不变。"""

    id: UUID
    kind: str
    outcome: ReportOutcome = Field(
        description="applied 已采用；conflict 有出入，留待认定；settled 已认定；refused 未采用"
    )
    conflict: str | None = Field(description="有出入或未采用的原因代码")
    text: str | None
    decision: str | None
    happened_at: AwareDatetime = Field(description="发生时间，已按手机时钟的偏差校正")
    received_at: AwareDatetime
    clock_off_s: int
    effect: str | None = Field(
        description="superseded：已有更晚的内容；older_edition：对旧版记录的签字"
    )
    metres: int | None
    doubts: list[Doubt]
    reason_wanted: bool = Field(description="签到存疑，请补交说明原因的签到记录")
    faults: list[FieldFault]


class BatchAnswer(Answered):
    """一批现场记录的处理结果，顺序与提交时一致。"""

    received_at: AwareDatetime
    clock_off_s: int = Field(description="手机时钟快了多少秒")
    reports: list[ReportAnswer]


class KeptReport(ReportAnswer):
    """一条现场记录。"""

    city: str | None
    organization: str | None
    application_id: UUID | None
    survey_id: UUID | None
    visit_id: UUID | None
    request_id: UUID | None
    body: dict[str, Any] = Field(description="提交的内容，不含精确位置")
    mine: bool
    may_decide: bool


class ReportList(Answered):
    """现场记录，新的在前，至多一百条。"""

    items: list[KeptReport]


class RecordedFindings(Answered):
    """一个单位的踏勘结果。"""

    request_id: UUID
    organization_id: UUID
    utility: str
    utility_label: str
    visited_at: AwareDatetime
    access_point: str
    remark: str
    segments: list[dict[str, Any]]


class RecordNote(Answered):
    """一个单位的意见。"""

    organization_id: UUID
    text: str


class RecordWord(Answered):
    """一方对现行版本的表态。"""

    agrees: bool
    remark: str
    upload_id: UUID | None = Field(description="手写签名")
    signed_at: AwareDatetime


class RecordParty(Answered):
    """须确认记录的一方；organization_id 为空的是申请人。"""

    organization_id: UUID | None
    name: str
    word: RecordWord | None


class SurveyRecordAnswer(Answered):
    """联合踏勘记录。"""

    survey_id: UUID
    application_id: UUID | None
    number: str | None
    edition: int = Field(description="每次修改加一，各方须重新确认")
    survey_at: AwareDatetime
    address: str
    findings: list[RecordedFindings]
    conclusion: str
    notes: list[RecordNote]
    parties: list[RecordParty]
    agreed_at: AwareDatetime | None
    updated_at: AwareDatetime
    may_change: bool
    may_sign: bool
