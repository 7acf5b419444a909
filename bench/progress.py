"""``progress``: the hottest read, against one row read by key through Tortoise."""

import asyncio
import random
from uuid import UUID

from bench import data
from bench.ground import Ground
from bench.load import Shots, fire, request
from bench.report import Rounds, Row, against
from bench.turns import in_turn
from workflow.people.identity import SessionKind

GOAL = 0.6
ROUNDS = 9
SECONDS = 1.5
_CASES = 400
_FIND = """
SELECT id, owner_id FROM applications
WHERE city = 'daye' AND stage IN ('permitting', 'constructing', 'inspecting') AND sequence > 0
ORDER BY id DESC LIMIT $1
"""


def measure(ground: Ground) -> list[Row]:
    """Four hundred owners read where their cases stand; 1.5 s a round, in turn with the floors."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    subject = asyncio.run(reads(ground, database))
    sessions = asyncio.run(_sessions(ground, database))
    floor = [request("GET", f"/row/{session}") for session in sessions]
    random.Random(1).shuffle(floor)
    with (
        ground.product(database) as product,
        ground.floor("row", database) as row,
        ground.floor("static", database) as static,
    ):
        found = in_turn(
            ROUNDS,
            progress=lambda: fire(Shots(product.port, tuple(subject), SECONDS)).rate,
            row=lambda: fire(Shots(row.port, tuple(floor), SECONDS)).rate,
            static=lambda: fire(Shots(static.port, (request("GET", "/static"),), SECONDS / 2)).rate,
        )
    return [
        against("progress", found["progress"], found["row"], "req/s", GOAL),
        _client(found["static"], found["row"]),
    ]


async def reads(ground: Ground, database: str) -> list[bytes]:
    """Each of some hundred owners asks for a case under way."""
    cases = await _cases(ground, database)
    owners = list(dict.fromkeys(owner for _, owner in cases))
    tokens = await data.sign_in(ground, database, owners, SessionKind.MINIPROGRAM)
    of = dict(zip(owners, tokens, strict=True))
    return [
        request("GET", f"/api/v1/applications/{case}/progress", token=of[owner])
        for case, owner in cases
    ]


def _client(static: Rounds, row: Rounds) -> Row:
    note = "static JSON by the same client: what client and server can do at most"
    return Row("client", static.middle, "req/s", spread=static.spread, note=note)


async def _cases(ground: Ground, database: str) -> list[tuple[UUID, UUID]]:
    connection = await ground.connect(database)
    try:
        return [(row["id"], row["owner_id"]) for row in await connection.fetch(_FIND, _CASES)]
    finally:
        await connection.close()


async def _sessions(ground: Ground, database: str) -> list[UUID]:
    connection = await ground.connect(database)
    try:
        return [row["id"] for row in await connection.fetch("SELECT id FROM sessions")]
    finally:
        await connection.close()
