"""One unit of work per act: keys, races, numbers, and nothing left of a refused act."""

import asyncio

import pytest

from models import (
    Application,
    AuditEntry,
    Event,
    InboxMessage,
    OutboxRow,
    StoredAnswer,
)
from rules.errors import Code, DomainError
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import World
from workflow.cases import application
from workflow.people.identity import ANONYMOUS
from workflow.unit import Answer, Key, Unit


def key(value: str, fingerprint: bytes = b"same") -> Key:
    return Key("person:1", value, fingerprint)


async def test_the_same_key_gives_the_same_answer_and_one_effect(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    version = (await drive.app()).version

    async def once() -> tuple[int, bytes, bool]:
        done = await world.done(
            drive.owner,
            lambda unit: application.submit(unit, drive.id, expect=version),
            key("k1"),
        )
        return done.status, done.body, done.replayed

    answers = await asyncio.gather(*(once() for _ in range(10)))
    assert len({body for _, body, _ in answers}) == 1
    assert sorted(replayed for *_, replayed in answers) == [False] + [True] * 9
    assert await Event.filter(application_id=drive.id, name="submit").count() == 1
    with pytest.raises(DomainError) as refused:
        await world.done(
            drive.owner,
            lambda unit: application.submit(unit, drive.id, expect=version),
            key("k1", b"other"),
        )
    assert refused.value.code is Code.KEY_REUSED


async def test_ten_submits_at_once_without_a_key_make_one(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    version = (await drive.app()).version

    async def once() -> str:
        try:
            await world.done(
                drive.owner, lambda unit: application.submit(unit, drive.id, expect=version)
            )
        except DomainError as refused:
            return refused.code
        return "done"

    answers = await asyncio.gather(*(once() for _ in range(10)))
    assert sorted(answers) == ["done"] + [Code.VERSION_STALE] * 9
    assert await Application.filter(sequence__isnull=False).count() == 1


async def test_numbers_have_no_gap_and_no_repeat_under_fifty_at_once(world: World) -> None:
    drives = [await Drive.drafted(world, "zhoukou", ZHOUKOU) for _ in range(50)]
    broken = [await Drive.drafted(world, "zhoukou", {"contact.phone": "1"}) for _ in range(10)]

    async def submit(drive: Drive) -> None:
        try:
            await drive.submit()
        except DomainError as refused:
            assert refused.code is Code.INVALID  # noqa: PT017

    await asyncio.gather(*(submit(drive) for drive in [*drives, *broken]))
    numbered = await Application.filter(sequence__isnull=False)
    assert sorted(row.sequence or 0 for row in numbered) == list(range(1, 51))


async def test_a_refused_act_leaves_nothing(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    before = await AuditEntry.all().count()

    async def fails(unit: Unit) -> Answer:
        await application.submit(unit, drive.id, expect=None)
        raise DomainError(Code.CONFLICT)

    with pytest.raises(DomainError):
        await world.done(drive.owner, fails, key("k2"))
    assert (await drive.app()).sequence is None
    assert await AuditEntry.all().count() == before
    for table in (Event, InboxMessage, OutboxRow, StoredAnswer):
        assert await table.all().count() == 0
    # the key is free again, and the number was not spent
    done = await world.done(
        drive.owner, lambda unit: application.submit(unit, drive.id, expect=None), key("k2")
    )
    assert not done.replayed
    assert (await drive.app()).sequence == 1


async def test_a_notice_reaches_each_person_once(world: World) -> None:
    clerk = await world.window("zhoukou")
    drive = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    await drive.submit()
    for person in (clerk.person, drive.owner.person):
        assert await InboxMessage.filter(person_id=person, code="submit").count() == 1
    assert await OutboxRow.filter(topic="notice").count() == 1


class _Broken(Exception):
    """A fault that is no refusal."""


async def test_whatever_ends_an_attempt_nothing_of_it_remains(world: World) -> None:
    """A body that does not validate becomes a refusal of the chat: the unit goes on."""

    async def attempted(unit: Unit) -> None:
        async with unit.attempt():
            await OutboxRow.create(topic="t", created_at=unit.now, available_at=unit.now)
            unit.send("t", {})
            unit.audit("daye", "applicant", "try", "thing", "1")
            raise _Broken

    async def act(unit: Unit) -> Answer:
        with pytest.raises(_Broken):
            await attempted(unit)
        return Answer({})

    await world.done(ANONYMOUS, act)
    assert not await OutboxRow.filter(topic="t").exists()
    assert not await AuditEntry.filter(action="try").exists()
