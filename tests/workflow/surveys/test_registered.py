"""A survey on a registration, carried over to the application made of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from models import Registration, Survey, SurveyVisit
from rules.actors import Actor
from rules.errors import Code
from rules.states import SurveyState, VisitState
from tests.workflow.drive import Drive
from tests.workflow.forms import ZHOUKOU
from tests.workflow.registering import convert, registered
from tests.workflow.steps import at, refused
from tests.workflow.surveys.fleet import accepted, crew, fleet, no_book, visits
from tests.workflow.world import World
from workflow.encoding import shown
from workflow.registrations import registration
from workflow.surveys import answering, availability, booking, view

CITY = "zhoukou"


async def book(world: World, owner: Actor, ident: UUID, when: datetime) -> dict[str, Any]:
    """Book or move."""
    body = booking.Booking(at=when)
    return await world.act(
        owner, lambda unit: booking.book_registered(unit, ident, body, expect=None)
    )


async def live(ident: UUID) -> Survey:
    """The registration's appointment."""
    return await Survey.get(registration_id=ident, state="confirmed")


async def test_times_and_booking_of_a_registration(world: World) -> None:
    await fleet("water", "electricity")
    owner = await world.person("李")
    ident = await registered(world, CITY, owner)
    times = await world.act(
        owner, lambda unit: availability.for_registration(unit, ident, availability.Asked())
    )
    assert times["times"][0]["at"] == shown(at(3, 16, 9, 30))
    assert {each["utility"] for each in times["times"][0]["coming"]} == {"water", "electricity"}
    told = await book(world, owner, ident, at(3, 18, 9))
    assert "cancel_survey" in told["allowed"]
    await book(world, owner, ident, at(3, 18, 10))
    states = [row.state.value for row in await Survey.filter(registration_id=ident).order_by("id")]
    assert states == ["moved", "confirmed"]
    drive = await accepted(world)
    assert (await no_book(drive, at(3, 18, 10))).code is Code.SLOT_TAKEN
    page = await world.act(owner, lambda unit: view.of_registration(unit, ident))
    assert len(page["visits"]) == 2
    gone = booking.Cancellation(reason="另约")
    await world.act(owner, lambda unit: booking.cancel_registered(unit, ident, gone, expect=None))
    assert not await SurveyVisit.filter(active=True).exists()


async def test_a_crew_answers_on_a_registration(world: World) -> None:
    await fleet("water", each=2)
    await fleet("electricity")
    owner = await world.person("李")
    ident = await registered(world, CITY, owner)
    await book(world, owner, ident, at(3, 18, 9))
    survey = await live(ident)
    water = await crew("water", 3)
    visit = await SurveyVisit.get(
        survey_id=survey.id, organization_id=water.organization_id, active=True
    )
    actor = await world.crew(CITY, water.organization_id)
    body = answering.Decline(reason="样例")
    told = await world.act(
        actor, lambda unit: answering.decline_visit(unit, survey.id, visit.id, body)
    )
    assert told["replaced"] is True
    assert (await SurveyVisit.get(id=visit.id)).state is VisitState.DECLINED
    assert await SurveyVisit.filter(survey_id=survey.id, active=True).count() == 2


async def test_withdrawing_frees_it(world: World) -> None:
    await fleet("water", "electricity")
    owner = await world.person("李")
    ident = await registered(world, CITY, owner)
    await book(world, owner, ident, at(3, 18, 9))
    body = registration.RegistrationWithdrawal()
    await world.act(owner, lambda unit: registration.withdraw(unit, ident, body, expect=None))
    assert not await SurveyVisit.filter(active=True).exists()


async def test_it_is_carried_over_and_confirmed_at_acceptance(world: World) -> None:
    await fleet("water", "electricity", "gas")
    owner = await world.person("李")
    ident = await registered(world, CITY, owner)
    await book(world, owner, ident, at(3, 18, 9))
    before = {visit.organization_id: visit.id for visit in await SurveyVisit.all()}
    draft = await convert(world, owner, ident)
    assert draft["values"]["survey.time"] == "2026-03-18T09:00+08:00"
    app = UUID(draft["id"])
    assert not await Survey.filter(registration_id=ident, application_id=None).exists()
    drive = Drive(world, CITY, owner, app)
    rest = {k: v for k, v in ZHOUKOU.items() if k not in draft["values"] or k == "utilities"}
    await drive.save(
        rest
        | {
            "utilities": ["water", "electricity", "gas"],
            "enterprise.credit_code": ZHOUKOU["enterprise.credit_code"],
        }
    )
    await drive.submit()
    await drive.accept()
    row = await Survey.get(application_id=app, state="confirmed")
    assert row.at == at(3, 18, 9)
    coming = await visits(drive)
    assert len(coming) == 3  # gas joins at the same time
    assert {visit.request_id for visit in coming} == {r.id for r in await drive.requests()}
    assert set(before) < {visit.organization_id for visit in coming}


async def test_a_draft_given_up_frees_what_was_carried_over(world: World) -> None:
    from workflow.cases import application

    await fleet("water", "electricity")
    owner = await world.person("李")
    ident = await registered(world, CITY, owner)
    await book(world, owner, ident, at(3, 18, 9))
    draft = await convert(world, owner, ident)
    body = application.Withdrawal()
    await world.act(
        owner, lambda unit: application.withdraw(unit, UUID(draft["id"]), body, expect=None)
    )
    assert not await SurveyVisit.filter(active=True).exists()
    (row,) = await Survey.filter(registration_id=ident)
    assert row.state is SurveyState.CANCELLED
    second = await convert(world, owner, ident)
    assert "survey.time" not in second["values"]


async def test_nobody_else_books_on_it(world: World) -> None:
    await fleet("water", "electricity")
    ident = await registered(world, CITY, await world.person("李"))
    body = booking.Booking(at=at(3, 18, 9))
    refusal = await refused(
        world,
        await world.person("stranger"),
        lambda unit: booking.book_registered(unit, ident, body, expect=None),
    )
    assert refusal.code is Code.NOT_FOUND
    assert await Registration.filter(id=ident).exists()
