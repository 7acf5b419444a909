"""Joining a chat to the person of the mini-program by a one-time code, and parting them again."""

from typing import Any
from uuid import UUID

from models import AuditEntry, ChatLink, Conversation, Identity, InboxMessage, Person, Session
from models.base import new_id
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code
from rules.states import Channel
from tests.workflow.chat.talks import Talks, refusal
from workflow.cases import draft
from workflow.chat import links
from workflow.chat.reading import cases
from workflow.chat.turns import Talk
from workflow.people.identity import actor_of_person
from workflow.unit import Unit


async def code_of(talks: Talks, actor: Actor) -> str:
    """A fresh code, as the mini-program shows it."""
    return str((await talks.world.act(actor, links.offer))["code"])


async def types(talks: Talks, name: str, code: str) -> Any:
    """Somebody types a code into the chat."""

    async def act(unit: Unit, talk: Talk) -> Any:
        async with unit.attempt():
            return (await links.join(unit, talk.id, code)).body

    return await talks.turn(name, act)


async def mine(talks: Talks, actor: Actor) -> set[UUID]:
    """The ids of one's own cases."""
    found = await cases(talks.services, actor, "all", talks.world.clock.now())
    return {UUID(each["id"]) for each in found["items"]}


async def test_the_code_joins_the_chat_to_its_person(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    before = await talks.drafts(owner)
    await talks.chatting("li")
    code = await code_of(talks, owner)
    assert len(code) == 8
    assert code.isdecimal()
    await types(talks, "li", code)
    chat = await talks.chat("li")
    assert chat.person_id == owner.person
    assert await mine(talks, await actor_of_person(chat.person_id)) == {before}


async def test_only_a_keyed_hash_of_the_code_is_kept(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    code = await code_of(talks, owner)
    (row,) = await ChatLink.all()
    assert code not in row.code_hash
    assert row.code_hash == talks.services.seal.lookup(code, links.LOOKUP).hex()


async def test_what_was_begun_in_the_chat_goes_along(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    chatter = await talks.chatting("li")
    in_chat, in_app = await talks.drafts(chatter), await talks.drafts(owner)
    await types(talks, "li", await code_of(talks, owner))
    chat = await talks.chat("li")
    assert chat.person_id == owner.person  # the elder stays
    assert await mine(talks, owner) == {in_chat, in_app}
    assert (await Person.get(id=chatter.person)).phone_lookup is None


async def test_an_elder_chat_takes_the_younger_account_in(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    talks.world.clock.forward(days=2)
    owner = await talks.signed_in("li")
    await Person.filter(id=owner.person).update(phone_sealed=b"x", phone_lookup="look")
    draft_id = await talks.drafts(owner)
    await types(talks, "li", await code_of(talks, owner))
    assert (await talks.chat("li")).person_id == chatter.person
    assert await talks.owner(draft_id) == chatter.person
    assert (await Person.get(id=chatter.person)).phone_lookup == "look"
    assert (await Identity.get(openid="mp-li")).person_id == chatter.person


async def test_the_unit_goes_on_as_the_joined_person(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    code = await code_of(talks, owner)
    await talks.chatting("li")

    async def act(unit: Unit, talk: Talk) -> Any:
        await links.join(unit, talk.id, code)
        new = draft.NewDraft(city="daye")
        made = await draft.create_draft(unit, new, channel=Channel.CHAT)
        return unit.actor.person, unit.actor.channel, UUID(str(made.body["id"]))

    person, channel, made = await talks.turn("li", act)
    assert (person, channel) == (owner.person, Channel.CHAT)
    assert await talks.owner(made) == owner.person


async def test_a_code_works_once_and_for_five_minutes(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    code = await code_of(talks, owner)
    await types(talks, "li", code)
    assert (await refusal(types(talks, "zhao", code))).code is Code.CHAT_CODE_WRONG
    fresh = await code_of(talks, owner)
    talks.world.clock.forward(minutes=5, seconds=1)
    assert (await refusal(types(talks, "sun", fresh))).code is Code.CHAT_CODE_WRONG


async def test_a_new_code_ends_the_one_before(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    old = await code_of(talks, owner)
    new = await code_of(talks, owner)
    if old != new:
        assert (await refusal(types(talks, "li", old))).code is Code.CHAT_CODE_WRONG
    await types(talks, "li", new)


async def test_wrong_codes_are_remembered_although_refused(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    code = await code_of(talks, owner)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(5):
        assert (await refusal(types(talks, "sun", wrong))).code is Code.CHAT_CODE_WRONG
    stopped = await refusal(types(talks, "sun", code))
    assert stopped.code is Code.TOO_MANY
    assert 0 < stopped.data["retry_after"] <= 3601
    assert (await talks.chat("sun")).person_id != owner.person
    await types(talks, "li", code)  # another chat is not held up


async def test_after_an_hour_a_chat_may_try_again(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    for _ in range(5):
        await refusal(types(talks, "li", "00000000"))
    talks.world.clock.forward(hours=1, seconds=1)
    await types(talks, "li", await code_of(talks, owner))
    chat = await talks.chat("li")
    assert (chat.person_id, chat.tries) == (owner.person, 0)


async def test_a_chat_of_a_known_person_is_not_taken_over(talks: Talks) -> None:
    """A code sent by a stranger, typed in good faith, gives the stranger nothing."""
    victim, stranger = await talks.signed_in("li"), await talks.signed_in("sun")
    case = await talks.drafts(victim)
    await types(talks, "li", await code_of(talks, victim))
    refused = await refusal(types(talks, "li", await code_of(talks, stranger)))
    assert refused.code is Code.CHAT_JOINED
    assert await talks.owner(case) == victim.person
    assert await mine(talks, stranger) == set()


async def test_two_administrators_never_become_one(talks: Talks) -> None:
    world = talks.world
    auditor = await world.staff("daye", Role.AUDITOR, OrgKind.ADMINISTRATION, "administration")
    security = await world.staff(
        "daye", Role.SECURITY_ADMIN, OrgKind.ADMINISTRATION, "administration"
    )
    await talks.chatting("li")
    await Conversation.filter(openid="oa-li").update(person_id=auditor.person)
    refused = await refusal(types(talks, "li", await code_of(talks, security)))
    assert refused.code is Code.CHAT_JOINED
    assert (await talks.chat("li")).person_id == auditor.person


async def test_the_person_is_told_and_the_trail_shows_it(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    await talks.drafts(owner)
    await types(talks, "li", await code_of(talks, owner))
    (told,) = await InboxMessage.filter(person_id=owner.person)
    assert told.code == "chat_joined"
    trail = await AuditEntry.filter(action="chat_joined")
    assert [(each.city, each.object_kind) for each in trail] == [("daye", "conversation")]


async def test_a_failure_is_in_the_trail_of_the_cities_concerned(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    await talks.drafts(chatter, "zhoukou")
    await refusal(types(talks, "li", "12345678"))
    (entry,) = await AuditEntry.filter(action="join_chat")
    assert (entry.city, entry.success) == ("zhoukou", False)


async def test_typing_ones_own_code_again_changes_nothing(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    await types(talks, "li", await code_of(talks, owner))
    await types(talks, "li", await code_of(talks, owner))
    assert (await talks.chat("li")).person_id == owner.person


async def test_a_parted_chat_is_of_a_person_of_its_own(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    case = await talks.drafts(owner)
    await types(talks, "li", await code_of(talks, owner))
    chat = await talks.chat("li")
    session = await Session.create(
        id=new_id(),
        person_id=owner.person,
        kind="h5",
        created_at=talks.world.clock.now(),
        expires_at=talks.world.clock.now(),
    )
    listed = (await links.own(owner.person)).body["items"]
    assert [(each["id"], each["by_code"]) for each in listed] == [(str(chat.id), True)]
    await talks.world.act(owner, lambda unit: links.part(unit, chat.id))
    parted = await talks.chat("li")
    assert parted.person_id != owner.person
    assert parted.state_sealed is None
    assert (await Identity.get(openid="oa-li")).person_id == parted.person_id
    assert (await Identity.get(openid="mp-li")).person_id == owner.person
    assert (await Session.get(id=session.id)).revoked_at is not None
    assert await mine(talks, await actor_of_person(parted.person_id)) == set()
    assert await mine(talks, owner) == {case}
    assert (await links.own(owner.person)).body["items"] == []


async def test_nobody_parts_a_strangers_chat(talks: Talks) -> None:
    owner, stranger = await talks.signed_in("li"), await talks.signed_in("sun")
    await types(talks, "li", await code_of(talks, owner))
    chat = await talks.chat("li")
    done = talks.world.act(stranger, lambda unit: links.part(unit, chat.id))
    assert (await refusal(done)).code is Code.NOT_FOUND


async def test_a_chat_that_is_all_there_is_of_somebody_stays(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    chat = await talks.chat("li")
    done = talks.world.act(chatter, lambda unit: links.part(unit, chat.id))
    assert (await refusal(done)).code is Code.CONFLICT
    assert (await talks.chat("li")).person_id == chatter.person
