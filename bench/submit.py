"""``submit``: the heaviest act, durable, against its own statements by hand."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import jwt

from bench import data
from bench.ground import Ground
from bench.load import Shots, fire, request
from bench.report import Row, against, at_least
from bench.turns import in_turn

GOAL = 0.4
GOAL_ALONE = 150.0
ROUNDS = 5
_A_ROUND = 500

Draft = tuple[UUID, str]


def measure(ground: Ground) -> list[Row]:
    """Every draft is submitted once, under a key of its own; five hundred a round."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    drafts = iter(asyncio.run(data.drafts(ground, database, _A_ROUND * 2 * (ROUNDS + 1))))
    with ground.product(database) as product, ground.floor("submit", database) as floor:
        found = in_turn(
            ROUNDS,
            submit=lambda: fire(Shots(product.port, subject(_take(drafts)))).rate,
            floor=lambda: fire(Shots(floor.port, by_hand(_take(drafts)))).rate,
        )
    return [
        against("submit", found["submit"], found["floor"], "req/s", GOAL),
        at_least("submit_alone", found["submit"], "req/s", GOAL_ALONE),
    ]


def subject(drafts: list[Draft]) -> tuple[bytes, ...]:
    """The product's requests."""
    return tuple(
        request(
            "POST",
            f"/api/v1/applications/{ident}/submit",
            token=token,
            headers=[("idempotency-key", str(ident)), ("if-match", '"1"')],
        )
        for ident, token in drafts
    )


def by_hand(drafts: list[Draft]) -> tuple[bytes, ...]:
    """The floor's: it is told the session instead of a token."""
    return tuple(request("POST", f"/submit/{ident}/{_session(token)}") for ident, token in drafts)


def _session(token: str) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})
    return str(claims["sub"])


def _take(drafts: Iterator[Draft]) -> list[Draft]:
    return [next(drafts) for _ in range(_A_ROUND)]
