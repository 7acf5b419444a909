"""Background loops: at once while work waits, never ended by a fault, let finish when stopped."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from server.loops import Loop, LoopRunner

HOUR = 3600.0


class Acts:
    """Counts its runs and says when a wanted number is reached."""

    def __init__(self, *outcomes: bool | Exception) -> None:
        self.count = 0
        self._outcomes = list(outcomes)
        self._changed = asyncio.Condition()

    async def __call__(self) -> bool:
        async with self._changed:
            self.count += 1
            self._changed.notify_all()
        outcome = self._outcomes.pop(0) if self._outcomes else False
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def reach(self, count: int) -> None:
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: self.count >= count)


async def run_while(runner: LoopRunner, inside: Callable[[], Awaitable[None]]) -> None:
    task = asyncio.create_task(runner.run())
    try:
        await inside()
    finally:
        runner.stop()
        async with asyncio.timeout(10):
            await task


async def test_more_work_is_done_without_a_pause() -> None:
    acts = Acts(True, True, True)
    runner = LoopRunner([Loop("busy", HOUR, acts)])
    await run_while(runner, lambda: acts.reach(4))
    assert acts.count == 4


async def test_it_runs_again_after_its_interval() -> None:
    often, seldom = Acts(), Acts()
    runner = LoopRunner([Loop("often", 0.01, often), Loop("seldom", HOUR, seldom)])
    await run_while(runner, lambda: often.reach(3))
    assert seldom.count == 1


async def test_a_fault_does_not_end_the_loop() -> None:
    acts, beside = Acts(ValueError("boom")), Acts()
    runner = LoopRunner([Loop("faulty", 0.01, acts), Loop("beside", 0.01, beside)])
    await run_while(runner, lambda: acts.reach(2))
    assert beside.count > 2


async def test_an_act_in_progress_is_let_finish() -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def act() -> bool:
        begun.set()
        await may_end.wait()
        ended.set()
        return False

    runner = LoopRunner([Loop("slow", HOUR, act)])
    task = asyncio.create_task(runner.run())
    await begun.wait()
    runner.stop()
    await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    await task
    assert ended.is_set()


async def test_an_act_that_never_ends_is_cut() -> None:
    begun, cut = asyncio.Event(), asyncio.Event()

    async def act() -> bool:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cut.set()
            raise
        return False

    runner = LoopRunner([Loop("endless", HOUR, act)], grace_s=0.05)
    task = asyncio.create_task(runner.run())
    await begun.wait()
    runner.stop()
    await task
    assert cut.is_set()


async def test_without_loops_it_just_waits() -> None:
    runner = LoopRunner([])
    task = asyncio.create_task(runner.run())
    await asyncio.sleep(0)
    assert not task.done()
    runner.stop()
    await task


@pytest.mark.parametrize("failures", [1, 3, 50])
def test_failures_wait_longer_but_never_for_ever(failures: int) -> None:
    async def act() -> bool:
        return False

    loop = Loop("daily", 24 * HOUR, act)
    assert 0 < LoopRunner([loop])._delay(loop, failures) <= 66
