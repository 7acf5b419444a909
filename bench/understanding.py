"""``understanding``: what understanding a sentence costs, against cutting it into words."""

import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from statistics import median

import jieba

from bench.ground import Ground
from bench.report import Row
from bench.turns import in_turn
from bot.understanding.training import data
from bot.understanding.understander import Understander
from config.cities import CITIES, CityBook
from config.settings import CHECKOUT
from workflow.encoding import SHANGHAI

MOST = 8.0
"""How often as long as plain cutting understanding may take."""
ROUNDS = 9
DEV = CHECKOUT.parent / "shared" / "nlu" / "dev.jsonl"
"""Labelled sentences of others, where they lie beside the checkout."""
_SAMPLE = 420
_AGAIN = 4


def measure(_: Ground) -> list[Row]:
    """Every sentence of a file once a turn, all one after another; the rounds in turn."""
    texts, said = sentences()
    understander = _loaded()
    cutter = jieba.Tokenizer()
    cutter.initialize()
    found = in_turn(
        ROUNDS,
        understand=lambda: _each(understander.understand, texts),
        cut=lambda: _each(partial(cutter.lcut, HMM=True), texts),
    )
    mine, floor = found["understand"], found["cut"]
    times = median(one / other for one, other in zip(mine.values, floor.values, strict=True))
    note = f"{times:.1f} times jieba.lcut (at most {MOST:g}), over {said}"
    return [
        Row(
            "understanding",
            mine.middle,
            "µs",
            floor.middle,
            1 / times,
            1 / MOST,
            times <= MOST,
            max(mine.spread, floor.spread),
            note,
        )
    ]


def sentences() -> tuple[list[str], str]:
    """What is measured with, and what it is."""
    if DEV.is_file():
        lines = DEV.read_text("utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines if line.strip()]
        return texts, f"{len(texts)} sentences of {DEV.name}"
    known = data.distinct(data.read())
    step = max(len(known) // _SAMPLE, 1)
    texts = [each.text for each in known[::step]]
    return texts, f"{len(texts)} of the training sentences, for want of {DEV.name}"


def _loaded() -> Understander:
    book, today = CityBook.load(CITIES), datetime.now(SHANGHAI).date()
    return Understander.load(book.on(code, today) for code in book.codes())


def _each(call: Callable[[str], object], texts: Sequence[str]) -> float:
    """Microseconds a sentence."""
    began = time.perf_counter()
    for _ in range(_AGAIN):
        for text in texts:
            call(text)
    return (time.perf_counter() - began) / (len(texts) * _AGAIN) * 1e6
