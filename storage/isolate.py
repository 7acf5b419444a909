"""Running ``storage.examine`` in a process of its own, a few at a time."""

import asyncio
import json
import logging
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rules.errors import Code
from storage.errors import Refusal, StorageUnavailable, Trouble, refused
from storage.exif import Exif
from storage.kinds import Kind

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parent.parent
_START: Final = "import sys; sys.path.insert(0, {!r}); import storage.examine as e; e.main()"
_HEAVY = frozenset({-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGXFSZ})


@dataclass(frozen=True, slots=True)
class Examined:
    """What an upload is. An image has been written anew, a PDF stays as it was sent."""

    kind: Kind
    pages: int
    width: int | None
    height: int | None
    exif: Exif


class Examiner:
    """Opens uploads in isolation: ``concurrency`` processes at once, ``timeout`` seconds each."""

    def __init__(self, *, concurrency: int = 2, timeout: float = 30) -> None:
        self._slots = asyncio.Semaphore(concurrency)
        self._timeout = timeout

    async def examine(self, source: Path, name: str, target: Path) -> Examined:
        """Examines ``source``; an image is rewritten to ``target``.

        Raises DomainError (upload_type, upload_name, upload_broken, upload_unsafe) or
        StorageUnavailable. One that takes too much time or memory is refused as ``too_heavy``.
        """
        order = {"source": str(source), "name": name, "target": str(target)}
        async with self._slots:
            result = await self._run(json.dumps(order).encode())
        if "error" in result:
            data = dict(result["data"])
            reason = data.pop("reason")
            if result["error"] in (Code.STORAGE_UNAVAILABLE, Code.STORAGE_FULL):
                raise StorageUnavailable(Trouble(reason))
            raise refused(Refusal(reason), **data)
        return _examined(result["found"])

    async def _run(self, order: bytes) -> dict[str, Any]:
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-c", _START.format(str(ROOT))),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
            )
        except OSError as error:
            raise StorageUnavailable.because(error) from error
        try:
            async with asyncio.timeout(self._timeout):
                output, _ = await process.communicate(order)
        except TimeoutError:
            raise refused(Refusal.TOO_HEAVY) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode in _HEAVY:
            raise refused(Refusal.TOO_HEAVY)
        if process.returncode != 0:
            # a parser that falls over: the file is at fault, and the service is not harmed
            log.warning("the process that examines uploads ended with %s", process.returncode)
            raise refused(Refusal.BROKEN)
        result: dict[str, Any] = json.loads(output)
        return result


def _examined(found: dict[str, Any]) -> Examined:
    taken_at, gps = found.get("taken_at"), found.get("gps")
    return Examined(
        kind=Kind(found["kind"]),
        pages=found["pages"],
        width=found.get("width"),
        height=found.get("height"),
        exif=Exif(
            datetime.fromisoformat(taken_at) if taken_at else None,
            (gps[0], gps[1], gps[2]) if gps else None,
        ),
    )
