"""A world of chats: the cast over a real database, with the platform's stand-in around it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import Application, Conversation, Identity, OutboxRow, Person
from models.base import new_id
from rules.actors import Actor
from rules.errors import DomainError
from rules.states import Channel
from tests.wechat.control import Control
from tests.workflow.world import World
from workflow.background import outbox
from workflow.background.messages import HANDLERS
from workflow.cases import draft
from workflow.chat import turns
from workflow.people.identity import ANONYMOUS, actor_of_person
from workflow.ports import Services
from workflow.unit import Answer, Unit

OA, MP = "wx-oa", "wx-mp"
Act = Callable[[Unit, turns.Talk], Awaitable[Any]]


@dataclass
class Talks:
    """Chats of the official account, and people of the mini-program."""

    world: World
    control: Control

    @property
    def services(self) -> Services:
        """The outside."""
        return self.world.services

    async def turn(self, name: str, act: Act | None = None) -> Any:
        """One turn of somebody's chat, begun with the first; what ``act`` comes to."""
        told: list[Any] = []

        async def whole(unit: Unit) -> Answer:
            talk = await turns.hold(unit, turns.Writer(OA, f"oa-{name}"))
            if talk.state is None:
                await turns.save(unit, talk, {"at": "start"})
            if act is not None:
                told.append(await act(unit, talk))
            return Answer({})

        await self.world.done(ANONYMOUS, whole)
        return told[0] if told else None

    async def chat(self, name: str) -> Conversation:
        """Where somebody's chat stands."""
        return await Conversation.get(openid=f"oa-{name}")

    async def chatting(self, name: str) -> Actor:
        """Somebody who has written in the official account: its person as it stands now."""
        await self.turn(name)
        return await actor_of_person((await self.chat(name)).person_id)

    async def signed_in(self, name: str, unionid: str | None = None) -> Actor:
        """Somebody of the mini-program."""
        now = self.world.clock.now()
        row = await Person.create(id=new_id(), created_at=now, unionid=unionid)
        await Identity.create(
            id=new_id(),
            person_id=row.id,
            kind="mp",
            appid=MP,
            openid=f"mp-{name}",
            created_at=now,
        )
        self.world.clock.forward(seconds=1)
        return await actor_of_person(row.id)

    async def drafts(self, actor: Actor, city: str = "daye") -> UUID:
        """A draft of that person."""
        new = draft.NewDraft(city=city)
        body = await self.world.act(
            actor, lambda unit: draft.create_draft(unit, new, channel=Channel.MINIPROGRAM)
        )
        return UUID(body["id"])

    async def owner(self, application: UUID) -> UUID | None:
        """Whose case it is."""
        return (await Application.get(id=application)).owner_id

    async def may_be_sent(self, name: str) -> None:
        """The person has just written: the platform takes five messages within 48 hours."""
        await self.control.post("/people", id=name)
        await self.control.post("/acts", person=name)

    async def sent(self, name: str) -> list[dict[str, Any]]:
        """What the platform has shown somebody, oldest first."""
        return [each["body"] for each in await self.control.get("/sent", openid=f"oa-{name}")]

    async def texts(self, name: str) -> list[str]:
        """The texts among it."""
        return [each["text"]["content"] for each in await self.sent(name) if "text" in each]

    async def work(self) -> None:
        """The outbox tells all that is due, and what follows from it."""
        due = OutboxRow.filter(done_at=None, failed_at=None)
        while await due.filter(available_at__lte=self.world.clock.now()).exists():
            await outbox.work(self.services, HANDLERS)

    async def rows(self, topic: str) -> list[OutboxRow]:
        """The outbox rows of a topic, oldest first."""
        return await OutboxRow.filter(topic=topic).order_by("id")

    async def later(self, **delta: float) -> None:
        """Time passes, here and at the stand-in."""
        self.world.clock.forward(**delta)
        await self.control.post("/clock", seconds=timedelta(**delta).total_seconds())


async def refusal(done: Awaitable[Any]) -> DomainError:
    """The refusal of what must not pass."""
    try:
        await done
    except DomainError as refused:
        return refused
    raise AssertionError("it passed")
