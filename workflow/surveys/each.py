"""Work of a background loop on many cases: one's trouble never holds up the others."""

from collections.abc import Awaitable, Callable, Iterable

import structlog

from rules.errors import Code
from workflow.outages import code_of

_log = structlog.get_logger("surveys")


async def each_apart(acts: Iterable[Callable[[], Awaitable[None]]], what: str) -> None:
    """One after the other. An outage is raised, what else fails is logged."""
    for act in acts:
        try:
            await act()
        except Exception as fault:  # the edge of a background loop
            if code_of(fault) is Code.UNAVAILABLE:
                raise
            _log.exception("survey_work_failed", what=what)
