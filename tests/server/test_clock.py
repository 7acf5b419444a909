"""The demo's clock moves forwards only and for every process; production refuses a moved one."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.clock import DemoClock, SystemClock, moved_by, open_clock
from server.faults import StartRefused


def test_the_system_clock_is_aware_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_move_is_seen_by_a_clock_opened_before(tmp_path: Path) -> None:
    early, other = DemoClock(tmp_path), DemoClock(tmp_path)
    assert early.offset == timedelta()
    other.advance(timedelta(days=3, microseconds=7))
    assert early.offset == timedelta(days=3, microseconds=7)
    ahead = early.now() - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < ahead < timedelta(days=3, minutes=1)


def test_a_move_is_seen_by_another_process(tmp_path: Path) -> None:
    DemoClock(tmp_path).advance(timedelta(hours=5))
    code = (
        "import sys; from pathlib import Path; from server.clock import DemoClock;"
        "print(DemoClock(Path(sys.argv[1])).offset.total_seconds())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert float(told.stdout) == 5 * 3600


def test_it_never_goes_back(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path)
    clock.advance(timedelta(hours=1))
    with pytest.raises(ValueError, match="forwards"):
        clock.move_to(timedelta(minutes=59))
    with pytest.raises(ValueError, match="forwards"):
        clock.advance(timedelta(seconds=-1))
    assert clock.offset == timedelta(hours=1)


def test_production_starts_only_with_an_unmoved_clock(tmp_path: Path) -> None:
    assert isinstance(open_clock(tmp_path, demo=False), SystemClock)
    assert list(tmp_path.iterdir()) == []
    DemoClock(tmp_path)
    assert isinstance(open_clock(tmp_path, demo=False), SystemClock)
    DemoClock(tmp_path).advance(timedelta(seconds=1))
    assert moved_by(tmp_path) == timedelta(seconds=1)
    with pytest.raises(StartRefused, match="拨快"):
        open_clock(tmp_path, demo=False)
