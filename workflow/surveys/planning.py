"""Joint times of one visit: the crews of everybody who must come, as columns for ``rules.slots``.

An organisation without an active crew is no party of the search: it comes by its own arrangement
and is told the time. Where nobody has crews any working time in the future may be had.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from config.cities import City
from models.queries import lanes
from rules.calendar import WorkCalendar
from rules.slots import Slot, Visit, find
from rules.travel import Minutes, Travel
from rules.worktime import ceil_minute, day_of, floor_minute, instant, midnight
from workflow.surveys.columns import Crews, Place, crews_of


@dataclass(frozen=True, slots=True)
class Needed:
    """An organisation that must come; ``request``: its part of an accepted application."""

    organization: UUID
    request: UUID | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """What a joint visit is planned for."""

    city: City
    calendar: WorkCalendar
    now: datetime
    town: str | None
    place: Place
    needed: tuple[Needed, ...]
    without: tuple[UUID, ...] = ()
    """Surveys that give way to this one: its own."""
    not_crews: tuple[UUID, ...] = ()
    """Crews that do not come."""
    declined_for: tuple[UUID | None, UUID | None] = (None, None)
    """The application and the registration: who has declined a time of theirs keeps to that."""

    @property
    def organizations(self) -> list[UUID]:
        """Who must come."""
        return [each.organization for each in self.needed]

    @property
    def length(self) -> timedelta:
        """How long the visit takes."""
        return timedelta(minutes=self.city.survey_rules.slot_minutes)


@dataclass(frozen=True, slots=True)
class Part:
    """One crew that would come: on which lane of the database, how long it travels."""

    organization: UUID
    request: UUID | None
    crew: UUID
    lane: int
    travel_minutes: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A time everybody can keep."""

    at: datetime
    ends_at: datetime
    parts: tuple[Part, ...]

    @property
    def travel_minutes(self) -> int:
        """The ways of all crews together."""
        return sum(part.travel_minutes for part in self.parts)


async def load(site: Site, first: date, last: date) -> Crews:
    """The crews of everybody needed, over whole days (both included)."""
    since, until = instant(midnight(first)), instant(midnight(last + timedelta(days=1)))
    margin = timedelta(days=1)  # who travels far is still on the way from the day before
    row = await lanes.read(
        site.organizations,
        since - margin,
        until + margin,
        site.now,
        site.without,
        site.not_crews,
        site.declined_for,
    )
    if not row["crews"]:
        return Crews()
    return crews_of(row, site.city, site.calendar, first, (last - first).days + 1)


def times(site: Site, first: date, last: date) -> Minutes:
    """Times offered on days (both included): in steps from each opening, the whole visit inside,
    in the future, at most as far ahead as the city books.
    """
    rules = site.city.survey_rules
    today = day_of(floor_minute(site.now))
    last = min(last, today + timedelta(days=rules.book_ahead_days))
    earliest = ceil_minute(site.now) + (0 if site.now.second or site.now.microsecond else 1)
    found = [
        at
        for offset in range((last - first).days + 1)
        for opens, closes in site.calendar.sessions(first + timedelta(days=offset))
        for at in range(opens, closes - rules.slot_minutes + 1, rules.step_minutes)
        if at >= earliest
    ]
    return np.array(found, np.int64)


def search(site: Site, crews: Crews, among: Minutes, most: int) -> list[Planned]:
    """The earliest of some times that suit everybody, each with its nearest crews."""
    return [_planned(site, crews, slot) for slot in _find(site, crews, among, most)]


async def plan_at(site: Site, at: datetime) -> Planned | None:
    """Who would come at just that time; None when somebody cannot.

    Locks the crews of everybody needed until the end of the transaction, and ends holds of theirs
    that have run out: what it plans may be inserted.
    """
    if not site.needed or not await lanes.lock(site.organizations):
        return Planned(at, at + site.length, ())
    await lanes.expire(site.organizations, site.now)
    day = day_of(floor_minute(at))
    crews = await load(site, day, day)
    if not crews.parties:
        return Planned(at, at + site.length, ())
    found = search(site, crews, np.array([floor_minute(at)], np.int64), 1)
    return found[0] if found and instant(floor_minute(at)) == at else None


def _find(site: Site, crews: Crews, among: Minutes, most: int) -> list[Slot]:
    rules = site.city.survey_rules
    travel = Travel(float(rules.travel_kmh), rules.travel_least_minutes)
    visit = Visit(site.place, rules.slot_minutes, travel)
    return find(crews.parties, visit, among, most=most)


def _planned(site: Site, crews: Crews, slot: Slot) -> Planned:
    requests = {str(each.organization): each.request for each in site.needed}
    at = instant(slot.at)
    parts = []
    for coming in slot.coming:
        crew, lane = crews.lanes[coming.party][coming.lane]
        parts.append(
            Part(UUID(coming.party), requests[coming.party], crew, lane, coming.travel_minutes)
        )
    return Planned(at, at + site.length, tuple(parts))
