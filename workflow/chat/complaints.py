"""投诉: recorded with the time by which it is answered, answered by the city's staff.

What somebody complains about, and what is answered, is sealed: a read by staff leaves a trace.
"""

import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from models import Application, Complaint, Person
from models.base import new_id
from rules.actors import Actor, Role
from rules.errors import Code, DomainError
from rules.states import Channel
from workflow.cases.case import is_owner
from workflow.cases.draft import city_today
from workflow.chat.sending import tell_in_chats
from workflow.encoding import SHANGHAI, shown
from workflow.inputs import CodeName, Input, clean_text
from workflow.notices import Audience, Notice
from workflow.ports import Services
from workflow.reading.cursor import Cursor, PageSize, decode, encode, uuid_of
from workflow.reading.lights import light
from workflow.unit import Answer, Unit

TEXT_PURPOSE: Final = "complaint.text"
ANSWER_PURPOSE: Final = "complaint.answer"
STEP: Final = "complaint"
MOST_A_DAY: Final = 20
"""Of one person."""
STAFF: Final = (Role.WINDOW_CLERK, Role.COORDINATOR, Role.REGULATOR)
"""Whoever follows every case of the city."""
_FIGURES: Final = (5, 5, 5, 6, 6, 7, 8, 9)
"""Of a number's last part, try by try."""
_LISTED: Final = 50
_QUEUE = "complaints"


class NewComplaint(Input):
    """What is complained about; ``application_id``: one of the sender's own cases."""

    city: CodeName
    text: Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=2000)]
    application_id: UUID | None = None


class ComplaintReply(Input):
    """答复, as the sender reads it; short enough for one message of a chat (2,048 bytes)."""

    text: Annotated[str, BeforeValidator(clean_text), Field(min_length=1, max_length=450)]


class ComplaintQuery(Input):
    """The complaints of a city that are still to be answered, or have been."""

    city: CodeName
    state: Literal["open", "answered"] = "open"
    after: Cursor | None = None
    limit: PageSize = 20


async def complain(unit: Unit, body: NewComplaint, *, channel: Channel) -> Answer:
    """Record a complaint; the window and the coordinator of its city are told at once.

    About a case it belongs to the case's city. Raises ``NOT_FOUND`` for a case that is not the
    sender's own, ``TOO_MANY``.
    """
    person = unit.actor.person
    if person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    await Person.filter(id=person).using_db(unit.connection).select_for_update(no_key=True).first()
    app = await _own_case(unit, body.application_id)
    city = city_today(unit, app.city if app else body.city)
    day_ago = unit.now - timedelta(days=1)
    if await Complaint.filter(person_id=person, created_at__gt=day_ago).count() >= MOST_A_DAY:
        raise DomainError(Code.TOO_MANY, retry_after=3600)
    calendar = unit.services.calendars.of(city)
    due = calendar.deadline(unit.now, city.deadlines[STEP].limit)
    row = await Complaint.create(
        id=new_id(),
        number=await _number(unit.now),
        city=city.code,
        person_id=person,
        application_id=app.id if app else None,
        channel=channel,
        text_sealed=unit.services.seal.seal(body.text.encode(), TEXT_PURPOSE),
        created_at=unit.now,
        due_at=due.at,
        yellow_at=calendar.yellow_at(unit.now, due),
    )
    tell_offices(unit, row, "complaint_received")
    unit.audit(city.code, Role.APPLICANT, "complain", "complaint", row.id)
    return Answer(_item(unit.services, row, unit.now), 201, location=f"/complaints/{row.id}")


async def own(services: Services, actor: Actor, now: datetime) -> Answer:
    """What one has complained about, the newest first, with the answers."""
    if actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    rows = await Complaint.filter(person_id=actor.person).order_by("-created_at").limit(_LISTED)
    return Answer({"items": [_item(services, row, now) for row in rows]})


async def queue(unit: Unit, asked: ComplaintQuery) -> Answer:
    """Complaints of a city for its staff: open ones oldest first, answered ones newest first."""
    held = unit.actor.memberships_in(asked.city, *STAFF)
    if not held:
        raise DomainError(Code.FORBIDDEN)
    found = decode(_QUEUE, asked.after)
    oldest_first = asked.state == "open"
    query = Complaint.filter(city=asked.city, answered_at__isnull=oldest_first)
    if found is not None:
        ident = uuid_of(found[1])
        query = query.filter(id__gt=ident) if oldest_first else query.filter(id__lt=ident)
    rows = await query.order_by("id" if oldest_first else "-id").limit(asked.limit + 1)
    page = rows[: asked.limit]
    for row in page:
        unit.audit(row.city, held[0].role, "read_complaint", "complaint", row.id)
    end = page[-1] if len(rows) > asked.limit else None
    items = [_item(unit.services, row, unit.now) for row in page]
    return Answer({"items": items, "next": encode(_QUEUE, "", end.id) if end else None})


async def answer(unit: Unit, complaint_id: UUID, body: ComplaintReply) -> Answer:
    """Answer a complaint of one's city, once; whoever complained is told.

    Raises ``NOT_FOUND`` elsewhere, ``CONFLICT`` when it has been answered.
    """
    row = (
        await Complaint.filter(id=complaint_id)
        .using_db(unit.connection)
        .select_for_update()
        .first()
    )
    held = unit.actor.memberships_in(row.city, *STAFF) if row else ()
    if row is None or not held:
        raise DomainError(Code.NOT_FOUND)
    if row.person_id == unit.actor.person:
        raise DomainError(Code.FORBIDDEN)  # nobody acts in office in a matter of its own
    if row.answered_at is not None:
        raise DomainError(Code.CONFLICT)
    await row.change(
        answered_at=unit.now,
        answered_by=unit.actor.person,
        answer_sealed=unit.services.seal.seal(body.text.encode(), ANSWER_PURPOSE),
    )
    _tell(unit, row, "complaint_answered", Audience(persons=(row.person_id,)))
    if row.channel is Channel.CHAT:
        data = {"number": row.number, "answer": body.text}
        await tell_in_chats(unit, row.person_id, "complaint_answered", data)
    unit.audit(row.city, held[0].role, "answer_complaint", "complaint", row.id)
    return Answer(_item(unit.services, row, unit.now))


def tell_offices(unit: Unit, row: Complaint, code: str) -> None:
    """Tell the window and the coordinator of its city."""
    _tell(unit, row, code, Audience(city_roles=(Role.WINDOW_CLERK, Role.COORDINATOR)))


async def _own_case(unit: Unit, application_id: UUID | None) -> Application | None:
    if application_id is None:
        return None
    app = await Application.filter(id=application_id).first()
    if app is None or not await is_owner(unit.actor, app.owner_id, app.enterprise_id):
        raise DomainError(Code.NOT_FOUND)
    return app


async def _number(now: datetime) -> str:
    """投诉编号: the day and five figures that tell nothing of how many there are; more figures on a
    day with so many that a free number of five is hard to find.
    """
    day = now.astimezone(SHANGHAI)
    for figures in _FIGURES:
        number = f"TS{day:%y%m%d}-{secrets.randbelow(10**figures):0{figures}d}"
        if not await Complaint.filter(number=number).exists():
            return number
    raise DomainError(Code.TOO_MANY, retry_after=3600)


def _tell(unit: Unit, row: Complaint, code: str, audience: Audience) -> None:
    unit.notices.append(
        Notice(
            origin=f"complaint:{row.id}",
            code=code,
            city=row.city,
            audience=audience,
            params={"number": row.number, "due_at": shown(row.due_at)},
        )
    )


def _item(services: Services, row: Complaint, now: datetime) -> dict[str, Any]:
    sealed = row.answer_sealed
    yellow = row.yellow_at.timestamp() if row.yellow_at else None
    return {
        "id": str(row.id),
        "number": row.number,
        "city": row.city,
        "application_id": str(row.application_id) if row.application_id else None,
        "channel": row.channel.value,
        "text": services.seal.open(bytes(row.text_sealed), TEXT_PURPOSE).decode(),
        "created_at": shown(row.created_at),
        "due_at": shown(row.due_at),
        "light": None
        if row.answered_at
        else light(row.due_at.timestamp(), yellow, now.timestamp(), None),
        "answered_at": shown(row.answered_at),
        "answer": services.seal.open(bytes(sealed), ANSWER_PURPOSE).decode() if sealed else None,
    }
