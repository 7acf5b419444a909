"""What the platform tells besides what people write: each told once, kept when we are away.

Consents to messages and verdicts on files come to the mini-program's address, a follower who
leaves to the official account's. Everything else is only acknowledged.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from hashlib import blake2b

import orjson
import structlog

from bot.draining import Drain
from bot.spool import Spool
from rules.actors import SYSTEM
from wechat import pushed_events as events
from wechat.messages import Pushed
from workflow.background.media_verdicts import record_verdict
from workflow.background.subscriptions import pushed_consent
from workflow.chat.leaving import leave
from workflow.chat.turns import Writer
from workflow.chat.unionid import ask
from workflow.outages import code_of
from workflow.ports import Services
from workflow.unit import Answer, Key, Unit, perform

PATIENCE_S = 0.7
"""Nobody is answered with what comes of it: what the database does not take soon is put on the
spool."""

DRAINED_S = 12.0
"""What waited may take longer."""

_log = structlog.get_logger("pushes")
Act = Callable[[Unit], Awaitable[Answer]]


class Pushes:
    """Takes what is told to one account in one process."""

    def __init__(
        self, services: Services, appid: str, spool: Spool, *, patience: float = PATIENCE_S
    ) -> None:
        self._services = services
        self._appid = appid
        self._spool = spool
        self._patience = patience
        self._drain = Drain(spool, self._late, self._given_up, DRAINED_S)

    async def take(self, pushed: Pushed) -> None:
        """Act on it, or keep it until we can. Raises OSError when it cannot even be kept."""
        act = self._act_of(pushed)
        if act is not None and not await self._done_now(pushed, act):
            await asyncio.to_thread(
                self._spool.put, pushed.openid, self._spool.number(), pushed.raw
            )

    async def _done_now(self, pushed: Pushed, act: Act) -> bool:
        """Whether it is done; what waits already goes first."""
        if self._spool.waits_for(pushed.openid):
            return False
        try:
            async with asyncio.timeout(self._patience):
                await self._perform(pushed, act)
        except Exception as fault:
            if code_of(fault) is None:
                raise
            return False
        return True

    async def drain(self) -> int:
        """Act on what waits, in order; how much."""
        return await self._drain.all()

    async def finish(self) -> None:
        """Nothing runs on after ``take``."""

    async def _late(self, pushed: Pushed) -> None:
        if (act := self._act_of(pushed)) is not None:
            await self._perform(pushed, act)

    async def _given_up(self, pushed: Pushed) -> None:
        """Nobody waits for an answer."""

    async def _perform(self, pushed: Pushed, act: Act) -> None:
        """Once: the platform's next delivery of it finds the key taken."""
        key = Key(f"push:{self._appid}", _key_of(pushed), b"")
        await perform(self._services, SYSTEM, act, key=key)

    def _act_of(self, pushed: Pushed) -> Act | None:
        """What is to be done; None for what only wants to be acknowledged."""
        if pushed.type != "event":
            return None
        make = _ACTS.get(pushed.event)
        return make(self._appid, pushed) if make else None


def _consents(appid: str, pushed: Pushed) -> Act | None:
    answers = [(each.template, each.answer) for each in events.template_answers(pushed)]
    if not answers:
        return None
    return lambda unit: pushed_consent(unit, appid, pushed.openid, answers)


def _verdict(_: str, pushed: Pushed) -> Act | None:
    found = events.media_verdict(pushed)
    if found is None:
        return None
    return lambda unit: record_verdict(unit, found.trace, found.error, found.suggest, found.label)


def _gone(appid: str, pushed: Pushed) -> Act:
    async def act(unit: Unit) -> Answer:
        await leave(unit, Writer(appid, pushed.openid))
        return Answer({})

    return act


def _followed(appid: str, pushed: Pushed) -> Act:
    """The platform tells more of a follower than of somebody who only writes."""

    async def act(unit: Unit) -> Answer:
        await ask(unit, Writer(appid, pushed.openid))
        return Answer({})

    return act


def _result(_: str, pushed: Pushed) -> None:
    """Nothing to act on: what was not delivered stands in the inbox as ever."""
    for result in events.sent_results(pushed):
        if result.error:
            _log.warning("message_not_delivered", error=result.error, template=result.template)


_ACTS: Mapping[str, Callable[[str, Pushed], Act | None]] = {
    events.POPUP: _consents,
    events.CHANGE: _consents,
    events.MEDIA_CHECK: _verdict,
    events.SENT: _result,
    "subscribe": _followed,
    "unsubscribe": _gone,
}


def _key_of(pushed: Pushed) -> str:
    """The event's key and its content: two of one kind in one second differ in nothing else."""
    told = orjson.dumps(dict(pushed.fields), option=orjson.OPT_SORT_KEYS, default=str)
    return f"{pushed.key}.{blake2b(told, digest_size=16).hexdigest()}"
