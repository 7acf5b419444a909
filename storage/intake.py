"""Receiving an upload: streamed to a private temporary file, measured and hashed on the way."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from storage.errors import Refusal, StorageUnavailable, refused
from storage.names import check_name

BATCH: Final = 256 * 1024
"""Bytes gathered before a write leaves the event loop for a thread."""
MEBI: Final = 1024 * 1024
PREFIX: Final = "upload-"


@dataclass(frozen=True, slots=True)
class Spooled:
    """A received upload on local disk; leaving its ``with`` block removes the file."""

    path: Path
    size: int
    digest: str
    """SHA-256 of what was sent, lower-case hex."""
    name: str

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.path.unlink(missing_ok=True)


async def receive(
    chunks: AsyncIterable[bytes], *, declared_name: str | None, max_bytes: int, spool_dir: Path
) -> Spooled:
    """Streams an upload to disk and stops at the first byte too many.

    Raises DomainError (upload_name, upload_empty, upload_too_large) or StorageUnavailable; then,
    and when the sender goes away, nothing stays on disk.
    """
    name = check_name(declared_name)
    handle, path = _make(spool_dir)
    try:
        size, digest = await _copy(chunks, handle, max_bytes)
        if not size:
            raise refused(Refusal.EMPTY)
        return Spooled(path, size, digest, name)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StorageUnavailable.because(error) from error
        raise
    finally:
        os.close(handle)


async def _copy(chunks: AsyncIterable[bytes], handle: int, max_bytes: int) -> tuple[int, str]:
    size, digest, batch = 0, hashlib.sha256(), bytearray()

    def flush(data: bytes) -> None:
        digest.update(data)
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    async for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise refused(Refusal.TOO_LARGE, most=max_bytes, most_mb=max_bytes // MEBI)
        batch += chunk
        if len(batch) >= BATCH:
            await asyncio.to_thread(flush, bytes(batch))
            batch.clear()
    await asyncio.to_thread(flush, bytes(batch))
    return size, digest.hexdigest()


def _make(spool_dir: Path) -> tuple[int, Path]:
    try:
        spool_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=PREFIX, dir=spool_dir)
    except OSError as error:
        raise StorageUnavailable.because(error) from error
    return handle, Path(name)


def sweep(spool_dir: Path, *, now: datetime, older_than: timedelta = timedelta(hours=1)) -> int:
    """Removes what a killed process left in the spool; how many files that were."""
    border, removed = (now - older_than).timestamp(), 0
    for path in spool_dir.glob(f"{PREFIX}*"):
        try:
            if path.stat().st_mtime < border:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # another worker sweeps too
            continue
    return removed
