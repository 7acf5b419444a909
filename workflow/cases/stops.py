"""Reasons for which clocks stand still; several may stand against one case at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

EVERY = "*"
OUTLIVING = frozenset({"temporary_end"})
"""Steps that outlive their case: their day is agreed, only their own act closes them."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One coded reason: whose it is, which clocks it holds. It ends when its own side lifts it.

    ``requests`` None: the whole case. ``organization`` None: the table's own (between return and
    correction), lifted by the table.
    """

    id: str
    reason: str
    step: str = EVERY
    requests: tuple[str, ...] | None = None
    role: str = ""
    organization: str | None = None
    remark: str = ""
    at: datetime | None = None

    def holds(self, step: str, request_id: UUID | None) -> bool:
        """Whether it stands against the clock of a step."""
        if self.step not in (EVERY, step) or step in OUTLIVING:
            return False
        return self.requests is None or str(request_id) in self.requests

    def kept(self) -> dict[str, Any]:
        """As it is stored with the case."""
        return {
            "id": self.id,
            "reason": self.reason,
            "step": self.step,
            "requests": None if self.requests is None else list(self.requests),
            "role": self.role,
            "organization": self.organization,
            "remark": self.remark,
            "at": self.at.isoformat() if self.at else None,
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Stop":
        """From what ``kept`` gave."""
        requests = kept["requests"]
        at = kept["at"]
        return cls(
            **{
                **kept,
                "requests": None if requests is None else tuple(requests),
                "at": datetime.fromisoformat(at) if at else None,
            }
        )


def reason_against(stops: Iterable[Stop], step: str, request_id: UUID | None) -> str | None:
    """The first reason that stands against a clock; ``None`` lets it run."""
    return next((stop.reason for stop in stops if stop.holds(step, request_id)), None)
