"""Whose case it is once a number is verified, whatever meets whatever, in both orders."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from models import Application, Person, Registration
from models.base import new_id
from rules.actors import Actor, Role
from rules.states import Channel, Stage
from tests.workflow.drive import Drive
from tests.workflow.forms import DAYE
from tests.workflow.meeting import Act, Held, meet, seen_waiting
from tests.workflow.registering import FORM_A
from tests.workflow.world import World
from workflow.cases import acceptance, application, draft
from workflow.people import me
from workflow.people import persons as people
from workflow.platforms import inputs as integration_inputs
from workflow.platforms import pushes as integration
from workflow.registrations import registration
from workflow.unit import Answer, Unit

PHONE = DAYE["contact.phone"]
PORTAL = Actor(
    person=None,
    roles=frozenset({Role.PLATFORM}),
    channel=Channel.PLATFORM,
    platform="portal@daye",
)
ORDERS = [pytest.param(False, id="as_named"), pytest.param(True, id="the_other_way_round")]


@dataclass(frozen=True)
class Told:
    """Who a login code stands for."""

    openid: str
    unionid: str | None
    appid: str = "wx1111111111111111"


def bind(phone: str = PHONE) -> Act:
    return lambda unit: me.bind_phone(unit, phone)


def submit(case: UUID) -> Act:
    return lambda unit: application.submit(unit, case, expect=None)


def sign_in(openid: str, unionid: str | None) -> Act:
    async def act(unit: Unit) -> Answer:
        person = await people.person_of(unit, "mp", Told(openid, unionid))
        return Answer({"person": str(person.id)})

    return act


async def walk_in(world: World, **changed: Any) -> Drive:
    """A draft a clerk has filled in, not yet submitted."""
    clerk = await world.window("daye")
    body = draft.NewDraft(city="daye", walk_in=True)
    made = await world.act(
        clerk, lambda unit: draft.create_draft(unit, body, channel=Channel.MINIPROGRAM)
    )
    drive = Drive(world, "daye", clerk, UUID(made["id"]))
    await drive.save(DAYE | changed)
    return drive


async def send_back(world: World, case: UUID) -> None:
    told = acceptance.FaultTold(field="site.address", reason="field_wrong")
    body = acceptance.Return(faults=(told,))
    clerk = await world.window("daye")
    await world.act(
        clerk, lambda unit: acceptance.return_for_correction(unit, case, body, expect=None)
    )


async def owner_of(case: UUID) -> UUID | None:
    return (await Application.get(id=case)).owner_id


@pytest.mark.parametrize("swapped", ORDERS)
async def test_a_first_submit_meets_the_first_binding(world: World, swapped: bool) -> None:
    drive, person = await walk_in(world), await world.person("李")
    pair = [(person, bind()), (drive.owner, submit(drive.id))]
    await meet(world, *(reversed(pair) if swapped else pair))
    assert await owner_of(drive.id) == person.person


@pytest.mark.parametrize("swapped", ORDERS)
async def test_a_platforms_push_meets_the_first_binding(world: World, swapped: bool) -> None:
    person = await world.person("李")
    body = integration_inputs.PushedApplication(ref="P-1", values=DAYE)
    pair = [(person, bind()), (PORTAL, lambda unit: integration.push_application(unit, body))]
    await meet(world, *(reversed(pair) if swapped else pair))
    assert (await Application.get(platform_ref="P-1")).owner_id == person.person


@pytest.mark.parametrize("swapped", ORDERS)
async def test_a_walk_in_registration_meets_the_first_binding(world: World, swapped: bool) -> None:
    person, clerk = await world.person("李"), await world.window("daye")
    body = registration.NewRegistration(city="daye", values=FORM_A, walk_in=True)

    async def register(unit: Unit) -> Answer:
        return await registration.register(unit, body, channel=Channel.MINIPROGRAM)

    pair = [(person, bind()), (clerk, register)]
    await meet(world, *(reversed(pair) if swapped else pair))
    assert (await Registration.get()).owner_id == person.person


async def resubmitted(world: World) -> tuple[UUID, Actor, Act]:
    """A returned walk-in whose clerk has since entered a number somebody verified long ago."""
    drive = await walk_in(world, **{"contact.phone": "13800007777"})
    await drive.submit()
    await send_back(world, drive.id)
    await drive.save({"contact.phone": PHONE})
    return drive.id, drive.owner, submit(drive.id)


async def corrected(world: World) -> tuple[UUID, Actor, Act]:
    """A returned push whose correction names a number somebody verified long ago."""
    body = integration_inputs.PushedApplication(
        ref="P-1", values=DAYE | {"contact.phone": "13800007777"}
    )
    await world.act(PORTAL, lambda unit: integration.push_application(unit, body))
    case = await Application.get(platform_ref="P-1")
    await send_back(world, case.id)
    again = integration_inputs.PushedCorrection(values=DAYE)
    return case.id, PORTAL, lambda unit: integration.correct_application(unit, "P-1", again)


AGAIN = [resubmitted, corrected]


@pytest.mark.parametrize("prepared", AGAIN)
@pytest.mark.parametrize("swapped", ORDERS)
async def test_a_resubmit_meets_a_binding(
    world: World, prepared: Callable[..., Any], swapped: bool
) -> None:
    person = await world.person("李")
    await world.act(person, bind())
    case, actor, act = await prepared(world)
    pair = [(person, bind()), (actor, act)]
    await meet(world, *(reversed(pair) if swapped else pair))
    assert await owner_of(case) == person.person


@pytest.mark.parametrize("prepared", AGAIN)
async def test_a_binding_half_done_and_a_resubmit_do_not_wait_for_each_other(
    world: World, prepared: Callable[..., Any]
) -> None:
    """The binding has the person and waits at an older case when the resubmit comes."""
    person = await world.person("李")
    await world.act(person, bind())
    older = await Application.create(
        id=new_id(),
        city="daye",
        channel=Channel.WINDOW,
        stage=Stage.SUBMITTED,
        year=2025,
        sequence=1,
        judged_on=world.clock.now().date(),
        contact_lookup=world.services.seal.lookup(PHONE, "phone").hex(),
        created_at=world.clock.now(),
        updated_at=world.clock.now(),
    )
    case, actor, act = await prepared(world)
    await Application.filter(id=case).update(
        contact_lookup=world.services.seal.lookup(PHONE, "phone").hex()
    )

    async def lock(unit: Unit) -> Answer:
        query = Application.filter(id=older.id).using_db(unit.connection)
        await query.select_for_update().first()
        return Answer({})

    blocker = await Held(world, await world.window("daye"), lock).done()
    binding = asyncio.create_task(world.act(person, bind()))
    await seen_waiting(binding)
    late = asyncio.create_task(world.act(actor, act))
    await seen_waiting(late, 2)
    await blocker.let_go()
    assert (await binding)["claimed"]["applications"] == 2
    await late
    assert await owner_of(older.id) == await owner_of(case) == person.person


@pytest.mark.parametrize("swapped", ORDERS)
async def test_a_submit_meets_two_persons_becoming_one(world: World, swapped: bool) -> None:
    """The number is the younger's; its case must not stay with somebody who is no more."""
    nobody = Actor(person=None)
    elder = UUID((await world.act(nobody, sign_in("elder", None)))["person"])
    world.clock.forward(minutes=1)
    younger = UUID((await world.act(nobody, sign_in("younger", "u1")))["person"])
    await world.act(Actor(person=younger), bind())
    drive = await walk_in(world)
    pair = [(nobody, sign_in("elder", "u1")), (drive.owner, submit(drive.id))]
    told = await meet(world, *(reversed(pair) if swapped else pair))
    assert str(elder) in {each.get("person") for each in told}
    assert await owner_of(drive.id) == elder


async def test_a_number_bound_while_two_become_one_leaves_them_apart_for_now(world: World) -> None:
    nobody = Actor(person=None)
    elder = (await world.act(nobody, sign_in("elder", None)))["person"]
    world.clock.forward(minutes=1)
    younger = (await world.act(nobody, sign_in("younger", "u1")))["person"]
    held = await Held(world, Actor(person=UUID(younger)), bind()).done()
    joining = asyncio.create_task(world.act(nobody, sign_in("elder", "u1")))
    await seen_waiting(joining)
    await held.let_go()
    assert (await joining)["person"] == elder
    assert (await Person.get(id=younger)).phone_lookup is not None
    assert (await world.act(nobody, sign_in("elder", "u1")))["person"] == elder
    assert (await Person.get(id=younger)).phone_lookup is None
    assert (await Person.get(id=elder)).phone_lookup is not None
