"""Permit papers by the names departments list them by; a utility out of the case sees no more."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models import AuditEntry, Opinion, Upload, UtilityRequest
from models.base import new_id
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE
from tests.workflow.test_after_acceptance import LONG_DIG, planned
from tests.workflow.world import World
from workflow import uploads
from workflow.cases import connection, documents, joint
from workflow.cases.acceptance import AcceptanceWithGaps, Gap, accept_with_gaps
from workflow.cases.view import case_view

PAPER = "交通组织方案(含施工期间公交改道安排)"


async def upload_of(world: World, actor: Actor) -> UUID:
    """A row of a file of somebody's own; no bytes behind it."""
    row = await Upload.create(
        id=new_id(),
        person_id=actor.person,
        digest="0" * 64,
        media_type="image/jpeg",
        size=1,
        name="样例.jpg",
        created_at=world.clock.now(),
    )
    return row.id


async def attach(world: World, drive: Drive, actor: Actor, purpose: str) -> dict[str, Any]:
    """Upload and attach."""
    body = documents.Attach(upload_id=await upload_of(world, actor), purpose=purpose)
    return await world.act(actor, lambda unit: documents.attach(unit, drive.id, body))


async def refused(world: World, drive: Drive, actor: Actor, purpose: str) -> DomainError:
    """Why it may not be attached."""
    with pytest.raises(DomainError) as caught:
        await attach(world, drive, actor, purpose)
    return caught.value


async def listing(world: World) -> tuple[Drive, UtilityRequest]:
    """A case whose first request needs joint approval; one department has listed a paper."""
    drive, request = await planned(world, **LONG_DIG)
    opinion = (await Opinion.filter(request_id=request.id).order_by("id"))[0]
    await world.act(
        await world.approver("zhoukou", opinion.organization_id),
        lambda unit: joint.list_documents(
            unit, request.id, joint.DocumentList(documents=(PAPER,)), expect=request.version
        ),
    )
    return drive, await UtilityRequest.get(id=request.id)


async def test_a_utility_attaches_the_papers_its_permits_ask_for(world: World) -> None:
    drive, request = await listing(world)
    clerk = await world.clerk("zhoukou", request.organization_id)
    version = (await drive.app()).version
    listed = await attach(world, drive, clerk, PAPER)
    assert [row["purpose"] for row in listed["attached"]] == [PAPER]
    assert listed["version"] == version  # the application itself has not changed
    entry = await AuditEntry.get(action="attach_document")
    assert entry.detail["purpose"] == "permit_paper"
    opinion = (await Opinion.filter(request_id=request.id).order_by("id"))[0]
    approver = await world.approver("zhoukou", opinion.organization_id)
    seen = await world.act(approver, lambda unit: documents.documents(unit, drive.id))
    assert [row["label"] for row in seen["attached"]] == [PAPER]
    use = UUID(listed["attached"][0]["id"])
    left = await world.act(clerk, lambda unit: documents.detach(unit, drive.id, use))
    assert left["attached"] == []


async def test_nobody_else_does_and_nothing_that_was_not_asked(world: World) -> None:
    drive, request = await listing(world)
    clerk = await world.clerk("zhoukou", request.organization_id)
    assert (await refused(world, drive, clerk, "没人要的材料")).code is Code.INVALID
    assert (await refused(world, drive, drive.owner, PAPER)).code is Code.NOT_YOURS_TO_MOVE
    crew = await world.crew("zhoukou", request.organization_id)
    assert (await refused(world, drive, crew, PAPER)).code is Code.NOT_YOURS_TO_MOVE
    (other,) = [r for r in await drive.requests() if r.id != request.id]
    foreign = await world.clerk("zhoukou", other.organization_id)
    assert (await refused(world, drive, foreign, PAPER)).code is Code.NOT_YOURS_TO_MOVE


async def test_once_the_permits_are_granted_no_paper_is_added(world: World) -> None:
    drive, request = await planned(world, **LONG_DIG)
    await drive.permit_jointly(request)
    clerk = await world.clerk("zhoukou", request.organization_id)
    assert (await refused(world, drive, clerk, "施工方案")).code is Code.MOVE_NOT_ALLOWED


async def test_a_utility_that_declined_sees_the_documents_no_more(world: World) -> None:
    drive, request = await listing(world)
    (other,) = [r for r in await drive.requests() if r.id != request.id]
    clerk = await world.clerk("zhoukou", other.organization_id)
    listed = await attach(
        world, drive, await world.clerk("zhoukou", request.organization_id), PAPER
    )
    upload = UUID(listed["attached"][0]["upload_id"])
    assert (await world.act(clerk, lambda unit: documents.documents(unit, drive.id)))["attached"]
    reason = world.services.cities.on("zhoukou", world.clock.now().date()).decline_reasons[0].code
    await world.act(
        clerk,
        lambda unit: connection.decline(
            unit,
            other.id,
            connection.Refusal(reason=reason, explanation="容量不足"),
            expect=other.version,
        ),
    )
    seen = await world.act(clerk, lambda unit: documents.documents(unit, drive.id))
    assert (seen["attached"], seen["missing"]) == ([], [])
    with pytest.raises(DomainError) as caught:
        await world.act(clerk, lambda unit: uploads.link(unit, upload, uploads.LinkWanted()))
    assert caught.value.code is Code.NOT_FOUND


async def test_what_is_owed_is_told_to_whom_corrections_concern(world: World) -> None:
    drive = await Drive.drafted(world, "daye", DAYE)
    await drive.submit()
    window = await world.window("daye")
    gaps = tuple(
        Gap(document=code, due_at=world.clock.now() + timedelta(days=3))
        for code in ("business_licence", "site_right")
    )
    body, version = AcceptanceWithGaps(gaps=gaps), (await drive.app()).version
    await world.act(window, lambda unit: accept_with_gaps(unit, drive.id, body, expect=version))
    request = (await drive.requests())[0]
    owed = {"business_licence", "site_right"}

    async def told(actor: Actor) -> list[tuple[set[str], set[str]]]:
        """Missing and owed as the list and the case tell them."""
        listed = await world.act(actor, lambda unit: documents.documents(unit, drive.id))
        seen = (await world.act(actor, lambda unit: case_view(unit, drive.id)))["documents"]
        return [
            ({row["code"] for row in each["missing"]}, {row["document"] for row in each["gaps"]})
            for each in (listed, seen)
        ]

    regulator = await world.staff("daye", Role.REGULATOR, OrgKind.REGULATOR, "regulator")
    for actor in (drive.owner, window, await world.coordinator("daye"), regulator):
        assert await told(actor) == [(owed, owed)] * 2
    clerk = await world.clerk("daye", request.organization_id)
    assert await told(clerk) == [(set(), set())] * 2
