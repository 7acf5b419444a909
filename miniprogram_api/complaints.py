"""投诉: made by anybody signed in, answered by the city's staff."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.chat_answers import Complaint, ComplaintPage, OwnComplaints
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.chat import complaints as use_case
from workflow.unit import Answer, Done

complaints = resource(
    "complaints",
    "投诉",
    "投诉随即告知本市窗口和牵头单位，在时限内答复。工作人员查看投诉会留下记录。",
)


@complaints.post(
    "/complaints",
    who=SIGNED_IN,
    body=use_case.NewComplaint,
    answers={201: Complaint},
    errors=(Code.INVALID, Code.NOT_FOUND, Code.TOO_MANY),
    summary="投诉",
    description="application_id 为所投诉的办件，限本人的；投诉归该办件所在的市。",
)
async def complain(call: Call, body: use_case.NewComplaint) -> Done:
    """Record a complaint."""
    channel = call.actor.channel
    return await call.act(lambda unit: use_case.complain(unit, body, channel=channel))


@complaints.get(
    "/complaints", who=SIGNED_IN, answers={200: OwnComplaints}, summary="我的投诉和答复"
)
async def own_complaints(call: Call) -> Answer:
    """One's own, the newest first."""
    return await use_case.own(call.services, call.actor, call.now)


@complaints.get(
    "/complaints/queue",
    who=use_case.STAFF,
    query=use_case.ComplaintQuery,
    answers={200: ComplaintPage},
    errors=(Code.INVALID, Code.FORBIDDEN),
    summary="本市的投诉",
    description="state：open 待答复，早的在前；answered 已答复，新的在前。",
)
async def complaints_queue(call: Call, query: use_case.ComplaintQuery) -> Done:
    """One page; the read is audited in the same transaction."""
    return await call.act(lambda unit: use_case.queue(unit, query))


@complaints.post(
    "/complaints/<id>/answer",
    who=use_case.STAFF,
    body=use_case.ComplaintReply,
    answers={200: Complaint},
    errors=(Code.INVALID, Code.NOT_FOUND, Code.CONFLICT, Code.FORBIDDEN),
    summary="答复投诉",
    description="只能答复一次；投诉人随即收到消息。",
)
async def answer_complaint(call: Call, id: UUID, body: use_case.ComplaintReply) -> Done:
    """Answer it."""
    return await call.act(lambda unit: use_case.answer(unit, id, body))
