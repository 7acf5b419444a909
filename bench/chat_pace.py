"""``chat_p99``: a thousand people write at their own pace, not at that of the answers."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from bench import chat_form, chat_sayings, data, paced
from bench.chat import met
from bench.chat_people import People, Writer
from bench.chat_pushes import texts
from bench.ground import Broken, Ground, Running
from bench.load import Volley
from bench.report import Row, at_most
from bench.turns import in_turn

GOAL_MS = 100.0
RATE = 100.0
"""Messages a second, at random as strangers come."""
SECONDS = 20
ROUNDS = 3
_ASKING, _FILLING, _OTHERS = 350, 350, 300
_OF_TEN = ("status",) * 4 + ("answer",) * 3 + ("guide",) * 2 + ("chatter",)
"""What ten messages are about."""
PUT_OFF_MS = 5000.0
"""What a bare ``success`` counts for: as long as the platform waits."""
Said = tuple[str, str]


def measure(ground: Ground) -> list[Row]:
    """The 99th percentile of each round, from when a message was due to the end of its answer."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    people = People.on(ground, database)
    with ground.product(database) as product:
        asking = asyncio.run(people.with_case(_ASKING))
        others = asyncio.run(people.newcomers(_OTHERS))
        met(people, product, asking)
        met(people, product, others, ("你好", "报装要带什么材料", "大冶"))
        form = chat_form.begun(people, product)
        middles: list[float] = []

        def round_() -> float:
            filling = asyncio.run(people.like(form.one, _FILLING))
            volley = _sent(people, product, mixed(asking, filling, others, form.fields))
            middles.append(volley.middle_ms)
            return volley.p99_ms

        found = in_turn(ROUNDS, p99=round_)
    note = (
        f"{RATE:.0f} messages/s from {_ASKING + _FILLING + _OTHERS} people;"
        f" half of them answered within {median(middles[1:]):.1f} ms"
    )
    return [at_most("chat_p99", found["p99"], "ms", GOAL_MS, note)]


def mixed(
    asking: Sequence[Writer],
    filling: Sequence[Writer],
    others: Sequence[Writer],
    fields: Sequence[str],
) -> list[Said]:
    """A round of messages of all kinds in an order of no order; whoever fills in a form answers one
    question after another.
    """
    chance = random.Random()
    count = int(RATE * SECONDS)
    kinds = [chance.choice(_OF_TEN) for _ in range(count)]
    asked = kinds.count("answer")
    rounds = -(-asked // len(filling))
    answers = chat_form.answers(tuple(fields[:rounds]), list(filling), chance.randrange(10**6))
    given = {
        "status": _by(asking, chat_sayings.STATUS, chance),
        "guide": _by(others, chat_sayings.GUIDE, chance),
        "chatter": _by(others, chat_sayings.CHATTER, chance),
        "answer": iter(answers),
    }
    return [next(given[kind]) for kind in kinds]


def _by(writers: Sequence[Writer], sayings: Sequence[str], chance: random.Random) -> Iterator[Said]:
    while True:
        yield chance.choice(writers).openid, chance.choice(sayings)


def _sent(people: People, product: Running, said: list[Said]) -> Volley:
    """What came back. Whoever was put off, with an answer to follow, has waited too long."""
    due = paced.poisson(len(said), RATE, random.randrange(10**6))
    requests = texts(people.pushes, said)
    volley = paced.fire(paced.Paced(product.port, requests, due, keep=True))
    if set(volley.statuses) != {"200"}:
        raise Broken(f"answers {volley.statuses}, for instance {volley.sample}")
    waits = sorted(
        ms if "<Encrypt>" in answer else PUT_OFF_MS
        for ms, answer in zip(volley.kept_ms, volley.kept, strict=True)
    )
    return replace(volley, p99_ms=waits[int(len(waits) * 0.99)])
