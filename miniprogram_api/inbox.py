"""消息: the in-app inbox."""

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.reading_answers import Inbox, Marked, Unread
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.reading import inbox as use_case
from workflow.unit import Answer, Done

inbox = resource("inbox", "消息", "每件与本人有关的事告知一次。")


@inbox.get(
    "/inbox",
    who=SIGNED_IN,
    query=use_case.InboxQuery,
    answers={200: Inbox},
    errors=(Code.INVALID,),
    summary="我的消息",
)
async def read_inbox(call: Call, query: use_case.InboxQuery) -> Answer:
    """One page, newest first."""
    return await use_case.inbox(call.services, call.actor, query, call.now)


@inbox.get("/inbox/unread", who=SIGNED_IN, answers={200: Unread}, summary="未读条数")
async def count_unread(call: Call) -> Answer:
    """For the badge."""
    return await use_case.unread(call.actor)


@inbox.post(
    "/inbox/read",
    who=SIGNED_IN,
    key=False,
    body=use_case.Read,
    answers={200: Marked},
    errors=(Code.INVALID,),
    summary="标为已读",
    description="ids 列出若干条，up_to 为这一条及更早的全部。重复提交没有影响。",
)
async def mark_read(call: Call, body: use_case.Read) -> Done:
    """Mark one's own messages."""
    return await call.act(lambda unit: use_case.mark_read(unit, body))
