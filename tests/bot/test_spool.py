"""Messages that wait on disk: in order, sealed, taken out by one process at a time."""

import multiprocessing
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.spool import MOST, Spool, person_mark
from storage.seal import Seal, SealBroken

SEAL = Seal({"k1": bytes(range(32))}, "k1", bytes(range(1, 33)))


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty one."""
    return Spool(tmp_path / "chat", SEAL)


def put(spool: Spool, openid: str, message: bytes) -> None:
    """Keep a message that comes now."""
    spool.put(openid, spool.number(), message)


def everything(spool: Spool) -> list[Path]:
    """All that waits, person by person."""
    return [path for person in spool.people() for path in spool.of(person)]


def test_messages_come_out_as_they_went_in(spool: Spool) -> None:
    for number in range(20):
        put(spool, f"openid-{number % 3}", f"消息 {number}".encode())
    told = [[spool.read(path).decode() for path in spool.of(who)] for who in spool.people()]
    assert told == [[f"消息 {n}" for n in range(first, 20, 3)] for first in range(3)]


def test_the_order_is_that_of_coming_not_of_writing(spool: Spool) -> None:
    first, second = spool.number(), spool.number()
    spool.put("li", second, "后".encode())
    spool.put("li", first, "先".encode())
    assert [spool.read(path).decode() for path in everything(spool)] == ["先", "后"]


def test_who_has_a_message_waiting(spool: Spool) -> None:
    assert not spool.waits_for("li")
    put(spool, "li", b"1")
    assert spool.waits_for("li")
    assert not spool.waits_for("zhao")
    spool.remove(everything(spool)[0])
    assert not spool.waits_for("li")


def test_nothing_can_be_read_on_disk(spool: Spool, tmp_path: Path) -> None:
    put(spool, "openid-of-li", "我的电话 13800001234".encode())
    (path,) = everything(spool)
    assert b"13800001234" not in path.read_bytes()
    assert "openid-of-li" not in str(path)
    assert path.parent.name == person_mark("openid-of-li")
    assert (tmp_path / "chat").stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_foreign_file_is_refused_and_set_aside(spool: Spool, tmp_path: Path) -> None:
    put(spool, "li", b"1")
    (own,) = everything(spool)
    foreign = own.with_name("00000000000000000001-1.msg")
    foreign.write_bytes(b"not sealed at all")
    with pytest.raises(SealBroken):
        spool.read(foreign)
    spool.set_aside(foreign)
    assert everything(spool) == [own]
    assert len(list((tmp_path / "chat" / "aside").iterdir())) == 1


def test_a_half_written_message_is_not_seen(spool: Spool) -> None:
    put(spool, "li", b"1")
    (own,) = everything(spool)
    own.with_name("00000000000000000001-1.tmp").write_bytes(b"half")
    assert everything(spool) == [own]


def test_what_is_old_is_swept(spool: Spool, tmp_path: Path) -> None:
    put(spool, "li", b"1")
    put(spool, "li", b"2")
    first, second = everything(spool)
    spool.set_aside(first)
    half = second.with_name("00000000000000000001-1.tmp")
    half.write_bytes(b"half")
    now = datetime.now(UTC)
    assert spool.sweep(now) == 0
    assert spool.sweep(now + timedelta(hours=2)) == 1, "half-written"
    assert spool.sweep(now + timedelta(days=31)) == 1, "set aside"
    assert everything(spool) == [second]
    spool.remove(second)
    spool.sweep(now + timedelta(hours=2))
    assert not second.parent.exists()


def test_nobody_fills_the_disk(spool: Spool) -> None:
    for _ in range(MOST):
        put(spool, "li", b"1")
    with pytest.raises(OSError, match="too many"):
        put(spool, "li", b"one more")
    put(spool, "zhao", b"others may")


def test_nothing_is_lost_or_doubled_while_another_takes_out(spool: Spool) -> None:
    stop = threading.Event()

    def take_out() -> None:
        while not stop.is_set():
            for path in everything(spool):
                taken.append(spool.read(path))
                spool.remove(path)

    taken: list[bytes] = []
    taker = threading.Thread(target=take_out)
    taker.start()
    for number in range(100):
        put(spool, "li", str(number).encode())
    stop.set()
    taker.join()
    taken += [spool.read(path) for path in everything(spool)]
    assert taken == [str(number).encode() for number in range(100)]


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
        put(spool, "li", os.urandom(10))
