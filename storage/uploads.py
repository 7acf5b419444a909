"""One upload from the wire into the store: received, examined, written anew, kept."""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.errors import StorageUnavailable
from storage.exif import Exif
from storage.intake import receive
from storage.isolate import Examiner
from storage.kinds import Kind
from storage.names import download_name
from storage.store import Store, measure

REWRITTEN: Final = ".clean"


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the store now. The caller writes the row; without one, nobody can reach it.

    ``exif`` is evidence for crews' photos; an applicant's is to be dropped.
    """

    digest: str
    """SHA-256 of the stored bytes: the object's name in the store."""
    size: int
    kind: Kind
    name: str
    """As declared, checked; the ending made to fit the content."""
    pages: int
    width: int | None
    height: int | None
    exif: Exif
    sent_digest: str
    """SHA-256 of the bytes as they were sent."""


class Uploads:
    """Takes uploads in. Stateless but for the number of files examined at once."""

    def __init__(
        self, store: Store, spool_dir: Path, max_bytes: int, examiner: Examiner | None = None
    ) -> None:
        self._store = store
        self._spool = spool_dir
        self._max_bytes = max_bytes
        self._examiner = examiner or Examiner()

    async def take(self, chunks: AsyncIterable[bytes], declared_name: str | None) -> Kept:
        """Receives, examines and stores one upload.

        Raises DomainError (``upload_…``) or StorageUnavailable; then nothing is kept, and in no
        case does a temporary file stay.
        """
        spooled = await receive(
            chunks,
            declared_name=declared_name,
            max_bytes=self._max_bytes,
            spool_dir=self._spool,
        )
        rewritten = spooled.path.with_name(spooled.path.name + REWRITTEN)
        with spooled:
            try:
                found = await self._examiner.examine(spooled.path, spooled.name, rewritten)
                if found.kind is Kind.PDF:
                    final, digest, size = spooled.path, spooled.digest, spooled.size
                else:
                    final = rewritten
                    digest, size = await asyncio.to_thread(measure, rewritten)
                await self._store.put(final, digest)
            except OSError as error:
                raise StorageUnavailable.because(error) from error
            finally:
                rewritten.unlink(missing_ok=True)
        return Kept(
            digest=digest,
            size=size,
            kind=found.kind,
            name=download_name(spooled.name, found.kind.extension),
            pages=found.pages,
            width=found.width,
            height=found.height,
            exif=found.exif,
            sent_digest=spooled.digest,
        )
