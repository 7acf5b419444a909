"""Mutated messages heard by the real talk over a real database: nothing of ours breaks."""

import collections
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random

import pytest

from bot.callback import Callback
from bot.door import OfficialAccount
from bot.one_turn import OneTurn
from bot.pushes import Pushes
from bot.rendering import Said
from bot.spool import Spool
from bot.turns import Patience, Turns
from bot.understanding.understander import Understander
from models import Conversation, db
from rules.calendar import SHANGHAI
from tests.bot.callback import mutations
from tests.bot.callback.conftest import MP, OA, logged, settings_of
from tests.bot.callback.sender import OPENID, Sender
from tests.conftest import FreshDatabase
from tests.workflow.world import World, make_world
from wechat.messages import Pushed

SEED, COUNT = 20261121, 3_000
UNHURRIED = Patience(database=30, answer=30)
"""A busy machine is no outage."""


@pytest.fixture
async def world(fresh_database: FreshDatabase) -> AsyncIterator[World]:
    """Both cities, nobody yet."""
    await db.connect(await fresh_database())
    yield await make_world()
    await db.close()


class Noting:
    """Passes messages on and notes what the talk says."""

    def __init__(self, talk: Turns) -> None:
        self._talk = talk
        self.said: collections.Counter[str] = collections.Counter()

    async def take(self, pushed: Pushed) -> Said | None:
        """As ``Taking``."""
        said = await self._talk.take(pushed)
        self.said[said.content or said.head if said else ""] += 1
        return said


def official(world: World, folder: Path) -> tuple[OfficialAccount, Noting]:
    """The product's own talk and pushes."""
    services = world.services
    day = world.clock.now().astimezone(SHANGHAI).date()
    cities = services.cities
    mind = Understander.load([cities.on(code, day) for code in cities.codes()])
    one = OneTurn(services, lambda: mind, appid=OA, mini_program=MP)
    talk = Noting(Turns(one, Spool(folder / "talk", services.seal), UNHURRIED))
    pushes = Pushes(services, OA, Spool(folder / "pushes", services.seal), patience=30)
    return OfficialAccount(talk, pushes, patience=30), talk


def waiting(folder: Path) -> list[Path]:
    """Messages on the spools."""
    return list(folder.rglob("*.msg"))


def _requests(oa: Sender) -> Iterator[mutations.Request]:
    return mutations.requests(Random(SEED), oa, COUNT, fresh=True, shapes=9)


async def test_mutated_messages_reach_the_real_talk(
    world: World, home: Path, tmp_path: Path, oa: Sender
) -> None:
    account, talk = official(world, tmp_path)
    handler = Callback("oa", settings_of(home).oa, account)
    statuses: collections.Counter[int] = collections.Counter()
    with logged() as log:
        for number, request in enumerate(_requests(oa)):
            if number % 500 == 0:
                oa.at = int(time.time())
            statuses[(await handler.answer(*request)).status] += 1
        await account.finish()
        told = log.getvalue()
    assert set(statuses) <= {200, 400, 403, 413}
    assert min(statuses[200], statuses[400], statuses[403]) > COUNT // 20
    for event in ("push_failed", "turn_failed", "message_not_kept", "spool_broken"):
        assert event not in told
    for secret in (OPENID, "进度", "DROP TABLE", "passwd"):
        assert secret not in told
    assert talk.said.total() > COUNT // 8
    assert len(talk.said) > 10, "it was understood, and answered in many ways"
    assert not waiting(tmp_path), "nothing was put off"
    assert await Conversation.filter(openid=OPENID).count() == 1
