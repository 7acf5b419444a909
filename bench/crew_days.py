"""Crews of five organisations, nine tenths of their visits booked: as columns, and as rows.

A lane is full when each session holds as many visits as fit between steps of half an hour with
the way between them; of each joint visit every organisation keeps its part with nine in ten.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from bench.ground import Broken, Ground
from models.base import new_id
from models.crews import LANES
from rules.slots import Party, Visit
from rules.travel import Minutes, Travel
from rules.worktime import day_of, floor_minute, instant

CREWS = 20
DAYS = 30
BOOKED = 0.9
STEP, LONG = 30, 60
SESSIONS = ((510, 720), (870, 1050))
Place = tuple[float, float]
CENTRE: Place = (114.65, 33.62)
TRAVEL = Travel(kmh=30, least_minutes=10)
_NEAR = 0.03
"""Degrees: visits lie within some six kilometres, a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one crew of one organisation has to do in a joint visit."""

    joint: int
    party: int
    crew: int
    starts: int
    place: Place

    @property
    def ends(self) -> int:
        """When it is over."""
        return self.starts + LONG


def parts(
    sessions: Sequence[tuple[int, int]],
    parties: int,
    rng: random.Random,
    crews: int = CREWS,
    centre: Place = CENTRE,
) -> Iterator[Part]:
    """The visits of all crews, those with the same number together."""
    joint = 0
    for crew in range(crews):
        for opens, closes in sessions:
            at = opens + STEP * rng.randrange(2)
            while at + LONG <= closes:
                place = near(rng, centre)
                for party in range(parties):
                    if rng.random() < BOOKED:
                        yield Part(joint, party, crew, at, place)
                joint += 1
                at += LONG + STEP


def near(rng: random.Random, centre: Place = CENTRE) -> Place:
    """Somewhere about the town."""
    return centre[0] + rng.uniform(-_NEAR, _NEAR), centre[1] + rng.uniform(-_NEAR, _NEAR)


@dataclass(frozen=True, slots=True)
class World:
    """What a search is told."""

    parties: list[Party]
    visit: Visit
    times: Minutes


def world(utilities: int = 5, seed: int = 1) -> World:
    """Thirty days, every one of them worked: no day makes the search shorter."""
    rng = random.Random(seed)
    sessions = [(a + 1440 * day, b + 1440 * day) for day in range(DAYS) for a, b in SESSIONS]
    booked: list[list[Part]] = [[] for _ in range(utilities)]
    for part in parts(sessions, utilities, rng):
        booked[part.party].append(part)
    times = [at for opens, closes in sessions for at in range(opens, closes - LONG + 1, STEP)]
    return World(
        [_columns(number, sessions, mine, rng) for number, mine in enumerate(booked)],
        Visit(CENTRE, LONG, TRAVEL),
        np.array(times, np.int64),
    )


def _columns(
    number: int, sessions: Sequence[tuple[int, int]], booked: Sequence[Part], rng: random.Random
) -> Party:
    bases = [near(rng) for _ in range(CREWS)]
    work = np.array([(crew, *each) for crew in range(CREWS) for each in sessions], np.int64)
    return Party(
        code=str(number),
        lane_crew=np.arange(CREWS, dtype=np.int64),
        base_lon=np.array([lon for lon, _ in bases]),
        base_lat=np.array([lat for _, lat in bases]),
        work_crew=work[:, 0],
        work_from=work[:, 1],
        work_until=work[:, 2],
        lane=np.array([each.crew for each in booked], np.int64),
        starts=np.array([each.starts for each in booked], np.int64),
        ends=np.array([each.ends for each in booked], np.int64),
        lon=np.array([each.place[0] for each in booked]),
        lat=np.array([each.place[1] for each in booked]),
    )


async def enter(
    ground: Ground,
    database: str,
    city: str,
    organizations: Sequence[UUID],
    centre: Place,
    crews: int = CREWS,
) -> list[tuple[UUID, UUID, int]]:
    """Crews that work the whole week: (organisation, crew, its only lane), crew by crew."""
    found = []
    connection = await ground.connect(database)
    try:
        for number in range(crews):
            for organization in organizations:
                ident = new_id()
                order = await connection.fetchval(
                    _CREW, ident, city, organization, f"样例{number + 1}班", *centre
                )
                found.append((organization, ident, order * LANES))
        await connection.execute(_SHIFTS, [ident for _, ident, _ in found])
    finally:
        await connection.close()
    return found


async def book(
    ground: Ground,
    database: str,
    city: str,
    crews: Sequence[tuple[UUID, UUID, int]],
    centre: Place,
) -> int:
    """Book nine tenths of the next thirty days of the city's calendar; how many visits."""
    wiring, now = ground.wiring(database), datetime.now(UTC)
    calendar = wiring.calendars.of(wiring.cities.on(city, now.date()))
    today = day_of(floor_minute(now))
    days = (today + timedelta(days=offset) for offset in range(DAYS))
    sessions = [each for day in days for each in calendar.sessions(day)]
    organizations = list(dict.fromkeys(organization for organization, _, _ in crews))
    width = len(organizations)
    made = list(parts(sessions, width, random.Random(2), len(crews) // width, centre))
    connection = await ground.connect(database)
    try:
        joints = sorted({part.joint for part in made})
        rows = await connection.fetch(_FREE_CASES, city, len(joints))
        if len(rows) < len(joints):
            raise Broken(f"{len(rows)} cases for {len(joints)} surveys")
        surveys = {joint: new_id() for joint in joints}
        cases = {joint: row["id"] for joint, row in zip(joints, rows, strict=True)}
        at = {part.joint: part for part in made}
        await _copy(
            connection,
            "surveys",
            "id version application_id city lon lat at ends_at state reason created_at",
            [
                (surveys[n], 1, cases[n], city, *p.place, *_span(p), "confirmed", "", now)
                for n, p in at.items()
            ],
        )
        await _copy(
            connection,
            "survey_visits",
            "id version survey_id city organization_id crew_id lane at ends_at lon lat active"
            " state reason late_minutes arrival",
            [
                (
                    *(new_id(), 1, surveys[part.joint], city),
                    *crews[part.crew * width + part.party],
                    *(*_span(part), *part.place, True, "planned", "", 0, "{}"),
                )
                for part in made
            ],
        )
        await connection.execute("ANALYZE surveys, survey_visits, crews, crew_shifts")
    finally:
        await connection.close()
    return len(made)


def _span(part: Part) -> tuple[datetime, datetime]:
    return instant(part.starts), instant(part.ends)


async def _copy(connection: Any, table: str, columns: str, records: list[Any]) -> None:
    await connection.copy_records_to_table(table, records=records, columns=columns.split())


_CREW = """
INSERT INTO crews (id, version, number, city, organization_id, name, town, lon, lat, lanes, active,
                   created_at)
VALUES ($1, 1, nextval('crew_numbers'), $2, $3, $4, '', $5, $6, 1, true, now()) RETURNING number
"""
_SHIFTS = """
INSERT INTO crew_shifts (id, crew_id, weekday, starts, ends)
SELECT gen_random_uuid(), crew, day, s.starts, s.ends
FROM unnest($1::uuid[]) AS crew, generate_series(1, 7) AS day,
     (VALUES (480, 750), (840, 1140)) AS s (starts, ends)
"""
"""Longer than any city's sessions: only these count."""
_FREE_CASES = """
SELECT id FROM applications a
WHERE city = $1 AND stage = 'closed'
  AND NOT EXISTS (SELECT FROM surveys s WHERE s.application_id = a.id)
ORDER BY id LIMIT $2
"""
