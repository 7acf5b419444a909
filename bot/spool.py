"""Messages that wait on local disk: the database was away, or a turn took too long.

One sealed file a message, named by when it came and whose it is, written and synced before the
platform is told ``success``. Every worker process of a machine puts into one folder; one of them
at a time takes out, in order.
"""

import fcntl
import hashlib
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workflow.ports import Seal

PURPOSE = "chat.spool"
SUFFIX = ".msg"
_NUMBERS = itertools.count()


def person_mark(openid: str) -> str:
    """Whose a message is, in a file name: nobody reads an openid out of it."""
    return hashlib.blake2b(openid.encode(), digest_size=10).hexdigest()


class Spool:
    """A folder of waiting messages. Methods block on the disk: call ``put`` from a thread."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        self._folder = folder
        self._aside = folder / "aside"
        self._seal = seal
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, openid: str, message: bytes) -> None:
        """Keep a message; once this returns it survives a power cut. Raises OSError."""
        number = f"{time.time_ns():020d}-{os.getpid():010d}-{next(_NUMBERS) % 10**6:06d}"
        path = self._folder / f"{number}-{person_mark(openid)}{SUFFIX}"
        unfinished = path.with_suffix(".tmp")
        with unfinished.open("xb") as file:
            file.write(self._seal.seal(message, PURPOSE))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync(self._folder)

    def waits_for(self, openid: str) -> bool:
        """Whether a message of the person waits: later ones stand behind it."""
        try:
            names = [name for name in os.listdir(self._folder) if name.endswith(SUFFIX)]
        except OSError:
            return False  # ``put`` tells when it matters
        if not names:
            return False
        ending = f"-{person_mark(openid)}{SUFFIX}"
        return any(name.endswith(ending) for name in names)

    def waiting(self) -> list[Path]:
        """Every waiting message, the oldest first."""
        return sorted(self._folder.glob(f"*{SUFFIX}"))

    def read(self, path: Path) -> bytes:
        """One message. Raises OSError, or SealError for a file that is not ours."""
        return self._seal.open(path.read_bytes(), PURPOSE)

    def remove(self, path: Path) -> None:
        """Done with."""
        path.unlink(missing_ok=True)

    def set_aside(self, path: Path) -> None:
        """Out of the way of the others, for somebody to look at."""
        self._aside.mkdir(exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            path.rename(self._aside / path.name)

    @contextmanager
    def taking_out(self) -> Iterator[bool]:
        """Whether it is this process's turn to take messages out; until the block ends."""
        handle = os.open(self._folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
        finally:
            os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
