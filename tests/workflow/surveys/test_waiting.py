"""Who waits for an earlier time gets it when one frees up; reminders come once; nobody came."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from models import InboxMessage, Organization, Survey, SurveyReminder, SurveyVisit
from rules.actors import Actor, OrgKind
from rules.errors import Code
from rules.states import Ender, SurveyState, VisitState
from tests.workflow.drive import Drive
from tests.workflow.steps import at, faults, guarded, refused
from tests.workflow.surveys.fleet import (
    CITY,
    absent,
    accepted,
    appointment,
    book,
    cancel,
    comes,
    crew,
    decline,
    fleet,
    hold,
    no_book,
    page,
    take,
    visit_of,
    wait,
)
from tests.workflow.world import World
from workflow.encoding import shown
from workflow.surveys import missing, reminding, waiting


async def offered(drive: Drive) -> list[str]:
    """When an earlier time is offered."""
    return [each["at"] for each in (await page(drive))["kept"] if each["reason"] == "earlier"]


async def only_mornings() -> None:
    """One crew each, two visits a morning: 8:30 and 10:00."""
    for code in ("water", "electricity"):
        await crew(code, hours=((510, 660),))


async def test_who_waits_longest_gets_what_frees_up(world: World) -> None:
    await only_mornings()
    first = await accepted(world, "17T08:30")
    await accepted(world, "16T10:00")
    one, two = await accepted(world, "18T08:30"), await accepted(world, "19T08:30")
    other = await accepted(world, "17T10:00")
    for drive in (two, one):
        world.clock.forward(minutes=1)
        await wait(drive)
    await waiting.offer_earlier(world.services)
    assert await offered(two) == [shown(at(3, 18, 10))]  # it was free all along
    assert await offered(one) == []
    await cancel(first)
    await waiting.offer_earlier(world.services)
    assert await offered(one) == [shown(at(3, 17, 8, 30))]
    assert (await no_book(other, at(3, 17, 8, 30))).code is Code.SLOT_TAKEN
    notice = await InboxMessage.get(
        application_id=one.id, code="offer_earlier", person_id=one.owner.person
    )
    assert notice.params["at"] == shown(at(3, 17, 8, 30))
    (kept,) = (await page(one))["kept"]
    await take(one, UUID(kept["id"]))
    assert (await appointment(one)).at == at(3, 17, 8, 30)
    assert (await page(one))["waiting"] is None
    assert (await page(one))["limits"]["moves_left"] == 3


async def test_an_offer_nobody_takes_goes_to_the_next(world: World) -> None:
    await only_mornings()
    await accepted(world, "16T10:00")
    await accepted(world, "17T10:00")
    first = await accepted(world, "17T08:30")
    one, two = await accepted(world, "18T08:30"), await accepted(world, "18T10:00")
    await wait(one)
    world.clock.forward(minutes=1)
    await wait(two)
    await cancel(first)
    await waiting.offer_earlier(world.services)
    assert (await offered(one), await offered(two)) == ([shown(at(3, 17, 8, 30))], [])
    world.clock.forward(minutes=121)
    await waiting.offer_earlier(world.services)
    assert (await offered(one), await offered(two)) == ([], [shown(at(3, 17, 8, 30))])
    assert (await page(one))["waiting"]["state"] == "waiting"
    assert (await appointment(one)).at == at(3, 18, 8, 30)


async def test_waiting_from_a_day_on_and_no_more(world: World) -> None:
    await only_mornings()
    drive = await accepted(world, "20T08:30")
    await wait(drive, not_before=date(2026, 3, 19))
    await waiting.offer_earlier(world.services)
    assert await offered(drive) == [shown(at(3, 19, 8, 30))]
    await world.act(drive.owner, lambda unit: waiting.stop_waiting(unit, drive.id, expect=None))
    assert await offered(drive) == []
    await waiting.offer_earlier(world.services)
    assert (await page(drive))["waiting"] is None
    guard = await guarded(
        world, drive.owner, lambda unit: waiting.stop_waiting(unit, drive.id, expect=None)
    )
    assert guard == "not_waiting"


async def test_reminders_are_told_once_whoever_tells_them(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")

    async def told(who: Actor) -> int:
        return await InboxMessage.filter(
            application_id=drive.id, code="survey_reminder", person_id=who.person
        ).count()

    crew_member = await comes(drive, "water")
    await reminding.remind(world.services)
    assert await told(drive.owner) == 0
    for moment, count in ((at(3, 17, 9), 1), (at(3, 17, 20), 1), (at(3, 18, 8), 2)):
        world.clock.set(moment)
        await asyncio.gather(*(reminding.remind(world.services) for _ in range(4)))
        await reminding.remind(world.services)
        assert await told(drive.owner) == await told(crew_member) == count
    assert await SurveyReminder.all().count() == 2


async def test_a_survey_booked_late_is_not_reminded_of_the_day_before(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "16T15:00")
    await reminding.remind(world.services)
    assert not await InboxMessage.filter(code="survey_reminder").exists()
    world.clock.set(at(3, 16, 14))
    await reminding.remind(world.services)
    told = InboxMessage.filter(code="survey_reminder", person_id=drive.owner.person)
    assert await told.count() == 1


async def test_a_moved_survey_is_reminded_of_anew(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    world.clock.set(at(3, 17, 9))
    await reminding.remind(world.services)
    await book(drive, at(3, 20, 9))
    world.clock.set(at(3, 19, 9))
    await reminding.remind(world.services)
    told = InboxMessage.filter(code="survey_reminder", person_id=drive.owner.person)
    assert await told.count() == 2


async def test_running_late_is_told_at_once(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    power = await comes(drive, "electricity")
    world.clock.set(at(3, 18, 8, 45))
    body = missing.Late(minutes=20)
    for actor in (drive.owner, await comes(drive, "water")):
        await world.act(actor, lambda unit: missing.tell_late(unit, drive.id, body, expect=None))
    assert (await page(drive))["survey"]["late_minutes"] == 20
    assert (await visit_of(drive, "water")).late_minutes == 20
    assert (
        await InboxMessage.filter(
            application_id=drive.id, code="tell_late", person_id=power.person
        ).count()
        == 2
    )


async def test_the_applicant_was_not_there(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    water = await comes(drive, "water")
    world.clock.set(at(3, 18, 9, 29))
    body = missing.Absence()
    early = await faults(
        world, water, lambda unit: missing.report_absence(unit, drive.id, body, expect=None)
    )
    assert early == {"absent": "not_yet_absent"}
    world.clock.set(at(3, 18, 9, 30))
    told = await absent(drive, water, None)
    assert told["times"][0]["at"] == shown(at(3, 18, 10))
    assert told["survey_at"] is None
    (row,) = await Survey.filter(application_id=drive.id)
    assert (row.state, row.ended_by) == (SurveyState.MISSED, Ender.APPLICANT)
    assert not await SurveyVisit.filter(active=True).exists()
    notice = await InboxMessage.get(
        application_id=drive.id, code="report_absence", person_id=drive.owner.person
    )
    assert notice.params["times"] == [each["at"] for each in told["times"]]
    await book(drive, at(3, 18, 10))


async def test_a_crew_was_not_there(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    water = await Organization.get(city=CITY, kind=OrgKind.UTILITY, code="water")
    world.clock.set(at(3, 18, 9, 40))
    body = missing.Absence()
    nobody = await faults(
        world, drive.owner, lambda unit: missing.report_absence(unit, drive.id, body, expect=None)
    )
    assert nobody == {"absent": "required_choice"}
    power = await visit_of(drive, "electricity")
    await power.change(state=VisitState.ARRIVED)
    gone = await visit_of(drive, "water")
    await absent(drive, drive.owner, water.id)
    assert (await SurveyVisit.get(id=gone.id)).state is VisitState.MISSED
    assert (await appointment(drive)).state is SurveyState.CONFIRMED  # the other is at work
    again = missing.Absence(absent=power.organization_id)
    there = await faults(
        world, drive.owner, lambda unit: missing.report_absence(unit, drive.id, again, expect=None)
    )
    assert there == {"absent": "organization_unknown"}


async def test_nobody_was_there(world: World) -> None:
    await fleet("water", "electricity")
    drive = await accepted(world, "18T09:00")
    water = await Organization.get(city=CITY, kind=OrgKind.UTILITY, code="water")
    world.clock.set(at(3, 18, 9, 40))
    await absent(drive, drive.owner, water.id)
    (row,) = await Survey.filter(application_id=drive.id)
    assert (row.state, row.ended_by) == (SurveyState.MISSED, Ender.CREW)


async def test_what_a_decline_frees_is_offered(world: World) -> None:
    """Both were booked before; the one that loses its visit frees the other organisation's too."""
    await only_mornings()
    await accepted(world, "16T10:00")
    await accepted(world, "17T10:00")
    first, one = await accepted(world, "17T08:30"), await accepted(world, "18T08:30")
    await wait(one)
    await waiting.offer_earlier(world.services)
    assert await offered(one) == []
    await decline(first, "water")
    await cancel(first)
    await waiting.offer_earlier(world.services)
    assert await offered(one) == [shown(at(3, 17, 8, 30))]


@pytest.mark.parametrize("what", ["hold", "offer"])
async def test_the_worker_ends_what_has_run_out(world: World, what: str) -> None:
    await only_mornings()
    drive = await accepted(world, "20T08:30")
    if what == "hold":
        await hold(drive, at(3, 19, 8, 30))
        world.clock.forward(minutes=16)
    else:
        await wait(drive, not_before=date(2026, 3, 20))
        await waiting.offer_earlier(world.services)
    await waiting.offer_earlier(world.services)
    assert await Survey.filter(application_id=drive.id, state="offered").count() == 0
    assert await SurveyVisit.filter(active=True).count() == 2
    unknown = await refused(
        world,
        await world.person("stranger"),
        lambda unit: waiting.wait_earlier(unit, drive.id, waiting.Waiting(), expect=None),
    )
    assert unknown.code is Code.NOT_FOUND
