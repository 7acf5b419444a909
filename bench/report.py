"""What a measurement says: its figure, what it was held against, and whether that is enough."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Rounds:
    """The same thing measured several times."""

    values: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def spread(self) -> float:
        """How far the rounds lie apart, as a part of the median."""
        return (max(self.values) - min(self.values)) / self.middle if self.middle else 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    ``ratio`` is how fast the subject is against its floor: 1 as fast, 0.5 half as fast, whatever
    the unit. ``goal`` is for the ratio where there is a floor, else for the value itself; ``ok``
    is ``None`` where there is no goal.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    goal: float | None = None
    ok: bool | None = None
    spread: float = 0.0
    note: str = ""

    def shown(self) -> dict[str, Any]:
        """The line as JSON."""
        return {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "floor": _rounded(self.floor),
            "ratio": _rounded(self.ratio),
            "goal": self.goal,
            "ok": self.ok,
        }


def against(
    name: str, subject: Rounds, floor: Rounds, unit: str, goal: float | None, note: str = ""
) -> Row:
    """Throughput against a floor measured in turn with it: round by round, then the median."""
    pairs = zip(subject.values, floor.values, strict=True)
    ratio = median(mine / its for mine, its in pairs)
    return Row(
        name,
        subject.middle,
        unit,
        floor.middle,
        ratio,
        goal,
        None if goal is None else ratio >= goal,
        max(subject.spread, floor.spread),
        note,
    )


def at_most(name: str, rounds: Rounds, unit: str, goal: float | None, note: str = "") -> Row:
    """A figure that should be small."""
    ok = None if goal is None else rounds.middle <= goal
    return Row(name, rounds.middle, unit, None, None, goal, ok, rounds.spread, note)


def at_least(name: str, rounds: Rounds, unit: str, goal: float, note: str = "") -> Row:
    """A figure that should be large."""
    return Row(
        name,
        rounds.middle,
        unit,
        None,
        None,
        goal,
        rounds.middle >= goal,
        rounds.spread,
        note,
    )


_HEAD = ("row", "value", "unit", "floor", "ratio", "goal", "ok", "spread")


def table(rows: Sequence[Row]) -> str:
    """The rows for reading, notes below."""
    lines = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    shown = [
        "  ".join(
            cell.ljust(width) if column in (0, 2) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    notes = [f"{row.name}: {row.note}" for row in rows if row.note]
    return "\n".join([*shown, *(["", *notes] if notes else [])])


def machine() -> str:
    """What it was measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores ({_model()}),"
        f" Python {platform.python_version()}, load before {load}"
    )


def write(path: Path, rows: Sequence[Row]) -> None:
    """The rows as a JSON list."""
    path.write_text(json.dumps([row.shown() for row in rows], indent=1) + "\n", "utf-8")


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "unknown")


def _cells(row: Row) -> tuple[str, ...]:
    verdict = {True: "yes", False: "NO", None: ""}[row.ok]
    return (
        row.name,
        _figure(row.value),
        row.unit,
        _figure(row.floor),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.goal is None else f"{row.goal:g}",
        verdict,
        f"{row.spread:.0%}",
    )


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
