"""系统管理与审计: calendars for the system administrator, the trail for the auditor."""

from datetime import date

from doors.access import SIGNED_IN, roles
from doors.call import Call
from miniprogram_api.identity_answers import (
    AuditPage,
    CalendarDayCleared,
    CalendarDaySet,
    CalendarYear,
    CalendarYearSet,
)
from miniprogram_api.resource import resource
from rules.actors import Role
from rules.errors import Code, DomainError
from workflow.background import calendar_days
from workflow.inputs import Input
from workflow.reading import audit_trail
from workflow.unit import Answer, Done

administration = resource("administration", "系统管理与审计")

SYSTEM = roles(Role.SYSTEM_ADMIN, desk=True)
_ADMIN = (Code.FORBIDDEN, Code.TOTP_NEEDED)
_BREAKS = (
    "当天不再上班而已约有踏勘的，先列出这些踏勘和最近可选的时间（visits_broken）；"
    "带上 accept 再提交一次，即取消这些踏勘并通知申请人另选时间。"
)


class Accepting(Input):
    """Whether surveys on the day are given up."""

    accept: bool = False


@administration.get(
    "/calendar-days",
    who=SIGNED_IN,
    query=calendar_days.YearOf,
    answers={200: CalendarYear},
    errors=(Code.INVALID, Code.NOT_FOUND),
    summary="一个年度单独设定的工作日和休息日",
)
async def days_of_year(call: Call, query: calendar_days.YearOf) -> Answer:
    """What a city has set in a year."""
    return Answer(await calendar_days.days_of_year(call.services, query))


@administration.put(
    "/calendar-days",
    who=SYSTEM,
    body=calendar_days.SetDay,
    answers={200: CalendarDaySet},
    errors=(*_ADMIN, Code.INVALID, Code.CONFLICT, Code.VISITS_BROKEN),
    summary="把一天设为工作日或休息日",
    description="只能设定今天及以后的日期。" + _BREAKS,
)
async def set_day(call: Call, body: calendar_days.SetDay) -> Done:
    """Worked or off, whatever the official calendar says."""
    return await call.act(lambda unit: calendar_days.set_day(unit, body))


@administration.delete(
    "/calendar-days/<city>/<day>",
    who=SYSTEM,
    answers={200: CalendarDayCleared},
    query=Accepting,
    errors=(*_ADMIN, Code.INVALID, Code.NOT_FOUND, Code.CONFLICT, Code.VISITS_BROKEN),
    summary="恢复按国家公布的日历执行",
    description=_BREAKS,
)
async def clear_day(call: Call, city: str, day: str, query: Accepting) -> Done:
    """Follow the official calendar again."""
    try:
        body = calendar_days.Day(city=city, day=date.fromisoformat(day), accept=query.accept)
    except ValueError:
        raise DomainError(Code.NOT_FOUND) from None
    return await call.act(lambda unit: calendar_days.clear_day(unit, body))


@administration.put(
    "/calendar-years",
    who=SYSTEM,
    body=calendar_days.YearOf,
    answers={200: CalendarYearSet},
    errors=(*_ADMIN, Code.INVALID, Code.CALENDAR_INCOMPLETE),
    summary="标记一个年度的日历已公布",
    description="该年度的暂定时限随即重新计算。须先录入放假和调休。",
)
async def declare_year(call: Call, body: calendar_days.YearOf) -> Done:
    """Its deadlines are no longer provisional."""
    return await call.act(lambda unit: calendar_days.declare_year(unit, body))


@administration.delete(
    "/calendar-years/<city>/<year>",
    who=SYSTEM,
    answers={200: CalendarYearSet},
    errors=(*_ADMIN, Code.NOT_FOUND),
    summary="取消年度日历已公布的标记",
)
async def withdraw_year(call: Call, city: str, year: int) -> Done:
    """Take the declaration back."""
    try:
        body = calendar_days.YearOf(city=city, year=year)
    except ValueError:
        raise DomainError(Code.NOT_FOUND) from None
    return await call.act(lambda unit: calendar_days.withdraw_year(unit, body))


@administration.get(
    "/audit",
    who=roles(Role.AUDITOR, desk=True),
    query=audit_trail.AuditQuery,
    answers={200: AuditPage},
    errors=(*_ADMIN, Code.INVALID),
    summary="审计记录",
    description="查阅本身也会记入审计。",
)
async def read_audit(call: Call, query: audit_trail.AuditQuery) -> Done:
    """Who did what to which object."""
    return await call.act(lambda unit: audit_trail.audit_trail(unit, query))
