"""Who a follower is in the mini-program, told by the platform."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models import Person, Session
from models.db import pool
from rules.actors import Actor
from rules.states import Channel
from tests.workflow.chat.talks import MP, Talks
from workflow.cases import draft
from workflow.chat import links
from workflow.chat.turns import UNIONID, Talk, save
from workflow.chat.unionid import ask_again
from workflow.people.identity import ANONYMOUS, SessionKind
from workflow.people.sessions import Recognised, sign_in
from workflow.unit import Unit

INFO = "/cgi-bin/user/info"


async def test_a_chat_is_joined_to_its_unionids_person(talks: Talks) -> None:
    await talks.control.post("/people", id="li")
    owner = await talks.signed_in("li", unionid="union-li")
    case = await talks.drafts(owner)
    await talks.turn("li")
    assert (await talks.chat("li")).person_id != owner.person
    await talks.work()
    assert (await talks.chat("li")).person_id == owner.person
    assert await talks.owner(case) == owner.person
    (row,) = await talks.rows(UNIONID)
    assert row.outcome == "learnt"


async def test_what_the_chat_began_goes_along(talks: Talks) -> None:
    await talks.control.post("/people", id="li")
    owner = await talks.signed_in("li", unionid="union-li")
    chatter = await talks.chatting("li")
    case = await talks.drafts(chatter)
    await talks.work()
    assert await talks.owner(case) == owner.person


async def test_somebody_new_keeps_the_unionid_for_the_day_of_signing_in(talks: Talks) -> None:
    await talks.control.post("/people", id="li")
    chatter = await talks.chatting("li")
    await talks.work()
    assert (await Person.get(id=chatter.person)).unionid == "union-li"
    assert (await talks.chat("li")).person_id == chatter.person


async def test_without_a_unionid_the_chat_stays_alone(talks: Talks) -> None:
    await talks.control.post("/people", id="wu", unionid=None)
    chatter = await talks.chatting("wu")
    await talks.work()
    (row,) = await talks.rows(UNIONID)
    assert row.outcome == "not_told"
    assert (await talks.chat("wu")).person_id == chatter.person


async def test_who_was_not_told_is_asked_about_after_a_day_when_the_talk_goes_on(
    talks: Talks,
) -> None:
    await talks.control.post("/people", id="wu", unionid=None)
    owner = await talks.signed_in("wu", unionid="union-wu")
    await talks.turn("wu")
    await talks.work()
    await talks.later(hours=23)
    await speaks(talks, "wu")
    assert not await ask_again(talks.services)
    await talks.later(hours=26)
    assert not await ask_again(talks.services)  # nobody has written since
    await speaks(talks, "wu")
    await ask_again(talks.services)
    await ask_again(talks.services)
    assert len(await talks.rows(UNIONID)) == 2
    await talks.control.post("/people", id="wu", unionid="union-wu")
    await talks.work()
    assert (await talks.chat("wu")).person_id == owner.person
    await talks.later(days=3)
    await speaks(talks, "wu")
    await ask_again(talks.services)
    assert len(await talks.rows(UNIONID)) == 2


async def speaks(talks: Talks, name: str) -> None:
    """The talk goes on."""
    await talks.turn(name, lambda unit, talk: save(unit, talk, {"at": "on"}))


async def test_a_busy_platform_is_asked_again(talks: Talks) -> None:
    await talks.control.post("/people", id="li")
    owner = await talks.signed_in("li", unionid="union-li")
    await talks.control.inject(INFO, "errcode", errcode=-1)
    await talks.turn("li")
    await talks.work()
    assert (await talks.chat("li")).person_id != owner.person
    await talks.later(minutes=1)
    await talks.work()
    assert (await talks.chat("li")).person_id == owner.person


async def join(talks: Talks, name: str, owner: Actor) -> None:
    """Somebody joins a chat by the account's code."""
    code = str((await talks.world.act(owner, links.offer))["code"])
    await talks.turn(name, lambda unit, talk: links.join(unit, talk.id, code))


async def test_a_unionid_learnt_late_is_never_the_joined_accounts(talks: Talks) -> None:
    """Else whoever signs in by it would become that account, with all it has."""
    await talks.control.post("/people", id="li")
    owner = await talks.signed_in("zhao")
    chatter = await talks.chatting("li")
    await join(talks, "li", owner)
    await talks.work()
    assert (await Person.get(id=owner.person)).unionid is None
    assert (await Person.get(id=chatter.person)).unionid == "union-li"
    assert (await talks.chat("li")).person_id == owner.person


async def test_a_chat_joined_to_somebody_else_is_taken_apart_again(talks: Talks) -> None:
    """The chat's own WeChat account is another one than that of the person it was joined to."""
    await talks.may_be_sent("li")
    owner = await talks.signed_in("zhao", unionid="union-zhao")
    chatter = await talks.chatting("li")
    case = await talks.drafts(chatter)
    await join(talks, "li", owner)
    assert await talks.owner(case) == owner.person
    await talks.work()
    assert (await talks.chat("li")).person_id == chatter.person
    assert await talks.owner(case) == chatter.person
    assert (await Person.get(id=owner.person)).unionid == "union-zhao"
    (told,) = await talks.texts("li")
    assert "不是同一个微信用户" in told


async def test_a_chat_joined_to_its_own_account_is_simply_that_persons(talks: Talks) -> None:
    await talks.control.post("/people", id="li")
    owner = await talks.signed_in("li", unionid="union-li")
    case = await talks.drafts(await talks.chatting("li"))
    await join(talks, "li", owner)
    await talks.work()
    chat = await talks.chat("li")
    assert (chat.person_id, chat.home_id) == (owner.person, None)
    assert await talks.owner(case) == owner.person


async def test_learning_who_it_is_moves_the_talk(talks: Talks) -> None:
    """A reply thought out for who was there before is not kept."""
    await talks.control.post("/people", id="li")
    await talks.signed_in("li", unionid="union-li")
    await talks.turn("li")
    before = (await talks.chat("li")).version
    await talks.work()
    assert (await talks.chat("li")).version > before


async def test_signing_in_waits_for_a_turn_of_the_chat(talks: Talks) -> None:
    """What the turn makes belongs to who the person has become, not to who is gone."""
    owner = await talks.signed_in("li", unionid="union-li")
    chatter = await talks.chatting("li")
    await Person.filter(id=owner.person).update(unionid=None)
    await Person.filter(id=chatter.person).update(unionid="union-li")
    held, go_on = asyncio.Event(), asyncio.Event()

    async def turn(unit: Unit, talk: Talk) -> Any:
        held.set()
        await go_on.wait()
        new = draft.NewDraft(city="daye")
        return (await draft.create_draft(unit, new, channel=Channel.CHAT)).body

    writing = asyncio.create_task(talks.turn("li", turn))
    await held.wait()
    found = Recognised(SessionKind.MINIPROGRAM, Signed(MP, "mp-li", "union-li"))
    signing = asyncio.create_task(talks.world.act(ANONYMOUS, lambda unit: sign_in(unit, found)))
    while not await waiting():
        assert not signing.done()
    go_on.set()
    made = await writing
    session = await Session.get(id=(await signing)["session"])
    assert session.person_id == owner.person
    assert await talks.owner(UUID(made["id"])) == owner.person
    assert (await talks.chat("li")).person_id == owner.person


@dataclass(frozen=True)
class Signed:
    """Who a login code stands for."""

    appid: str
    openid: str
    unionid: str | None


async def waiting() -> int:
    """How many connections wait for a lock."""
    return int(
        await pool().fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    )
