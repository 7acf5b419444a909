"""踏勘现场: one's visit, photos, what phones hand in after being offline."""

from uuid import UUID

from doors.call import Call
from doors.invalid import faults_of
from miniprogram_api.field_answers import (
    BatchAnswer,
    FieldVisit,
    KeptPhoto,
    ReportAnswer,
    ReportList,
)
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.cases.site_visit import CheckIn
from workflow.surveys.field import deciding, photos, reports, visit_acts
from workflow.surveys.field.applying import Done
from workflow.unit import Done as Answered

field = resource(
    "field",
    "踏勘现场",
    "到场签到、现场照片，以及离线手机补交的记录。位置只用来比对距离，精确位置加密保存，不再显示。",
)

_REFUSED = (Code.INVALID, Code.FORBIDDEN, Code.NOT_FOUND, Code.CONFLICT)


@field.get(
    "/visits/<id>",
    who=deciding.SENDERS,
    answers={200: FieldVisit},
    errors=(Code.NOT_FOUND, Code.FORBIDDEN),
    summary="本单位的到场任务",
)
async def field_visit(call: Call, id: UUID) -> Answered:
    """One's visit."""
    return await call.act(lambda unit: visit_acts.visit(unit, id))


@field.post(
    "/visits/<id>/check-in",
    who=deciding.SENDERS,
    body=CheckIn,
    answers={200: FieldVisit},
    errors=(*_REFUSED, Code.MOVE_NOT_ALLOWED, Code.GUARD_FAILED),
    summary="到场签到",
    description="位置注明坐标系（gcj02 或 wgs84）。离现场较远、精度不足、定位过时或没有定位的，"
    "照常签到并注明存疑，须填写原因（reason_needed，doubts 说明存疑之处）。",
)
async def visit_check_in(call: Call, id: UUID, body: CheckIn) -> Answered:
    """Check in."""
    return await call.act(lambda unit: visit_acts.check_in(unit, id, body))


@field.post(
    "/visits/<id>/leave",
    who=deciding.SENDERS,
    body=Done,
    answers={200: FieldVisit},
    errors=_REFUSED,
    summary="本单位踏勘完毕",
)
async def leave_visit(call: Call, id: UUID, body: Done) -> Answered:
    """Done."""
    return await call.act(lambda unit: visit_acts.leave(unit, id, body))


@field.post(
    "/visits/<id>/photos",
    who=deciding.SENDERS,
    body=photos.Photo,
    answers={201: KeptPhoto},
    errors=_REFUSED,
    summary="登记现场照片",
    description="先上传得到编号。照片自带的时间和位置与踏勘日期、现场比对后去除，只留下距离和存疑之处。",
)
async def add_site_photo(call: Call, id: UUID, body: photos.Photo) -> Answered:
    """Keep a photo."""
    return await call.act(lambda unit: photos.add_photo(unit, id, body))


@field.post(
    "/field/reports",
    who=deciding.SENDERS,
    key=False,
    body=reports.Batch,
    answers={200: BatchAnswer},
    errors=(Code.INVALID, Code.FORBIDDEN),
    summary="补交现场记录",
    description="离线手机的记录，每批至多 50 条，可以晚交、重交、次序颠倒。每条自带编号：同一编号"
    "只算一次，再交得到同样的结果，内容不同则不采用。sent_at 为手机此刻的时间，用来校正各条的"
    "发生时间。kind 与 body：check_in 签到 {position, reason}；findings 踏勘结果 {segments, "
    "access_point, remark}；photo 照片 {upload_id}；signature 对踏勘记录签字 {edition, agrees, "
    "remark, upload_id}；visit_done 踏勘完毕 {}；late 晚到 {minutes}；no_show 有人未到 {absent, "
    "remark}。每条注明 visit_id、request_id、survey_id 之一。踏勘已改期等有出入的留待认定，"
    "不会丢失。",
)
async def hand_in_reports(call: Call, body: reports.Batch) -> Answered:
    """Take a batch in; each report's own id is its key."""
    return await call.act(lambda unit: reports.receive(unit, body, faults_of))


@field.get(
    "/field/reports",
    who=deciding.READERS,
    query=deciding.ReportQuery,
    answers={200: ReportList},
    errors=(Code.INVALID, Code.FORBIDDEN),
    summary="现场记录",
    description="本人提交的；单位经办人员看到本单位的，组织踏勘的一方看到本市的。查看他人的记录会留下记录。",
)
async def field_reports(call: Call, query: deciding.ReportQuery) -> Answered:
    """Reports; a read by others is audited in the same transaction."""
    return await call.act(lambda unit: deciding.listed(unit, query))


@field.post(
    "/field/reports/<id>/decide",
    who=deciding.READERS,
    body=deciding.Decision,
    answers={200: ReportAnswer},
    errors=(*_REFUSED, Code.MOVE_NOT_ALLOWED, Code.GUARD_FAILED, Code.NOT_YOURS_TO_MOVE),
    summary="认定有出入的记录",
    description="accept 采用，discard 不采用；由本单位经办人员或组织踏勘的一方认定。"
    "原记录始终保留。",
)
async def decide_report(call: Call, id: UUID, body: deciding.Decision) -> Answered:
    """Decide a conflict."""
    return await call.act(lambda unit: deciding.decide(unit, id, body))
