"""Content-addressed bytes behind one interface: a local folder or an S3 bucket.

The digest (SHA-256, lower-case hex) is the name, spread over two levels of folders. The client
library writes beside the target and renames, so readers never see half an object.
"""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from storage.errors import ObjectMissing, StorageUnavailable, Trouble

if TYPE_CHECKING:
    from obstore import GetResult  # exists for type checkers only

CHUNK = 256 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MISSING = (FileNotFoundError, NotFoundError)
_FAILED = (BaseError, OSError)


def key_of(digest: str) -> str:
    """Where an object lies within the store. Raises ValueError for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256 digest")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def measure(path: Path) -> tuple[str, int]:
    """SHA-256 of a file (lower-case hex) and its size in bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


class Blob:
    """One stored object on its way out: its ``size`` in bytes, then its chunks, once.

    The last chunk is held back until all of it agrees with the digest: bytes that changed in the
    store are never delivered whole (StorageUnavailable, ``corrupt``).
    """

    def __init__(self, digest: str, result: "GetResult") -> None:
        self.digest = digest
        self.size: int = result.meta["size"]
        self._chunks = self._verified(result)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        return await anext(self._chunks)

    async def read(self) -> bytes:
        """The whole object in memory."""
        return b"".join([chunk async for chunk in self])

    async def _verified(self, result: "GetResult") -> AsyncIterator[bytes]:
        seen, held = hashlib.sha256(), b""
        try:
            async for chunk in result.stream(min_chunk_size=CHUNK):
                if held:
                    yield held
                held = bytes(chunk)
                seen.update(held)
        except _FAILED as error:
            raise StorageUnavailable.because(error) from error
        if seen.hexdigest() != self.digest:
            raise StorageUnavailable(Trouble.CORRUPT)
        yield held


class Store:
    """The object store. Every failure of the outside is StorageUnavailable.

    ``root`` is the folder of a local store (its objects are flushed to the disk), None for S3.
    """

    def __init__(self, backend: LocalStore | S3Store, root: Path | None = None) -> None:
        self._backend = backend
        self._root = root

    async def put(self, path: Path, digest: str) -> None:
        """Stores a file under its digest; doing so again changes nothing.

        Raises ValueError when the file's content is not what ``digest`` says.
        """
        key = key_of(digest)
        try:
            found, size = await asyncio.to_thread(measure, path)
            if found != digest:
                raise ValueError("the file's content does not match its digest")
            if await self._size(key) == size:
                return
            await obstore.put_async(self._backend, key, path)
            if self._root is not None:
                await asyncio.to_thread(_flush, self._root, key)
        except _FAILED as error:
            raise StorageUnavailable.because(error) from error

    async def open(self, digest: str) -> Blob:
        """The object as a stream with its length. Raises ObjectMissing."""
        try:
            return Blob(digest, await obstore.get_async(self._backend, key_of(digest)))
        except _MISSING:
            raise ObjectMissing(digest) from None
        except _FAILED as error:
            raise StorageUnavailable.because(error) from error

    async def exists(self, digest: str) -> bool:
        """Whether the store holds an object of that digest."""
        try:
            return await self._size(key_of(digest)) is not None
        except _FAILED as error:
            raise StorageUnavailable.because(error) from error

    async def delete(self, digest: str) -> None:
        """Removes an object; one that is not there is as good as removed."""
        try:
            await obstore.delete_async(self._backend, key_of(digest))
        except _MISSING:
            return
        except _FAILED as error:
            raise StorageUnavailable.because(error) from error

    async def check(self) -> None:
        """Whether the store answers and, when local, can be written. Raises StorageUnavailable."""
        await self.exists("0" * 64)
        if self._root is not None and not os.access(self._root, os.W_OK | os.X_OK):
            raise StorageUnavailable(Trouble.FORBIDDEN)

    async def _size(self, key: str) -> int | None:
        try:
            return (await obstore.head_async(self._backend, key))["size"]
        except _MISSING:
            return None


def _flush(root: Path, key: str) -> None:
    """Makes a new object outlive a power cut: its bytes, then the names of it and its folders."""
    path = root / key
    for place in (path, path.parent, path.parent.parent, root):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
