"""今日踏勘与日历订阅: a crew's day on a phone, and its visits in a calendar program."""

from uuid import UUID

from doors.access import SIGNED_IN
from doors.call import Call
from miniprogram_api.day_answers import (
    CalendarLinkRevoked,
    CalendarLinks,
    CrewDay,
    NewCalendarLink,
)
from miniprogram_api.resource import resource
from rules.errors import Code
from workflow.surveys import calendar_feed
from workflow.surveys import day as use_case
from workflow.unit import Answer, Done

day = resource("day", "今日踏勘")


@day.get(
    "/me/day",
    who=use_case.WHO,
    query=use_case.DayQuery,
    answers={200: CrewDay},
    errors=(Code.INVALID,),
    summary="本人班组一天的踏勘",
    description="按时间先后；date 省略为今天。联系人和电话在踏勘当天才完整显示。",
)
async def read_day(call: Call, query: use_case.DayQuery) -> Done:
    """One's day; the read is audited."""
    return await call.act(lambda unit: use_case.day(unit, query))


@day.post(
    "/me/calendar-links",
    who=SIGNED_IN,
    key=False,
    answers={201: NewCalendarLink},
    errors=(Code.CONFLICT,),
    summary="新建日历订阅",
    description="在手机或电脑的日历程序中订阅得到的地址，即可看到本人的踏勘。"
    "地址只显示这一次，不要告诉他人；最多10个。",
)
async def subscribe(call: Call) -> Done:
    """A link to subscribe to."""
    return await call.act(calendar_feed.subscribe)


@day.get(
    "/me/calendar-links", who=SIGNED_IN, answers={200: CalendarLinks}, summary="本人的日历订阅"
)
async def calendar_links(call: Call) -> Answer:
    """Links that still open something."""
    return await calendar_feed.links(call.actor.person)


@day.delete(
    "/me/calendar-links/<id>",
    who=SIGNED_IN,
    answers={200: CalendarLinkRevoked},
    errors=(Code.NOT_FOUND,),
    summary="作废日历订阅",
)
async def revoke_calendar_link(call: Call, id: UUID) -> Done:
    """The link opens nothing any more."""
    return await call.act(lambda unit: calendar_feed.revoke(unit, id))
