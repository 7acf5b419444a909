"""One lock per key, forgotten when nobody holds or awaits it."""

import asyncio
from weakref import WeakValueDictionary


class KeyedLocks:
    """``async with locks(key):`` keeps two tasks of this process apart for the same key."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __call__(self, key: str) -> asyncio.Lock:
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock
