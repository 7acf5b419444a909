"""The product's clock: the system's, or in a demo one that has been moved forwards.

A demo keeps its offset in eight bytes every process maps, so that a move is seen by all at once.
"""

import mmap
import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.faults import StartRefused

_OFFSET = struct.Struct("<q")
CLOCK_FILE = "clock"


class SystemClock:
    """The system's time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


class DemoClock:
    """The system's time plus an offset (whole microseconds) that only ever grows."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(data_dir / CLOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(fd).st_size < _OFFSET.size:
                os.ftruncate(fd, _OFFSET.size)
            self._map = mmap.mmap(fd, _OFFSET.size)
        finally:
            os.close(fd)

    @property
    def offset(self) -> timedelta:
        """How far ahead of the system this clock is."""
        (micros,) = _OFFSET.unpack_from(self._map)
        return timedelta(microseconds=micros)

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC) + self.offset

    def move_to(self, offset: timedelta) -> timedelta:
        """Set the offset, forwards only; the new one. ValueError when it would go back.

        The caller records the move in the database, in the same act that asked for it.
        """
        micros = offset // timedelta(microseconds=1)
        if offset < self.offset:
            raise ValueError("the clock moves forwards only")
        _OFFSET.pack_into(self._map, 0, micros)
        self._map.flush()
        return offset

    def advance(self, by: timedelta) -> timedelta:
        """Move forwards by ``by``; the new offset."""
        return self.move_to(self.offset + by)


def moved_by(data_dir: Path) -> timedelta:
    """The offset a data folder's clock has, zero when it has none. Changes nothing."""
    try:
        stored = (data_dir / CLOCK_FILE).read_bytes()[: _OFFSET.size]
    except FileNotFoundError:
        return timedelta()
    if len(stored) < _OFFSET.size:
        return timedelta()
    return timedelta(microseconds=_OFFSET.unpack(stored)[0])


def open_clock(data_dir: Path, *, demo: bool) -> SystemClock | DemoClock:
    """The clock of this process. Raises StartRefused in production when one was moved."""
    if demo:
        return DemoClock(data_dir)
    if moved_by(data_dir):
        raise StartRefused(
            f"数据目录 {data_dir} 的时钟被演示模式拨快过（{moved_by(data_dir)}），"
            "里面的数据带有未来时间，不能用于正式运行。请另用一个 DATA_DIR 和数据库。"
        )
    return SystemClock()
