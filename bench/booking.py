"""``booking``: two hundred applicants after twenty slots at the same moment."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench import crew_days, data, form
from bench.ground import Broken, Ground, Running
from bench.load import Shots, Volley, fire, request
from bench.report import Rounds, Row
from bench.turns import in_turn
from models.base import new_id
from rules.worktime import day_of, floor_minute, instant
from workflow.encoding import shown
from workflow.surveys.columns import centre

ROUNDS = 3
MANY = 200
SLOTS = 20
CREWS = 2
"""Of each of the organisations: so many visits fit into every slot."""
CAPACITY = SLOTS * CREWS
APART = 90
"""Minutes from one slot to the next: an hour's visit, and the way to the next."""
CITY = form.CITY
Case = tuple[UUID, str]


def measure(ground: Ground) -> list[Row]:
    """The wall time of two hundred bookings; by hand only those are written that are booked.

    Raises Broken unless exactly the capacity is booked and everybody else is told that the time is
    taken.
    """
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    rounds = ROUNDS + 1
    cases = iter(asyncio.run(accepted(ground, database, (MANY + CAPACITY) * rounds)))
    asyncio.run(fleet(ground, database))
    times = slots(ground, database)
    kinds: Counter[str] = Counter()
    with ground.product(database) as product, ground.floor("booking", database) as floor:
        found = in_turn(
            rounds - 1,
            subject=lambda: booked(ground, database, product, _take(cases, MANY), times, kinds),
            floor=lambda: by_hand(ground, database, floor, _take(cases, CAPACITY), times),
        )
    mine, its = found["subject"], found["floor"]
    told = ", ".join(f"{kind} {count // rounds}" for kind, count in sorted(kinds.items()))
    return [_row(mine, its, f"of {MANY}: {told}; the floor writes the {CAPACITY} rows alone")]


def booked(
    ground: Ground,
    database: str,
    running: Running,
    cases: list[Case],
    times: list[datetime],
    kinds: Counter[str],
) -> float:
    """Milliseconds until everybody is answered. Raises Broken for any outcome but the right one."""
    asyncio.run(freed(ground, database))
    shots = [
        shot(ident, token, times[number % len(times)])
        for number, (ident, token) in enumerate(cases)
    ]
    random.shuffle(shots)
    volley = fire(Shots(running.port, tuple(shots), connections=len(shots), keep=True))
    found = Counter(kind_of(answer) for answer in volley.kept)
    right = {"booked": CAPACITY, "slot_taken": len(cases) - CAPACITY}
    if found != right:
        raise Broken(f"answers {dict(found)} instead of {right}, for instance {volley.sample}")
    kinds.update(found)
    asyncio.run(_checked(ground, database))
    return volley.seconds * 1000


def by_hand(
    ground: Ground, database: str, running: Running, cases: list[Case], times: list[datetime]
) -> float:
    """Milliseconds until the rows of as many bookings are written."""
    asyncio.run(freed(ground, database))
    shots = [
        hand(ident, times[number % len(times)], number // len(times))
        for number, (ident, _) in enumerate(cases)
    ]
    volley: Volley = fire(Shots(running.port, tuple(shots), connections=len(shots)))
    if set(volley.statuses) != {"200"}:
        raise Broken(f"answers {volley.statuses}: {volley.sample}")
    asyncio.run(_checked(ground, database))
    return volley.seconds * 1000


def shot(ident: UUID, token: str, at: datetime) -> bytes:
    """One booking."""
    return request(
        "POST",
        f"/api/v1/applications/{ident}/book-survey",
        token=token,
        headers=[
            ("idempotency-key", str(ident)),
            ("if-match", '"1"'),
            ("content-type", "application/json"),
        ],
        body=json.dumps({"at": shown(at)}).encode(),
    )


def hand(ident: UUID, at: datetime, crew: int) -> bytes:
    """The same for the floor, which is told the crews: of each organisation the first or second."""
    return request("POST", f"/book/{ident}/{int(at.timestamp())}/{crew}")


def kind_of(answer: str) -> str:
    """How a booking ended. A refusal without the next best times is no right refusal."""
    head, _, body = answer.partition("\r\n\r\n")
    status = head[9:12]
    if status == "200":
        return "booked"
    told = json.loads(body) if body.startswith("{") else {}
    if status == "409" and told.get("code") == "slot_taken" and "times" in told:
        return "slot_taken"
    return f"{status} {told.get('code', '')}".strip()


async def accepted(ground: Ground, database: str, count: int) -> list[Case]:
    """Accepted cases of as many applicants, each with its requests in an order of its own."""
    drafts = await data.drafts(ground, database, count)
    rng, now = random.Random(7), datetime.now(UTC)
    connection = await ground.connect(database)
    try:
        await connection.execute(_ACCEPT, [ident for ident, _ in drafts], now)
        rows = await connection.fetch(_PROVIDERS, CITY, form.VALUES["network.carriers"])
        records: list[tuple[Any, ...]] = []
        for ident, _ in drafts:
            rng.shuffle(rows)
            records += [
                (new_id(), ident, CITY, row["utility"], row["id"], *_PENDING, now) for row in rows
            ]
        await connection.copy_records_to_table(
            "requests", records=records, columns=_REQUEST.split()
        )
        await connection.execute("ANALYZE requests, applications")
    finally:
        await connection.close()
    return drafts


async def fleet(ground: Ground, database: str) -> None:
    """Two crews of every organisation that is asked."""
    connection = await ground.connect(database)
    try:
        rows = await connection.fetch(_PROVIDERS, CITY, form.VALUES["network.carriers"])
    finally:
        await connection.close()
    city = ground.wiring(database).cities.on(CITY, datetime.now(UTC).date())
    base = centre(city, form.VALUES["site.town"])
    await crew_days.enter(ground, database, CITY, [row["id"] for row in rows], base, CREWS)


def slots(ground: Ground, database: str) -> list[datetime]:
    """Twenty times of the city's next days, an hour each, none in the way of another."""
    wiring, now = ground.wiring(database), datetime.now(UTC)
    city = wiring.cities.on(CITY, now.date())
    calendar, rules = wiring.calendars.of(city), city.survey_rules
    today = day_of(floor_minute(now))
    days = (today + timedelta(days=offset) for offset in range(1, rules.book_ahead_days + 1))
    found = [
        instant(at)
        for day in days
        for opens, closes in calendar.sessions(day)
        for at in range(opens, closes - rules.slot_minutes + 1, APART)
    ]
    if len(found) < SLOTS:
        raise Broken(f"only {len(found)} slots in {rules.book_ahead_days} days")
    return found[:SLOTS]


async def freed(ground: Ground, database: str) -> None:
    """Give up every visit: the calendar is empty again."""
    connection = await ground.connect(database)
    try:
        await connection.execute(
            "UPDATE survey_visits SET active = false WHERE active;"
            " UPDATE surveys SET state = 'cancelled' WHERE state IN ('held', 'confirmed')"
        )
    finally:
        await connection.close()


async def _checked(ground: Ground, database: str) -> None:
    """Every slot holds as many visits as there are crews, each of all organisations."""
    connection = await ground.connect(database)
    try:
        rows = await connection.fetch(_BOOKED)
        parties = await connection.fetchval(
            "SELECT count(DISTINCT organization_id) FROM crews WHERE city = $1", CITY
        )
    finally:
        await connection.close()
    found = [(row["surveys"], row["visits"]) for row in rows]
    if found != [(CREWS, CREWS * parties)] * SLOTS:
        raise Broken(f"booked by slot (surveys, visits): {found}")


def _row(mine: Rounds, its: Rounds, note: str) -> Row:
    ratios = Rounds(tuple(floor / one for one, floor in zip(mine.values, its.values, strict=True)))
    spread = max(mine.spread, its.spread)
    return Row("booking", mine.middle, "ms", its.middle, ratios.middle, spread=spread, note=note)


def _take(cases: Iterator[Case], count: int) -> list[Case]:
    return [next(cases) for _ in range(count)]


_PENDING = ("new", "full", "pending", 1, *("{}",) * 7, False)
_REQUEST = (
    "id application_id city utility organization_id kind course state version"
    " permit findings segment works inspection connection ended segment_open created_at"
)
_PROVIDERS = """
SELECT id, coalesce(utility, code) AS utility FROM organizations
WHERE city = $1 AND active
  AND (kind = 'utility' AND code <> 'network' OR kind = 'carrier' AND code = ANY($2))
ORDER BY code"""
_ACCEPT = """
UPDATE applications a
SET stage = 'accepted', year = 2000, sequence = n.place, judged_on = $2::timestamptz::date,
    submitted_at = $2, accepted_at = $2
FROM unnest($1::uuid[]) WITH ORDINALITY AS n (id, place) WHERE a.id = n.id
"""
"""Numbered in a year that has no other cases."""
_BOOKED = """
SELECT s.at, count(DISTINCT s.id) AS surveys, count(*) AS visits
FROM surveys s JOIN survey_visits v ON v.survey_id = s.id AND v.active
WHERE s.state = 'confirmed' GROUP BY s.at ORDER BY s.at
"""
