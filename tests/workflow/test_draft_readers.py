"""Who is given a form unmasked: its own side at any stage, the window while it fills it in."""

from typing import Any
from uuid import UUID

import pytest

from models import AuditEntry, UtilityRequest
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Channel
from tests.workflow.drive import Drive, attach
from tests.workflow.forms import DAYE
from tests.workflow.registering import convert, registered
from tests.workflow.world import World
from workflow.cases import acceptance, documents, draft
from workflow.cases.view import case_view
from workflow.reading.progress import progress

READS = [draft.read_draft, draft.check_draft]


async def walk_in(world: World) -> Drive:
    """A draft a clerk has filled in."""
    clerk = await world.window("daye")
    body = draft.NewDraft(city="daye", walk_in=True)
    made = await world.act(
        clerk, lambda unit: draft.create_draft(unit, body, channel=Channel.MINIPROGRAM)
    )
    drive = Drive(world, "daye", clerk, UUID(made["id"]))
    await drive.save(DAYE)
    return drive


async def send_back(drive: Drive) -> None:
    told = acceptance.FaultTold(field="site.address", reason="field_wrong")
    body, version = acceptance.Return(faults=(told,)), (await drive.app()).version
    await drive.world.act(
        await drive.world.window(drive.city),
        lambda unit: acceptance.return_for_correction(unit, drive.id, body, expect=version),
    )


async def others(world: World) -> list[Actor]:
    """Who looks at the case in its office, but never at the whole form."""
    looking = [
        await world.coordinator("daye"),
        await world.staff("daye", Role.REGULATOR, OrgKind.REGULATOR, "regulator"),
        await world.window("zhoukou"),
        await world.person("王"),
    ]
    for request in await UtilityRequest.all():
        looking.append(await world.clerk("daye", request.organization_id))
        looking.append(await world.crew("daye", request.organization_id))
    return looking


async def given(drive: Drive, read: Any, actor: Actor) -> dict[str, Any]:
    return await drive.world.act(actor, lambda unit: read(unit, drive.id))


async def kept_from(drive: Drive, *actors: Actor) -> None:
    """Each is told that there is no such form, and no read is written down."""
    before = await AuditEntry.filter(action="read_personal").count()
    for actor in actors:
        for read in READS:
            with pytest.raises(DomainError) as refused:
                await given(drive, read, actor)
            assert refused.value.code is Code.NOT_FOUND
    assert await AuditEntry.filter(action="read_personal").count() == before


async def read_by_the_window(drive: Drive) -> None:
    """Each way of reading gives the form and leaves one row of the clerk's own role."""
    clerk = await drive.world.window("daye")
    rows = AuditEntry.filter(action="read_personal", object_id=str(drive.id))
    for read in READS:
        before = await rows.count()
        body = await given(drive, read, clerk)
        assert body["values"]["contact.phone"] == DAYE["contact.phone"]
        assert await rows.count() == before + 1
        newest = await rows.order_by("-id").first()
        assert newest is not None
        assert (newest.person_id, newest.role) == (clerk.person, "window_clerk")


async def test_the_window_reads_a_walk_in_while_it_fills_it_in(world: World) -> None:
    drive = await walk_in(world)
    clerk = await world.window("daye")
    await read_by_the_window(drive)
    await kept_from(drive, *await others(world))
    await drive.submit()
    await kept_from(drive, clerk, *await others(world))
    await send_back(drive)
    await read_by_the_window(drive)
    await kept_from(drive, *await others(world))
    await drive.submit()
    await attach(world, drive.id, "business_licence", "site_right")
    await drive.accept()
    assert await UtilityRequest.all().count() > 0
    await kept_from(drive, clerk, *await others(world))


async def test_what_is_not_submitted_is_the_windows_alone_in_every_read(world: World) -> None:
    drive = await walk_in(world)
    await drive.world.act(drive.owner, lambda unit: case_view(unit, drive.id))
    await drive.world.act(drive.owner, lambda unit: documents.documents(unit, drive.id))
    now = world.clock.now()
    assert (await progress(world.services, drive.owner, drive.id, now)).body["stage"] == "draft"
    for actor in await others(world):
        for read in (case_view, documents.documents):
            with pytest.raises(DomainError) as refused:
                await given(drive, read, actor)
            assert refused.value.code is Code.NOT_FOUND
        with pytest.raises(DomainError) as refused:
            await progress(world.services, actor, drive.id, now)
        assert refused.value.code is Code.NOT_FOUND
    await drive.submit()
    coordinator = await world.coordinator("daye")
    assert (await given(drive, case_view, coordinator))["stage"] == "submitted"
    assert (await progress(world.services, coordinator, drive.id, now)).body["stage"] == "submitted"


async def test_the_owner_reads_at_any_stage_the_window_never_what_came_online(
    world: World,
) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    clerk = await world.window("daye")

    async def owners_alone() -> None:
        for read in READS:
            body = await given(drive, read, drive.owner)
            assert body["values"]["contact.phone"] == DAYE["contact.phone"]
        await kept_from(drive, clerk, *await others(world))

    await owners_alone()
    await drive.submit()
    await owners_alone()
    await send_back(drive)
    await owners_alone()
    await drive.submit()
    await attach(world, drive.id, "business_licence", "site_right")
    await drive.accept()
    await owners_alone()
    assert not await AuditEntry.filter(action="read_personal").exists()


async def test_a_save_shows_the_clerk_the_form_too(world: World) -> None:
    drive = await walk_in(world)
    before = await AuditEntry.filter(action="read_personal", object_id=str(drive.id)).count()
    body = await drive.save({"site.address": "样例大道 9 号"})
    assert body["values"]["contact.phone"] == DAYE["contact.phone"]
    rows = AuditEntry.filter(action="read_personal", object_id=str(drive.id))
    assert await rows.count() == before + 1


async def test_a_conversion_at_the_window_shows_the_clerk_the_form_too(world: World) -> None:
    owner, clerk = await world.person("李"), await world.window("daye")
    registration = await registered(world, "daye", owner)
    await convert(world, owner, registration)
    assert not await AuditEntry.filter(action="read_personal").exists()
    made = await convert(world, clerk, registration)
    assert made["values"]["contact.phone"] == "13800001234"
    row = await AuditEntry.get(action="read_personal")
    assert (row.person_id, row.role, row.object_id) == (clerk.person, "window_clerk", made["id"])
