"""A fault as the log may hold it: where it happened and of what kind, never its own words.

What an exception says may quote a row, an address or a sentence somebody wrote.
"""

import traceback
from pathlib import PurePath


def trace_of(fault: BaseException) -> list[str]:
    """Kind and places of a fault and of what caused it, the innermost first."""
    told: list[str] = []
    seen: BaseException | None = fault
    while seen is not None and len(told) < 60:
        places = traceback.extract_tb(seen.__traceback__)
        told.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        told += [f"{_short(at.filename)}:{at.lineno} {at.name}" for at in reversed(places)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return told


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-3:])
