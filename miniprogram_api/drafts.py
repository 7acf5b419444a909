"""申请表草稿: created anywhere, saved field by field, checked at any time."""

from dataclasses import replace
from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from doors.problems import field_of
from miniprogram_api.answers import Draft
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.cases import draft
from workflow.unit import Answer, Done, Unit

drafts = resource(
    "drafts",
    "申请表草稿",
    "小程序、网页和聊天填写的是同一份草稿。按栏目保存；两处同时改了同一栏目，两个值都留着，等人选定。",
)

_REFUSED = (Code.INVALID, Code.NOT_FOUND, Code.MOVE_NOT_ALLOWED, Code.NOT_YOURS_TO_MOVE)


@drafts.post(
    "/applications",
    who=SIGNED_IN,
    body=draft.NewDraft,
    answers={201: Draft},
    errors=(Code.INVALID, Code.NOT_FOUND, Code.FORBIDDEN),
    summary="新建申请表草稿",
    description="已有企业资料会自动填好。窗口人员代填时 walk_in 为 true。",
)
async def create_draft(call: Call, body: draft.NewDraft) -> Done:
    """Begin a draft."""

    async def act(unit: Unit) -> Answer:
        return _worded(await draft.create_draft(unit, body, channel=unit.actor.channel))

    return await call.act(act)


@drafts.get(
    "/applications/<id>/draft",
    who=SIGNED_IN,
    answers={200: Draft},
    errors=(Code.NOT_FOUND,),
    summary="读取申请表内容",
)
async def read_draft(call: Call, id: UUID) -> Done:
    """The form as it stands."""

    async def act(unit: Unit) -> Answer:
        return _worded(await draft.read_draft(unit, id))

    return await call.act(act)


@drafts.patch(
    "/applications/<id>/draft",
    who=SIGNED_IN,
    body=draft.Save,
    answers={200: Draft},
    errors=_REFUSED,
    summary="保存若干栏目",
    description="每个栏目带上读到它时的版本 base；"
    "别处后来改过的栏目列在 conflicts 中，两个值都保留。"
    "不合要求的内容也先保存，问题列在 faults 中。",
)
async def save_draft(call: Call, id: UUID, body: draft.Save) -> Done:
    """Save fields; the others stay."""

    async def act(unit: Unit) -> Answer:
        return _worded(await draft.save(unit, id, body))

    return await call.act(act)


@drafts.post(
    "/applications/<id>/draft/validate",
    who=SIGNED_IN,
    key=False,
    answers={200: Draft},
    errors=(Code.NOT_FOUND,),
    summary="检查能否提交",
    description="一次列出全部问题，不改变任何内容。",
)
async def validate_draft(call: Call, id: UUID) -> Done:
    """Every fault the form would have if submitted now."""

    async def act(unit: Unit) -> Answer:
        return _worded(await draft.check_draft(unit, id))

    return await call.act(act)


def _worded(answer: Answer) -> Answer:
    """Faults in words, as everywhere else."""
    faults = [field_of(fault) for fault in answer.body["faults"]]
    return replace(answer, body={**answer.body, "faults": faults})
