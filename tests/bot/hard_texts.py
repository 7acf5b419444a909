"""Texts that are hard on patterns: each piece of each pattern, over and over, and mixes of them.

A pattern that looks again and again at the same characters costs the square of a text's length or
more; it shows on texts like these, never on what people type.
"""

import gc
import pkgutil
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Any

import jieba

from bot.understanding.normalise import LONGEST

LENGTH = 4000
PLAIN = "我们公司在金湖街道想申请用电增容到六百三十千伏安，联系人李经理，明天下午三点来现场看看。"
"""A sentence that says a lot."""
_CLASS = re.compile(r"\[(\^?)((?:\\.|[^\]\\])+)\]")
_WORD = re.compile("[\u3400-\u9fff]{1,6}|[A-Za-z]{2,6}")
_REPEATED = re.compile(r"\(\?:([^()]*)\)(?:[*+]|\{)")
_ALSO: tuple[str, ...] = (
    "1.",
    "1,",
    "1,234",
    "1:",
    "- ",
    "a ",
    "1 3 8 ",
    "(",
    "2026(",
    "20",
    "\ue000",
    "😀",
    "國",
)
_ALSO += (
    "抱装",
    "ﷺ",
    "①",
    "０",
    "e\u0301",
    "⭐",
    "\n",
    "。",
    "!?",
    " ",
    "A1",
    "91420281",
    "千瓦",
    "路1",
)
TIMES = 20
"""So many times the cost of cutting a plain text of the longest length into words."""


def allowed() -> float:
    """Seconds of the processor that a text may take, whatever stands in it."""
    plain = (PLAIN * LONGEST)[:LONGEST]
    jieba.lcut(plain)
    return TIMES * min(_seconds(partial(jieba.lcut, plain)) for _ in range(5))


def is_quick(act: Callable[[], object], limit: float) -> bool:
    """Tried again where something else may have held the machine up."""
    return any(_seconds(act) <= limit for _ in range(4))


def _seconds(act: Callable[[], object]) -> float:
    start = time.thread_time()
    act()
    return time.thread_time() - start


def patterns(package: str) -> list[re.Pattern[str]]:
    """Every compiled pattern of a package: of its modules, and of objects its classes made."""
    root = import_module(package)
    for each in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not each.name.endswith("__main__") and ".training" not in each.name:
            import_module(each.name)
    modules = [vars(module) for name, module in sys.modules.items() if name.startswith(package)]
    made = [o for o in gc.get_objects() if str(type(o).__module__).startswith(package)]
    found = dict.fromkeys(
        pattern
        for holder in (*modules, *(getattr(each, "__dict__", {}) for each in made))
        for value in list(holder.values())
        for pattern in _patterns_in(value)
    )
    return list(found)


def _patterns_in(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _patterns_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _patterns_in(each)


def repeated(found: list[re.Pattern[str]]) -> list[str]:
    """Each character class of the patterns (as it is, and its first character), and the parts of
    each repeated group, over and over."""
    pieces: dict[str, None] = dict.fromkeys(_ALSO)
    for pattern in found:
        for negated, characters in _CLASS.findall(pattern.pattern):
            plain = _spelt(characters)
            pieces.update(dict.fromkeys((plain, plain[:1]) if not negated else (f"x{plain[:1]}",)))
        for group in _REPEATED.findall(pattern.pattern):
            pieces.update(dict.fromkeys(part for part in group.split("|") if part.isalnum()))
    pieces.pop("", None)
    return [(piece * LENGTH)[:LENGTH] for piece in pieces]


def mixed(found: list[re.Pattern[str]], count: int, seed: int = 7) -> list[str]:
    """Words of the patterns in random order: few of them often, or many."""
    words = sorted({word for pattern in found for word in _WORD.findall(pattern.pattern)})
    chance = random.Random(seed)
    texts = []
    for _ in range(count):
        some = chance.choices([*words, *_ALSO], k=chance.choice([2, 3, 5, 12, 60]))
        texts.append("".join(chance.choices(some, k=LENGTH))[: chance.choice([1000, LENGTH])])
    return texts


def _spelt(characters: str) -> str:
    """The characters of a class, ranges by their ends."""
    return re.sub(r"(?<=.)-(?=.)|\\(?=[^a-z])", "", characters)[:40]
