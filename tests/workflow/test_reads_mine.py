"""My cases, my inbox, and the guide."""

from datetime import timedelta
from typing import Any

import pytest

from config.cities import Topic
from models import Application, Enterprise, EnterpriseMember, InboxMessage, Registration
from models.base import new_id
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.states import Channel, RegistrationState, Stage
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import World
from workflow.reading.guide import TOPICS, guide
from workflow.reading.inbox import InboxQuery, Read, inbox, mark_read, unread
from workflow.reading.mine import MineQuery, mine

NOBODY = Actor(person=None, roles=frozenset())


async def cases(world: World, actor: Actor, **asked: Any) -> dict[str, Any]:
    """A page of my cases."""
    answer = await mine(world.services, actor, MineQuery(**asked), world.clock.now())
    return dict(answer.body)


async def messages(world: World, actor: Actor, **asked: Any) -> dict[str, Any]:
    """A page of my inbox."""
    answer = await inbox(world.services, actor, InboxQuery(**asked), world.clock.now())
    return dict(answer.body)


async def test_mine_lists_cases_and_registrations_newest_first(world: World) -> None:
    owner, now = await world.person("李"), world.clock.now()
    for index in range(7):
        at = now + timedelta(minutes=index // 2)  # pairs of the same moment
        await Application.create(
            id=new_id(),
            city="daye",
            owner_id=owner.person,
            channel=Channel.MINIPROGRAM,
            stage=Stage.DRAFT,
            created_at=at,
            updated_at=at,
        )
        await Registration.create(
            id=new_id(),
            city="daye",
            owner_id=owner.person,
            channel=Channel.MINIPROGRAM,
            state=RegistrationState.RECEIVED,
            judged_on=now.date(),
            created_at=at,
        )
    whole = (await cases(world, owner, limit=100))["items"]
    assert len(whole) == 14
    dates = [item["created_at"] for item in whole]
    assert dates == sorted(dates, reverse=True)
    for limit in (1, 3, 13):
        joined: list[Any] = []
        after = None
        while True:
            got = await cases(world, owner, limit=limit, after=after)
            joined += got["items"]
            after = got["next"]
            if after is None:
                break
        assert joined == whole
    drafts = (await cases(world, owner, group="draft"))["items"]
    assert {item["kind"] for item in drafts} == {"application"}
    assert {item["state_label"] for item in drafts} == {"草稿"}
    assert (await cases(world, owner, group="ended"))["items"] == []
    assert (await cases(world, await world.person("王")))["items"] == []
    with pytest.raises(DomainError):
        await cases(world, NOBODY)


async def test_mine_says_what_is_due_and_shows_colleagues_cases(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    await drive.submit()
    [item] = (await cases(world, drive.owner, group="open"))["items"]
    assert item["number"] == "2026（000001）号"
    assert (item["step_label"], item["light"]) == ("受理", "normal")
    assert item["due_at"] == "2026-03-16T14:45:00+08:00"
    assert item["holder_name"].endswith("专窗")
    assert item["entered_by_me"] is True

    colleague = await world.person("同事")
    enterprise = await Enterprise.get(id=(await drive.app()).enterprise_id)
    await EnterpriseMember.create(
        id=new_id(),
        enterprise_id=enterprise.id,
        person_id=colleague.person,
        relation="agent",
        created_at=world.clock.now(),
    )
    [seen] = (await cases(world, colleague))["items"]
    assert seen == {**item, "entered_by_me": False}


@pytest.mark.parametrize("after", ["x", "WyJtaW5lIiwibm8iLCJubyJd", "WyJkdWUiLCJhIiwiYiJd"])
async def test_a_cursor_of_another_list_is_refused(world: World, after: str) -> None:
    owner = await world.person("李")
    with pytest.raises(DomainError) as refused:
        await cases(world, owner, after=after)
    assert refused.value.code is Code.INVALID
    with pytest.raises(DomainError):
        await messages(world, owner, after=after)


async def test_inbox_words_fit_their_reader(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    await drive.submit()
    window = await world.window("zhoukou")
    await drive.accept()
    mine_ = await messages(world, drive.owner)
    assert [m["title"] for m in mine_["items"]] == ["申请已受理", "申请已提交"]
    assert "2026（000001）号" in mine_["items"][1]["text"]
    assert mine_["unread"] == 2
    theirs = await messages(world, window)
    assert theirs["items"] == []  # joined after the submission

    water = next(r for r in await drive.requests() if r.utility == "water")
    clerk = await world.clerk("zhoukou", water.organization_id)
    world.clock.forward(days=2, hours=1)
    for request in await drive.requests():
        await drive.find(request)
        await drive.draw(request)
    await drive.agree()
    titles = [m["title"] for m in (await messages(world, clerk))["items"]]
    assert titles[0] == "方案已获同意"
    found = [m["text"] for m in (await messages(world, drive.owner))["items"]]
    assert any("用水已完成踏勘" in text for text in found)
    assert not any("{" in text for text in found)


async def test_inbox_pages_and_marks(world: World) -> None:
    owner, other = await world.person("李"), await world.person("王")
    for index in range(9):
        for person in (owner, other):
            await InboxMessage.create(
                person_id=person.person,
                city="daye",
                code="close",
                params={"number": f"2026（{index:06}）号"},
                origin=f"test:{index}",
                created_at=world.clock.now(),
            )
    joined: list[Any] = []
    after = None
    while True:
        got = await messages(world, owner, limit=4, after=after)
        joined += got["items"]
        after = got["next"]
        if after is None:
            break
    ids = [item["id"] for item in joined]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 9

    theirs = (await messages(world, other))["items"][0]["id"]
    body = Read(ids=(ids[0], theirs, 2**62))
    assert await world.act(owner, lambda unit: mark_read(unit, body)) == {"marked": 1, "unread": 8}
    assert await world.act(owner, lambda unit: mark_read(unit, body)) == {"marked": 0, "unread": 8}
    upto = Read(up_to=ids[4])
    assert (await world.act(owner, lambda unit: mark_read(unit, upto)))["unread"] == 3
    assert [m["id"] for m in (await messages(world, owner, unread=True))["items"]] == ids[1:4]
    assert (await unread(other)).body == {"unread": 9}


@pytest.mark.parametrize("city", ["daye", "zhoukou"])
async def test_the_guide_answers_every_topic(world: World, city: str) -> None:
    body = guide(world.services, city, None, world.clock.now()).body
    assert [topic["topic"] for topic in body["topics"]] == list(TOPICS)
    for topic in body["topics"]:
        assert topic["label"]
        assert topic["answers"]
        assert not any("{" in answer["text"] for answer in topic["answers"])
    fees: Topic = "fees"
    one = guide(world.services, city, fees, world.clock.now()).body
    assert [topic["label"] for topic in one["topics"]] == ["收费"]
    numbers = {line["number"] for line in body["hotlines"]}
    assert {"95598", "12345", "110", "119"} <= numbers


async def test_the_guide_knows_no_other_city_or_topic(world: World) -> None:
    for city, topic in (("nowhere", None), ("daye", "gossip")):
        with pytest.raises(DomainError) as refused:
            guide(world.services, city, topic, world.clock.now())
        assert refused.value.code is Code.NOT_FOUND
