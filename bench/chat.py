"""The chat, encrypted, one worker: each kind of message against what it costs at least.

``chat_status`` and ``chat_echo``: a question about one's case, against its own statements by hand and
against a bare encrypted echo. ``chat_answer``: an answer that is saved into the draft.
``chat_p99``: a mix, at its own pace.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from itertools import islice

from bench import chat_form, chat_sayings, data, paced
from bench.chat_people import People, Writer
from bench.chat_pushes import texts
from bench.ground import Broken, Ground, Running
from bench.report import Row, against, at_most
from bench.turns import in_turn

GOAL = 0.4
GOAL_ECHO = 0.3
GOAL_P99_MS = 100.0
ROUNDS = 7
_ASKING = 300
_ROUND = 900
_ANSWERING = 100


def status(ground: Ground) -> list[Row]:
    """Three hundred people ask three times a round; every answer must name the writer's case."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    people = People.on(ground, database)
    writers = asyncio.run(people.with_case(_ASKING * 2))
    mine, theirs = writers[:_ASKING], writers[_ASKING:]
    if len(theirs) != _ASKING:
        raise Broken(f"only {len(writers)} people with one case under way")
    words = chat_sayings.mixed(chat_sayings.STATUS, 1)
    with (
        ground.product(database) as product,
        ground.floor("chat_status", database) as by_hand,
        ground.floor("echo", database) as echo,
    ):
        met(people, product, writers)
        found = in_turn(
            ROUNDS,
            status=lambda: asked(people, product, mine, words),
            by_hand=lambda: asked(people, by_hand, theirs, words),
            echo=lambda: rate(people, echo, questions(theirs, words)),
        )
    note = "the mark to beat is 0.42"
    return [
        against("chat_status", found["status"], found["by_hand"], "msg/s", GOAL),
        against("chat_echo", found["status"], found["echo"], "msg/s", GOAL_ECHO, note),
    ]


def answer(ground: Ground) -> list[Row]:
    """A hundred people a round answer the same questions of their form, each in his own way."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    people = People.on(ground, database)
    with ground.product(database) as product, ground.floor("chat_answer", database) as by_hand:
        form = chat_form.begun(people, product)
        found = in_turn(
            ROUNDS,
            answer=lambda: _answered(people, product, form, sealed=True),
            by_hand=lambda: _answered(people, by_hand, form, sealed=False),
        )
    note = ", ".join(form.fields)
    return [against("chat_answer", found["answer"], found["by_hand"], "msg/s", GOAL, note)]


def met(people: People, product: Running, writers: Sequence[Writer]) -> None:
    """Everybody has written to the product before, and asked: the first turn of a talk is another."""
    for said in ("你好", chat_sayings.STATUS[0]):
        people.answers(people.write(product, [(each.openid, said) for each in writers]))


def questions(writers: Sequence[Writer], words: Iterator[str]) -> list[tuple[str, str]]:
    """A round of questions."""
    return [
        (writers[at % len(writers)].openid, said) for at, said in enumerate(islice(words, _ROUND))
    ]


def asked(
    people: People, running: Running, writers: Sequence[Writer], words: Iterator[str]
) -> float:
    """Questions a second. Raises Broken where an answer does not tell of the writer's case."""
    volley = people.write(running, questions(writers, words))
    told = people.answers(volley)
    named = [sum(each.startswith(f"{writer.case}\n") for each in told) for writer in writers]
    if set(named) != {_ROUND // len(writers)}:
        raise Broken(f"not everybody was told of the own case, for instance: {told[0]}")
    return volley.rate


def rate(people: People, running: Running, said: list[tuple[str, str]]) -> float:
    """Messages a second, all of them answered."""
    volley = people.write(running, said)
    people.answers(volley)
    return volley.rate


def _answered(
    people: People, running: Running, form: chat_form.Questionnaire, *, sealed: bool
) -> float:
    """Answers a second. Raises Broken where not every answer has been saved."""
    writers = asyncio.run(people.like(form.one, _ANSWERING, sealed=sealed))
    said = chat_form.answers(form.fields, writers, random.randrange(10**6))
    before = asyncio.run(people.saves())
    reached = rate(people, running, said)
    saved = asyncio.run(people.saves()) - before
    if saved != len(said):
        raise Broken(f"of {len(said)} answers {saved} were saved")
    return reached
