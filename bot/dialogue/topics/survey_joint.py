"""When a joint survey can be, as an answer tells it: times, who comes, what may still be moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.dialogue import clock
from bot.dialogue.heard import Refused
from config.texts.chat import chat

MOST = 4
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Joint:
    """``known``: somebody with crews comes; ``free``: the time asked about can be had."""

    known: bool = False
    free: bool = True
    times: tuple[datetime, ...] = ()
    coming: tuple[str, ...] = ()
    page: Json | None = None

    @classmethod
    def of(cls, told: Json) -> "Joint":
        """Out of what ``ReadTimes`` tells."""
        known, page = told.get("joint") is True, told.get("page")
        return cls(
            known,
            not known or told.get("free") is not False,
            _times(told) if known else (),
            tuple(map(str, told.get("coming") or ())),
            page if isinstance(page, Mapping) else None,
        )

    @classmethod
    def refused(cls, event: Refused) -> "Joint":
        """Out of a lost race, which tells the next best times."""
        return cls(known=True, free=False, times=_times(event.data))

    @property
    def kept(self) -> tuple[Json, ...]:
        """Times kept for the person beside the appointment."""
        return tuple((self.page or {}).get("kept") or ())

    @property
    def no_move(self) -> str:
        """Why the person may not move the appointment by itself any more; empty when it may."""
        limits: Json = (self.page or {}).get("limits") or {}
        if limits.get("too_late") is True:
            return "too_late_to_move"
        return "moves_used_up" if limits.get("moves_left") == 0 else ""

    def told(self, *, moving: bool) -> tuple[str, ...]:
        """Who comes, and what is left of the limits."""
        lines = []
        if self.known and self.coming:
            lines.append(chat("survey.coming", names="、".join(self.coming)))
        limits: Json = (self.page or {}).get("limits") or {}
        if self.known and moving and limits:
            hours, left = limits.get("move_until_hours"), limits.get("moves_left")
            lines.append(chat("survey.limits", hours=hours, left=left))
        return tuple(lines)


def _times(told: Json) -> tuple[datetime, ...]:
    found = (clock.read(each.get("at")) for each in told.get("times") or ())
    return tuple(at for at in found if at is not None)[:MOST]
