"""The demo's clock and its trace in the database: whoever opens that database later must know."""

from datetime import UTC, datetime, timedelta

import asyncpg

from models.db import in_transaction, pool
from server.clock import DemoClock
from server.faults import StartRefused
from server.wiring import Wiring

_PATIENCE_S = 3.0
_UNREACHABLE = (OSError, TimeoutError, asyncpg.PostgresError)

_RECORD = """
INSERT INTO service_clock (id, offset_seconds) VALUES (1, $1)
ON CONFLICT (id) DO UPDATE
SET offset_seconds = GREATEST(service_clock.offset_seconds, excluded.offset_seconds)
"""
_MOVED = "SELECT offset_seconds FROM service_clock WHERE offset_seconds > 0"


async def move_to(clock: DemoClock, to: datetime) -> timedelta:
    """Move forwards to ``to``; the new offset. ValueError when that has passed.

    Recorded first, so that no database holds times of a future it does not admit to.
    """
    offset = to - datetime.now(UTC)
    if offset < clock.offset:
        raise ValueError("the clock moves forwards only")
    async with in_transaction() as connection:
        await connection.execute_query(_RECORD, [_whole_seconds(offset)])
        return clock.move_to(offset)


async def catch_up(wiring: Wiring) -> None:
    """At the start of a demo: clock and database agree on the later of the two."""
    clock = wiring.clock
    if not isinstance(clock, DemoClock):
        return
    recorded = timedelta(seconds=await pool().fetchval(_MOVED) or 0)
    if recorded > clock.offset:
        clock.move_to(recorded)
    elif clock.offset > timedelta():
        await pool().execute(_RECORD, _whole_seconds(clock.offset))


async def moved_in(database_url: str) -> timedelta | None:
    """How far a demo moved the clock of this database; None when it does not answer."""
    try:
        connection = await asyncpg.connect(database_url, timeout=_PATIENCE_S)
    except _UNREACHABLE:
        return None
    try:
        seconds = await connection.fetchval(_MOVED, timeout=_PATIENCE_S)
    except asyncpg.UndefinedTableError:
        return timedelta()
    except _UNREACHABLE:
        return None
    finally:
        connection.terminate()
    return timedelta(seconds=seconds or 0)


def refusal(moved: timedelta) -> str:
    """Why production does not start on such a database."""
    return (
        f"数据库的时钟被演示模式拨快过（{moved}），里面的数据带有未来时间，"
        "不能用于正式运行。请另建一个数据库。"
    )


async def refuse_moved(database_url: str, *, demo: bool) -> None:
    """Raises StartRefused in production for a database whose clock was moved.

    A database that does not answer is asked again by ``/readyz``.
    """
    if not demo and (moved := await moved_in(database_url)):
        raise StartRefused(refusal(moved))


def _whole_seconds(offset: timedelta) -> int:
    return -(-offset // timedelta(seconds=1))
