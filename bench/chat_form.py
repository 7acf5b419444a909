"""The questionnaire as people meet it: one goes through it in earnest, the others begin there."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bench.chat_people import People, Writer
from bench.chat_sayings import answer_to
from bench.ground import Broken, Running

BEGINNING = ("你好", "我要申请报装", "大冶")
ANSWERS = 6


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Whose draft is open with its first question, and the fields asked for, in order."""

    one: Writer
    fields: tuple[str, ...]


def begun(people: People, running: Running) -> Questionnaire:
    """Open a draft by talking, and find out by answering on another which questions come."""
    fresh, ahead = asyncio.run(people.newcomers(2))
    for writer in (fresh, ahead):
        for said in BEGINNING:
            people.answered(people.write(running, [(writer.openid, said)]))
    fields: list[str] = []
    while len(fields) < ANSWERS:
        state = asyncio.run(people.state_of(ahead))
        field = _asked(state)
        told = answer_to(field, 1)
        if told is None or field in fields:
            raise Broken(f"no answer to the question for {field}, after {fields}")
        fields.append(field)
        people.answered(people.write(running, [(ahead.openid, told)]))
        if asyncio.run(people.state_of(ahead))["sheet"]["version"] != state["sheet"]["version"] + 1:
            raise Broken(f"“{told}” was not taken as the answer to {field}")
    return Questionnaire(fresh, tuple(fields))


def answers(fields: tuple[str, ...], writers: list[Writer], first: int) -> list[tuple[str, str]]:
    """Everybody answers the first question, then everybody the second, each in his own way."""
    return [
        (writer.openid, answer_to(field, number) or "")
        for field in fields
        for number, writer in enumerate(writers, first)
    ]


def _asked(state: Any) -> str:
    asked = state.get("asked") or {}
    return str((asked.get("data") or {}).get("key"))
