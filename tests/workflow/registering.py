"""Form A filled in, and registrations driven by their rightful actors."""

from typing import Any
from uuid import UUID

from models import Enterprise, EnterpriseMember, Registration, RegistrationVisit
from models.base import new_id
from rules.actors import Actor
from rules.states import Channel
from tests.workflow.world import World
from workflow.registrations import conversion, registration

FORM_A: dict[str, Any] = {
    "enterprise.name": "样例铸造有限公司",
    "enterprise.credit_code": "91420281MA49QK7T17",
    "contact.name": "李样",
    "contact.phone": "13800001234",
    "site.town": "jinhu",
    "site.address": "样例大道 8 号",
    "plan.use_date": "2026-12-01",
    "project.code": "2026-420281-33-01-123456",
    "project.name": "精密铸件二期",
    "utilities": ["water", "electricity"],
    "other.text": "夜间施工需临时照明",
}
TOWNS = {"daye": "jinhu", "zhoukou": "chuanhui"}


async def registered(world: World, city: str, actor: Actor, **told: Any) -> UUID:
    """A registration of form A; ``told`` changes the input."""
    values = {**FORM_A, "site.town": TOWNS[city], **told.pop("values", {})}
    body = registration.NewRegistration(city=city, values=values, **told)
    answer = await world.act(
        actor, lambda unit: registration.register(unit, body, channel=Channel.MINIPROGRAM)
    )
    return UUID(answer["id"])


async def visitors(world: World, city: str, registration_id: UUID) -> list[Actor]:
    """One person of every organisation that owes a call."""
    owed = await RegistrationVisit.filter(registration_id=registration_id).order_by("id")
    if city == "zhoukou":
        return [await world.coordinator(city)]
    return [await world.clerk(city, visit.organization_id) for visit in owed]


async def visit(world: World, actor: Actor, registration_id: UUID, **told: Any) -> dict[str, Any]:
    """Record a call made now."""
    body = registration.HomeVisit(visited_at=told.get("at", world.clock.now()), note="已对接")
    return await world.act(
        actor, lambda unit: registration.record_visit(unit, registration_id, body, expect=None)
    )


async def visited(world: World, city: str, registration_id: UUID) -> None:
    """Every call paid."""
    for actor in await visitors(world, city, registration_id):
        await visit(world, actor, registration_id)


async def park(world: World, actor: Actor, registration_id: UUID) -> dict[str, Any]:
    """Let it wait."""
    body = registration.Parking(reason="用量未定")
    return await world.act(
        actor, lambda unit: registration.park(unit, registration_id, body, expect=None)
    )


async def convert(world: World, actor: Actor, registration_id: UUID, **told: Any) -> dict[str, Any]:
    """One more application of it."""
    body = conversion.Conversion(**told)
    return await world.act(
        actor,
        lambda unit: conversion.convert(
            unit, registration_id, body, channel=Channel.MINIPROGRAM, expect=None
        ),
    )


async def row(registration_id: UUID) -> Registration:
    """As it stands."""
    return await Registration.get(id=registration_id)


async def enterprise_of(world: World, owner: Actor, *colleagues: Actor) -> Enterprise:
    """The enterprise of form A, entered by its owner, who has let the colleagues in."""
    assert owner.person is not None
    made = await Enterprise.create(
        id=new_id(),
        created_by=owner.person,
        credit_code=FORM_A["enterprise.credit_code"],
        name=FORM_A["enterprise.name"],
        profile={"enterprise.address": "样例路一号"},
        created_at=world.clock.now(),
    )
    for person in (owner.person, *(each.person for each in colleagues)):
        await EnterpriseMember.create(
            enterprise_id=made.id,
            person_id=person,
            relation="owner" if person == owner.person else "agent",
            created_at=world.clock.now(),
        )
    return made
