"""Content checks of files: taken at once, judged later, the verdict pushed to the mini-program."""

import asyncio
import secrets
from typing import Any

import httpx

from wechat.sandbox.delivery import Deliverer, DeliveryOrder
from wechat.sandbox.people import Person
from wechat.sandbox.world import World

MAX_BYTES = 10 * 1024 * 1024
_NORMAL, _ILLEGAL = 100, 20006


class MediaChecks:
    """Each check waits its time on the stand-in's clock, downloads the file, pushes a verdict.

    A file is risky when its bytes hold one of the configured risky words.
    """

    def __init__(self, world: World, deliverer: Deliverer) -> None:
        self._world = world
        self._deliverer = deliverer
        self._running: set[asyncio.Task[None]] = set()
        self.done: list[dict[str, Any]] = []

    def begin(self, url: str, person: Person) -> str:
        """Returns the trace id the push will carry."""
        trace_id = f"{secrets.token_hex(4)}-{secrets.token_hex(8)}"
        due = self._world.clock.now() + self._world.config.options.media_check_seconds
        task = asyncio.create_task(self._run(trace_id, url, person, due))
        self._running.add(task)
        task.add_done_callback(self._finished)
        return trace_id

    def reset(self) -> None:
        """Drops the checks under way and forgets the finished ones."""
        for task in self._running:
            task.cancel()
        self.done.clear()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            self._world.flag.raise_for("stand-in", problem=repr(fault))

    async def _run(self, trace_id: str, url: str, person: Person, due: float) -> None:
        await self._world.clock.wait_until(due)
        verdict = await self._verdict(url)
        message = {
            "MsgType": "event",
            "Event": "wxa_media_check",
            "appid": self._world.config.mp.appid,
            "trace_id": trace_id,
            "version": 2,
            **verdict,
        }
        if self._world.config.mp.callback_url is None:
            self.done.append({"message": message, "outcome": "nowhere to push"})
            return
        order = DeliveryOrder(account="mp", person=person.id, message=message)
        self.done.append((await self._deliverer.deliver(order, person)).shown())

    async def _verdict(self, url: str) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
                response = await http.get(url)
        except (httpx.HTTPError, httpx.InvalidURL):
            return {"errcode": -1008, "errmsg": "invalid url", "detail": []}
        if response.status_code != 200 or len(response.content) > MAX_BYTES:
            return {"errcode": -1008, "errmsg": "download failed", "detail": []}
        words = self._world.config.options.risky_words
        risky = any(word.encode() in response.content for word in words)
        result = {"suggest": "risky" if risky else "pass", "label": _ILLEGAL if risky else _NORMAL}
        detail = {"strategy": "content_model", "errcode": 0, **result, "prob": 90}
        return {"errcode": 0, "errmsg": "ok", "result": result, "detail": [detail]}
