"""Time and order: who waits for whom, what is put off, and that nothing is lost by it."""

import asyncio
import errno
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from bot.one_turn import Kept, Turn
from bot.rendering import Said
from bot.spool import Spool
from bot.turns import Patience, Turns
from storage.seal import Seal
from wechat.messages import Pushed, parse
from workflow.chat import turns as chat

SEAL = Seal({"k1": bytes(range(32))}, "k1", bytes(range(1, 33)))
SHORT = Patience(database=0.05, answer=0.15, between_tries=0.005)
"""A hundred times shorter would do; longer than a busy machine's hiccup."""
LONG = Patience(database=20, answer=30)

Act = Callable[[Turn], Awaitable[Kept]]


def pushed(openid: str, number: int, text: str = "进度") -> Pushed:
    """A text message."""
    return parse(
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName>"
        f"<CreateTime>1700000000</CreateTime><MsgType>text</MsgType>"
        f"<Content>{text}</Content><MsgId>{number}</MsgId></xml>".encode()
    )


class Scripted:
    """Turns that go as the test wants, and a note of everything that happened."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.log: list[str] = []
        self.followed: list[str] = []

    def begun(self, message: Pushed) -> Turn:
        writer = chat.Writer("wx-oa", message.openid)
        return Turn(message, writer, chat.key_of(writer, message.key))

    async def take(self, turn: Turn) -> Kept:
        turn.waiting_for_database = True
        kept = await self.act(turn)
        self.log.append(f"{turn.writer.openid}:{turn.pushed.msg_id}")
        return kept

    async def follow_up(self, turn: Turn, kept: Kept) -> None:
        if not kept.sent and kept.now is not None:
            self.followed.append(kept.now.content)

    async def apologise(self, turn: Turn) -> None:
        self.followed.append(f"抱歉{turn.pushed.msg_id}")

    def urgent(self, message: Pushed) -> Said | None:
        return Said.of_text("快离开") if "煤气" in message.text else None


def everything(spool: Spool) -> list[Path]:
    """All that waits."""
    return [path for person in spool.people() for path in spool.of(person)]


async def at_once(turn: Turn) -> Kept:
    """Answered without further ado."""
    turn.waiting_for_database = False
    return Kept(Said.of_text(f"答{turn.pushed.msg_id}"), sent=False)


async def away(turn: Turn) -> Kept:
    """The database refuses connections."""
    raise ConnectionRefusedError


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """An empty one."""
    return Spool(tmp_path / "chat", SEAL)


async def test_a_turn_in_time_is_answered_with(spool: Spool) -> None:
    turns = Turns(Scripted(at_once), spool, LONG)
    said = await turns.take(pushed("li", 1))
    assert said is not None
    assert said.content == "答1"
    assert everything(spool) == []


async def test_a_slow_turn_goes_on_and_its_reply_follows_once(spool: Spool) -> None:
    go_on = asyncio.Event()

    async def slow(turn: Turn) -> Kept:
        turn.waiting_for_database = False
        await go_on.wait()
        return await at_once(turn)

    scripted = Scripted(slow)
    turns = Turns(scripted, spool, SHORT)
    assert await turns.take(pushed("li", 1)) is None
    assert len(everything(spool)) == 1, "the message survives this process"
    go_on.set()
    await turns.finish()
    assert await turns.drain() == 1
    assert scripted.followed == ["答1"]
    assert everything(spool) == []
    assert await turns.drain() == 0


async def test_what_sent_its_reply_itself_is_not_followed_up(spool: Spool) -> None:
    go_on = asyncio.Event()

    async def slow(turn: Turn) -> Kept:
        turn.waiting_for_database = False
        await go_on.wait()
        return Kept(None, sent=turn.late)

    scripted = Scripted(slow)
    turns = Turns(scripted, spool, SHORT)
    assert await turns.take(pushed("li", 1)) is None
    go_on.set()
    await turns.finish()
    await turns.drain()
    assert scripted.followed == []


async def test_without_a_database_a_message_waits_and_comes_back_in_order(spool: Spool) -> None:
    scripted = Scripted(away)
    turns = Turns(scripted, spool, SHORT)
    for number in (1, 2, 3):
        assert await turns.take(pushed("li", number)) is None
    assert await turns.take(pushed("zhao", 4)) is None
    assert await turns.drain() == 0, "it is still away"
    assert len(everything(spool)) == 4
    scripted.act = at_once
    assert await turns.take(pushed("li", 5)) is None, "behind those that wait"
    said = await turns.take(pushed("sun", 6))
    assert said is not None, "others need not wait"
    assert await turns.drain() == 5
    li = [said for said in scripted.followed if said != "答4"]
    assert li == ["答1", "答2", "答3", "答5"]
    assert len(scripted.followed) == 5
    again = await turns.take(pushed("li", 7))
    assert again is not None


async def test_a_database_that_hangs_is_not_waited_for(spool: Spool) -> None:
    never = asyncio.Event()

    async def hang(turn: Turn) -> Kept:
        await never.wait()
        return await at_once(turn)

    scripted = Scripted(hang)
    turns = Turns(scripted, spool, Patience(database=0.05, answer=30))
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await turns.take(pushed("li", 1)) is None
    assert loop.time() - began < 5
    never.set()
    await turns.finish()


async def test_a_short_outage_is_bridged(spool: Spool) -> None:
    tries = 0

    async def flaky(turn: Turn) -> Kept:
        nonlocal tries
        tries += 1
        return await (away(turn) if tries < 3 else at_once(turn))

    turns = Turns(Scripted(flaky), spool, Patience(database=20, answer=30, between_tries=0.001))
    said = await turns.take(pushed("li", 1))
    assert said is not None
    assert tries == 3


async def test_one_person_in_order_others_in_parallel(spool: Spool) -> None:
    running: set[str] = set()
    together: set[frozenset[str]] = set()
    all_came = asyncio.Event()

    async def act(turn: Turn) -> Kept:
        who = turn.writer.openid
        assert who not in running, "two turns of one person at once"
        running.add(who)
        together.add(frozenset(running))
        if len(running) == 3:
            all_came.set()
        await all_came.wait()
        await asyncio.sleep(0)
        running.discard(who)
        return await at_once(turn)

    scripted = Scripted(act)
    turns = Turns(scripted, spool, LONG)
    await asyncio.gather(
        *(turns.take(pushed(who, number)) for number in range(5) for who in ("li", "zhao", "sun"))
    )
    assert frozenset({"li", "zhao", "sun"}) in together
    for who in ("li", "zhao", "sun"):
        mine = [entry for entry in scripted.log if entry.startswith(who)]
        assert mine == [f"{who}:{number}" for number in range(5)]


async def test_a_fault_of_ours_is_told_kindly(spool: Spool) -> None:
    async def broken(turn: Turn) -> Kept:
        raise RuntimeError("of ours")

    said = await Turns(Scripted(broken), spool, LONG).take(pushed("li", 1))
    assert said is not None
    assert said.kind == "text"
    assert "of ours" not in said.content
    assert everything(spool) == []


async def test_a_message_that_breaks_us_holds_up_nobody(spool: Spool, tmp_path: Path) -> None:
    scripted = Scripted(away)
    turns = Turns(scripted, spool, SHORT)
    await turns.take(pushed("li", 1, "坏"))
    await turns.take(pushed("zhao", 2))

    async def act(turn: Turn) -> Kept:
        if turn.pushed.text == "坏":
            raise RuntimeError("of ours")
        return await at_once(turn)

    scripted.act = act
    assert await turns.drain() == 2
    assert sorted(scripted.followed) == ["抱歉1", "答2"]
    assert len(list((tmp_path / "chat" / "aside").iterdir())) == 1


async def test_two_processes_do_not_drain_at_once(spool: Spool) -> None:
    scripted = Scripted(away)
    turns = Turns(scripted, spool, SHORT)
    await turns.take(pushed("li", 1))
    scripted.act = at_once
    with spool.taking_out():
        assert await turns.drain() == 0
    assert await turns.drain() == 1


async def test_what_stands_behind_is_put_off_with_it_and_comes_back_in_order(
    spool: Spool,
) -> None:
    """A, B and C of one person at once, and D after them; the database comes back."""
    scripted = Scripted(away)
    turns = Turns(scripted, spool, SHORT)
    together = await asyncio.gather(*(turns.take(pushed("li", number)) for number in (1, 2, 3)))
    assert together == [None, None, None]
    assert await turns.take(pushed("li", 4)) is None
    scripted.act = at_once
    assert await turns.drain() == 4
    assert scripted.followed == ["答1", "答2", "答3", "答4"]


async def test_behind_a_slow_turn_nobody_waits_longer_than_the_platform(spool: Spool) -> None:
    go_on = asyncio.Event()

    async def slow(turn: Turn) -> Kept:
        turn.waiting_for_database = False
        if turn.pushed.msg_id == "1":
            await go_on.wait()
        return await at_once(turn)

    scripted = Scripted(slow)
    turns = Turns(scripted, spool, SHORT)
    assert await asyncio.gather(*(turns.take(pushed("li", n)) for n in (1, 2))) == [None, None]
    assert await turns.take(pushed("li", 3)) is None
    assert len(everything(spool)) == 3
    go_on.set()
    await turns.finish()
    assert scripted.log == ["li:1"], "those behind it were left to the spool"
    assert await turns.drain() == 3
    assert scripted.followed == ["答1", "答2", "答3"]


async def test_danger_is_answered_though_the_database_is_away(spool: Spool) -> None:
    turns = Turns(Scripted(away), spool, SHORT)
    assert await turns.take(pushed("li", 1)) is None
    for number in (2, 3):
        said = await turns.take(pushed("li", number, "煤气漏了"))
        assert said is not None
        assert said.content == "快离开"
    assert len(everything(spool)) == 1
    at_first = await turns.take(pushed("zhao", 4, "煤气漏了"))
    assert at_first is not None
    assert at_first.content == "快离开"


async def test_one_who_cannot_be_handled_holds_up_nobody(spool: Spool) -> None:
    """A row of li's is locked; zhao and sun have their turn."""
    scripted = Scripted(away)
    turns = Turns(scripted, spool, SHORT)
    for number, who in enumerate(("li", "li", "zhao", "sun")):
        await turns.take(pushed(who, number))

    async def act(turn: Turn) -> Kept:
        if turn.writer.openid == "li":
            raise asyncpg.LockNotAvailableError
        return await at_once(turn)

    scripted.act = act
    assert await turns.drain() == 2
    assert sorted(scripted.followed) == ["答2", "答3"]
    assert len(everything(spool)) == 2


async def test_a_message_that_hangs_while_it_is_taken_out_is_left(spool: Spool) -> None:
    scripted = Scripted(away)
    turns = Turns(scripted, spool, Patience(0.05, 0.15, turn=0.1, between_tries=0.005))
    for number, who in enumerate(("li", "zhao")):
        await turns.take(pushed(who, number))

    async def act(turn: Turn) -> Kept:
        if turn.writer.openid == "li":
            await asyncio.Event().wait()
        return await at_once(turn)

    scripted.act = act
    assert await turns.drain() == 1
    assert scripted.followed == ["答1"]


def _break(tmp_path: Path) -> None:
    """No file can be written where the messages should wait."""
    (tmp_path / "chat").rename(tmp_path / "gone")
    (tmp_path / "chat").write_text("not a folder")


async def test_what_cannot_be_kept_is_not_promised(spool: Spool, tmp_path: Path) -> None:
    turns = Turns(Scripted(away), spool, SHORT)
    _break(tmp_path)
    with pytest.raises(OSError, match=r".+"):
        await turns.take(pushed("li", 1))


class Full(Spool):
    """A disk that takes nothing; ``asked`` is set once it was tried."""

    def __init__(self, folder: Path, asked: threading.Event) -> None:
        super().__init__(folder, SEAL)
        self._asked = asked

    def put(self, openid: str, number: str, message: bytes) -> None:
        self._asked.set()
        raise OSError(errno.ENOSPC, "full")


async def test_without_a_disk_a_slow_turn_gets_a_little_longer(tmp_path: Path) -> None:
    asked = threading.Event()

    async def slow(turn: Turn) -> Kept:
        turn.waiting_for_database = False
        await asyncio.to_thread(asked.wait)
        return await at_once(turn)

    patience = Patience(database=20, answer=0.02, without_disk=20)
    said = await Turns(Scripted(slow), Full(tmp_path / "chat", asked), patience).take(
        pushed("li", 1)
    )
    assert said is not None
    assert said.content == "答1"
