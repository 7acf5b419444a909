"""The in-app inbox: every notice exactly once, in words for whoever reads it (domain §10)."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from pydantic import Field

from config.texts import words
from models.queries import inbox as query
from rules.actors import Actor
from rules.errors import Code, DomainError
from rules.lifecycle import Subject
from rules.moves import REQUEST
from workflow.encoding import SHANGHAI, shown
from workflow.inputs import Input
from workflow.ports import Services
from workflow.reading.cursor import Cursor, PageSize, decode, encode, number_of
from workflow.reading.wording import in_words
from workflow.unit import Answer, Unit

Json = dict[str, Any]
LIST = "inbox"
NEWEST = 2**63 - 1
MessageId = Annotated[int, Field(ge=1, le=NEWEST)]

_OF_REQUESTS = frozenset(move.event for move in REQUEST)
_DEADLINE = "deadline"
_COMPLAINT = "complaint"
_ACCOUNT = "account"
_SURVEY = "survey"


class InboxQuery(Input):
    """Which messages, from where on."""

    unread: bool = False
    after: Cursor | None = None
    limit: PageSize = 20


class Read(Input):
    """Messages read: named ones, or all up to one."""

    ids: Annotated[tuple[MessageId, ...], Field(max_length=100)] = ()
    up_to: MessageId | None = None


async def inbox(services: Services, actor: Actor, asked: InboxQuery, now: datetime) -> Answer:
    """One page, newest first, with how many are unread."""
    if actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    found = decode(LIST, asked.after)
    before = NEWEST if found is None else number_of(found[1])
    rows = await query.page(actor.person, before, asked.limit + 1, unread=asked.unread)
    page = rows[: asked.limit]
    return Answer(
        {
            "unread": await query.unread(actor.person),
            "items": [_item(services, row, now) for row in page],
            "next": encode(LIST, "", page[-1]["id"]) if len(rows) > asked.limit else None,
        }
    )


async def unread(actor: Actor) -> Answer:
    """How many are unread, for the badge."""
    if actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    return Answer({"unread": await query.unread(actor.person)})


async def mark_read(unit: Unit, body: Read) -> Answer:
    """Mark messages of one's own as read; others' and unknown ones stay as they are."""
    if unit.actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    rows = await unit.connection.execute_query_dict(
        query.READ, [unit.actor.person, unit.now, list(body.ids), body.up_to or 0]
    )
    left = await unit.connection.execute_query_dict(query.UNREAD, [unit.actor.person])
    return Answer({"marked": len(rows), "unread": left[0]["count"]})


def subject_of(code: str, *, about_registration: bool) -> str:
    """The table of notices a code belongs to."""
    if code.startswith("deadline_"):
        return f"registration_{_DEADLINE}" if about_registration else _DEADLINE
    if code in words.notices(_COMPLAINT):
        return _COMPLAINT
    if code in words.notices(_ACCOUNT):
        return _ACCOUNT
    if code in words.notices(_SURVEY):
        return _SURVEY
    if about_registration:
        return Subject.REGISTRATION.value
    return (Subject.REQUEST if code in _OF_REQUESTS else Subject.APPLICATION).value


def reader_of(subject: str, code: str, own: bool) -> words.Reader:
    """Who is meant: of a case, its own people or an office; else whom the notice is worded for."""
    if subject in (_COMPLAINT, _ACCOUNT):
        return "applicant" if "applicant" in words.notices(subject)[code] else "staff"
    return "applicant" if own else "staff"


def _item(services: Services, row: query.Row, now: datetime) -> Json:
    params = orjson.loads(row["params"])
    day = row["judged_on"] or now.astimezone(SHANGHAI).date()
    city = services.cities.on(row["city"], day)
    about = row["application_id"] is None and row["registration_id"] is not None
    said = {"number": "", **in_words(city, params, params.get("utility"))}
    subject = subject_of(row["code"], about_registration=about)
    told = words.notice(subject, row["code"], reader_of(subject, row["code"], row["own"]), said)
    return {
        "id": row["id"],
        "code": row["code"],
        "title": told.title,
        "text": told.text,
        "city": row["city"],
        "application_id": _id(row["application_id"]),
        "registration_id": _id(row["registration_id"]),
        "at": shown(row["created_at"]),
        "read": row["read_at"] is not None,
    }


def _id(value: object | None) -> str | None:
    return None if value is None else str(value)
