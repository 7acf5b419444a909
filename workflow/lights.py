"""Lights of several clocks put together."""

from collections.abc import Iterable
from typing import cast

from rules.calendar import Light

ORDER = ("normal", "yellow", "red")


def worst(lights: Iterable[str]) -> Light | None:
    """The most urgent light; ``None`` where no clock runs."""
    return cast(Light | None, max(lights, key=ORDER.index, default=None))
