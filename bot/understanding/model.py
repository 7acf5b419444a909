"""The trained model: features in, a likelihood of each intent out.

A network of one hidden layer over the sum of its features' weights. Weights are whole numbers of
eight bits; those of one feature are packed into one Python integer, one lane a hidden unit, so that
adding two integers adds all lanes at once: sums of a hundred features take microseconds without any
library for numbers. ``training/pack.py`` writes the file this module reads.
"""

import json
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, sqrt
from operator import mul
from pathlib import Path
from struct import Struct
from typing import Any

from bot.understanding.types import Intent

FILE = Path(__file__).parent / "model.bin"
"""The model that comes with the code."""
LANE, WIDE = 2, 4
"""Bytes of a lane: of summed features, of summed hidden units."""
MIDDLE = 128
"""Weights are kept without a sign: this much is added to each."""
MOST = 256
"""Features whose weights fit a lane when added: 256 times 255."""
FULL = 255
"""The highest whole number of a hidden unit."""


@dataclass(frozen=True, slots=True)
class Net:
    """One network. ``rows``: packed weights by feature number; ``outer``: by hidden unit."""

    rows: tuple[int, ...]
    steps: tuple[float, ...]
    """What one unit of a hidden lane is worth."""
    shifts: tuple[float, ...]
    outer: tuple[int, ...]
    outer_step: float
    outer_shifts: tuple[float, ...]
    lanes: Struct
    wide: Struct

    def logits(self, numbers: list[int]) -> list[float]:
        """What each intent weighs for the features of these numbers (at least one)."""
        rows = self.rows
        sums = self._sums([rows[number] for number in numbers[:MOST]])
        scale = 1 / sqrt(len(numbers))
        for at in range(MOST, len(numbers), MOST):
            more = self._sums([rows[number] for number in numbers[at : at + MOST]])
            sums = [one + other for one, other in zip(sums, more, strict=True)]
        base = len(numbers) * MIDDLE
        hidden = [
            (each - base) * step * scale + shift
            for each, step, shift in zip(sums, self.steps, self.shifts, strict=True)
        ]
        top = max(hidden)
        if top <= 0:
            return list(self.outer_shifts)
        fine = FULL / top
        levels = [int(each * fine + 0.5) if each > 0 else 0 for each in hidden]
        total = sum(map(mul, levels, self.outer))
        told = self.wide.unpack(total.to_bytes(self.wide.size, "little"))
        worth, base = self.outer_step / fine, sum(levels) * MIDDLE
        return [
            (each - base) * worth + shift
            for each, shift in zip(told, self.outer_shifts, strict=True)
        ]

    def _sums(self, rows: list[int]) -> list[int]:
        return list(self.lanes.unpack(sum(rows).to_bytes(self.lanes.size, "little")))


@dataclass(frozen=True, slots=True)
class Model:
    """Networks that are asked together, and what was learnt beside them.

    ``about`` says what the model was made from (see ``training/pack.py``).
    """

    intents: tuple[Intent, ...]
    numbers: dict[str, int]
    """Feature → its number."""
    nets: tuple[Net, ...]
    caution: float
    """How much likelier (a difference of logits) out of scope is where no question waits: taking
    chatter for a request is worse than asking once more."""
    about: dict[str, Any]

    @classmethod
    def read(cls, packed: bytes) -> "Model":
        """From the bytes of a file. ValueError when they are no model of this version."""
        head, _, rest = packed.partition(b"\n")
        told = json.loads(head)
        if told.get("format") != 2:
            raise ValueError("a model of another format; make it anew")
        body = lzma.decompress(rest)
        features = body[: told["features_bytes"]].decode().split("\n")
        at = told["features_bytes"]
        nets = []
        for each in told["nets"]:
            size = len(features) * each["hidden"] + each["hidden"] * len(told["intents"])
            nets.append(_net(each, body[at : at + size], len(features), len(told["intents"])))
            at += size
        return cls(
            intents=tuple(Intent(each) for each in told["intents"]),
            numbers={feature: number for number, feature in enumerate(features)},
            nets=tuple(nets),
            caution=told["caution"],
            about=told["about"],
        )

    def logits(self, features: Iterable[str]) -> list[float]:
        """The weight of each intent, in their order: the mean of the networks."""
        numbers = self.numbers
        known = [numbers[each] for each in features if each in numbers]
        if not known:
            known = [0]
        told = [net.logits(known) for net in self.nets]
        return [sum(each) / len(told) for each in zip(*told, strict=True)]


def likelihoods(logits: list[float]) -> list[float]:
    """Weights as shares of one."""
    top = max(logits)
    shares = [exp(each - top) for each in logits]
    total = sum(shares)
    return [each / total for each in shares]


def _net(told: dict[str, Any], body: bytes, features: int, intents: int) -> Net:
    hidden = told["hidden"]
    inner = features * hidden
    return Net(
        rows=_packed(body[:inner], hidden, LANE),
        steps=tuple(told["steps"]),
        shifts=tuple(told["shifts"]),
        outer=_packed(body[inner:], intents, WIDE),
        outer_step=told["outer_step"],
        outer_shifts=tuple(told["outer_shifts"]),
        lanes=Struct(f"<{hidden}H"),
        wide=Struct(f"<{intents}I"),
    )


def _packed(body: bytes, lanes: int, size: int) -> tuple[int, ...]:
    """Rows of single bytes as integers of wider lanes."""
    spread = bytearray(len(body) * size)
    spread[::size] = body
    step = lanes * size
    return tuple(
        int.from_bytes(spread[at : at + step], "little") for at in range(0, len(spread), step)
    )
