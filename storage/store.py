"""Content-addressed bytes behind one interface: a local folder or an S3 bucket.

The digest (SHA-256, lower-case hex) is the name, spread over two levels of folders. The client
library writes beside the target and renames, so readers never see half an object.
"""

import hashlib
import os
import re
from asyncio import get_running_loop
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

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
_THREADS = ThreadPoolExecutor(16, "store")
"""The client's own asyncio calls abort the interpreter when it ends right after one (obstore
0.12: its runtime drops Python objects while Python shuts down); its blocking calls do not."""

P = ParamSpec("P")
T = TypeVar("T")


def key_of(digest: str) -> str:
    """Where an object lies within the store. Raises ValueError for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256 digest")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def measure(path: Path) -> tuple[str, int]:
    """SHA-256 of a file (lower-case hex) and its size in bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


_owner = 0
"""The process that uses the client. Its threads do not survive a fork: a child would wait for
ever, so it is told instead. A store may be made before a fork, but first used after it."""


async def _run(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    global _owner
    _owner = _owner or os.getpid()
    if _owner != os.getpid():
        raise RuntimeError("the object store was used before this process was forked")
    return await get_running_loop().run_in_executor(_THREADS, partial(call, *args, **kwargs))


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
            chunks = iter(result.stream(min_chunk_size=CHUNK))
            while chunk := bytes(await _run(next, chunks, b"")):
                if held:
                    yield held
                held = chunk
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
        await self._safely(self._put, path, digest)

    async def open(self, digest: str) -> Blob:
        """The object as a stream with its length. Raises ObjectMissing."""
        try:
            return Blob(digest, await _run(obstore.get, self._backend, key_of(digest)))
        except _MISSING:
            raise ObjectMissing(digest) from None
        except _FAILED as error:
            raise StorageUnavailable.because(error) from error

    async def exists(self, digest: str) -> bool:
        """Whether the store holds an object of that digest."""
        return await self._safely(self._size, key_of(digest)) is not None

    async def delete(self, digest: str) -> None:
        """Removes an object; one that is not there is as good as removed."""
        await self._safely(self._delete, digest)

    async def check(self) -> None:
        """Whether the store answers and, when local, can be written. Raises StorageUnavailable."""
        await self.exists("0" * 64)
        if self._root is not None and not os.access(self._root, os.W_OK | os.X_OK):
            raise StorageUnavailable(Trouble.FORBIDDEN)

    async def _safely(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await _run(call, *args, **kwargs)
        except _FAILED as error:
            raise StorageUnavailable.because(error) from error

    def _put(self, path: Path, digest: str) -> None:
        key = key_of(digest)
        found, size = measure(path)
        if found != digest:
            raise ValueError("the file's content does not match its digest")
        if self._size(key) == size:
            return
        obstore.put(self._backend, key, path)
        if self._root is not None:
            _settle(self._root, key)

    def _delete(self, digest: str) -> None:
        with suppress(*_MISSING):
            obstore.delete(self._backend, key_of(digest))

    def _size(self, key: str) -> int | None:
        try:
            return obstore.head(self._backend, key)["size"]
        except _MISSING:
            return None


def _settle(root: Path, key: str) -> None:
    """Makes a new object outlive a power cut, or takes it away: one that may be lost is no object.

    Flushes its bytes, then the names of it and its folders.
    """
    path = root / key
    try:
        for place in (path, path.parent, path.parent.parent, root):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    except OSError:
        path.unlink(missing_ok=True)
        raise
