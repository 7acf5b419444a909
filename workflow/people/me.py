"""What a person is to the product: phone, name, roles, enterprises."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from models import Enterprise, Organization, Person
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.forms.codes import Wrong
from rules.forms.codes import phone as normal_phone
from rules.visibility import mask_phone
from workflow.cases.draft import today
from workflow.inputs import Input, Line
from workflow.people.attempts import PHONE, spend
from workflow.people.sessions import PlatformCode
from workflow.ports import Services
from workflow.registrations.claims import take_turn
from workflow.unit import Answer, Unit
from workflow.values import PERSON_NAME_PURPOSE, PERSON_PHONE_PURPOSE, phone_lookup


class PhoneCode(Input):
    """A code of the phone button; not the sign-in code."""

    code: PlatformCode


def _one_line(value: str) -> str:
    if "\n" in value or "\t" in value:
        raise ValueError("one_line")
    return value


class Name(Input):
    """How colleagues and the window read who did something."""

    name: Annotated[Line, AfterValidator(_one_line), Field(max_length=50)]


async def verified_phone(services: Services, actor: Actor, body: PhoneCode) -> str:
    """The number behind a code; before, and outside of, the unit of work.

    Raises ``LOGIN_FAILED``, ``PLATFORM_UNAVAILABLE``, ``TOO_MANY``.
    """
    await spend(services, PHONE, str(actor.person))
    told = await services.platform.phone_number(body.code)
    try:
        return normal_phone(told)
    except Wrong:  # a number from abroad stays as the platform tells it
        return told


async def bind_phone(unit: Unit, phone: str) -> Answer:
    """Bind a verified number and take over what was entered for it before the person came."""
    seal = unit.services.seal
    lookup = phone_lookup(seal, phone)
    await take_turn(lookup)
    person = await _own(unit)
    await person.change(
        phone_sealed=seal.seal(phone.encode(), PERSON_PHONE_PURPOSE), phone_lookup=lookup
    )
    claimed = {
        "applications": await _claim(unit, "application", lookup),
        "registrations": await _claim(unit, "registration", lookup),
    }
    return Answer({"phone": mask_phone(phone), "claimed": claimed})


_CLAIM = {
    "application": "UPDATE applications SET owner_id = $1 WHERE id IN (SELECT id FROM applications"
    " WHERE contact_lookup = $2 AND owner_id IS NULL AND stage <> 'draft' ORDER BY id FOR UPDATE)"
    " RETURNING id, city",
    "registration": "UPDATE registrations SET owner_id = $1 WHERE id IN (SELECT id FROM"
    " registrations WHERE contact_lookup = $2 AND owner_id IS NULL ORDER BY id FOR UPDATE)"
    " RETURNING id, city",
}
"""A draft at the window stays the window's until it is submitted. Oldest first, as everybody."""


async def _claim(unit: Unit, kind: str, lookup: str | None) -> int:
    rows = await unit.connection.execute_query_dict(_CLAIM[kind], [unit.actor.person, lookup])
    for row in rows:
        unit.audit(row["city"], Role.APPLICANT, "claim", kind, row["id"])
    return len(rows)


async def set_name(unit: Unit, body: Name) -> Answer:
    """Keep the person's name, sealed."""
    person = await _own(unit)
    await person.change(
        name_sealed=unit.services.seal.seal(body.name.encode(), PERSON_NAME_PURPOSE)
    )
    return Answer({"name": body.name})


async def me(services: Services, actor: Actor) -> dict[str, Any]:
    """Who one is: name, masked phone, roles with organisation and city, enterprises."""
    person = await Person.get(id=actor.person)
    orgs = {
        org.id: org for org in await Organization.filter(id__in=[m.org for m in actor.memberships])
    }
    day = today(services.clock.now())
    return {
        "id": str(person.id),
        "name": opened(services, person.name_sealed, PERSON_NAME_PURPOSE),
        "phone": masked_phone(services, person),
        "on_desk": actor.on_desk,
        "totp": person.totp_sealed is not None,
        "memberships": [
            {
                "id": str(each.id),
                "role": each.role.value,
                "city": each.city,
                "city_name": services.cities.on(each.city, day).name,
                "organization": str(each.org),
                "organization_name": orgs[each.org].name,
                "utility": each.utility,
                "town": each.town,
            }
            for each in actor.memberships
            if each.city in services.cities.codes()
        ],
        "enterprises": [
            {"id": str(row.id), "name": row.name, "credit_code": row.credit_code}
            for row in await Enterprise.filter(members__person_id=actor.person).order_by("name")
        ],
    }


def opened(services: Services, sealed: bytes | None, purpose: str) -> str | None:
    """A sealed text; ``None`` where there is none."""
    return services.seal.open(bytes(sealed), purpose).decode() if sealed else None


def masked_phone(services: Services, person: Person) -> str | None:
    """``138****8000``; ``None`` before a number is bound."""
    phone = opened(services, person.phone_sealed, PERSON_PHONE_PURPOSE)
    return mask_phone(phone) if phone else None


async def _own(unit: Unit) -> Person:
    return await locked(unit, unit.actor.person)


async def locked(unit: Unit, person_id: UUID | None) -> Person:
    """A person for change. Raises ``UNAUTHENTICATED`` when there is none.

    Its key does not change: who only names the person in a row of its own need not wait.
    """
    row = (
        await Person.filter(id=person_id)
        .using_db(unit.connection)
        .select_for_update(no_key=True)
        .first()
        if person_id is not None
        else None
    )
    if row is None:
        raise DomainError(Code.UNAUTHENTICATED)
    return row
