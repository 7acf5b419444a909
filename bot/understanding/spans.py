"""A stretch of a text that means something by itself."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """``kind``: phone, code, project, no, amount, time, past, duration. Positions in the text."""

    kind: str
    start: int
    end: int
    value: Any
