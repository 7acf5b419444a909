"""A whole case at the level of the use cases, in both cities, by its rightful actors."""

import pytest

from models import AuditEntry, Deadline, Event, InboxMessage, Opinion, OutboxRow
from rules.states import PermitState, RequestState, Stage
from tests.workflow.drive import Drive, attach
from tests.workflow.forms import DAYE, ZHOUKOU
from tests.workflow.world import World
from workflow.cases import acceptance, evaluation
from workflow.cases.commitment import AnnualInput, Commitment, commit, sign_annual

FILES = {"daye": DAYE, "zhoukou": ZHOUKOU}


async def _documents(drive: Drive) -> None:
    city = drive.world.services.cities.on(drive.city, drive.world.clock.now().date())
    await attach(drive.world, drive.id, *(document.code for document in city.documents))


@pytest.mark.parametrize("city", ["daye", "zhoukou"])
async def test_from_blank_to_closed(world: World, city: str) -> None:
    drive = await Drive.drafted(world, city, FILES[city])
    submitted = await drive.submit()
    assert submitted["number"] == "2026（000001）号"
    await _documents(drive)
    accepted = await drive.accept()
    assert accepted["stage"] == Stage.SURVEYING
    requests = await drive.requests()
    assert {r.utility for r in requests} == set(FILES[city]["utilities"])

    world.clock.forward(days=2, hours=1)
    for index, request in enumerate(requests):
        # the first digs a city road; the others run in the verge
        await drive.find(
            request,
            **(
                {"road_excavated": True, "crossing_m": 10, "road_class": "branch"}
                if index == 0
                else {}
            ),
        )
    assert (await drive.app()).stage is Stage.PLANNING
    for request in requests:
        await drive.draw(request)
    agreed = await drive.agree()
    assert agreed["stage"] == Stage.PERMITTING

    digging = next(
        r
        for r in await drive.requests()
        if r.permit_state is not None and r.permit_state is not PermitState.NOT_NEEDED
    )
    assert digging.permit["route"] == "commitment"
    clerk = await world.clerk(city, digging.organization_id)
    if city == "daye":
        for opinion in await Opinion.filter(request_id=digging.id):
            await world.act(
                clerk,
                lambda unit, o=opinion: sign_annual(  # type: ignore[misc]
                    unit,
                    AnnualInput(
                        city=city, department=o.department, year=2026, promises=("按原貌修复",)
                    ),
                ),
            )
    promise = Commitment(
        builder="样例市政工程队",
        signer="样例",
        conditions_met=True,
        road_restored=True,
        inspection_accepted=True,
        pipes_protected=True,
    )
    await world.act(clerk, lambda unit: commit(unit, digging.id, promise, expect=digging.version))
    app = await drive.app()
    assert app.stage is Stage.CONSTRUCTING
    assert app.form_c_at is not None

    for request in requests:
        await drive.build(request)
    assert (await drive.app()).stage is Stage.CONNECTING
    for request in requests:
        await drive.connect(request)
    app = await drive.app()
    assert app.stage is Stage.CONNECTED
    assert all(r.state is RequestState.CONNECTED for r in await drive.requests())

    opinion = (await Opinion.filter(request_id=digging.id))[0]
    await world.act(
        await world.approver(city, opinion.organization_id),
        lambda unit: evaluation.check_road(
            unit, drive.id, evaluation.RoadCheck(restored=True), expect=app.version
        ),
    )
    app = await drive.app()
    done = await world.act(
        drive.owner,
        lambda unit: evaluation.rate(
            unit, drive.id, evaluation.Judgement(level=5), expect=app.version
        ),
    )
    assert done["stage"] == Stage.CLOSED
    assert not await Deadline.filter(application_id=drive.id, closed_at=None)
    events = await Event.filter(application_id=drive.id).order_by("id")
    assert events[0].name == "submit"
    assert events[-1].name == "close"
    assert await AuditEntry.filter(object_id=str(drive.id)).count() >= 10
    assert await InboxMessage.filter(person_id=drive.owner.person).count() >= 10
    assert await OutboxRow.all().count() > 0


async def test_documents_are_asked_in_daye_only(world: World) -> None:
    daye = await Drive.drafted(world, "daye", DAYE)
    await daye.submit()
    refused = await world.window("daye")
    version = (await daye.app()).version
    with pytest.raises(Exception, match="guard_failed"):
        await world.act(
            refused,
            lambda unit: acceptance.accept(unit, daye.id, acceptance.Acceptance(), expect=version),
        )
    zhoukou = await Drive.drafted(world, "zhoukou", ZHOUKOU)
    await zhoukou.submit()
    assert (await zhoukou.accept())["stage"] == Stage.SURVEYING
