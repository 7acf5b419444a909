"""What is answered about crews and their calendars."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered
from miniprogram_api.survey_answers import JointTime


class MapPoint(Answered):
    """地图上的一点。"""

    lat: float
    lng: float
    system: Literal["gcj02"]


class CrewBrief(Answered):
    """一个踏勘班组。"""

    id: UUID
    city: str
    organization: UUID
    organization_name: str
    utility: str | None
    name: str
    town: str = Field(description="常驻镇街的代码")
    town_label: str
    point: MapPoint | None = Field(description="出发地点；没有的从常驻镇街出发")
    lanes: int = Field(description="可同时踏勘的组数")
    active: bool
    members: int = Field(description="现有人数")
    version: int


class CrewList(Answered):
    """一页班组。"""

    items: list[CrewBrief]
    next: str | None


class CrewPerson(Answered):
    """班组的一名人员。"""

    membership: UUID
    name: str


class CrewShiftShown(Answered):
    """每周的一个班次。"""

    weekday: int = Field(description="1 为周一；调休上班的周末按周一的班次")
    starts: str
    ends: str


class CrewAbsenceShown(Answered):
    """一段不出勤的时间。"""

    id: UUID
    lane: int | None = Field(description="第几组；null 为整个班组")
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    reason: str


class CrewWhole(CrewBrief):
    """班组连同人员、每周班次和未结束的请假。"""

    people: list[CrewPerson]
    shifts: list[CrewShiftShown]
    absences: list[CrewAbsenceShown]


class MovedVisit(Answered):
    """受调整影响的一次踏勘，及其处理结果。"""

    id: UUID
    application: UUID | None
    registration: UUID | None
    number: str | None
    at: AwareDatetime
    ends_at: AwareDatetime
    who: list[str] = Field(description="一同到场的单位")
    outcome: Literal["moved", "declined"] = Field(
        description="moved 同单位其他班组按原时间到场；declined 不能到场，已通知申请人另选时间"
    )
    crew_name: str | None = Field(description="改由哪个班组到场")
    times: list[JointTime] = Field(description="不能改派的，最近可选的时间")


class CrewChanged(CrewWhole):
    """调整后的班组，及受影响的踏勘。"""

    visits: list[MovedVisit]


class PossibleMember(Answered):
    """可以编入班组的一名人员。"""

    membership: UUID
    name: str
    member: bool = Field(description="是否已在本班组")


class PossibleMembers(Answered):
    """可以编入班组的人员。"""

    items: list[PossibleMember]
