"""Lights of clocks: 正常, 黄灯 (the last quarter of the working time), 红灯 (past)."""

from collections.abc import Iterable
from typing import Literal

Light = Literal["normal", "yellow", "red"]

_ORDER: tuple[Light, ...] = ("normal", "yellow", "red")


def light(due: float, yellow: float | None, now: float, paused: float | None) -> Light:
    """The light of one clock; all times in epoch seconds.

    ``yellow`` is when its last quarter begins (``rules.calendar`` found it when the clock was
    opened). A paused clock keeps the light it had.
    """
    seen = now if paused is None else min(paused, now)
    if seen > due:
        return "red"
    return "yellow" if yellow is not None and seen >= yellow else "normal"


def worst(lights: Iterable[Light]) -> Light | None:
    """The most urgent light; ``None`` where no clock runs."""
    return max(lights, key=_ORDER.index, default=None)
