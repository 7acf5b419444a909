"""Who a follower is in the mini-program, told by the platform."""

from models import Conversation, Identity, Person
from tests.workflow.chat.talks import OA, Talks
from workflow.chat.turns import UNIONID

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


async def test_a_chat_joined_by_code_to_another_account_stays_there(talks: Talks) -> None:
    """The chat's own WeChat account is another one than that of the person it was joined to."""
    await talks.control.post("/people", id="li")
    owner = await talks.signed_in("zhao", unionid="union-zhao")
    await talks.turn("li")
    await Conversation.filter(appid=OA, openid="oa-li").update(person_id=owner.person)
    await Identity.filter(openid="oa-li").update(person_id=owner.person)
    await talks.work()
    assert (await talks.chat("li")).person_id == owner.person
    assert (await Person.get(id=owner.person)).unionid == "union-zhao"
