"""The background loops of the product."""

from zoneinfo import ZoneInfo

from server import logs
from server.loops import Loop
from server.wiring import Wiring

_DAY_S = 24 * 3600.0
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def loops(wiring: Wiring) -> tuple[Loop, ...]:
    """Every loop the worker process runs."""
    return (Loop("calendar", _DAY_S, lambda: warn_of_missing_calendars(wiring)),)


async def warn_of_missing_calendars(wiring: Wiring) -> bool:
    """From October on, tell the operators which city still lacks next year's working days."""
    today = wiring.clock.now().astimezone(_SHANGHAI).date()
    for code in wiring.cities.codes():
        calendar = wiring.calendars.of(wiring.cities.on(code, today))
        for year in calendar.years_missing(today):
            logs.get("calendar").warning("calendar_missing", city=code, year=year)
    return False
