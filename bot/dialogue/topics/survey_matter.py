"""Whose survey is spoken of, and what is wanted of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.dialogue import clock

NAME = "survey"
BOOK, MOVE, CANCEL = "book", "move", "cancel"
WAIT, STOP_WAITING, LATE = "wait", "stop_waiting", "late"
DRAFT, VISIT = "draft", "visit"
"""Where the time stands: on a form that is still open, or as an appointment."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Whose survey: ``how`` it is told (the form's field, or the appointment), what is booked."""

    case: UUID
    city: str
    head: str
    wants: str
    booked: datetime | None = None
    how: str = VISIT

    def to(self, **changes: Any) -> "Matter":
        """With parts replaced."""
        return replace(self, **changes)

    def kept(self) -> dict[str, Any]:
        """As kept with a question, JSON."""
        booked = self.booked.isoformat() if self.booked else ""
        return {
            "case": str(self.case),
            "city": self.city,
            "head": self.head,
            "wants": self.wants,
            "booked": booked,
            "how": self.how,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Matter":
        """Back again."""
        booked = clock.read(data.get("booked"))
        case, city = UUID(str(data["case"])), str(data["city"])
        return cls(case, city, str(data["head"]), str(data["wants"]), booked, str(data["how"]))
