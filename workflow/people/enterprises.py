"""The enterprise profile, asked once (domain §4), and the colleagues who act for it."""

from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from models import ColleagueCode, Enterprise, EnterpriseMember, Person
from models.base import new_id
from rules.errors import Code, DomainError, Fault
from rules.forms import Form, profile_of, validate
from rules.visibility import mask_name
from workflow.cases.draft import city_today
from workflow.encoding import shown
from workflow.inputs import CodeName, Input
from workflow.people.me import masked_phone, opened
from workflow.people.secret_codes import SecretCode, hash_of, new_code
from workflow.ports import Services
from workflow.unit import Answer, Unit
from workflow.values import ENTERPRISE_PURPOSE, PERSON_NAME_PURPOSE, at_rest, form_b, unseal

OWNER: Final = "owner"
AGENT: Final = "agent"
CODE_LIFE: Final = timedelta(hours=24)
NEEDED: Final = ("enterprise.name", "enterprise.credit_code")


class Profile(Input):
    """Values by the keys of form B; ``city`` says whose form judges them."""

    city: CodeName
    values: Annotated[dict[str, Any], Field(max_length=60)]


class Join(Input):
    """The code a colleague handed over."""

    code: SecretCode


async def create(unit: Unit, body: Profile) -> Answer:
    """Enter an enterprise; whoever does is its owner here. Every fault at once.

    Raises ``ENTERPRISE_KNOWN`` when the person has entered it before. The same enterprise entered
    by somebody else is another profile: knowing a credit code opens nothing.
    """
    person = unit.actor.person
    values, columns = _judged(unit, body)
    code = columns["credit_code"]
    if await Enterprise.filter(created_by=person, credit_code=code).exists():
        raise DomainError(Code.ENTERPRISE_KNOWN)
    row = await Enterprise.create(id=new_id(), created_by=person, created_at=unit.now, **columns)
    await EnterpriseMember.create(
        id=new_id(),
        enterprise_id=row.id,
        person_id=person,
        relation=OWNER,
        created_at=unit.now,
    )
    return Answer(_body(row, values, OWNER), 201, row.version, f"/enterprises/{row.id}")


async def update(unit: Unit, enterprise_id: UUID, body: Profile, expect: int | None) -> Answer:
    """Replace the profile. Its owner only; raises ``VERSION_STALE``."""
    row, relation = await _for_member(unit, enterprise_id, owner=True)
    if expect is not None and expect != row.version:
        raise DomainError(Code.VERSION_STALE, version=row.version)
    values, columns = _judged(unit, body)
    code = columns["credit_code"]
    same = Enterprise.filter(created_by=row.created_by, credit_code=code).exclude(id=row.id)
    if await same.exists():
        raise DomainError(Code.ENTERPRISE_KNOWN)
    await row.change(**columns)
    return Answer(_body(row, values, relation), version=row.version)


async def read(services: Services, person: UUID | None, enterprise_id: UUID) -> Answer:
    """The profile with its personal values, for those who act for it."""
    relation = await _relation(person, enterprise_id)
    row = await Enterprise.get(id=enterprise_id)
    values = row.profile | unseal(services.seal, row.personal_sealed, ENTERPRISE_PURPOSE)
    return Answer(_body(row, values, relation), version=row.version)


async def members(services: Services, person: UUID | None, enterprise_id: UUID) -> dict[str, Any]:
    """Who acts for the enterprise; the owner first, names and phones masked."""
    await _relation(person, enterprise_id)
    rows = await EnterpriseMember.filter(enterprise_id=enterprise_id).order_by("created_at")
    people = {each.id: each for each in await Person.filter(id__in=[r.person_id for r in rows])}
    return {
        "items": [
            {
                "person": str(row.person_id),
                "name": mask_name(_name(services, people[row.person_id]) or ""),
                "phone": masked_phone(services, people[row.person_id]),
                "relation": row.relation,
                "since": shown(row.created_at),
                "self": row.person_id == person,
            }
            for row in rows
        ]
    }


async def invite_colleague(unit: Unit, enterprise_id: UUID) -> Answer:
    """A one-time code by which a colleague joins within a day; shown this once."""
    await _for_member(unit, enterprise_id, owner=True)
    code = new_code()
    row = await ColleagueCode.create(
        id=new_id(),
        code_hash=hash_of(code),
        enterprise_id=enterprise_id,
        created_at=unit.now,
        expires_at=unit.now + CODE_LIFE,
    )
    body = {"code": code, "expires_at": shown(row.expires_at)}
    return Answer(body, 201, location=f"/enterprises/{enterprise_id}/colleague-codes")


async def join(unit: Unit, body: Join) -> Answer:
    """Act for the enterprise from now on (经办人): see its cases, enter new ones.

    Raises ``INVITATION_INVALID``, ``ALREADY_MEMBER`` (the code stays good).
    """
    person = unit.actor.person
    row = (
        await ColleagueCode.filter(code_hash=hash_of(body.code))
        .using_db(unit.connection)
        .select_for_update()
        .first()
    )
    if row is None or row.used_by is not None or row.expires_at <= unit.now:
        raise DomainError(Code.INVITATION_INVALID)
    if await EnterpriseMember.filter(enterprise_id=row.enterprise_id, person_id=person).exists():
        raise DomainError(Code.ALREADY_MEMBER)
    await EnterpriseMember.create(
        id=new_id(),
        enterprise_id=row.enterprise_id,
        person_id=person,
        relation=AGENT,
        created_at=unit.now,
    )
    await ColleagueCode.filter(id=row.id).update(used_by=person)
    enterprise = await Enterprise.get(id=row.enterprise_id)
    joined = {"enterprise": str(enterprise.id), "name": enterprise.name, "relation": AGENT}
    return Answer(joined, 201, location=f"/enterprises/{enterprise.id}")


async def remove_member(unit: Unit, enterprise_id: UUID, person: UUID) -> Answer:
    """The owner removes a colleague, or a colleague leaves; the owner stays."""
    own = person == unit.actor.person
    await _for_member(unit, enterprise_id, owner=not own)
    gone = await EnterpriseMember.filter(
        enterprise_id=enterprise_id, person_id=person, relation=AGENT
    ).delete()
    if not gone:
        raise DomainError(Code.FORBIDDEN if own else Code.NOT_FOUND)
    return Answer({"enterprise": str(enterprise_id), "person": str(person), "removed": True})


async def _relation(person: UUID | None, enterprise_id: UUID, *, owner: bool = False) -> str:
    """What the person is to the enterprise. ``NOT_FOUND`` for strangers."""
    found = await EnterpriseMember.filter(enterprise_id=enterprise_id, person_id=person).first()
    if found is None:
        raise DomainError(Code.NOT_FOUND)
    if owner and found.relation != OWNER:
        raise DomainError(Code.FORBIDDEN)
    return found.relation


async def _for_member(unit: Unit, enterprise_id: UUID, *, owner: bool) -> tuple[Enterprise, str]:
    relation = await _relation(unit.actor.person, enterprise_id, owner=owner)
    row = (
        await Enterprise.filter(id=enterprise_id)
        .using_db(unit.connection)
        .select_for_update()
        .get()
    )
    return row, relation


def _judged(unit: Unit, body: Profile) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values as the form reads them, and the columns that keep them. Raises ``INVALID``."""
    form = form_b(city_today(unit, body.city))
    checked = validate(form, body.values, now=unit.now, calendar=None, mode="draft")
    faults = list(checked.faults)
    own = profile_of(body.values)
    faults += [
        Fault(key, "not_in_form", _label(form, key))
        for key in body.values
        if key not in own and key in form.by_key
    ]
    faulty = {fault.field for fault in faults}
    faults += [
        Fault(key, "required", _label(form, key))
        for key in NEEDED
        if key not in checked.values and key not in faulty
    ]
    if faults:
        raise DomainError(Code.INVALID, faults=tuple(faults))
    values = dict(checked.values)
    kept = at_rest(unit.services.seal, form, values, ENTERPRISE_PURPOSE)
    return values, {
        "name": values["enterprise.name"],
        "credit_code": values["enterprise.credit_code"],
        "profile": kept.plain,
        "personal_sealed": kept.sealed,
    }


def _label(form: Form, key: str) -> str:
    field = form.by_key.get(key)
    return field.label if field else ""


def _name(services: Services, person: Person) -> str | None:
    return opened(services, person.name_sealed, PERSON_NAME_PURPOSE)


def _body(row: Enterprise, values: dict[str, Any], relation: str) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "credit_code": row.credit_code,
        "values": values,
        "relation": relation,
        "version": row.version,
    }
