"""Choices: numbered lines one can tap, or pick by typing their number or their words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.dialogue.heard import Heard, Kind
from bot.dialogue.replies import Choice
from bot.dialogue.state import Question

MOST = 10
"""Lines the platform shows at once."""
LABEL = 28
"""Characters of a line."""
MORE = "more"
TIME = "t:"
"""Choices of a time are keyed by it."""
START = "do:"
"""Choices and menu keys that begin something whatever is pending: ``do:<intent>``, or
``do:<intent>:<city>``."""
_NUMBER = re.compile(
    r"(?:第|选|选择|选第)?\s*([0-9]{1,2}|[一二三四五六七八九十])\s*(?:个|项|号|条)?"
)
_NUMBERS = re.compile(r"[0-9]{1,2}(?:[\s,、和与.+]+[0-9]{1,2})+")
_DIGITS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True))
_NOISE = re.compile(r"[\s,.。，、；;！!？?~:：“”\"'（）()吧哦啊呀呢的]+")


def choices(
    serial: int, offered: Sequence[tuple[str, str]], *, numbered: bool
) -> tuple[Choice, ...]:
    """(key, label) as choices of the question ``serial``; numbers join the labels."""
    return tuple(
        Choice(
            key if key.startswith(START) else f"{serial}.{key}",
            f"{at}. {short(label)}" if numbered else short(label),
        )
        for at, (key, label) in enumerate(offered, start=1)
    )


def short(text: str, most: int = LABEL) -> str:
    """A text cut to what a line holds."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def page(
    offered: Sequence[tuple[str, str]], at: int, more: str, below: int = 0
) -> tuple[tuple[str, str], ...]:
    """One page of a list with a line for the next one; ``below``: other lines that follow it."""
    if len(offered) + below <= MOST:
        return tuple(offered)
    size = MOST - below - 1
    first = (at * size) % (-(-len(offered) // size) * size)
    return (*offered[first : first + size], (MORE, more))


def several(question: Question, text: str) -> list[str]:
    """Keys of several choices typed by their numbers: 1 3, 1、3, 1和3."""
    if not question.numbered or not _NUMBERS.fullmatch(text.strip()):
        return []
    numbers = [int(each) for each in re.findall("[0-9]+", text)]
    return [_key(question.choices[n - 1]) for n in numbers if 0 < n <= len(question.choices)]


def picked(question: Question, heard: Heard) -> str | None:
    """The key of the choice that was tapped, or typed by number or words; None when none was."""
    if heard.kind is Kind.CHOICE:
        offered = any(choice.id == heard.choice for choice in question.choices)
        serial, _, key = (heard.choice or "").partition(".")
        return key if offered and serial == str(question.serial) else None
    word = bare(heard.text)
    if not word:
        return None
    for choice in question.choices:
        if word == bare(_label(question, choice)):
            return _key(choice)
    found = _NUMBER.fullmatch(heard.text.strip(" .。、)）"))
    if found is None or not question.numbered:
        return None
    number = _DIGITS.get(found[1]) or (int(found[1]) if found[1].isdecimal() else 0)
    return _key(question.choices[number - 1]) if 0 < number <= len(question.choices) else None


def still(question: Question, now: datetime) -> Question:
    """The question with those of its times left out that have passed since it was asked."""
    left = [choice for choice in question.choices if not _passed(_key(choice), now)]
    if len(left) == len(question.choices):
        return question
    lines = [(_key(choice), _label(question, choice)) for choice in left]
    made = choices(question.serial, lines, numbered=question.numbered)
    return replace(question, choices=made)


def _passed(key: str, now: datetime) -> bool:
    try:
        at = datetime.fromisoformat(key.removeprefix(TIME)) if key.startswith(TIME) else None
    except ValueError:
        return False
    return at is not None and at.tzinfo is not None and at <= now


def stale(question: Question | None, heard: Heard) -> bool:
    """Whether a choice of an older question was tapped."""
    if heard.kind is not Kind.CHOICE or (heard.choice or "").startswith(START):
        return False
    return question is None or picked(question, heard) is None


def only_offers(question: Question) -> bool:
    """Whether a question is a mere offer of things to begin: nothing waits for an answer to it."""
    ids = [choice.id for choice in question.choices]
    return bool(ids) and all(each.startswith(START) for each in ids)


def passing(question: Question) -> bool:
    """Whether a question is let go as soon as something else is begun: a mere offer, or one that
    only asks which of several is meant (asked with ``passing=True``).
    """
    return only_offers(question) or question.data.get("passing") is True


def bare(text: str) -> str:
    """A text without blanks, punctuation and particles, to be compared."""
    return _NOISE.sub("", text).lower()


def _label(question: Question, choice: Choice) -> str:
    return choice.label.partition(". ")[2] if question.numbered else choice.label


def _key(choice: Choice) -> str:
    return choice.id if choice.id.startswith(START) else choice.id.partition(".")[2]
