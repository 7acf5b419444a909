"""What is kept of an act: answers sealed, the trace of a refusal committed, its key free."""

import orjson
import pytest

from models import AuditEntry, Person, StoredAnswer
from rules.actors import Role
from rules.errors import Code, DomainError
from tests.workflow.identity_world import DAYE, World, world
from workflow.people import me
from workflow.unit import Answer, Key, Remembered, Unit, perform

__all__ = ["world"]


async def test_a_stored_answer_is_sealed_and_replayed_whole(world: World) -> None:
    actor = await world.actor(await world.person())
    key = Key(str(actor.person), "k1", b"f")
    body = me.Name(name="李样")

    async def act(unit: Unit) -> Answer:
        return await me.set_name(unit, body)

    first = await perform(world.services, actor, act, key=key)
    (kept,) = await StoredAnswer.all()
    assert kept.body is not None
    assert "李样".encode() not in bytes(kept.body)
    again = await perform(world.services, actor, act, key=key)
    assert again.replayed
    assert (again.status, again.body) == (first.status, first.body)
    assert orjson.loads(again.body) == {"name": "李样"}
    assert (await Person.get(id=actor.person)).version == 2


async def test_a_remembered_refusal_keeps_its_trace_and_frees_its_key(world: World) -> None:
    actor = await world.actor(await world.person())
    key = Key(str(actor.person), "k1", b"f")

    async def refuse(unit: Unit) -> Answer:
        unit.audit(DAYE, Role.CREW, "try", "door", "1", success=False)
        raise Remembered(Code.TOTP_WRONG, left=3)

    for turn in (1, 2):
        with pytest.raises(DomainError) as refused:
            await perform(world.services, actor, refuse, key=key)
        assert (refused.value.code, refused.value.data) == (Code.TOTP_WRONG, {"left": 3})
        assert await AuditEntry.filter(action="try").count() == turn
        assert not await StoredAnswer.all().count()


async def test_any_other_refusal_leaves_nothing(world: World) -> None:
    actor = await world.actor(await world.person())

    async def refuse(unit: Unit) -> Answer:
        unit.audit(DAYE, Role.CREW, "try", "door", "1")
        raise DomainError(Code.FORBIDDEN)

    with pytest.raises(DomainError):
        await perform(world.services, actor, refuse)
    assert not await AuditEntry.all().count()
