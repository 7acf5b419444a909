"""The outbox: rows written with their change, claimed with SKIP LOCKED, told at least once.

A worker that dies holding rows loses its lease and another takes over; what it may already have
sent is sent again and marked so. Tried with growing pauses, given up visibly.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from models import OutboxRow
from models.db import in_transaction
from rules.errors import Code
from workflow.outages import code_of
from workflow.ports import SendTrouble, Services

LEASE = timedelta(seconds=30)
BATCH = 20
TRIES = 48
FIRST_PAUSE_S = 2
LONGEST_PAUSE_S = 1800

FAILED = "failed"
"""Outcome of an attempt that a fault of ours ended; the log has it."""

UNSURE = "unsure"
"""Outcome while an attempt is under way: found on a claimed row, its end is not known."""

Handler = Callable[[Services, Mapping[str, Any]], Awaitable[str]]
"""Does what a row asks and gives back a short outcome; raises SendTrouble."""


_log = structlog.get_logger("outbox")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row this worker holds until its lease ends. ``again``: an earlier attempt may have sent."""

    id: int
    topic: str
    payload: Mapping[str, Any]
    attempts: int
    again: bool


_CLAIM = """
WITH due AS (
    SELECT id, outcome FROM outbox
    WHERE done_at IS NULL AND failed_at IS NULL AND available_at <= $1
      AND (leased_until IS NULL OR leased_until < $1)
    ORDER BY available_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET leased_until = $3, attempts = attempts + 1, outcome = 'unsure'
FROM due WHERE outbox.id = due.id
RETURNING outbox.id, topic, payload, attempts, due.outcome = 'unsure' AS again
"""


async def claim(now: datetime, most: int = BATCH) -> list[Claimed]:
    """Take up to ``most`` rows nobody holds."""
    async with in_transaction() as connection:
        rows = await connection.execute_query_dict(_CLAIM, [now, most, now + LEASE])
    return [
        Claimed(
            row["id"],
            row["topic"],
            orjson.loads(row["payload"]) if isinstance(row["payload"], str) else row["payload"],
            row["attempts"],
            row["again"],
        )
        for row in sorted(rows, key=lambda row: row["id"])
    ]


async def work(services: Services, handlers: Mapping[str, Handler]) -> bool:
    """Tell one batch; whether more may wait.

    A row that stumbles over a fault of ours is tried again later and holds up no other; an outage
    of the database is raised. Rows whose lease ran out meanwhile are left to whoever takes them.
    """
    began = services.clock.now()
    rows = await claim(began)
    for row in rows:
        if services.clock.now() >= began + LEASE:
            return True
        await _tell(services, handlers, row)
    return len(rows) == BATCH


async def _tell(services: Services, handlers: Mapping[str, Handler], row: Claimed) -> None:
    handler = handlers.get(row.topic)
    if handler is None:
        await _give_up(services, row, "no_handler")
        return
    try:
        outcome = await handler(services, row.payload)
    except SendTrouble as trouble:
        await _failed(services, row, trouble)
        return
    except Exception as fault:  # the edge of a background loop: one row never stops the others
        if code_of(fault) is Code.UNAVAILABLE:
            raise
        _log.exception("outbox_row_failed", row=row.id, topic=row.topic)
        await _failed(services, row, SendTrouble(FAILED, final=False))
        return
    await OutboxRow.filter(id=row.id).update(
        done_at=services.clock.now(),
        outcome=f"{outcome}_maybe_twice" if row.again else outcome,
    )


async def _failed(services: Services, row: Claimed, trouble: SendTrouble) -> None:
    if trouble.until is not None:
        await _wait(services, row, trouble.until, trouble.outcome)
    elif trouble.final or row.attempts >= TRIES:
        await _give_up(services, row, trouble.outcome)
    else:
        await _later(services, row, trouble)


async def _later(services: Services, row: Claimed, trouble: SendTrouble) -> None:
    pause = min(FIRST_PAUSE_S * 2 ** (row.attempts - 1), LONGEST_PAUSE_S)
    await OutboxRow.filter(id=row.id).update(
        payload=dict(row.payload if trouble.rest is None else trouble.rest),
        available_at=services.clock.now() + timedelta(seconds=pause),
        leased_until=None,
        outcome=UNSURE if trouble.unsure else trouble.outcome,
    )


async def _wait(services: Services, row: Claimed, until: datetime, outcome: str) -> None:
    """It was not the row's turn: nothing of its tries is spent."""
    soonest = services.clock.now() + timedelta(seconds=FIRST_PAUSE_S)
    await OutboxRow.filter(id=row.id).update(
        attempts=row.attempts - 1,
        available_at=max(until, soonest),
        leased_until=None,
        outcome=UNSURE if row.again else outcome,
    )


async def _give_up(services: Services, row: Claimed, outcome: str) -> None:
    await OutboxRow.filter(id=row.id).update(failed_at=services.clock.now(), outcome=outcome)
