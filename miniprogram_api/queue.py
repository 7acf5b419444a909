"""工作清单: what waits for somebody in office."""

from doors.call import Call
from miniprogram_api.reading_answers import QueuePage
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.reading.queue import queue as read
from workflow.reading.queue_filters import WORKERS, QueueQuery
from workflow.unit import Answer

queue = resource(
    "queue",
    "工作清单",
    "按角色列出要办的事，最急的在前，没有时限的在后。",
)


@queue.get(
    "/queue",
    who=WORKERS,
    query=QueueQuery,
    answers={200: QueuePage},
    errors=(Code.INVALID, Code.FORBIDDEN),
    summary="我的工作清单",
    description="窗口、牵头单位和主管部门按 stage 筛选；公用事业单位和施工踏勘人员按 state 或 "
    "task（survey 踏勘，build 施工，connect 接入）筛选；审批部门的 task 为 list 反馈清单、"
    "sign 签署意见、check_road 道路核验。search 为编号，或企业名称的开头。",
)
async def read_queue(call: Call, query: QueueQuery) -> Answer:
    """One page."""
    return await read(call.services, call.actor, query, call.now)
