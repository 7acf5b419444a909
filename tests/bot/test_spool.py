"""Messages that wait on disk: in order, sealed, taken out by one process at a time."""

import multiprocessing
import os
from pathlib import Path

import pytest

from bot.spool import Spool, person_mark
from storage.seal import Seal, SealBroken

SEAL = Seal({"k1": bytes(range(32))}, "k1", bytes(range(1, 33)))


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty one."""
    return Spool(tmp_path / "chat", SEAL)


def test_messages_come_out_as_they_went_in(spool: Spool) -> None:
    for number in range(20):
        spool.put(f"openid-{number % 3}", f"消息 {number}".encode())
    told = [spool.read(path).decode() for path in spool.waiting()]
    assert told == [f"消息 {number}" for number in range(20)]


def test_who_has_a_message_waiting(spool: Spool) -> None:
    assert not spool.waits_for("li")
    spool.put("li", b"1")
    assert spool.waits_for("li")
    assert not spool.waits_for("zhao")
    spool.remove(spool.waiting()[0])
    assert not spool.waits_for("li")


def test_nothing_can_be_read_on_disk(spool: Spool, tmp_path: Path) -> None:
    spool.put("openid-of-li", "我的电话 13800001234".encode())
    (path,) = spool.waiting()
    assert b"13800001234" not in path.read_bytes()
    assert "openid-of-li" not in path.name
    assert person_mark("openid-of-li") in path.name
    assert (tmp_path / "chat").stat().st_mode & 0o077 == 0


def test_a_foreign_file_is_refused_and_set_aside(spool: Spool, tmp_path: Path) -> None:
    foreign = tmp_path / "chat" / f"00000000000000000001-1-1-{person_mark('li')}.msg"
    foreign.write_bytes(b"not sealed at all")
    with pytest.raises(SealBroken):
        spool.read(foreign)
    spool.set_aside(foreign)
    assert spool.waiting() == []
    assert (tmp_path / "chat" / "aside" / foreign.name).exists()


def test_a_half_written_message_is_not_seen(spool: Spool, tmp_path: Path) -> None:
    (tmp_path / "chat" / "00000000000000000001-1-1-ab.tmp").write_bytes(b"half")
    assert spool.waiting() == []


def test_one_at_a_time_takes_out(spool: Spool) -> None:
    with spool.taking_out() as mine:
        assert mine
        with spool.taking_out() as second:
            assert not second
    with spool.taking_out() as mine:
        assert mine


def _try(folder: Path, answers: "multiprocessing.SimpleQueue[bool]") -> None:
    with Spool(folder, SEAL).taking_out() as mine:
        answers.put(mine)


def test_another_process_waits_its_turn(spool: Spool, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    with spool.taking_out() as mine:
        assert mine
        other = context.Process(target=_try, args=(tmp_path / "chat", answers))
        other.start()
        other.join(20)
        assert answers.get() is False


def test_a_full_disk_is_told(spool: Spool, tmp_path: Path) -> None:
    """What cannot be kept raises: nobody is told ``success`` for it."""
    (tmp_path / "chat").rename(tmp_path / "gone")
    (tmp_path / "chat").write_text("not a folder")
    assert not spool.waits_for("li")
    with pytest.raises(OSError, match=r".+"):
        spool.put("li", os.urandom(10))
