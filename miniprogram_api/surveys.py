"""联合踏勘: times everybody can keep, the page of a survey, the answers of the crews."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.resource import resource
from miniprogram_api.survey_answers import (
    Declined,
    JointTimes,
    Proposed,
    SurveyPage,
    VisitAnswer,
)
from rules.errors import Code
from workflow.surveys import answering, availability, view
from workflow.unit import Done

surveys = resource(
    "surveys",
    "联合踏勘",
    "各单位的班组一次同时到场。预约、改约、取消、暂留、候补等操作在申请（applications）之下；"
    "时间被人先约走的，返回 slot_taken 和最近可选的时间。",
)

_SEEN = (Code.NOT_FOUND, Code.INVALID)
_ANSWERED = (
    Code.NOT_FOUND,
    Code.INVALID,
    Code.MOVE_NOT_ALLOWED,
    Code.NOT_YOURS_TO_MOVE,
    Code.GUARD_FAILED,
)


@surveys.get(
    "/applications/<id>/survey",
    who=SIGNED_IN,
    answers={200: SurveyPage},
    errors=(Code.NOT_FOUND,),
    summary="踏勘安排",
    description="约定的时间、到场的班组、保留的时间、候补和改约余地。",
    operation="application_survey",
)
async def of_application(call: Call, id: UUID) -> Done:
    """The survey of an application."""
    return await call.act(lambda unit: view.of_application(unit, id))


@surveys.get(
    "/applications/<id>/survey/times",
    who=SIGNED_IN,
    query=availability.Asked,
    answers={200: JointTimes},
    errors=_SEEN,
    summary="可选的踏勘时间",
    description="草稿也可以查，按已填的报装种类和地点计算。每个时间都有各单位空闲的班组，路程已算在内。",
    operation="application_survey_times",
)
async def times_of_application(call: Call, id: UUID, query: availability.Asked) -> Done:
    """Joint times of an application."""
    return await call.act(lambda unit: availability.for_application(unit, id, query))


@surveys.get(
    "/registrations/<id>/survey",
    who=SIGNED_IN,
    answers={200: SurveyPage},
    errors=(Code.NOT_FOUND,),
    summary="意向登记的踏勘安排",
    operation="registration_survey",
)
async def of_registration(call: Call, id: UUID) -> Done:
    """The survey of a registration."""
    return await call.act(lambda unit: view.of_registration(unit, id))


@surveys.get(
    "/registrations/<id>/survey/times",
    who=SIGNED_IN,
    query=availability.Asked,
    answers={200: JointTimes},
    errors=_SEEN,
    summary="意向登记可选的踏勘时间",
    operation="registration_survey_times",
)
async def times_of_registration(call: Call, id: UUID, query: availability.Asked) -> Done:
    """Joint times of a registration."""
    return await call.act(lambda unit: availability.for_registration(unit, id, query))


@surveys.post(
    "/surveys/<id>/visits/<visit>/confirm",
    who=SIGNED_IN,
    answers={200: VisitAnswer},
    errors=_ANSWERED,
    summary="班组确认到场",
    operation="confirm_visit",
)
async def confirm(call: Call, id: UUID, visit: UUID) -> Done:
    """The crew comes."""
    return await call.act(lambda unit: answering.confirm_visit(unit, id, visit))


@surveys.post(
    "/surveys/<id>/visits/<visit>/decline",
    who=SIGNED_IN,
    body=answering.Decline,
    answers={200: Declined},
    errors=_ANSWERED,
    summary="班组不能到场",
    description="同单位有其他空闲班组的，时间不变、自动改派；没有的，申请人立即收到最近可选的时间。",
    operation="decline_visit",
)
async def decline(call: Call, id: UUID, visit: UUID, body: answering.Decline) -> Done:
    """The crew cannot come."""
    return await call.act(lambda unit: answering.decline_visit(unit, id, visit, body))


@surveys.post(
    "/surveys/<id>/visits/<visit>/propose",
    who=SIGNED_IN,
    body=answering.Proposal,
    answers={200: Proposed},
    errors=(*_ANSWERED, Code.SLOT_TAKEN),
    summary="班组另提时间",
    description="各单位都有空的时间才能提；为申请人保留一段时间，由申请人选定或放弃。",
    operation="propose_time",
)
async def propose(call: Call, id: UUID, visit: UUID, body: answering.Proposal) -> Done:
    """The crew proposes another time."""
    return await call.act(lambda unit: answering.propose_time(unit, id, visit, body))
