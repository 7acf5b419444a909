"""联合踏勘记录: drawn up from what was found, confirmed by everybody who came."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.field_answers import SurveyRecordAnswer
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.surveys.record import acts
from workflow.unit import Done

field_records = resource(
    "survey-records",
    "联合踏勘记录",
    "由各单位的踏勘结果汇成，到场各单位和申请人都确认后生效。每次修改成为新的一版，各方须重新确认。",
)

_REFUSED = (
    Code.INVALID,
    Code.NOT_FOUND,
    Code.CONFLICT,
    Code.NOT_YOURS_TO_MOVE,
    Code.MOVE_NOT_ALLOWED,
    Code.GUARD_FAILED,
)


@field_records.get(
    "/surveys/<id>/record",
    who=SIGNED_IN,
    answers={200: SurveyRecordAnswer},
    errors=(Code.NOT_FOUND,),
    summary="联合踏勘记录",
)
async def survey_record(call: Call, id: UUID) -> Done:
    """The record as it stands."""
    return await call.act(lambda unit: acts.record(unit, id))


@field_records.post(
    "/surveys/<id>/record",
    who=SIGNED_IN,
    answers={201: SurveyRecordAnswer},
    errors=_REFUSED,
    summary="形成联合踏勘记录",
    description="最后一个单位登记踏勘结果时自动形成；在此之前也可由到场单位或组织踏勘的一方形成。",
)
async def draw_up_record(call: Call, id: UUID) -> Done:
    """Draw it up."""
    return await call.act(lambda unit: acts.draw_up(unit, id))


@field_records.post(
    "/surveys/<id>/record/change",
    who=SIGNED_IN,
    body=acts.Change,
    answers={200: SurveyRecordAnswer},
    errors=_REFUSED,
    summary="修改联合踏勘记录",
    description="edition 为所依据的版本；已有新版本的，先查看新版本（conflict）。"
    "踏勘结果本身由各单位更正。",
)
async def change_record(call: Call, id: UUID, body: acts.Change) -> Done:
    """A new edition."""
    return await call.act(lambda unit: acts.change(unit, id, body))


@field_records.post(
    "/surveys/<id>/record/sign",
    who=SIGNED_IN,
    body=acts.Word,
    answers={200: SurveyRecordAnswer},
    errors=_REFUSED,
    summary="确认或提出异议",
    description="提出异议须说明理由（remark）。upload_id 为手写签名的图片；"
    "窗口代申请人确认的必须上传。",
)
async def sign_record(call: Call, id: UUID, body: acts.Word) -> Done:
    """Confirm or object."""
    return await call.act(lambda unit: acts.sign(unit, id, body))
