"""What the routes of joint surveys answer, as types."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered, ApplicationBrief
from rules.states import KeptFor, SurveyState, VisitState, WaitState


class Coming(Answered):
    """会到场的一个单位。"""

    organization: str
    utility: str | None = Field(description="公用事业单位的报装种类；部门没有")
    travel_minutes: int = Field(description="班组前往的路程时间（分钟）")


class JointTime(Answered):
    """各单位都能到场的一个时间。"""

    at: AwareDatetime
    ends_at: AwareDatetime
    travel_minutes: int
    coming: list[Coming]


class JointTimes(Answered):
    """可选的踏勘时间，从早到晚。"""

    slot_minutes: int = Field(description="一次踏勘的时长（分钟）")
    until: date = Field(description="最多可约到这一天")
    needed: bool = Field(description="是否需要踏勘；没有外线工程的不需要")
    times: list[JointTime]
    own_arrangement: list[str] = Field(description="没有在平台登记班组、自行安排人员到场的单位")


class Appointment(Answered):
    """约定的踏勘。"""

    id: UUID
    at: AwareDatetime
    ends_at: AwareDatetime
    state: SurveyState
    state_label: str
    late_minutes: int = Field(description="申请人告知的晚到分钟数")


class ComingCrew(Answered):
    """到场的一个班组。"""

    id: UUID
    organization_id: UUID
    organization: str
    utility: str | None
    crew: str
    state: VisitState
    state_label: str
    late_minutes: int
    arrived_at: AwareDatetime | None
    allowed: list[Literal["confirm", "decline", "propose"]] = Field(
        description="本人代表该单位可以进行的操作"
    )


class KeptTime(Answered):
    """为申请人保留的一个时间：自己暂留的、候补到的，或到场单位另提的。"""

    id: UUID
    at: AwareDatetime
    ends_at: AwareDatetime
    reason: KeptFor
    held_until: AwareDatetime


class Waiting(Answered):
    """候补登记。"""

    since: AwareDatetime
    state: WaitState
    not_before: date | None


class Limits(Answered):
    """申请人自行改约和取消还剩的余地。"""

    moves_left: int
    cancels_left: int
    move_until_hours: int
    too_late: bool = Field(description="离踏勘太近，已不能自行改约或取消")


class SurveyPage(Answered):
    """一次联合踏勘的全部情况。"""

    version: int
    survey: Appointment | None
    visits: list[ComingCrew]
    own_arrangement: list[str]
    kept: list[KeptTime]
    waiting: Waiting | None
    limits: Limits
    allowed: list[str]


class VisitAnswer(Answered):
    """班组答复之后。"""

    survey: UUID
    visit: UUID
    state: VisitState
    state_label: str
    at: AwareDatetime


class Declined(VisitAnswer):
    """不能到场：是否已由同单位其他班组到场；不能的，附最近可选的时间。"""

    replaced: bool
    times: list[JointTime]
    choices: list[str]


class Proposed(VisitAnswer):
    """另提的时间，为申请人保留到何时。"""

    kept: UUID
    held_until: AwareDatetime


class AbsenceRecorded(ApplicationBrief):
    """登记爽约之后，附最近可选的时间。"""

    times: list[JointTime]
    choices: list[str]
