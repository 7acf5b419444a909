"""办件材料: attach, detach, list."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.case_answers import Documents
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.cases import documents as use_case
from workflow.unit import Done

documents = resource(
    "documents",
    "办件材料",
    "申请材料由申请人或窗口附上，受理前可以更换；审批材料按部门所列名称由公用事业单位附上。",
)

_REFUSED = (Code.INVALID, Code.NOT_FOUND, Code.MOVE_NOT_ALLOWED, Code.NOT_YOURS_TO_MOVE)


class CaseDocuments(Documents):
    """一份办件的材料。"""

    version: int


@documents.get(
    "/applications/<id>/documents",
    who=SIGNED_IN,
    answers={200: CaseDocuments},
    summary="办件的材料",
    description="已附、尚缺和容缺的材料。无权查看材料的人只看到自己附上的。工作人员查看会留下记录。",
    operation="list",
)
async def read_documents(call: Call, id: UUID) -> Done:
    """What is attached, missing and owed."""
    return await call.act(lambda unit: use_case.documents(unit, id))


@documents.post(
    "/applications/<id>/documents",
    who=SIGNED_IN,
    body=use_case.Attach,
    answers={201: CaseDocuments},
    errors=_REFUSED,
    summary="附上材料",
    description="purpose 为城市材料清单中的代码、部门所列审批材料的名称，或现场照片 site_photo。"
    "附上申请材料后办件版本随之更新，见 ETag。",
)
async def attach(call: Call, id: UUID, body: use_case.Attach) -> Done:
    """Attach an upload."""
    return await call.act(lambda unit: use_case.attach(unit, id, body))


@documents.delete(
    "/applications/<id>/documents/<document>",
    who=SIGNED_IN,
    answers={200: CaseDocuments},
    errors=_REFUSED,
    summary="撤下材料",
    description="申请材料在受理前可以撤下。document 为材料列表中的 id。",
)
async def detach(call: Call, id: UUID, document: UUID) -> Done:
    """Take a document off again."""
    return await call.act(lambda unit: use_case.detach(unit, id, document))
