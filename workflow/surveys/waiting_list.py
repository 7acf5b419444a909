"""候补, its rows: who has a time and would take an earlier one, and what was offered for it."""

from datetime import date

from models import Survey, SurveyWait
from models.base import new_id
from models.db import pool
from rules.states import WaitState
from workflow.surveys.matter import Matter

OPEN = (WaitState.WAITING, WaitState.OFFERED)


async def of(matter: Matter) -> SurveyWait | None:
    """The open entry of an application."""
    ident = matter.ids["application_id"]
    if ident is None:
        return None
    return await SurveyWait.filter(application_id=ident, state__in=OPEN).first()


async def join(matter: Matter, not_before: date | None) -> None:
    """Begin to wait, or change from which day on; its place in the line stays."""
    row, now = await of(matter), matter.unit.now
    if row is not None:
        await row.change(not_before=not_before, updated_at=now)
        return
    await SurveyWait.create(
        id=new_id(),
        application_id=matter.ids["application_id"],
        city=matter.city.code,
        state=WaitState.WAITING,
        not_before=not_before,
        created_at=now,
        updated_at=now,
    )


async def end(matter: Matter) -> None:
    """Wait no more."""
    await _turn(matter, WaitState.ENDED)


async def taken(matter: Matter, kept: Survey) -> None:
    """A kept time was taken: if it was the one offered to who waits, the waiting is over."""
    row = await of(matter)
    if row is None:
        return
    state = WaitState.TAKEN if row.offer_id == kept.id else WaitState.WAITING
    await row.change(
        state=state,
        offer_id=row.offer_id if state is WaitState.TAKEN else None,
        updated_at=matter.unit.now,
    )


async def resume(matter: Matter) -> None:
    """Whatever was offered is gone: wait on."""
    await _turn(matter, WaitState.WAITING)


async def _turn(matter: Matter, state: WaitState) -> None:
    await pool().execute(_TURN, matter.ids["application_id"], state, matter.unit.now)


_TURN = """
UPDATE survey_waits SET state = $2, updated_at = $3, version = version + 1,
       offer_id = CASE WHEN $2 = 'ended' THEN offer_id END
WHERE application_id = $1 AND state IN ('waiting', 'offered') AND state <> $2
"""
