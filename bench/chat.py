"""The chat, encrypted, one worker: each kind of message against what it costs at least.

``chat_status`` and ``chat_echo``: a question about one's case, against its own statements by hand
and against a bare encrypted echo; ``chat_fresh``: the same, asked in words nobody has used before.
``chat_answer``: an answer that is saved into the draft.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice

from bench import chat_form, chat_sayings, data
from bench.chat_people import People, Writer
from bench.ground import Broken, Ground, Running
from bench.report import Row, against
from bench.turns import in_turn

GOAL = 0.4
GOAL_ECHO = 0.3
ROUNDS = 7
_ASKING = 300
_TIMES = 3
_ANSWERING = 100
Said = tuple[str, str]


def status(ground: Ground) -> list[Row]:
    """Three hundred people ask three times a round; every answer must name the writer's case."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    people = People.on(ground, database)
    writers = asyncio.run(people.with_case(_ASKING * 2))
    mine, theirs = writers[:_ASKING], writers[_ASKING:]
    if len(theirs) != _ASKING:
        raise Broken(f"only {len(writers)} people with one case under way")
    words, new = chat_sayings.mixed(chat_sayings.STATUS, 1), count()
    with (
        ground.product(database) as product,
        ground.floor("chat_status", database) as by_hand,
        ground.floor("echo", database) as echo,
    ):
        met(people, product, writers)
        found = in_turn(
            ROUNDS,
            status=lambda: asked(people, product, mine, questions(mine, words)),
            fresh=lambda: asked(people, product, mine, fresh_questions(mine, new)),
            by_hand=lambda: asked(people, by_hand, theirs, questions(theirs, words)),
            echo=lambda: rate(people, echo, questions(theirs, words)),
        )
    note = "the mark to beat is 0.42"
    return [
        against("chat_status", found["status"], found["by_hand"], "msg/s", GOAL),
        against("chat_echo", found["status"], found["echo"], "msg/s", GOAL_ECHO, note),
        against("chat_fresh", found["fresh"], found["by_hand"], "msg/s", None),
    ]


def answer(ground: Ground) -> list[Row]:
    """A hundred people a round answer the same questions of their form, each in his own way."""
    database = data.copy(ground, data.built(ground, data.SMALL), "work")
    people = People.on(ground, database)
    with ground.product(database) as product, ground.floor("chat_answer", database) as by_hand:
        form = chat_form.begun(people, product)
        found = in_turn(
            ROUNDS,
            answer=lambda: answered(people, product, form, sealed=True),
            by_hand=lambda: answered(people, by_hand, form, sealed=False),
        )
    note = "the questions for " + ", ".join(form.fields)
    return [against("chat_answer", found["answer"], found["by_hand"], "msg/s", GOAL, note)]


def met(
    people: People,
    product: Running,
    writers: Sequence[Writer],
    sayings: Sequence[str] = ("你好", chat_sayings.STATUS[0]),
) -> None:
    """Everybody has written before: the first turns of a talk are others, and may take longer."""
    for said in sayings:
        people.write(product, [(each.openid, said) for each in writers], connections=4)


def questions(writers: Sequence[Writer], words: Iterator[str]) -> list[Said]:
    """A round of questions, in the words people mostly use."""
    asking = list(writers) * _TIMES
    return [(each.openid, said) for each, said in zip(asking, words, strict=False)]


def fresh_questions(writers: Sequence[Writer], numbers: Iterator[int]) -> list[Said]:
    """A round of questions, each in words of its own."""
    asking = list(writers) * _TIMES
    return [
        (each.openid, chat_sayings.fresh(number, each.case.partition(" ")[2]))
        for each, number in zip(asking, islice(numbers, len(asking)), strict=True)
    ]


def asked(
    people: People, running: Running, writers: Sequence[Writer], said: Sequence[Said]
) -> float:
    """Questions a second. Raises Broken where an answer does not tell of the writer's case."""
    volley = people.write(running, said)
    told = people.answered(volley)
    wrong = [text for text in told if not text.startswith(tuple(f"{w.case}\n" for w in writers))]
    named = {sum(each.startswith(f"{writer.case}\n") for each in told) for writer in writers}
    if named != {_TIMES}:
        raise Broken(f"not everybody was told of the own case, for instance: {(wrong or told)[0]}")
    return volley.rate


def rate(people: People, running: Running, said: Sequence[Said]) -> float:
    """Messages a second, all of them answered."""
    volley = people.write(running, said)
    people.answered(volley)
    return volley.rate


def answered(
    people: People, running: Running, form: chat_form.Questionnaire, *, sealed: bool
) -> float:
    """Answers a second. Raises Broken where not every answer has been saved."""
    writers = asyncio.run(people.like(form.one, _ANSWERING, sealed=sealed))
    said = chat_form.answers(form.fields, writers, random.randrange(10**6))
    before = asyncio.run(people.saves())
    volley = people.write(running, said)
    told = people.answered(volley)
    saved = asyncio.run(people.saves()) - before
    if saved != len(said):
        beginnings = Counter(each[:3] for each in told)
        odd = min(told, key=lambda each: beginnings[each[:3]])
        raise Broken(f"of {len(said)} answers {saved} were saved, the oddest was told: {odd}")
    return volley.rate
