"""踏勘班组: crews, who is in them, when they work; kept by administrators and their own offices."""

from uuid import UUID

from doors.call import Call
from miniprogram_api.crew_answers import CrewChanged, CrewList, CrewWhole, PossibleMembers
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.surveys import absences, members, shifts
from workflow.surveys import crews as use_case
from workflow.surveys.keeping import KEEPERS, LOOKERS
from workflow.unit import Done

crews = resource(
    "crews",
    "踏勘班组",
    "由本市系统管理员（在电脑端）或本单位的经办人员维护。调整使已约定的踏勘不能按时到场的，"
    "先列出这些踏勘和最近可选的时间（visits_broken）；带上 accept 再提交一次即确认调整，"
    "由同单位其他班组按原时间到场，不能改派的通知申请人另选时间。",
)

_SEEN = (Code.FORBIDDEN, Code.TOTP_NEEDED)
_KEPT = (*_SEEN, Code.NOT_FOUND, Code.INVALID, Code.CONFLICT)
_BREAKS = (*_KEPT, Code.VISITS_BROKEN)


@crews.get(
    "/crews",
    who=LOOKERS,
    query=use_case.CrewQuery,
    answers={200: CrewList},
    errors=(*_SEEN, Code.INVALID),
    summary="踏勘班组列表",
    description="系统管理员、综合受理专窗和牵头单位看全市的，其他人员看本单位的。"
    "search 为班组名称的开头。",
)
async def list_crews(call: Call, query: use_case.CrewQuery) -> Done:
    """Crews one may look at."""
    return await call.act(lambda unit: use_case.listed(unit, query))


@crews.post(
    "/crews",
    who=KEEPERS,
    body=use_case.NewCrew,
    answers={201: CrewWhole},
    errors=_KEPT,
    summary="新建班组",
    description="point 可用 GCJ-02 或 WGS-84，按 GCJ-02 保存。"
    "新班组在本市全部工作时间出勤，设定班次后按班次。",
)
async def create_crew(call: Call, body: use_case.NewCrew) -> Done:
    """A crew of an organisation."""
    return await call.act(lambda unit: use_case.create(unit, body))


@crews.get(
    "/crews/<id>",
    who=LOOKERS,
    answers={200: CrewWhole},
    errors=(*_SEEN, Code.NOT_FOUND),
    summary="一个班组的人员、班次和请假",
)
async def read_crew(call: Call, id: UUID) -> Done:
    """One crew; the read is audited."""
    return await call.act(lambda unit: use_case.read(unit, id))


@crews.patch(
    "/crews/<id>",
    who=KEEPERS,
    body=use_case.CrewChange,
    answers={200: CrewChanged},
    errors=_BREAKS,
    if_match=True,
    summary="修改班组的名称、常驻地、组数，停用或启用",
)
async def change_crew(call: Call, id: UUID, body: use_case.CrewChange) -> Done:
    """Rename, resettle, widen, give up."""
    return await call.act(lambda unit: use_case.change(unit, id, body, expect=call.expected))


@crews.get(
    "/crews/<id>/people",
    who=KEEPERS,
    answers={200: PossibleMembers},
    errors=(*_SEEN, Code.NOT_FOUND),
    summary="可以编入班组的人员",
)
async def crew_people(call: Call, id: UUID) -> Done:
    """People in office in the crew's organisation; the read is audited."""
    return await call.act(lambda unit: members.people(unit, id))


@crews.put(
    "/crews/<id>/members",
    who=KEEPERS,
    body=members.Members,
    answers={200: CrewWhole},
    errors=_KEPT,
    if_match=True,
    summary="设定班组的全部人员",
)
async def set_crew_members(call: Call, id: UUID, body: members.Members) -> Done:
    """Replace who goes out with it."""
    return await call.act(lambda unit: members.set_members(unit, id, body, expect=call.expected))


@crews.put(
    "/crews/<id>/shifts",
    who=KEEPERS,
    body=shifts.Week,
    answers={200: CrewChanged},
    errors=_BREAKS,
    if_match=True,
    summary="设定班组一周的全部班次",
    description="只有在本市工作时间之内的部分才安排踏勘；调休上班的周末按周一的班次。",
)
async def set_crew_shifts(call: Call, id: UUID, body: shifts.Week) -> Done:
    """Replace the week."""
    return await call.act(lambda unit: shifts.set_week(unit, id, body, expect=call.expected))


@crews.post(
    "/crews/<id>/absences",
    who=KEEPERS,
    body=absences.AbsenceInput,
    answers={201: CrewChanged},
    errors=_BREAKS,
    if_match=True,
    summary="登记班组不出勤的时间",
)
async def add_crew_absence(call: Call, id: UUID, body: absences.AbsenceInput) -> Done:
    """When it, or one of its lanes, does not go out."""
    return await call.act(lambda unit: absences.add(unit, id, body, expect=call.expected))


@crews.delete(
    "/crews/<id>/absences/<absence>",
    who=KEEPERS,
    answers={200: CrewWhole},
    errors=_KEPT,
    if_match=True,
    summary="取消一段不出勤的时间",
)
async def remove_crew_absence(call: Call, id: UUID, absence: UUID) -> Done:
    """It goes out then, after all."""
    return await call.act(lambda unit: absences.remove(unit, id, absence, expect=call.expected))
