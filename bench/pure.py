"""``deadline`` and ``validate``: rules alone, no server."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median

from bench.form import Filled
from bench.ground import Ground
from bench.report import Row
from bench.turns import in_turn
from config.cities import Limit
from rules.forms import validate

ROUNDS = 7
_CALLS = 2000


def measure(ground: Ground) -> list[Row]:
    """Microseconds a call, of 2000; the floor of a validation is reading the same body as JSON."""
    filled = Filled(ground.wiring("postgres"))
    body = json.dumps(filled.values).encode()
    now = datetime.now(UTC)
    limits = [
        Limit(working_days=Decimal("0.5")),
        Limit(working_days=Decimal(3)),
        Limit(working_minutes=90),
    ]
    starts = [now + timedelta(minutes=37 * step) for step in range(_CALLS)]
    found = in_turn(
        ROUNDS,
        deadline=lambda: _each(lambda n: filled.calendar.deadline(starts[n], limits[n % 3])),
        validate=lambda: _each(
            lambda _: validate(
                filled.form, filled.values, now=now, calendar=filled.calendar, mode="submit"
            )
        ),
        json=lambda: _each(lambda _: json.loads(body)),
    )
    deadline, checked, floor = found["deadline"], found["validate"], found["json"]
    ratio = median(its / mine for mine, its in zip(checked.values, floor.values, strict=True))
    return [
        Row("deadline", deadline.middle, "µs", spread=deadline.spread),
        Row("validate", checked.middle, "µs", floor.middle, ratio, spread=checked.spread),
    ]


def _each(call: Callable[[int], object]) -> float:
    began = time.perf_counter()
    for number in range(_CALLS):
        call(number)
    return (time.perf_counter() - began) / _CALLS * 1e6
