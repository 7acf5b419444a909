"""Messages that wait on local disk: the database was away, or a turn took too long.

A folder a person, in it one sealed file a message, named by when it came, written and synced before
the platform is told ``success``. Every worker process of a machine puts into one spool; one of them
at a time takes out.
"""

import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from workflow.ports import Seal

PURPOSE = "chat.spool"
SUFFIX = ".msg"
MOST = 200
"""Messages of one person that may wait; who sends more is told that it does not work."""
KEPT_ASIDE = timedelta(days=30)
"""How long a message we could not handle is kept for somebody to look at."""
ASIDE = "aside"
UNUSED_S = 3600
"""Seconds after which nobody is writing there any more."""
_LOCK = ".lock"


def person_mark(openid: str) -> str:
    """Whose messages a folder holds: nobody reads an openid out of its name."""
    return hashlib.blake2b(openid.encode(), digest_size=10).hexdigest()


class Spool:
    """A folder of waiting messages. Methods block on the disk: call them from a thread, but for
    ``waits_for``, which is one look.
    """

    def __init__(self, folder: Path, seal: Seal) -> None:
        self._folder = folder
        self._seal = seal
        self._last = 0
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def number(self) -> str:
        """Of a message that comes now; later ones are greater, whatever the clock does."""
        self._last = max(self._last + 1, time.time_ns())
        return f"{self._last:020d}-{os.getpid():010d}"

    def put(self, openid: str, number: str, message: bytes) -> None:
        """Keep a message; once this returns it survives a power cut. Raises OSError."""
        person = self._folder / person_mark(openid)
        with suppress(FileExistsError):
            person.mkdir(mode=0o700)
            _sync(self._folder)
        if len(os.listdir(person)) >= MOST:
            raise OSError(errno.EDQUOT, "too many messages of one person wait")
        path = person / f"{number}{SUFFIX}"
        unfinished = path.with_suffix(".tmp")
        with unfinished.open("xb") as file:
            file.write(self._seal.seal(message, PURPOSE))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        _sync(person)

    def waits_for(self, openid: str) -> bool:
        """Whether a message of the person waits: later ones stand behind it."""
        try:
            names = os.listdir(self._folder / person_mark(openid))
        except OSError:
            return False  # nobody's, or ``put`` tells
        return any(name.endswith(SUFFIX) for name in names)

    def people(self) -> list[Path]:
        """Everybody of whom a message waits, whoever waits longest first."""
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                if entry.name == ASIDE or not entry.is_dir():
                    continue
                waiting = self.of(Path(entry.path))
                if waiting:
                    found.append((waiting[0].name, Path(entry.path)))
        return [path for _, path in sorted(found)]

    def of(self, person: Path) -> list[Path]:
        """What waits of one, in the order it came."""
        return sorted(person.glob(f"*{SUFFIX}"))

    def read(self, path: Path) -> bytes:
        """One message. Raises OSError, or SealError for a file that is not ours."""
        return self._seal.open(path.read_bytes(), PURPOSE)

    def remove(self, path: Path) -> None:
        """Done with."""
        path.unlink(missing_ok=True)

    def set_aside(self, path: Path) -> None:
        """Out of the way of the others, for somebody to look at."""
        aside = self._folder / ASIDE
        aside.mkdir(exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            path.rename(aside / f"{path.parent.name}-{path.name}")

    def sweep(self, now: datetime) -> int:
        """Remove what was set aside long ago, what killed processes left half-written, and folders
        nobody uses any more; how many files.
        """
        before, removed = (now - KEPT_ASIDE).timestamp(), 0
        for path in [*self._folder.glob(f"{ASIDE}/*{SUFFIX}"), *self._folder.glob("*/*.tmp")]:
            with suppress(FileNotFoundError):
                limit = before if path.suffix == SUFFIX else now.timestamp() - UNUSED_S
                if path.stat().st_mtime < limit:
                    path.unlink()
                    removed += 1
        for person in self._folder.iterdir():
            with suppress(OSError):  # not a folder, or not empty
                if person.stat().st_mtime < now.timestamp() - UNUSED_S:
                    person.rmdir()
        return removed

    @contextmanager
    def taking_out(self) -> Iterator[bool]:
        """Whether it is this process's turn to take messages out; until the block ends."""
        handle = os.open(self._folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
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
