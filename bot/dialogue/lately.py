"""What a talk was about a moment ago: the case spoken of last, the question asked last."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot.dialogue import clock
from bot.dialogue.talk import Talk

LATELY = timedelta(minutes=30)
CASE = "status"
"""The note of the case spoken of last: ``case``, ``kind``, ``wants``, ``at``."""


def remember(talk: Talk, case: UUID | str, kind: str, wants: str = "status") -> Talk:
    """The case that was spoken of last, so that 那电的呢 is understood."""
    told = {"case": str(case), "kind": kind, "wants": wants, "at": talk.facts.now.isoformat()}
    return talk.to(memo={**talk.state.memo, CASE: told})


def lately(talk: Talk, name: str) -> Mapping[str, Any] | None:
    """What a topic noted last, unless that is long ago."""
    noted = talk.state.memo.get(name)
    if not isinstance(noted, Mapping):
        return None
    at = clock.read(noted.get("at"))
    return noted if at is not None and talk.facts.now - at <= LATELY else None


def case_of_late(talk: Talk) -> UUID | None:
    """The case spoken of just before; None when there was none."""
    noted = lately(talk, CASE)
    try:
        return UUID(str(noted["case"])) if noted else None
    except (KeyError, ValueError):
        return None
