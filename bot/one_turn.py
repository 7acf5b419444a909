"""One turn: the short way for what only reads, the long way, a unit of work, for what acts.

Whoever comes second with the same message gets the same reply: the key is claimed in the turn's
own transaction, or the reply kept under it only once (``workflow.chat.turns``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from bot import acting
from bot.dialogue import emergencies
from bot.dialogue.acts import Act, ReadCases, ReadStatus
from bot.dialogue.heard import Done, Facts, Heard, Refused
from bot.dialogue.replies import HandOver, Reply
from bot.dialogue.turn import State
from bot.remembering import Remembering, Understands
from bot.rendering import Rendering, Said
from bot.talking import facts_of, hear, talk_through
from bot.understanding.types import Intent
from config.texts import chat
from wechat.messages import Pushed
from workflow.chat import turns
from workflow.chat.sending import send_chat
from workflow.people.identity import ANONYMOUS
from workflow.ports import Services
from workflow.unit import Answer, Key, Unit, perform

_REMEMBERED = 10_000
"""People of whom a process remembers that they are in the middle of something."""
_ABOUT_THE_CASE = (Intent.QUERY_STATUS, Intent.QUERY_DEADLINE)
_AFTER = timedelta(seconds=1)
"""What follows a reply waits until that has arrived."""


class _LongWay(Exception):
    """The turn wants to act: it needs a unit of work."""


@dataclass(slots=True)
class Turn:
    """One message under way. ``late``: the platform has its ``success`` already."""

    pushed: Pushed
    writer: turns.Writer
    key: Key
    late: bool = False
    waiting_for_database: bool = False
    """From the first question to the database until its first answer."""
    heard: tuple[State, Heard] | None = None
    """What was understood, and where the talk stood then."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn's stored reply: what is said at once, and whether everything was sent already."""

    now: Said | None
    sent: bool

    def encoded(self) -> dict[str, Any]:
        """As stored under the message's key."""
        return {"now": self.now.shown() if self.now else None, "sent": self.sent}

    @classmethod
    def decoded(cls, body: bytes) -> "Kept":
        """From what was stored."""
        told = orjson.loads(body)
        return cls(Said.read(told["now"]) if told["now"] else None, told["sent"])


class OneTurn:
    """Takes one message of one official account; ``Turns`` sees to time and order."""

    def __init__(
        self,
        services: Services,
        mind: Callable[[], Understands],
        *,
        appid: str,
        mini_program: str,
    ) -> None:
        """``mind`` is asked for when the first message comes: not every process has one."""
        self._services = services
        self._mind = Remembering(mind)
        self._appid = appid
        self._mini_program = mini_program
        self._rendering = Rendering(mini_program, services.public_url)
        self._acting: dict[str, None] = {}

    def begun(self, pushed: Pushed) -> Turn:
        """A turn for a message, with the key it is claimed by."""
        writer = turns.Writer(self._appid, pushed.openid)
        return Turn(pushed, writer, turns.key_of(writer, pushed.key))

    async def take(self, turn: Turn) -> Kept:
        """Raises what the database raises."""
        turn.waiting_for_database = True
        if not turn.late and turn.writer.openid not in self._acting:
            kept = await self._short_way(turn)
            if kept is not None:
                return kept
        return await self._long_way(turn)

    async def follow_up(self, turn: Turn, kept: Kept) -> None:
        """Send the reply of a turn that was done just too late to be answered with; once."""
        if kept.now is not None and not kept.sent:
            await self._send_once(turn, self._rendering.afterwards(kept.now))

    async def apologise(self, turn: Turn) -> None:
        """Say that a message could not be handled; once."""
        await self._send_once(turn, Said.of_text(chat.said("trouble")))

    def urgent(self, pushed: Pushed) -> Said | None:
        """What danger is answered with while the database is away; None for all else."""
        facts = facts_of(self._services, None, self._services.clock.now(), self._mini_program)
        said = emergencies.of(hear(pushed, self._mind, State(), facts), facts, None)
        return None if said is None else self._rendering.passive(said)

    async def _send_once(self, turn: Turn, said: Said) -> None:
        async def act(unit: Unit) -> Answer:
            send_chat(unit, turn.writer.openid, [said.shown()])
            return Answer({})

        key = Key(f"{turn.key.scope}:after", turn.key.value, b"")
        await perform(self._services, ANONYMOUS, act, key=key)

    async def _short_way(self, turn: Turn) -> Kept | None:
        """The turn without a unit of work; None where it needs one."""
        services = self._services
        with_case = self._mind.meant(turn.pushed.text) in _ABOUT_THE_CASE
        opened = await turns.opening(services, turn.writer, turn.key, with_case=with_case)
        turn.waiting_for_database = False
        if opened.answered is not None:
            return Kept.decoded(opened.answered)
        talk = opened.talk
        if talk is None or opened.busy:
            return None
        actor, now = talk.actor, services.clock.now()

        async def carry(act: Act) -> Done | Refused:
            if not isinstance(act, ReadCases | ReadStatus):
                raise _LongWay
            return await acting.read(act, services, actor, now, opened)

        before = State.load(talk.state)
        facts = facts_of(services, talk, now, self._mini_program)
        try:
            said = await talk_through(before, self._hear(turn, before, facts), facts, carry)
        except _LongWay:
            return None
        if len(said.replies) > 1 or any(isinstance(each, HandOver) for each in said.replies):
            return None  # what follows the answer is sent by the outbox, which needs a unit
        kept = Kept(self._rendering.passive(said.replies[0]) if said.replies else None, sent=False)
        state = None if said.state == before else said.state.dump()
        stored = orjson.dumps(kept.encoded())
        return kept if await turns.keep(services, turn.key, talk, stored, state, now) else None

    async def _long_way(self, turn: Turn) -> Kept:
        """The turn as a unit of work: key, acts, state and reply together."""

        async def act(unit: Unit) -> Answer:
            talk = await turns.hold(unit, turn.writer)
            turn.waiting_for_database = False
            acted: list[Act] = []

            async def carry(wanted: Act) -> Done | Refused:
                if not isinstance(wanted, ReadCases | ReadStatus):
                    acted.append(wanted)
                return await acting.carry_out(wanted, unit, talk)

            before = State.load(talk.state)
            facts = facts_of(unit.services, talk, unit.now, self._mini_program)
            said = await talk_through(before, self._hear(turn, before, facts), facts, carry)
            self._remember(turn.writer.openid, acting=bool(acted))
            if said.state != before or talk.state is None:
                await turns.save(unit, talk, said.state.dump())
            return Answer(self._deliver(unit, turn, said.replies).encoded())

        return Kept.decoded((await perform(self._services, ANONYMOUS, act, key=turn.key)).body)

    def _deliver(self, unit: Unit, turn: Turn, replies: Sequence[Reply]) -> Kept:
        """The first reply answers the platform, the others follow; all follow when it is late."""
        openid = turn.writer.openid
        if turn.late:
            if replies:
                send_chat(unit, openid, [self._rendering.later(each).shown() for each in replies])
            return Kept(None, sent=True)
        event = turn.pushed.type == "event"
        first, rest = self._rendering.answering(replies, event=event)
        if rest:
            send_chat(unit, openid, [each.shown() for each in rest], wait=_AFTER)
        return Kept(first, sent=False)

    def _hear(self, turn: Turn, state: State, facts: Facts) -> Heard:
        """Once for the same state, though a turn may be tried the short way and the long one."""
        if turn.heard is None or turn.heard[0] != state:
            turn.heard = (state, hear(turn.pushed, self._mind, state, facts))
        return turn.heard[1]

    def _remember(self, openid: str, *, acting: bool) -> None:
        """Who is in the middle of something goes the long way at once the next time."""
        self._acting.pop(openid, None)
        if acting:
            self._acting[openid] = None
            while len(self._acting) > _REMEMBERED:
                del self._acting[next(iter(self._acting))]
