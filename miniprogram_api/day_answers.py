"""What is answered about a crew's day and calendar subscriptions."""

import datetime as dt
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from miniprogram_api.answers import Answered
from rules.states import SurveyState, VisitState


class SitePoint(Answered):
    """踏勘地点。"""

    lat: float
    lng: float
    system: Literal["gcj02"]
    exact: bool = Field(description="false：申请没有标出位置，这里是镇街中心")


class SiteContact(Answered):
    """到场联系谁；踏勘当天才显示完整，结束后重新遮盖。"""

    name: str | None
    phone: str | None
    masked: bool


class NeedField(Answered):
    """申请表中的一项。"""

    key: str
    label: str
    text: str


class UtilityNeed(Answered):
    """一项报装的需要；填写内容只对本单位显示。"""

    utility: str
    utility_label: str
    kind: str | None
    kind_label: str | None
    fields: list[NeedField]


class AlsoComing(Answered):
    """一同到场的单位。"""

    organization_name: str
    crew_name: str | None = Field(description="null：由该单位自行安排")
    state: VisitState
    state_label: str


class WayThere(Answered):
    """从上一处（或出发地点）过来的路程。"""

    start: Literal["visit", "base"] = Field(alias="from")
    minutes: int


class DayStop(Answered):
    """一天中的一处踏勘。"""

    visit: UUID | None = Field(description="null：本单位没有设班组，自行安排人员到场")
    survey: UUID
    application: UUID | None
    registration: UUID | None
    request: UUID | None
    number: str | None
    at: AwareDatetime
    ends_at: AwareDatetime
    state: VisitState
    state_label: str
    survey_state: SurveyState
    arrived_at: AwareDatetime | None
    late_minutes: int = Field(description="本班组预计晚到多少分钟")
    applicant_late_minutes: int = Field(description="申请人预计晚到多少分钟")
    crew_name: str | None
    enterprise_name: str | None
    address: str
    point: SitePoint
    contact: SiteContact
    needs: list[UtilityNeed]
    coming: list[AlsoComing]
    way: WayThere | None
    version: int | None
    allowed: list[Literal["confirm", "decline", "propose"]] = Field(
        description="本班组现在可以进行的操作，地址为 /surveys/{survey}/visits/{visit}/…"
    )


class CrewDay(Answered):
    """一天的踏勘，按时间先后。"""

    date: dt.date
    items: list[DayStop]


class CalendarLinkShown(Answered):
    """一个日历订阅。"""

    id: UUID
    created_at: AwareDatetime
    read_at: AwareDatetime | None = Field(description="最近一次被读取，精确到小时")


class NewCalendarLink(CalendarLinkShown):
    """新的日历订阅；地址只显示这一次。"""

    url: str


class CalendarLinks(Answered):
    """本人的日历订阅。"""

    items: list[CalendarLinkShown]


class CalendarLinkRevoked(Answered):
    """已作废的日历订阅。"""

    id: UUID
    revoked_at: AwareDatetime
