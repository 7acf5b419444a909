"""``queue_page``: a page of a work queue among a million cases, against ten thousand."""

import asyncio
import json
from collections.abc import Sequence
from urllib.parse import urlencode

from bench import data
from bench.ground import Broken, Ground, Running
from bench.load import Shots, fire, request
from bench.report import Row, against
from bench.turns import in_turn
from rules.actors import OrgKind, Role

GOAL = 0.9
ROUNDS = 9
SECONDS = 1.0
DEEP = 4
"""Pages of a hundred before the deep one: the smaller set holds five or so in one window."""
CITY = "daye"


def measure(ground: Ground) -> list[Row]:
    """The window's first page, its fifth hundred, and electricity's first page."""
    few, many = data.built(ground, data.SMALL), data.built(ground, data.BIG)
    with ground.product(few) as small, ground.product(many) as big:
        asked = {
            name: (_asked(ground, few, small, *whose), _asked(ground, many, big, *whose))
            for name, whose in _PAGES.items()
        }
        return [_page(name, small, big, *both) for name, both in asked.items()]


_WINDOW = (Role.WINDOW_CLERK, OrgKind.WINDOW, "window")
_UTILITY = (Role.UTILITY_CLERK, OrgKind.UTILITY, "electricity")
_PAGES = {
    "queue_page": (*_WINDOW, 0),
    "queue_page_deep": (*_WINDOW, DEEP),
    "queue_page_utility": (*_UTILITY, 0),
}


def _asked(
    ground: Ground, database: str, running: Running, role: Role, kind: OrgKind, code: str, deep: int
) -> tuple[bytes, ...]:
    """The request for one page, its cursor found by turning pages as a person would."""
    token = asyncio.run(data.staff(ground, database, CITY, role, kind, code))
    after: str | None = None
    for _ in range(deep):
        answer = fire(Shots(running.port, (_get(token, 100, after),), connections=1))
        after = json.loads(answer.sample.partition("\r\n\r\n")[2])["next"]
        if after is None:
            raise Broken(f"{database}: the queue ends before its deep page")
    return (_get(token, 20, after),)


def _get(token: str, limit: int, after: str | None) -> bytes:
    query = {"limit": str(limit)} | ({"after": after} if after else {})
    return request("GET", f"/api/v1/queue?{urlencode(query)}", token=token)


def _page(
    name: str, small: Running, big: Running, few: Sequence[bytes], many: Sequence[bytes]
) -> Row:
    found = in_turn(
        ROUNDS,
        many=lambda: fire(Shots(big.port, tuple(many), SECONDS)).rate,
        few=lambda: fire(Shots(small.port, tuple(few), SECONDS)).rate,
    )
    return against(name, found["many"], found["few"], "req/s", GOAL)
