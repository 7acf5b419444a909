"""A chat joined to somebody by a code: who that is, masked; taken apart; who is told of it."""

from typing import Any
from uuid import UUID

from config import texts
from config.texts import words
from models import Application, Conversation, Person, Registration
from models.queries import belongings
from rules.actors import Role
from rules.visibility import mask_name
from workflow.chat.sending import send_chat
from workflow.notices import Audience, Notice
from workflow.people.identity import SessionKind
from workflow.people.me import masked_phone, opened
from workflow.people.persons import cities_of
from workflow.people.sessions import revoke_all
from workflow.ports import Services
from workflow.unit import Unit
from workflow.values import PERSON_NAME_PURPOSE


async def known_as(services: Services, person: UUID) -> dict[str, Any]:
    """``name`` and ``phone`` of an account, masked; empty where it has told none."""
    row = await Person.get(id=person)
    name = opened(services, row.name_sealed, PERSON_NAME_PURPOSE)
    return {"name": mask_name(name or ""), "phone": masked_phone(services, row) or ""}


async def locked(unit: Unit, *persons: UUID) -> None:
    """Lock persons, in their order."""
    await (
        Person.filter(id__in=list(persons))
        .using_db(unit.connection)
        .order_by("id")
        .select_for_update(no_key=True)
    )


async def take_apart(unit: Unit, talk: Conversation, *, tell: str | None = None) -> int:
    """Give a chat that was joined by a code back to whose it was, with what had come along and is
    still the account's; how many cases. ``tell``: what is said of it in the chat
    (``config/texts/messages.toml``).

    The chat's turn is held by the caller.
    """
    person, home = talk.person_id, talk.home_id
    assert home is not None  # noqa: S101 - the caller has looked
    brought = talk.brought or {}
    await belongings.hold_brought(brought)
    await locked(unit, person, home)
    given = await belongings.give_back(brought, person, home)
    await talk.change(
        person_id=home,
        home_id=None,
        brought=None,
        joined_at=None,
        state_sealed=None,
        updated_at=unit.now,
    )
    await revoke_all(person, unit.now, SessionKind.WEB)  # one of those may be this openid's
    await note(unit, person, "chat_left", talk.id, home)
    cases = sum(given.get(table, 0) for table in belongings.CASES)
    if tell is not None:
        content = words.message(tell)
        if cases:
            content += texts.render(words.message("chat_given_back"), {"cases": cases})
        send_chat(unit, talk.openid, [{"kind": "text", "content": content}])
    return cases


async def note(unit: Unit, person: UUID, code: str, chat: UUID, *also: UUID) -> None:
    """Tell the account's person, and leave a trace in every city that is concerned."""
    city = await audit_chat(unit, code, chat, person, *also)
    unit.notices.append(
        Notice(
            origin=f"{code}:{chat}:{int(unit.now.timestamp())}",
            code=code,
            city=city,
            audience=Audience(persons=(person,)),
        )
    )


async def audit_chat(
    unit: Unit, action: str, chat: UUID, *persons: UUID, success: bool = True
) -> str:
    """A trace in every city in which one of them has cases or works; where there is none, in every
    city of the service, for the account is all cities' own. The first of those cities.
    """
    found: dict[str, Role | str] = {}
    for person in persons:
        for city, role in await _cities(person):
            found.setdefault(city, role)
    if not found:
        found = dict.fromkeys(unit.services.cities.codes(), Role.APPLICANT)
    for city, role in found.items():
        unit.audit(city, role, action, "conversation", chat, success=success)
    return next(iter(found))


async def _cities(person: UUID) -> list[tuple[str, Role | str]]:
    held = await cities_of(await Person.get(id=person))
    found: dict[str, Role | str] = dict(held)
    for table in (Application, Registration):
        for city in await table.filter(owner_id=person).distinct().values_list("city", flat=True):
            found.setdefault(str(city), Role.APPLICANT)
    return list(found.items())
