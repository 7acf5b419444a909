"""A joint survey held, booked, moved and cancelled; what is gone answers with what is left."""

import asyncio
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from models import Application, InboxMessage, Survey, SurveyVisit
from models.base import new_id
from models.db import pool
from rules.actors import Actor, OrgKind, Role
from rules.errors import Code, DomainError
from rules.states import Ender, SurveyState, VisitState
from tests.workflow.drive import Drive
from tests.workflow.steps import INSIDE, TWO, at, guarded, refused
from tests.workflow.surveys.fleet import (
    accepted,
    appointment,
    book,
    cancel,
    comes,
    crew,
    drafted,
    fleet,
    hold,
    no_book,
    page,
    take,
    visit_of,
    visits,
)
from tests.workflow.world import World
from workflow.cases import acceptance, application
from workflow.encoding import shown
from workflow.surveys import answering, availability, booking


async def states(drive: Drive) -> list[tuple[str, str]]:
    """Every survey of a case, oldest first."""
    rows = await Survey.filter(application_id=drive.id).order_by("id")
    return [(row.state.value, row.reason) for row in rows]


async def times(world: World, drive: Drive, **asked: Any) -> list[str]:
    """What the search offers."""
    body = await world.act(
        drive.owner,
        lambda unit: availability.for_application(unit, drive.id, availability.Asked(**asked)),
    )
    return [each["at"] for each in body["times"]]


async def test_a_city_without_crews_takes_any_working_time(world: World) -> None:
    drive = await accepted(world)
    told = await book(drive, at(3, 18, 9, 10))
    assert told["survey_at"] == shown(at(3, 18, 9, 10))
    assert await visits(drive) == []
    shown_page = await page(drive)
    assert len(shown_page["own_arrangement"]) == 2
    assert shown_page["visits"] == []


async def test_times_are_those_all_crews_have(world: World) -> None:
    await crew("water", hours=((510, 720),))
    await crew("electricity", hours=((600, 720), (870, 1050)))
    drive = await drafted(world)
    found = await times(world, drive, from_day="2026-03-17", days=1)
    assert found == [shown(at(3, 17, 10, m)) for m in (0, 30)] + [shown(at(3, 17, 11))]
    only = await drafted(world, values={**(await values_of(drive)), "utilities": ["electricity"]})
    assert shown(at(3, 17, 16, 30)) in await times(world, only, from_day="2026-03-17", days=1)


async def values_of(drive: Drive) -> dict[str, Any]:
    return {k: v for k, v in (await drive.app()).fields_.items() if k != "survey.time"} | {
        "contact.name": "李样",
        "contact.phone": "13800001234",
        "enterprise.legal_person": "李样",
    }


async def test_submit_holds_acceptance_confirms(world: World) -> None:
    water, _ = await fleet("water", "electricity")
    drive = await drafted(world, "18T09:00")
    await drive.submit()
    held = await appointment(drive)
    assert (held.state, held.held_until) == (SurveyState.HELD, held.at)
    assert {visit.request_id for visit in await visits(drive)} == {None}
    assert water.id in {visit.crew_id for visit in await visits(drive)}
    await drive.accept()
    assert (await appointment(drive)).state is SurveyState.CONFIRMED
    requests = {request.id for request in await drive.requests()}
    assert {visit.request_id for visit in await visits(drive)} == requests


async def test_a_wish_that_cannot_be_had_is_a_fault_with_the_next_best_times(
    world: World,
) -> None:
    await fleet("water", "electricity")
    first = await drafted(world, "18T09:00")
    await first.submit()
    second = await drafted(world, "18T09:30")
    refusal = await refused(
        world, second.owner, lambda unit: application.submit(unit, second.id, expect=None)
    )
    assert refusal.code is Code.INVALID
    assert [(f.field, f.code) for f in refusal.faults] == [("survey.time", "slot_taken")]
    assert refusal.data["times"][0]["at"] == shown(at(3, 18, 10, 30))
    assert "2026年3月18日10:30" in refusal.faults[0].data["choices"]
    assert (await second.app()).sequence is None
    await second.save({"survey.time": "2026-03-18T10:30+08:00"})
    await second.submit()
    assert len(await visits(second)) == 2


@pytest.mark.parametrize("end", ["return", "reject", "withdraw"])
async def test_return_rejection_and_withdrawal_free_the_time(world: World, end: str) -> None:
    await fleet("water", "electricity")
    drive = await drafted(world, "18T09:00")
    await drive.submit()
    window = await world.window("zhoukou")
    city = world.services.cities.on("zhoukou", at(3, 16).date())
    if end == "return":
        told = acceptance.FaultTold(field="site.address", reason=city.return_reasons[0].code)
        body = acceptance.Return(faults=(told,))
        await world.act(
            window,
            lambda unit: acceptance.return_for_correction(unit, drive.id, body, expect=None),
        )
    elif end == "reject":
        no = acceptance.Rejection(reason=city.reject_reasons[0].code, explanation="样例")
        await world.act(window, lambda unit: acceptance.reject(unit, drive.id, no, expect=None))
    else:
        given_up = application.Withdrawal()
        await world.act(
            drive.owner, lambda unit: application.withdraw(unit, drive.id, given_up, expect=None)
        )
    assert not await SurveyVisit.filter(active=True).exists()
    other = await drafted(world, "18T09:00")
    await other.submit()
    assert len(await visits(other)) == 2


async def test_without_an_external_line_there_is_no_visit(world: World) -> None:
    await fleet("water", "electricity")
    drive = await drafted(world, "18T09:00")
    await drive.submit()
    await drive.accept(water=INSIDE)
    assert len(await visits(drive)) == 1
    both = await drafted(world, "18T10:30")
    await both.submit()
    await both.accept(water=INSIDE, electricity=INSIDE)
    assert await states(both) == [("cancelled", "no_external_line")]
    assert not await SurveyVisit.filter(survey__application_id=both.id, active=True).exists()


async def test_departments_come_where_a_permit_is_likely(world: World) -> None:
    await fleet("water", "electricity")
    await crew("chengguan", kind=OrgKind.DEPARTMENT, hours=((510, 720),))
    drive = await drafted(world, "18T09:00")
    await drive.submit()
    likely = acceptance.Estimate(permit_likely=True)
    await drive.accept(water=likely)
    assert len(await visits(drive)) == 3
    inspector = await comes(drive, "chengguan", OrgKind.DEPARTMENT)
    assert (await page(drive, inspector))["survey"]["state"] == "confirmed"
    afternoon = await drafted(world, "18T15:00")
    await afternoon.submit()
    await afternoon.accept(water=likely)  # nobody of the department works in the afternoon
    assert await states(afternoon) == [("cancelled", "slot_taken")]
    told = await InboxMessage.get(
        application_id=afternoon.id, code="lose_time", person_id=afternoon.owner.person
    )
    assert told.params["times"][0] == shown(at(3, 19, 8, 30))


async def test_a_platform_is_not_refused_the_applicant_chooses(world: World) -> None:
    await fleet("water", "electricity")
    await accepted(world, "18T09:00")
    drive = await drafted(world, "18T09:30")
    await Application.filter(id=drive.id).update(platform="service@zhoukou", channel="platform")
    platform = Actor(person=None, roles=frozenset({Role.PLATFORM}), platform="service@zhoukou")
    await world.act(platform, lambda unit: application.submit(unit, drive.id, expect=None))
    assert (await drive.app()).sequence is not None
    assert await states(drive) == []
    told = await InboxMessage.get(
        application_id=drive.id, code="lose_time", person_id=drive.owner.person
    )
    assert told.params["times"][0] == shown(at(3, 18, 10, 30))


async def test_an_inspector_answers_for_its_department(world: World) -> None:
    await fleet("water", "electricity")
    await crew("chengguan", kind=OrgKind.DEPARTMENT)
    drive = await drafted(world, "18T09:00")
    await drive.submit()
    inspector = await comes(drive, "chengguan", OrgKind.DEPARTMENT)
    await drive.accept(water=acceptance.Estimate(permit_likely=True))
    visit = await visit_of(drive, "chengguan", OrgKind.DEPARTMENT)
    told = await world.act(
        inspector, lambda unit: answering.confirm_visit(unit, visit.survey_id, visit.id)
    )
    assert told["state"] == "confirmed"
    await cancel(drive)
    told_of = await InboxMessage.filter(person_id=inspector.person)
    assert "cancel_survey" in {each.code for each in told_of}
    refusal = await refused(
        world,
        inspector,
        lambda unit: answering.confirm_visit(unit, visit.survey_id, visit.id),
    )
    assert refusal.code is Code.NOT_FOUND


async def test_two_after_the_last_slot(world: World) -> None:
    await fleet("water", "electricity")
    one, two = await accepted(world), await accepted(world)
    answers = await asyncio.gather(
        book(one, at(3, 18, 9)), book(two, at(3, 18, 9)), return_exceptions=True
    )
    (lost,) = [each for each in answers if isinstance(each, BaseException)]
    assert isinstance(lost, DomainError)
    assert lost.code is Code.SLOT_TAKEN
    assert lost.data["times"][0]["at"] == shown(at(3, 18, 10, 30))
    assert [each["organization"] for each in lost.data["times"][0]["coming"]]
    assert lost.data["choices"][0] == "2026年3月18日10:30"


async def test_a_move_is_a_new_row_and_counts(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "20T09:00")
    for hour in (10, 15, 16):
        await book(drive, at(3, 20, hour))
    assert [state for state, _ in await states(drive)] == ["moved"] * 3 + ["confirmed"]
    refusal = await no_book(drive, at(3, 20, 11))
    assert (refusal.code, refusal.data["guard"]) == (Code.GUARD_FAILED, "moves_used_up")
    assert (await page(drive))["limits"]["moves_left"] == 0
    organiser = await world.organiser("zhoukou")
    refusal = await no_book(drive, at(3, 20, 11), organiser)
    assert [fault.code for fault in refusal.faults] == ["override_reason_needed"]
    await book(drive, at(3, 20, 11), organiser, "申请人来电说明")
    newest = await Survey.filter(application_id=drive.id, state="moved").order_by("-id").first()
    assert newest is not None
    assert (newest.ended_by, newest.reason) == (Ender.ORGANISER, "申请人来电说明")


async def test_a_crew_may_move_it_with_a_reason(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    world.clock.set(at(3, 18, 7))
    assert (await no_book(drive, at(3, 18, 10))).data["guard"] == "too_late_to_move"
    water = await comes(drive, "water")
    refusal = await no_book(drive, at(3, 18, 10), water)
    assert [fault.code for fault in refusal.faults] == ["reason_needed"]
    await book(drive, at(3, 18, 10), water, "道路封闭")
    assert (await appointment(drive)).at == at(3, 18, 10)


async def test_cancelling_is_limited_too(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    for _ in range(2):
        await cancel(drive)
        await book(drive, at(3, 18, 9))
    body = booking.Cancellation(reason="另约")
    guard = await guarded(
        world, drive.owner, lambda unit: booking.cancel_survey(unit, drive.id, body, expect=None)
    )
    assert guard == "cancels_used_up"
    await cancel(drive, await world.organiser("zhoukou"))
    assert not await SurveyVisit.filter(active=True).exists()


async def test_one_applicant_has_so_many_at_once(world: World) -> None:
    await fleet("water", "electricity", each=8)
    without = await accepted(world)
    for _ in range(5):
        await accepted(world, "18T09:00")
    sixth = await drafted(world, "18T09:00")
    refusal = await refused(
        world, sixth.owner, lambda unit: application.submit(unit, sixth.id, expect=None)
    )
    assert [fault.code for fault in refusal.faults] == ["too_many_surveys"]
    assert (await no_book(without, at(3, 18, 9))).data["guard"] == "surveys_used_up"


async def test_a_time_is_kept_while_one_decides(world: World) -> None:
    await fleet("water", "electricity")
    drive, other = await accepted(world, "18T09:00"), await accepted(world)
    kept = await hold(drive, at(3, 19, 9))
    assert (await no_book(other, at(3, 19, 9))).code is Code.SLOT_TAKEN
    assert (await appointment(drive)).at == at(3, 18, 9)
    assert (await take(drive, kept))["survey_at"] == shown(at(3, 19, 9))
    assert [state for state, _ in await states(drive)] == ["moved", "confirmed"]
    await book(other, at(3, 18, 9))


async def test_what_has_run_out_blocks_nobody(world: World) -> None:
    await fleet("water", "electricity")
    drive, other = await accepted(world, "18T09:00"), await accepted(world)
    kept = await hold(drive, at(3, 19, 9))
    world.clock.forward(minutes=15)
    assert (await page(drive))["kept"] == []
    await book(other, at(3, 19, 9))
    body = booking.Kept(survey=kept)
    refusal = await refused(
        world, drive.owner, lambda unit: booking.take_time(unit, drive.id, body, expect=None)
    )
    assert refusal.code is Code.SLOT_TAKEN
    assert refusal.data["times"]


async def test_what_has_run_out_and_is_still_free_may_be_taken(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world)
    kept = await hold(drive, at(3, 19, 9))
    world.clock.forward(minutes=20)
    assert (await take(drive, kept))["survey_at"] == shown(at(3, 19, 9))
    assert len(await visits(drive)) == 2


async def test_booking_what_is_booked_changes_nothing(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    before = await visits(drive)
    await book(drive, at(3, 18, 9))
    assert [visit.id for visit in await visits(drive)] == [visit.id for visit in before]


async def test_as_far_ahead_as_the_city_books(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world)
    refusal = await no_book(drive, at(3, 31, 9))
    assert [fault.code for fault in refusal.faults] == ["too_far_ahead"]
    await book(drive, at(3, 30, 9))


async def test_travel_lies_between_two_sites(world: World) -> None:
    """20 km apart at 35 km/h: 35 minutes, not less."""
    await fleet("water", "electricity")
    near, far = (114.65, 33.62), (114.8653, 33.62)
    values = [
        {"site.point": {"lng": lng, "lat": lat, "system": "gcj02"}} for lng, lat in (near, far)
    ]
    one = await accepted(world, "18T09:00", TWO | values[0])
    two = await accepted(world, None, TWO | values[1])
    assert one.id != two.id
    assert (await no_book(two, at(3, 18, 10, 30))).code is Code.SLOT_TAKEN
    await book(two, at(3, 18, 10, 35))


async def test_the_database_itself_refuses_overlap(world: World) -> None:
    """Whoever goes around the application cannot have one lane in two places."""
    await fleet("water", "electricity")
    one, two = await accepted(world, "18T09:00"), await accepted(world)
    taken = (await visits(one))[0]
    await book(two, at(3, 18, 10, 30))
    other = await appointment(two)
    insert = (
        "INSERT INTO survey_visits (id, version, survey_id, city, organization_id, crew_id, lane,"
        " at, ends_at, active, state, reason, late_minutes, arrival)"
        " VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, 'planned', '', 0, '{}')"
    )

    async def put(start: datetime, end: datetime, *, active: bool = True) -> None:
        row = (new_id(), other.id, taken.city, taken.organization_id, taken.crew_id, taken.lane)
        await pool().execute(insert, *row, start, end, active)

    for start, end in ((9, 10), (8, 11)):
        with pytest.raises(asyncpg.ExclusionViolationError):
            await put(at(3, 18, start), at(3, 18, end))
    with pytest.raises(asyncpg.ExclusionViolationError):
        await put(at(3, 18, 9, 59), at(3, 18, 10, 20))
    with pytest.raises(asyncpg.ExclusionViolationError):
        await pool().execute(
            "UPDATE survey_visits SET at = $2, ends_at = $3 WHERE survey_id = $1",
            other.id,
            at(3, 18, 9, 30),
            at(3, 18, 10, 30),
        )
    await put(at(3, 18, 8), at(3, 18, 9))  # they only touch
    await put(at(3, 18, 9), at(3, 18, 10), active=False)
    assert taken.state is VisitState.PLANNED
