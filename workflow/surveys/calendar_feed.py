"""日历订阅: joint visits as an iCalendar that calendar programs subscribe to (RFC 5545, RFC 7986).

Whoever has the link reads it, so it holds the case's number, the address and the time, nothing
else. An event keeps its ``UID`` when the visit is moved or another crew comes; ``SEQUENCE`` grows.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from icalendar import Calendar, Event, vDuration

from config.texts import words
from models import CalendarLink
from models.base import new_id
from models.queries import feeds as query
from models.queries.feeds import Row
from rules.errors import Code, DomainError
from rules.states import SurveyState
from workflow.cases.draft import today
from workflow.encoding import shown
from workflow.people.secret_codes import digest
from workflow.ports import Services
from workflow.unit import Answer, Unit

SUFFIX: Final = ".ics"
BYTES: Final = 16
"""128 random bits (ASVS 11.5.1)."""
MOST_LINKS: Final = 10
MOST_EVENTS: Final = 500
BACK: Final = timedelta(days=60)
"""How long past visits stay in it."""
REFRESH: Final = timedelta(minutes=15)


async def subscribe(unit: Unit) -> Answer:
    """A new link, told this once. Raises ``CONFLICT`` where the person has ten already."""
    person = _person(unit)
    if await CalendarLink.filter(person_id=person, revoked_at=None).count() >= MOST_LINKS:
        raise DomainError(Code.CONFLICT, most=MOST_LINKS)
    token = secrets.token_urlsafe(BYTES)
    row = await CalendarLink.create(
        id=new_id(), token_hash=digest(token), person_id=person, created_at=unit.now
    )
    url = f"{unit.services.public_url}/calendar/{token}{SUFFIX}"
    return Answer({**_body(row), "url": url}, 201, location=f"/me/calendar-links/{row.id}")


async def links(person: UUID | None) -> Answer:
    """Links that still open something, the newest first; never the links themselves."""
    if person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    rows = await CalendarLink.filter(person_id=person, revoked_at=None).order_by("-created_at")
    return Answer({"items": [_body(row) for row in rows]})


async def revoke(unit: Unit, link_id: UUID) -> Answer:
    """Make a link of one's own worthless. Raises ``NOT_FOUND``."""
    changed = await CalendarLink.filter(
        id=link_id, person_id=_person(unit), revoked_at=None
    ).update(revoked_at=unit.now)
    if not changed:
        raise DomainError(Code.NOT_FOUND)
    return Answer({"id": str(link_id), "revoked_at": shown(unit.now)})


async def feed(services: Services, token: str, now: datetime) -> bytes:
    """The calendar behind a link. Raises ``LINK_INVALID``: unknown, revoked and misspelt alike.

    The same visits give the same bytes, so that a client may be told that nothing has changed.
    """
    if not token.endswith(SUFFIX):
        raise DomainError(Code.LINK_INVALID)
    person = await query.owner_of(digest(token.removesuffix(SUFFIX)), now)
    if person is None:
        raise DomainError(Code.LINK_INVALID)
    calendar = _calendar()
    for row in await query.appointments(person, now - BACK, MOST_EVENTS):
        calendar.add_component(_event(services, row, now))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    name = words.message("calendar_name")
    calendar.add("prodid", "-//lianhe-baozhuang//joint surveys//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar


def _event(services: Services, row: Row, now: datetime) -> Event:
    city = services.cities.on(row["city"], row["judged_on"] or today(now))
    numbered = row["year"] is not None and row["sequence"] is not None
    number = city.numbering.format(row["year"], row["sequence"]) if numbered else ""
    town = next((each.label for each in city.towns if each.code == row["site_town"]), "")
    event = Event()
    event.add("uid", f"{row['application_id'] or row['registration_id']}@lianhe-baozhuang")
    event.add("dtstamp", row["created_at"].astimezone(UTC))
    event.add("sequence", int(row["changes"]))
    event.add("dtstart", row["at"].astimezone(UTC))
    event.add("dtend", row["ends_at"].astimezone(UTC))
    event.add("summary", f"{words.message('calendar_event')}{number}")
    event.add("location", town + (row["address"] or ""))
    event.add("status", _status(row))
    event.add("transp", "OPAQUE" if row["stands"] else "TRANSPARENT")
    return event


def _status(row: Row) -> str:
    if not row["stands"]:
        return "CANCELLED"
    return "TENTATIVE" if row["state"] == SurveyState.HELD else "CONFIRMED"


def _person(unit: Unit) -> UUID:
    if unit.actor.person is None:
        raise DomainError(Code.UNAUTHENTICATED)
    return unit.actor.person


def _body(row: CalendarLink) -> dict[str, Any]:
    return {"id": str(row.id), "created_at": shown(row.created_at), "read_at": shown(row.read_at)}
