"""After acceptance: objections, declines, withdrawal, lapses, pauses, account changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import Deadline, Opinion, Survey, UtilityRequest
from rules.errors import Code, DomainError
from rules.states import Course, PermitState, PlanState, RequestState, Stage, SurveyState, Verdict
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.world import SHANGHAI, World
from workflow.cases import (
    acceptance,
    application,
    commitment,
    connection,
    joint,
    pausing,
    plan,
)
from workflow.surveys import booking

TWO = ZHOUKOU | {"utilities": ["water", "electricity"]}
LONG_DIG = {"line_m": 300, "road_excavated": True, "crossing_m": 10, "road_class": "branch"}


async def accepted(world: World, values: dict[str, Any] = TWO) -> Drive:
    drive = await Drive.drafted(world, "zhoukou", values)
    await drive.submit()
    await drive.accept()
    return drive


async def planned(world: World, **segment: Any) -> tuple[Drive, UtilityRequest]:
    """A case of two whose first request has these findings, its plan agreed."""
    drive = await accepted(world)
    world.clock.forward(days=2, hours=1)
    requests = await drive.requests()
    for index, request in enumerate(requests):
        await drive.find(request, **(segment if index == 0 else {}))
    for request in requests:
        await drive.draw(request)
    await drive.agree()
    return drive, await UtilityRequest.get(id=requests[0].id)


async def test_acceptance_confirms_the_held_time_and_starts_the_survey_clock(world: World) -> None:
    drive = await accepted(world)
    booked = await Survey.get(application_id=drive.id, state=SurveyState.CONFIRMED)
    assert booked.at == datetime(2026, 3, 18, 9, 0, tzinfo=SHANGHAI)
    clock = await Deadline.get(application_id=drive.id, step="survey")
    # three working days after Monday: Thursday's close
    assert clock.due_at == datetime(2026, 3, 19, 17, 30, tzinfo=SHANGHAI)


async def test_the_survey_is_moved_and_cancelled(world: World) -> None:
    drive = await accepted(world)
    version = (await drive.app()).version
    later = datetime(2026, 3, 19, 15, 0, tzinfo=SHANGHAI)
    await world.act(
        drive.owner,
        lambda unit: booking.book_survey(unit, drive.id, booking.Booking(at=later), expect=version),
    )
    assert (await Survey.get(application_id=drive.id, state=SurveyState.CONFIRMED)).at == later
    for wrong in (
        datetime(2026, 3, 19, 12, 30, tzinfo=SHANGHAI),  # lunch
        datetime(2026, 3, 21, 9, 0, tzinfo=SHANGHAI),  # Saturday
        world.clock.now() - timedelta(hours=1),
    ):
        with pytest.raises(DomainError) as refused:
            await world.act(
                drive.owner,
                lambda unit, at=wrong: booking.book_survey(  # type: ignore[misc]
                    unit, drive.id, booking.Booking(at=at), expect=None
                ),
            )
        assert refused.value.code is Code.INVALID
    version = (await drive.app()).version
    body = await world.act(
        drive.owner,
        lambda unit: booking.cancel_survey(
            unit, drive.id, booking.Cancellation(reason="另约"), expect=version
        ),
    )
    assert body["stage"] == Stage.ACCEPTED


async def test_joint_approval_asks_every_department_and_opens_their_clocks(world: World) -> None:
    drive, request = await planned(world, **LONG_DIG)
    assert request.permit["route"] == "joint"
    assert request.permit_state is PermitState.LISTING
    opinions = await Opinion.filter(request_id=request.id)
    assert {"town", "chengguan"} <= {o.department for o in opinions}
    clocks = await Deadline.filter(request_id=request.id, step="document_list", closed_at=None)
    assert {c.organization_id for c in clocks} == {o.organization_id for o in opinions}
    await drive.permit_jointly(request)
    request = await UtilityRequest.get(id=request.id)
    assert (request.state, request.permit_state) == (RequestState.PERMITTED, PermitState.GRANTED)
    assert (await drive.app()).form_c_at is not None
    assert not await Deadline.filter(
        request_id=request.id, step="joint_approval", closed_at=None
    ).exists()


async def test_an_objection_goes_back_to_the_plan_and_only_objectors_look_again(
    world: World,
) -> None:
    drive, request = await planned(world, **LONG_DIG)
    opinions = await Opinion.filter(request_id=request.id).order_by("department")
    for opinion in opinions:
        row = await UtilityRequest.get(id=request.id)
        await world.act(
            await world.approver("zhoukou", opinion.organization_id),
            lambda unit, row=row: joint.list_documents(  # type: ignore[misc]
                unit, row.id, joint.DocumentList(documents=()), expect=row.version
            ),
        )

    async def file() -> None:
        row = await UtilityRequest.get(id=request.id)
        await world.act(
            await world.clerk("zhoukou", row.organization_id),
            lambda unit: joint.file_papers(
                unit, row.id, joint.Filing(restoration_promised=True), expect=row.version
            ),
        )

    await file()
    await drive.sign(opinions[0], Verdict.OBJECTED, "route_conflict")
    for opinion in opinions[1:]:
        await drive.sign(opinion, Verdict.APPROVED)
    row = await UtilityRequest.get(id=request.id)
    assert (row.state, row.permit_state) == (RequestState.SURVEYED, PermitState.OBJECTED)
    assert (await drive.app()).plan_state is PlanState.DRAFTING

    await drive.draw(row)  # the last open segment: the combined reply goes out by itself
    assert (await drive.app()).plan_state is PlanState.OFFERED
    await drive.agree()
    await file()
    again = await Opinion.filter(request_id=request.id, verdict=None)
    assert [o.department for o in again] == [opinions[0].department]
    assert again[0].round == 2
    await drive.sign(again[0], Verdict.APPROVED)
    assert (await UtilityRequest.get(id=request.id)).state is RequestState.PERMITTED


async def test_a_promise_is_enough_for_a_short_dig_and_may_be_overruled(world: World) -> None:
    short = {"line_m": 100, "road_excavated": True, "crossing_m": 10, "road_class": "branch"}
    drive, request = await planned(world, **short)
    assert request.permit_state is PermitState.COMMITTING
    clerk = await world.clerk("zhoukou", request.organization_id)
    await world.act(
        clerk,
        lambda unit: joint.choose_joint(
            unit, request.id, joint.Overrule(reason="管线密集"), expect=request.version
        ),
    )
    row = await UtilityRequest.get(id=request.id)
    assert (row.permit["route"], row.permit_state) == ("joint", PermitState.LISTING)
    await drive.permit_jointly(row)


async def test_in_daye_a_missing_annual_commitment_blocks_the_promise(world: World) -> None:
    values = TWO | {"site.town": "jinhu"}
    drive = await Drive.drafted(world, "daye", values)
    await drive.submit()
    app = await drive.app()
    gaps = tuple(
        acceptance.Gap(document=code, due_at=world.clock.now() + timedelta(days=9))
        for code in ("business_licence", "site_right")
    )
    await world.act(
        await world.window("daye"),
        lambda unit: acceptance.accept_with_gaps(
            unit, drive.id, acceptance.AcceptanceWithGaps(gaps=gaps), expect=app.version
        ),
    )
    world.clock.forward(days=2, hours=1)
    requests = await drive.requests()
    await drive.find(requests[0], road_excavated=True, crossing_m=5, road_class="branch")
    await drive.find(requests[1])
    for request in requests:
        await drive.draw(request)
    await drive.agree()
    row = await UtilityRequest.get(id=requests[0].id)
    promise = commitment.Commitment(
        builder="样例工程队",
        signer="样例",
        conditions_met=True,
        road_restored=True,
        inspection_accepted=True,
        pipes_protected=True,
    )
    with pytest.raises(DomainError) as refused:
        await world.act(
            await world.clerk("daye", row.organization_id),
            lambda unit: commitment.commit(unit, row.id, promise, expect=row.version),
        )
    assert refused.value.data["guard"] == "commitment_enough"
    assert refused.value.data["reasons"]


async def test_water_flows_while_electricity_is_declined(world: World) -> None:
    drive = await accepted(world)
    water, power = sorted(await drive.requests(), key=lambda r: r.utility != "water")
    await world.act(
        await world.clerk("zhoukou", power.organization_id),
        lambda unit: connection.decline(
            unit,
            power.id,
            connection.Refusal(reason="no_source", explanation="容量不足"),
            expect=power.version,
        ),
    )
    assert (await drive.app()).stage is Stage.SURVEYING
    body = await world.act(
        await world.clerk("zhoukou", water.organization_id),
        lambda unit: connection.decline(
            unit,
            water.id,
            connection.Refusal(reason="no_source", explanation="压力不足"),
            expect=water.version,
        ),
    )
    assert body["application"]["stage"] == Stage.REJECTED
    assert not await Deadline.filter(application_id=drive.id, closed_at=None).exists()


async def test_withdrawal_ends_with_the_first_works(world: World) -> None:
    drive, _ = await planned(world)
    request = (await drive.requests())[1]
    await drive.build(request)
    version = (await drive.app()).version
    with pytest.raises(DomainError) as refused:
        await world.act(
            drive.owner,
            lambda unit: application.withdraw(
                unit, drive.id, application.Withdrawal(), expect=version
            ),
        )
    assert (refused.value.code, refused.value.data["guard"]) == (
        Code.GUARD_FAILED,
        "works_not_started",
    )


async def test_the_offer_lapses_and_may_be_made_again(world: World) -> None:
    drive = await accepted(world)
    world.clock.forward(days=2, hours=1)
    for request in await drive.requests():
        await drive.find(request)
    for request in await drive.requests():
        await drive.draw(request)
    clock = await Deadline.get(application_id=drive.id, step="offer_lapse")
    assert clock.due_at == datetime(2026, 4, 1, 17, 30, tzinfo=SHANGHAI)  # ten working days
    from rules.actors import SYSTEM

    await world.act(SYSTEM, lambda unit: plan.lapse_plan(unit, drive.id))
    assert (await drive.app()).plan_state is PlanState.LAPSED
    version = (await drive.app()).version
    await world.act(
        await world.coordinator("zhoukou"),
        lambda unit: plan.offer_plan(unit, drive.id, expect=version),
    )
    assert (await drive.agree())["plan"] == PlanState.AGREED


async def test_a_change_asked_opens_every_segment_again(world: World) -> None:
    drive = await accepted(world)
    world.clock.forward(days=2, hours=1)
    for request in await drive.requests():
        await drive.find(request)
    for request in await drive.requests():
        await drive.draw(request)
    version = (await drive.app()).version
    await world.act(
        drive.owner,
        lambda unit: plan.ask_plan_change(
            unit, drive.id, plan.PlanChange(reason="管线请走东侧"), expect=version
        ),
    )
    assert all(r.segment_open for r in await drive.requests())
    assert await Deadline.filter(application_id=drive.id, step="plan", closed_at=None).count() == 2
    for request in await drive.requests():
        await drive.draw(request)
    assert (await drive.agree())["stage"] == Stage.CONSTRUCTING


async def test_a_pause_keeps_what_is_left_and_shows_its_reason(world: World) -> None:
    drive = await accepted(world)
    version = (await drive.app()).version
    coordinator = await world.coordinator("zhoukou")
    await world.act(
        coordinator,
        lambda unit: pausing.pause(
            unit, drive.id, pausing.Pause(reason="heavy_pollution"), expect=version
        ),
    )
    clock = await Deadline.get(application_id=drive.id, step="survey")
    assert clock.pause_reason == "heavy_pollution"
    assert (await drive.app()).due_at is None
    world.clock.forward(days=2)
    version = (await drive.app()).version
    await world.act(
        coordinator, lambda unit: pausing.resume(unit, drive.id, pausing.Resume(), expect=version)
    )
    clock = await Deadline.get(application_id=drive.id, step="survey")
    # paused Monday 09:00, resumed Wednesday 09:00: two working days later than Thursday's close
    assert clock.due_at == datetime(2026, 3, 23, 17, 30, tzinfo=SHANGHAI)


async def test_a_transfer_goes_straight_to_connection(world: World) -> None:
    values = {k: v for k, v in ZHOUKOU.items() if not k.startswith("survey.")} | {
        "utilities": ["water"],
        "water.kind": "transfer",
        "water.account_no": "4128000123",
        "water.old_holder": "旧样例有限公司",
        "water.new_holder": "样例铸造有限公司",
        "water.consent": True,
        "water.arrears_settled": True,
        "water.handover_reading": "1024",
    }
    drive = await accepted(world, values)
    request = (await drive.requests())[0]
    assert (request.course, (await drive.app()).stage) == (Course.ACCOUNT, Stage.CONNECTING)
    assert not await Deadline.filter(application_id=drive.id, step="survey").exists()
    await drive.connect(request)
    assert (await drive.app()).stage is Stage.CONNECTED


async def test_without_an_external_line_nothing_is_surveyed(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", TWO)
    await drive.submit()
    body = await drive.accept(
        water=acceptance.Estimate(external_line=False),
        electricity=acceptance.Estimate(external_line=False),
    )
    assert body["stage"] == Stage.CONNECTING
    assert body["survey_at"] is None


async def test_a_stale_version_is_told_what_changed(world: World) -> None:
    drive = await accepted(world)
    stale = (await drive.app()).version - 1
    with pytest.raises(DomainError) as refused:
        await world.act(
            drive.owner,
            lambda unit: application.withdraw(
                unit, drive.id, application.Withdrawal(), expect=stale
            ),
        )
    assert refused.value.code is Code.VERSION_STALE
    assert [c["event"] for c in refused.value.data["changes"]] == ["accept"]


async def test_a_stale_version_names_the_fields_written_since(world: World) -> None:
    drive = await Drive.drafted(world, "zhoukou", TWO)
    await drive.save({"site.address": "样例路九号"})
    with pytest.raises(DomainError) as refused:
        await world.act(drive.owner, lambda unit: application.submit(unit, drive.id, expect=2))
    assert refused.value.data["changed"] == [
        {"field": "site.address", "label": "申请地址", "version": 3}
    ]
