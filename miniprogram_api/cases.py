"""办件查询: my cases, one case as its reader may see it, and its progress."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.bearer import session_of
from miniprogram_api.case_answers import CaseView
from miniprogram_api.reading_answers import MyCases, Progress
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.cases import view as case_view
from workflow.reading import mine, progress
from workflow.unit import Answer, Done

cases = resource(
    "cases",
    "办件查询",
    "申请人看到自己的全部内容；各单位看到与本单位有关的内容。工作人员查看个人信息会留下记录。",
)


@cases.get(
    "/cases",
    who=SIGNED_IN,
    query=mine.MineQuery,
    answers={200: MyCases},
    errors=(Code.INVALID,),
    summary="我的办件",
    description="本人和所代表企业的申请与登记，新的在前。"
    "group：all 全部，draft 草稿，open 在办，ended 已结束。",
)
async def my_cases(call: Call, query: mine.MineQuery) -> Answer:
    """Everything of mine, a page at a time."""
    return await mine.mine(call.services, call.actor, query, call.now)


@cases.get(
    "/applications/<id>",
    who=SIGNED_IN,
    answers={200: CaseView},
    errors=(Code.NOT_FOUND,),
    summary="查看一份申请",
    description="内容按本人的角色显示，连同现在可以进行的操作。版本号见 ETag。",
)
async def read_case(call: Call, id: UUID) -> Done:
    """The case; a read by staff is audited in the same transaction."""
    return await call.act(lambda unit: case_view.case_view(unit, id))


async def own_progress(call: Call, id: UUID) -> Answer | None:
    """Of one's own case, in one statement together with who asks."""
    session = session_of(call.request, call.services, call.now)
    return await progress.own_progress(call.services, session, id, call.now)


@cases.get(
    "/applications/<id>/progress",
    who=SIGNED_IN,
    shortcut=own_progress,
    answers={200: Progress},
    errors=(Code.NOT_FOUND,),
    summary="办理进度",
    description="现在由谁办理、何时到期、之后是什么，以及办理过程。",
)
async def read_progress(call: Call, id: UUID) -> Answer:
    """Who holds it now, until when, and what happened."""
    return await progress.progress(call.services, call.actor, id, call.now)
