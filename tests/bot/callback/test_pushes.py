"""What the platform tells besides: acted on once, in order, and not lost while we are away."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot.pushes import Pushes
from bot.spool import Spool
from models import (
    Consent,
    Conversation,
    Identity,
    MediaVerdict,
    OutboxRow,
    Person,
    StoredAnswer,
    db,
)
from models.base import new_id
from tests.bot.callback.sender import ACCOUNT, OPENID
from tests.conftest import FreshDatabase
from tests.workflow.world import World, make_world
from wechat.messages import Pushed, parse
from workflow.background import retention
from workflow.background.subscriptions import Consents, Tapped, consent
from workflow.chat.turns import UNIONID, Writer, hold, key_of, save
from workflow.people.identity import ANONYMOUS
from workflow.unit import Answer, Key, Unit

MP, OA = "wxfedcba9876543210", "wx0123456789abcdef"
TEMPLATE = "progress-template-of-the-tests"
NOWHERE = "postgres://nobody@127.0.0.1:1/none"


@pytest.fixture
async def address(fresh_database: FreshDatabase) -> str:
    """A database of the test's own."""
    return await fresh_database()


@pytest.fixture
async def world(address: str) -> AsyncIterator[World]:
    """Both cities, a template for progress, 李 with an identity in the mini-program."""
    await db.connect(address)
    world = await make_world()
    world.services = replace(world.services, progress_template=TEMPLATE)
    await identity(await world.person("李"), OPENID)
    yield world
    await db.close()


async def identity(actor: Any, openid: str) -> None:
    """Somebody who has signed in to the mini-program."""
    await Identity.create(
        id=new_id(),
        person_id=actor.person,
        kind="mp",
        appid=MP,
        openid=openid,
        created_at=(await Person.get(id=actor.person)).created_at,
    )


def pushes(world: World, tmp_path: Path, appid: str = MP, patience: float = 30) -> Pushes:
    """Patient: a busy machine is no outage."""
    return Pushes(
        world.services, appid, Spool(tmp_path / appid, world.services.seal), patience=patience
    )


def pushed(name: str, at: int = 1700000000, openid: str = OPENID, **fields: Any) -> Pushed:
    """An event as the mini-program's JSON."""
    head = {"ToUserName": ACCOUNT, "FromUserName": openid, "CreateTime": at, "MsgType": "event"}
    return parse(json.dumps({**head, "Event": name, **fields}).encode())


def popup(answer: str = "accept", at: int = 1700000000, template: str = TEMPLATE) -> Pushed:
    """An answer to the question whether the template may be sent."""
    entry = {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": "0"}
    return pushed("subscribe_msg_popup_event", at, List=entry)


async def left(world: World, name: str = "李") -> int:
    """Messages that may still be sent to somebody."""
    actor = await world.person(name)
    row = await Consent.filter(person_id=actor.person, template=TEMPLATE).first()
    return row.remaining if row else 0


async def tap(world: World, answer: str = "accept") -> None:
    """The mini-program tells it."""
    body = Consents(answers={TEMPLATE: Tapped(answer)})
    await world.act(await world.person("李"), lambda unit: consent(unit, body))


async def test_an_acceptance_counts_once_whoever_tells_first(world: World, tmp_path: Path) -> None:
    told = pushes(world, tmp_path)
    await tap(world)
    await told.take(popup())
    assert await left(world) == 1
    await told.take(popup(at=1700000010))
    await tap(world)
    assert await left(world) == 2


async def test_an_acceptance_only_one_tells_of_counts(world: World, tmp_path: Path) -> None:
    told = pushes(world, tmp_path)
    for at in (1, 2, 3):
        await told.take(popup(at=at))
    assert await left(world) == 3
    for _ in range(3):
        await tap(world)
    assert await left(world) == 3
    await tap(world)
    assert await left(world) == 4


@pytest.mark.parametrize("answer", ["reject", "ban"])
async def test_a_refusal_ends_it(world: World, tmp_path: Path, answer: str) -> None:
    told = pushes(world, tmp_path)
    await tap(world)
    await told.take(popup(answer))
    assert await left(world) == 0
    await told.take(popup(at=1700000010))  # the platform's word of the first acceptance
    assert await left(world) == 0
    await tap(world)
    assert await left(world) == 1


async def test_switching_it_off_in_the_settings_ends_it(world: World, tmp_path: Path) -> None:
    told = pushes(world, tmp_path)
    for at in (1, 2):
        await told.take(popup(at=at))
    entry = {"TemplateId": TEMPLATE, "SubscribeStatusString": "reject"}
    await told.take(pushed("subscribe_msg_change_event", List=[entry]))
    assert await left(world) == 0


async def test_a_push_delivered_again_counts_once(world: World, tmp_path: Path) -> None:
    told = pushes(world, tmp_path)
    await asyncio.gather(*(told.take(popup()) for _ in range(5)))
    assert await left(world) == 1


async def test_two_answers_in_one_second_are_two(world: World, tmp_path: Path) -> None:
    told = pushes(world, tmp_path)
    await told.take(popup())
    await told.take(popup("reject"))
    assert await left(world) == 0


async def test_foreign_templates_and_strangers_are_passed_over(
    world: World, tmp_path: Path
) -> None:
    told = pushes(world, tmp_path)
    await told.take(popup(template="somebody-elses-template"))
    await told.take(popup("acceptance"))
    entry = {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept"}
    await told.take(pushed("subscribe_msg_popup_event", openid="stranger", List=entry))
    assert await Consent.all().count() == 0


async def test_an_openid_of_the_other_account_is_a_stranger(world: World, tmp_path: Path) -> None:
    await pushes(world, tmp_path, OA).take(popup())
    assert await Consent.all().count() == 0


async def test_a_verdict_is_kept_by_its_trace(world: World, tmp_path: Path) -> None:
    told = pushes(world, tmp_path)
    result = {"suggest": "risky", "label": 20006}
    await told.take(pushed("wxa_media_check", trace_id="t-1", errcode=0, result=result))
    again = {"suggest": "pass", "label": 100}
    await told.take(pushed("wxa_media_check", 1, trace_id="t-1", errcode=0, result=again))
    await told.take(pushed("wxa_media_check", trace_id="t-2", errcode=-1008))
    kept = {row.trace_id: (row.error, row.suggest, row.label) for row in await MediaVerdict.all()}
    assert kept == {"t-1": (0, "risky", 20006), "t-2": (-1008, "", 0)}
    world.clock.forward(days=31)
    await retention.forget(world.services)
    assert await MediaVerdict.all().count() == 0


async def test_who_leaves_is_forgotten_by_the_talk(world: World, tmp_path: Path) -> None:
    async def talk(unit: Unit) -> Answer:
        for openid in (OPENID, "stays"):
            await save(unit, await hold(unit, Writer(OA, openid)), {"city": "daye"})
        return Answer({})

    await world.act(ANONYMOUS, talk)
    await pushes(world, tmp_path, OA).take(pushed("unsubscribe", EventKey=""))
    rows = {row.openid: row.state_sealed for row in await Conversation.all()}
    assert rows[OPENID] is None
    assert rows["stays"] is not None


async def test_answers_kept_for_who_leaves_go_too(world: World, tmp_path: Path) -> None:
    keys = {each: key_of(Writer(OA, each), "1") for each in (OPENID, OPENID + "2", "s_ays")}
    for key in (*keys.values(), Key(f"chat:{OA}:after", keys[OPENID].value, b"")):
        await world.done(ANONYMOUS, answered, key)
    await pushes(world, tmp_path, OA).take(pushed("unsubscribe", EventKey=""))
    left = await StoredAnswer.filter(scope__startswith="chat:")
    assert {each.key for each in left} == {keys[OPENID + "2"].value, keys["s_ays"].value}


async def answered(unit: Unit) -> Answer:
    """Something is said."""
    return Answer({"now": "您好"})


async def test_who_follows_again_is_asked_about_again(world: World, tmp_path: Path) -> None:
    async def talk(unit: Unit) -> Answer:
        await hold(unit, Writer(OA, OPENID))
        return Answer({})

    await world.act(ANONYMOUS, talk)
    follows = pushed("subscribe", EventKey="")
    await pushes(world, tmp_path, OA).take(follows)
    assert await OutboxRow.filter(topic=UNIONID).count() == 1  # of the first message
    await Conversation.filter(openid=OPENID).update(union_asked_at=world.clock.now())
    again = pushed("subscribe", 1700000009, EventKey="")
    await pushes(world, tmp_path, OA).take(again)
    await pushes(world, tmp_path, OA).take(again)  # told twice
    assert await OutboxRow.filter(topic=UNIONID).count() == 2


@pytest.mark.parametrize(
    "event", ["VIEW", "LOCATION", "kf_create_session", "TEMPLATESENDJOBFINISH", "whatever"]
)
async def test_the_rest_touches_nothing(world: World, tmp_path: Path, event: str) -> None:
    await db.close()
    await db.connect(NOWHERE)
    told = pushes(world, tmp_path)
    await told.take(pushed(event, EventKey="k"))
    assert await told.drain() == 0


async def test_nothing_is_lost_while_the_database_is_away(
    world: World, tmp_path: Path, address: str
) -> None:
    await db.close()
    await db.connect(NOWHERE)
    told = pushes(world, tmp_path)
    for push in (popup(at=1), popup(at=1), popup("reject", at=2), popup(at=3)):
        await told.take(push)
    assert await told.drain() == 0
    waiting = list((tmp_path / MP).glob("*/*.msg"))
    assert len(waiting) == 4
    assert all(OPENID.encode() not in path.read_bytes() for path in waiting)
    await db.close()
    await db.connect(address)
    await told.take(popup(at=4))  # stands behind those that wait
    assert await left(world) == 0
    assert await told.drain() == 5
    assert await left(world) == 2
    assert await told.drain() == 0
    await told.take(popup(at=4))
    assert await left(world) == 2


async def test_a_slow_database_is_not_waited_for(
    world: World, tmp_path: Path, address: str
) -> None:
    told = pushes(world, tmp_path, patience=0.05)
    other = await asyncpg.connect(address)
    async with other.transaction():
        await other.execute("LOCK TABLE stored_answers IN ACCESS EXCLUSIVE MODE")
        await asyncio.wait_for(told.take(popup()), 10)
    await other.close()
    assert await left(world) == 0
    assert await told.drain() == 1
    assert await left(world) == 1


async def test_what_cannot_be_handled_holds_up_nobody(world: World, tmp_path: Path) -> None:
    spool = Spool(tmp_path / MP, world.services.seal)
    spool.put("other", spool.number(), b"<xml>broken")
    spool.put(OPENID, spool.number(), popup().raw)
    told = Pushes(world.services, MP, spool)
    assert await told.drain() == 2
    assert await left(world) == 1
    assert len(list((tmp_path / MP / "aside").iterdir())) == 1
