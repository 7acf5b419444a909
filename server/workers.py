"""The background loops of the product."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.spool import Spool
from server import logs
from server.loops import Loop
from server.wiring import CHAT_SPOOLS, Wiring
from storage import intake
from workflow.background import audit_chain, outbox, retention, sweeper
from workflow.background.messages import HANDLERS
from workflow.chat import overdue, unionid
from workflow.surveys import reminding, waiting

_SOON = 0.3
"""Seconds: an audit entry is chained, and the outside told, well within one second."""
_HOUR = 3600.0
_DAY = 24 * _HOUR
_SHANGHAI = ZoneInfo("Asia/Shanghai")


def loops(wiring: Wiring) -> tuple[Loop, ...]:
    """Every loop the worker process runs; several such processes share the work."""
    return (
        Loop("audit", _SOON, chain_audit),
        Loop("outbox", _SOON, lambda: outbox.work(wiring.services, HANDLERS)),
        Loop("deadlines", 5.0, lambda: sweeper.sweep(wiring.services)),
        Loop("reminders", 30.0, lambda: reminding.remind(wiring.services)),
        Loop("waiting", 20.0, lambda: waiting.offer_earlier(wiring.services)),
        Loop("complaints", 60.0, lambda: overdue.tell_overdue(wiring.services)),
        Loop("retention", _HOUR, lambda: retention.forget(wiring.services)),
        Loop("unionids", _HOUR, lambda: unionid.ask_again(wiring.services)),
        Loop("spool", _HOUR, lambda: clear_spool(wiring)),
        Loop("calendar", _DAY, lambda: warn_of_missing_calendars(wiring)),
    )


async def chain_audit() -> bool:
    """Append what was committed since; whether more waits."""
    return await audit_chain.append() == audit_chain.BATCH


async def clear_spool(wiring: Wiring) -> bool:
    """Remove what killed processes left of uploads, and messages set aside long ago; their age is
    real, whatever a demo's clock.
    """
    spool = wiring.settings.spool_dir
    removed = await asyncio.to_thread(intake.sweep, spool, now=datetime.now(UTC))
    for name in CHAT_SPOOLS:
        chat = Spool(wiring.settings.chat_dir / name, wiring.seal)
        removed += await asyncio.to_thread(chat.sweep, datetime.now(UTC))
    if removed:
        logs.get("spool").info("spool_cleared", files=removed)
    return False


async def warn_of_missing_calendars(wiring: Wiring) -> bool:
    """From October on, tell the operators which city still lacks next year's working days."""
    today = wiring.clock.now().astimezone(_SHANGHAI).date()
    for code in wiring.cities.codes():
        calendar = wiring.calendars.of(wiring.cities.on(code, today))
        for year in calendar.years_missing(today):
            logs.get("calendar").warning("calendar_missing", city=code, year=year)
    return False
