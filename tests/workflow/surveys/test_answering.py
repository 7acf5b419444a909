"""A crew's one tap: it comes, it cannot, it proposes another time."""

from uuid import UUID

import pytest

from models import Crew, InboxMessage, Organization, Survey, SurveyVisit
from rules.actors import OrgKind
from rules.errors import Code
from rules.states import SurveyState, VisitState
from tests.workflow.steps import at, refused
from tests.workflow.surveys.fleet import (
    CITY,
    accepted,
    appointment,
    book,
    comes,
    decline,
    fleet,
    no_book,
    page,
    take,
    visit_of,
    visits,
)
from tests.workflow.world import World
from workflow.encoding import shown
from workflow.surveys import answering, booking


async def test_a_crew_confirms_with_one_tap_and_again(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    visit = await visit_of(drive, "water")
    actor = await comes(drive, "water")
    for _ in range(2):
        told = await world.act(
            actor, lambda unit: answering.confirm_visit(unit, visit.survey_id, visit.id)
        )
        assert (told["state"], told["state_label"]) == ("confirmed", "已确认到场")
    (mine,) = [each for each in (await page(drive, actor))["visits"] if each["allowed"]]
    assert mine["allowed"] == ["confirm", "decline", "propose"]
    assert mine["state"] == "confirmed"


async def test_who_has_no_part_answers_nothing(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    visit = await visit_of(drive, "water")

    async def code(actor: object) -> Code:
        refusal = await refused(
            world,
            actor,  # type: ignore[arg-type]
            lambda unit: answering.confirm_visit(unit, visit.survey_id, visit.id),
        )
        return refusal.code

    gas = await Organization.get(city=CITY, kind=OrgKind.UTILITY, code="gas")
    assert await code(await world.person("stranger")) is Code.NOT_FOUND
    assert await code(await world.crew(CITY, gas.id)) is Code.NOT_FOUND
    assert await code(drive.owner) is Code.NOT_YOURS_TO_MOVE
    assert await code(await comes(drive, "electricity")) is Code.NOT_YOURS_TO_MOVE
    assert await code(await world.window(CITY)) is Code.NOT_YOURS_TO_MOVE


async def test_another_crew_of_the_organisation_comes_instead(world: World) -> None:
    await fleet("water", each=2)
    await fleet("electricity")
    drive = await accepted(world, "18T09:00")
    before = await visit_of(drive, "water")
    told = await decline(drive, "water")
    assert (told["replaced"], told["times"]) == (True, [])
    after = await visit_of(drive, "water")
    assert after.crew_id != before.crew_id
    assert (after.at, after.request_id) == (before.at, before.request_id)
    row = await SurveyVisit.get(id=before.id)
    assert (row.active, row.state, row.reason) == (False, VisitState.DECLINED, "车辆故障")
    notices = await InboxMessage.filter(application_id=drive.id, code="replan_visit")
    crew = await comes(drive, "water")
    assert {drive.owner.person, crew.person} <= {notice.person_id for notice in notices}


async def test_with_nobody_left_the_applicant_gets_the_next_best_times(world: World) -> None:
    water, _ = await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    told = await decline(drive, "water")
    assert told["replaced"] is False
    assert told["times"][0]["at"] == shown(at(3, 18, 10))  # not the time it has declined
    assert (await no_book(drive, at(3, 18, 9))).code is Code.SLOT_TAKEN
    assert (await appointment(drive)).state is SurveyState.CONFIRMED
    assert len(await visits(drive)) == 1
    notice = await InboxMessage.get(
        application_id=drive.id, code="lose_visit", person_id=drive.owner.person
    )
    assert notice.params["times"] == [each["at"] for each in told["times"]]
    assert "车辆故障" not in str(notice.params)
    await Crew.filter(id=water.id).update(active=False)
    refusal = await refused(
        world,
        await comes(drive, "water"),
        lambda unit: answering.decline_visit(
            unit, (row := SurveyVisit()).id, row.id, answering.Decline(reason="样例")
        ),
    )
    assert refusal.code is Code.NOT_FOUND


async def test_who_is_let_down_moves_without_limits(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    world.clock.set(at(3, 18, 8))
    assert (await no_book(drive, at(3, 18, 15))).data["guard"] == "too_late_to_move"
    told = await decline(drive, "water")
    await book(drive, at(3, 18, 10))
    assert told["times"][0]["at"] == shown(at(3, 18, 10))
    assert (await page(drive))["limits"]["moves_left"] == 3
    assert len(await visits(drive)) == 2


async def test_a_proposed_time_is_kept_and_taken_without_counting(world: World) -> None:
    await fleet("water", "electricity")
    drive, other = await accepted(world, "18T09:00"), await accepted(world)
    visit = await visit_of(drive, "water")
    actor = await comes(drive, "water")
    body = answering.Proposal(at=at(3, 19, 9), reason="材料未到")
    told = await world.act(
        actor, lambda unit: answering.propose_time(unit, visit.survey_id, visit.id, body)
    )
    assert (await no_book(other, at(3, 19, 9))).code is Code.SLOT_TAKEN
    (kept,) = (await page(drive))["kept"]
    assert (kept["id"], kept["reason"]) == (told["kept"], "proposed")
    notice = await InboxMessage.get(
        application_id=drive.id, code="propose_time", person_id=drive.owner.person
    )
    assert notice.params["at"] == shown(at(3, 19, 9))
    await take(drive, UUID(told["kept"]))
    assert (await appointment(drive)).at == at(3, 19, 9)
    assert (await page(drive))["limits"]["moves_left"] == 3


async def test_a_proposal_nobody_else_can_keep_is_refused(world: World) -> None:
    await fleet("water", "electricity")
    drive, _ = await accepted(world, "18T09:00"), await accepted(world, "19T09:00")
    visit = await visit_of(drive, "water")
    body = answering.Proposal(at=at(3, 19, 9), reason="材料未到")
    refusal = await refused(
        world,
        await comes(drive, "water"),
        lambda unit: answering.propose_time(unit, visit.survey_id, visit.id, body),
    )
    assert refusal.code is Code.SLOT_TAKEN


@pytest.mark.parametrize("lapsed", [True, False])
async def test_a_proposal_may_be_left(world: World, lapsed: bool) -> None:
    await fleet("water", "electricity")
    drive, other = await accepted(world, "18T09:00"), await accepted(world, "20T09:00")
    visit = await visit_of(drive, "water")
    body = answering.Proposal(at=at(3, 19, 9), reason="材料未到")
    told = await world.act(
        await comes(drive, "water"),
        lambda unit: answering.propose_time(unit, visit.survey_id, visit.id, body),
    )
    if lapsed:
        world.clock.forward(minutes=121)
    else:
        left = booking.Kept(survey=UUID(told["kept"]))
        await world.act(
            drive.owner, lambda unit: booking.leave_time(unit, drive.id, left, expect=None)
        )
    await book(other, at(3, 19, 9))
    assert (await appointment(drive)).at == at(3, 18, 9)
    assert await Survey.filter(application_id=drive.id, state="offered").count() == 0
