"""The isolated process that opens uploads: ``main`` reads one order, answers one line of JSON.

What people send is parsed here only, under limits of memory, time and file size, without the
environment of the service; the service itself never decodes it.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from rules.errors import DomainError
from storage.errors import Refusal, refused
from storage.inspect import inspect
from storage.kinds import Kind
from storage.reencode import reencode

MEMORY: Final = 1024**3
"""Address space in bytes."""
CPU_SECONDS: Final = 20
OUTPUT: Final = 128 * 1024 * 1024


def limit() -> None:
    """Takes away what a hostile file could use. Irrevocable for this process."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(what, (most, most))


def examine(source: Path, name: str, target: Path) -> dict[str, Any]:
    """What an upload is, as plain values; an image is written anew to ``target``."""
    kind, pages = inspect(source, name)
    if kind is Kind.PDF:
        return {"kind": kind.value, "pages": pages}
    picture = reencode(source, kind, target)
    taken_at, gps = picture.exif.taken_at, picture.exif.gps
    return {
        "kind": picture.kind.value,
        "pages": pages,
        "width": picture.width,
        "height": picture.height,
        "taken_at": taken_at.isoformat() if taken_at else None,
        "gps": gps,
    }


def answer(order: dict[str, str]) -> dict[str, Any]:
    """The answer to one order: what was found, or the error's code and data."""
    try:
        try:
            found = examine(Path(order["source"]), order["name"], Path(order["target"]))
        except (MemoryError, RecursionError):
            raise refused(Refusal.TOO_HEAVY) from None
    except DomainError as error:
        return {"error": error.code.value, "data": error.data}
    return {"found": found}


def main() -> None:
    """Entry of the process (see ``storage.isolate``)."""
    limit()
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
