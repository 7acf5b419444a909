"""Joining a chat to the person of the mini-program by a one-time code, and parting them again."""

from typing import Any
from uuid import UUID

from models import (
    Application,
    AuditEntry,
    ChatLink,
    Complaint,
    Conversation,
    Enterprise,
    EnterpriseMember,
    Identity,
    InboxMessage,
    Person,
    Session,
)
from models.base import new_id
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code
from rules.states import Channel
from tests.workflow.chat.talks import OA, Talks, refusal
from workflow.background import audit_chain
from workflow.cases import draft
from workflow.chat import complaints, links
from workflow.chat.reading import cases
from workflow.chat.turns import Talk, Writer
from workflow.people.identity import ANONYMOUS, SessionKind, actor_of_person
from workflow.people.persons import merge
from workflow.people.sessions import Recognised, sign_in
from workflow.unit import Answer, Unit
from workflow.values import PERSON_NAME_PURPOSE, PERSON_PHONE_PURPOSE


async def code_of(talks: Talks, actor: Actor) -> str:
    """A fresh code, as the mini-program shows it."""
    return str((await talks.world.act(actor, links.offer))["code"])


async def types(talks: Talks, name: str, code: str) -> Any:
    """Somebody types a code into the chat."""

    async def act(unit: Unit, talk: Talk) -> Any:
        async with unit.attempt():
            return (await links.join(unit, talk.id, code)).body

    return await talks.turn(name, act)


async def looks(talks: Talks, name: str, code: str) -> Any:
    """Somebody's chat is shown what a code stands for."""

    async def act(unit: Unit, talk: Talk) -> Any:
        async with unit.attempt():
            return (await links.look(unit, talk.id, code)).body

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
    told = await types(talks, "li", await code_of(talks, owner))
    chat = await talks.chat("li")
    assert (chat.person_id, chat.home_id) == (owner.person, chatter.person)
    assert await mine(talks, owner) == {in_chat, in_app}
    assert told["cases"] == 1
    assert await mine(talks, chatter) == set()


async def test_an_elder_chat_too_becomes_the_accounts(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    talks.world.clock.forward(days=2)
    owner = await talks.signed_in("li")
    draft_id = await talks.drafts(owner)
    await types(talks, "li", await code_of(talks, owner))
    assert (await talks.chat("li")).person_id == owner.person
    assert await talks.owner(draft_id) == owner.person
    assert (await Identity.get(openid="mp-li")).person_id == owner.person
    assert (await Identity.get(openid="oa-li")).person_id == chatter.person


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


async def test_whom_the_platform_tells_apart_is_not_joined(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    await Person.filter(id=chatter.person).update(unionid="union-li")
    case = await talks.drafts(chatter)
    stranger = await talks.signed_in("sun", unionid="union-sun")
    code = await code_of(talks, stranger)
    for done in (types(talks, "li", code), looks(talks, "li", code)):
        assert (await refusal(done)).code is Code.CHAT_NOT_SAME
    assert await talks.owner(case) == chatter.person


async def test_an_office_holder_is_not_taken_over(talks: Talks) -> None:
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


async def test_a_failure_of_somebody_without_any_city_is_in_every_trail(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    await refusal(types(talks, "li", "12345678"))
    await types(talks, "li", await code_of(talks, await talks.signed_in("li")))
    for action, success in (("join_chat", False), ("chat_joined", True)):
        trail = await AuditEntry.filter(action=action)
        assert {(each.city, each.success) for each in trail} == {
            (city, success) for city in talks.services.cities.codes()
        }
        assert chatter.person not in {each.person_id for each in trail} or not success
    assert await audit_chain.append() > 0


async def test_a_look_tells_whose_code_it_is_and_joins_nothing(talks: Talks) -> None:
    owner, chatter = await talks.signed_in("li"), await talks.chatting("li")
    seal = talks.services.seal
    await Person.filter(id=owner.person).update(
        name_sealed=seal.seal("王样例".encode(), PERSON_NAME_PURPOSE),
        phone_sealed=seal.seal(b"13800001234", PERSON_PHONE_PURPOSE),
        phone_lookup="look",
    )
    case = await talks.drafts(chatter)
    code = await code_of(talks, owner)
    seen = await looks(talks, "li", code)
    assert seen == {"name": "王**", "phone": "138****1234", "joined": False, "cases": 1}
    assert await talks.owner(case) == chatter.person
    assert (await talks.chat("li")).person_id == chatter.person
    await types(talks, "li", code)  # still good
    again = await looks(talks, "li", await code_of(talks, owner))
    assert (again["joined"], again["cases"]) == (True, 0)


async def test_looking_at_wrong_codes_is_counted_like_typing_them(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    for _ in range(5):
        assert (await refusal(looks(talks, "sun", "00000000"))).code is Code.CHAT_CODE_WRONG
    code = await code_of(talks, owner)
    assert (await refusal(looks(talks, "sun", code))).code is Code.TOO_MANY
    assert (await refusal(types(talks, "sun", code))).code is Code.TOO_MANY


async def test_typing_ones_own_code_again_changes_nothing(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    await types(talks, "li", await code_of(talks, owner))
    await types(talks, "li", await code_of(talks, owner))
    assert (await talks.chat("li")).person_id == owner.person


async def full_house(talks: Talks, chatter: Actor) -> dict[str, Any]:
    """One of everything a chat's person may have."""
    now, person = talks.world.clock.now(), chatter.person
    case = await talks.drafts(chatter)
    firm = await Enterprise.create(
        id=new_id(),
        created_by=person,
        credit_code="91420281MA00000001",
        name="样例",
        created_at=now,
    )
    member = await EnterpriseMember.create(
        id=new_id(), enterprise_id=firm.id, person_id=person, relation="owner", created_at=now
    )
    body = complaints.NewComplaint(city="daye", text="样例投诉内容")
    made = await talks.world.act(
        chatter, lambda unit: complaints.complain(unit, body, channel=Channel.CHAT)
    )
    told = await InboxMessage.create(
        person_id=person, city="daye", code="x", params={}, origin="x", created_at=now
    )
    return {
        "case": (Application, case, "owner_id"),
        "firm": (Enterprise, firm.id, "created_by"),
        "member": (EnterpriseMember, member.id, "person_id"),
        "complaint": (Complaint, UUID(made["id"]), "person_id"),
        "told": (InboxMessage, told.id, "person_id"),
    }


async def whose(things: dict[str, Any]) -> set[UUID]:
    """Who has them."""
    return {
        (await table.get(id=ident).values_list(column, flat=True))
        for table, ident, column in things.values()
    }


async def test_parted_in_the_mini_program_the_chat_has_all_again_and_is_told(talks: Talks) -> None:
    await talks.may_be_sent("li")
    chatter = await talks.chatting("li")
    things = await full_house(talks, chatter)
    owner = await talks.signed_in("li")
    of_account = await talks.drafts(owner)
    await types(talks, "li", await code_of(talks, owner))
    assert await whose(things) == {owner.person}
    chat = await talks.chat("li")
    begun_since = await talks.drafts(owner)
    await talks.world.act(owner, lambda unit: links.part(unit, chat.id))
    assert await whose(things) == {chatter.person}
    assert await mine(talks, owner) == {of_account, begun_since}
    parted = await talks.chat("li")
    assert parted.person_id == chatter.person
    assert parted.home_id is None
    assert parted.brought is None
    await talks.work()
    (said,) = await talks.texts("li")
    assert "解除" in said
    assert "1件" in said


async def test_parted_in_the_chat_too(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    things = await full_house(talks, chatter)
    owner = await talks.signed_in("li")
    await types(talks, "li", await code_of(talks, owner))

    async def act(unit: Unit, talk: Talk) -> Any:
        standing = (await links.standing(unit, talk.id)).body
        left = (await links.leave(unit, talk.id)).body
        return standing, left, unit.actor.person

    standing, left, speaks = await talks.turn("li", act)
    assert (standing["by"], standing["cases"], left["cases"]) == ("code", 1, 1)
    assert speaks == chatter.person
    assert await whose(things) == {chatter.person}
    told = await InboxMessage.filter(person_id=owner.person).order_by("id")
    assert [each.code for each in told] == ["chat_joined", "chat_left"]
    assert (
        await refusal(talks.turn("li", lambda u, t: links.leave(u, t.id)))
    ).code is Code.CONFLICT


async def test_what_both_have_stays_with_each(talks: Talks) -> None:
    """A firm entered on both sides is not moved, and none is lost on parting."""
    chatter, owner = await talks.chatting("li"), await talks.signed_in("li")
    here = await full_house(talks, chatter)
    await Enterprise.create(
        id=new_id(),
        created_by=owner.person,
        credit_code="91420281MA00000001",
        name="样例",
        created_at=talks.world.clock.now(),
    )
    await types(talks, "li", await code_of(talks, owner))
    assert (await Enterprise.get(id=here["firm"][1])).created_by == chatter.person
    chat = await talks.chat("li")
    await talks.world.act(owner, lambda unit: links.part(unit, chat.id))
    assert await whose(here) == {chatter.person}


async def test_an_account_that_became_another_still_gives_back(talks: Talks) -> None:
    chatter = await talks.chatting("li")
    things = await full_house(talks, chatter)
    elder = await talks.signed_in("zhao", unionid="union-zhao")
    owner = await talks.signed_in("li")
    await types(talks, "li", await code_of(talks, owner))

    async def unite(unit: Unit) -> Answer:
        both = [await Person.get(id=each.person) for each in (elder, owner)]
        assert await merge(unit, *both) is not None
        return Answer({})

    await talks.world.act(owner, unite)
    chat = await talks.chat("li")
    assert (chat.person_id, chat.home_id) == (elder.person, chatter.person)
    assert await whose(things) == {elder.person}
    await talks.world.act(elder, lambda unit: links.part(unit, chat.id))
    assert await whose(things) == {chatter.person}


async def test_a_joined_chat_whose_account_proves_the_same_person_is_just_theirs(
    talks: Talks,
) -> None:
    chatter, owner = await talks.chatting("li"), await talks.signed_in("li")
    await types(talks, "li", await code_of(talks, owner))

    async def unite(unit: Unit) -> Answer:
        both = [await Person.get(id=each.person) for each in (chatter, owner)]
        assert await merge(unit, *both) is not None
        return Answer({})

    await talks.world.act(owner, unite)
    chat = await talks.chat("li")
    assert (chat.person_id, chat.home_id, chat.joined_at) == (chatter.person, None, None)


async def test_unionids_that_differ_are_never_merged(talks: Talks) -> None:
    one = await talks.signed_in("li", unionid="union-li")
    other = await talks.signed_in("sun", unionid="union-sun")

    async def unite(unit: Unit) -> Answer:
        both = [await Person.get(id=each.person) for each in (one, other)]
        assert await merge(unit, *both) is None
        return Answer({})

    await talks.world.act(one, unite)
    assert (await Identity.get(openid="mp-sun")).person_id == other.person


async def test_web_pages_of_a_joined_chat_are_the_accounts(talks: Talks) -> None:
    chatter, owner = await talks.chatting("li"), await talks.signed_in("li")
    before = await begin_web(talks, "li")
    await types(talks, "li", await code_of(talks, owner))
    after = await begin_web(talks, "li")
    assert (before.person_id, after.person_id) == (chatter.person, owner.person)
    assert (await Session.get(id=before.id)).revoked_at is not None
    chat = await talks.chat("li")
    await talks.world.act(owner, lambda unit: links.part(unit, chat.id))
    assert (await Session.get(id=after.id)).revoked_at is not None


async def begin_web(talks: Talks, name: str) -> Session:
    """Somebody signs in on a page of the official account."""
    found = Recognised(SessionKind.WEB, Writer(OA, f"oa-{name}"))
    body = await talks.world.act(ANONYMOUS, lambda unit: sign_in(unit, found))
    return await Session.get(id=UUID(body["session"]))


async def test_a_chat_the_platform_recognised_gets_a_person_of_its_own(talks: Talks) -> None:
    owner = await talks.signed_in("li")
    case = await talks.drafts(owner)
    await talks.chatting("li")
    await Conversation.filter(openid="oa-li").update(person_id=owner.person)
    await Identity.filter(openid="oa-li").update(person_id=owner.person)
    chat = await talks.chat("li")
    listed = (await links.own(owner.person)).body["items"]
    assert [(each["id"], each["by_code"]) for each in listed] == [(str(chat.id), False)]
    await talks.world.act(owner, lambda unit: links.part(unit, chat.id))
    parted = await talks.chat("li")
    assert parted.person_id != owner.person
    assert parted.state_sealed is None
    assert (await Identity.get(openid="oa-li")).person_id == parted.person_id
    assert (await Identity.get(openid="mp-li")).person_id == owner.person
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
