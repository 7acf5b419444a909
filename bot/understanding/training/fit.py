"""Fitting a network of one hidden layer: numpy, one thread, fixed seeds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is fitted."""

    hidden: int = 128
    epochs: int = 12
    batch: int = 64
    rate: float = 2e-3
    decay: float = 1e-3
    drop: float = 0.3
    """Share of an utterance's features that is left out at each look."""
    drop_hidden: float = 0.3
    smooth: float = 0.05
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Looks:
    """Utterances as rows of feature numbers: ``flat`` one after the other, ``ends`` where each
    ends. Each of an utterance's n features weighs 1/√n."""

    flat: Ints
    ends: Ints

    @classmethod
    def of(cls, numbers: Sequence[Sequence[int]]) -> "Looks":
        """From the feature numbers of each utterance; one without any gets the first feature."""
        rows = [sorted(row) or [0] for row in numbers]
        flat = np.array([each for row in rows for each in row], np.int64)
        return cls(flat, np.cumsum([0, *map(len, rows)]))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def take(self, rows: Ints) -> "Looks":
        """Some utterances, in this order."""
        sizes = self.ends[rows + 1] - self.ends[rows]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        at = np.arange(ends[-1]) + np.repeat(self.ends[rows] - ends[:-1], sizes)
        return Looks(self.flat[at], ends)

    def worth(self) -> Floats:
        """What each feature of ``flat`` weighs."""
        sizes = np.diff(self.ends)
        return np.repeat(1 / np.sqrt(sizes), sizes).astype(np.float32)

    def sums(self, inner: Floats, worth: Floats) -> Floats:
        """The weighed rows of ``inner`` added up by utterance."""
        told: Floats = np.add.reduceat(inner[self.flat] * worth[:, None], self.ends[:-1])
        return told

    def spread(self, back: Floats, worth: Floats) -> tuple[Ints, Floats]:
        """The features used, sorted, and what of ``back`` (a row an utterance) falls to each."""
        order = np.argsort(self.flat, kind="stable")
        used, starts = np.unique(self.flat[order], return_index=True)
        owner = np.repeat(np.arange(len(self)), np.diff(self.ends))[order]
        return used, np.add.reduceat(back[owner] * worth[order][:, None], starts)


@dataclass(frozen=True, slots=True)
class Weights:
    """``inner``: feature × hidden; ``outer``: hidden × intent."""

    inner: Floats
    shifts: Floats
    outer: Floats
    outer_shifts: Floats

    def logits(self, looks: Looks) -> Floats:
        """What each intent weighs, one row an utterance."""
        told = []
        for start in range(0, len(looks), 512):
            some = looks.take(np.arange(start, min(start + 512, len(looks))))
            hidden = np.maximum(some.sums(self.inner, some.worth()) + self.shifts, 0)
            told.append(hidden @ self.outer + self.outer_shifts)
        return np.concatenate(told)


class _Adam:
    """Steps of one array of weights, rows apart."""

    def __init__(self, weights: Floats) -> None:
        self.weights = weights
        self._mean = np.zeros_like(weights)
        self._spread = np.zeros_like(weights)

    def step(self, slope: Floats, rate: float, count: int, rows: Ints | None = None) -> None:
        at = slice(None) if rows is None else rows
        mean = self._mean[at] = self._mean[at] * 0.9 + 0.1 * slope
        spread = self._spread[at] = self._spread[at] * 0.999 + 0.001 * slope * slope
        size = np.sqrt(spread / (1 - 0.999**count)) + 1e-8
        self.weights[at] -= (rate / (1 - 0.9**count)) * mean / size


class Fitting:
    """Stochastic descent (Adam, the rate falling evenly) over shuffled batches."""

    def __init__(self, width: int, intents: int, plan: Plan) -> None:
        """``width``: how many features; ``intents``: how many there are to tell apart."""
        self._plan = plan
        self._chance = np.random.default_rng(plan.seed)
        inner = self._chance.standard_normal((width, plan.hidden), np.float32) * 0.1
        outer = self._chance.standard_normal((plan.hidden, intents), np.float32)
        self.weights = Weights(
            inner.astype(np.float32),
            np.zeros(plan.hidden, np.float32),
            (outer / np.sqrt(plan.hidden)).astype(np.float32),
            np.zeros(intents, np.float32),
        )
        made = self.weights
        self._steps = [_Adam(a) for a in (made.inner, made.shifts, made.outer, made.outer_shifts)]
        self._done = 0

    def run(self, looks: Looks, intents: Ints) -> Weights:
        """All epochs. ``intents``: the right one of each utterance, by number."""
        plan, many = self._plan, len(looks)
        last = plan.epochs * -(-many // plan.batch)
        for _ in range(plan.epochs):
            order = self._chance.permutation(many)
            for start in range(0, many, plan.batch):
                rows = order[start : start + plan.batch]
                self._done += 1
                rate = plan.rate * min(1.0, self._done / 100) * (1 - 0.95 * self._done / last)
                self._step(looks.take(rows), intents[rows], rate)
        return self.weights

    def _kept(self, shape: tuple[int, ...], drop: float) -> Floats:
        """A mask that leaves a share out and weighs the others up."""
        kept = self._chance.random(shape, np.float32) >= drop
        return (kept / (1 - drop)).astype(np.float32)

    def _step(self, looks: Looks, intents: Ints, rate: float) -> None:
        plan, made = self._plan, self.weights
        worth = looks.worth() * self._kept((len(looks.flat),), plan.drop)
        sums = looks.sums(made.inner, worth) + made.shifts
        mask = self._kept(sums.shape, plan.drop_hidden)
        hidden = np.maximum(sums, 0) * mask
        slope = _slope(hidden @ made.outer + made.outer_shifts, intents, plan.smooth)
        back = (slope @ made.outer.T) * mask * (sums > 0)
        used, inner = looks.spread(back, worth)
        first, second, third, fourth = self._steps
        first.step(inner, rate, self._done, used)
        made.inner[used] *= 1 - rate * plan.decay
        second.step(back.sum(0), rate, self._done)
        third.step(hidden.T @ slope, rate, self._done)
        fourth.step(slope.sum(0), rate, self._done)


def _slope(told: Floats, intents: Ints, smooth: float) -> Floats:
    """How the mean loss changes with each weight of an intent (smoothed cross entropy)."""
    many, count = told.shape
    shares = np.exp(told - told.max(1, keepdims=True))
    slope: Floats = shares / shares.sum(1, keepdims=True) - smooth / count
    slope[np.arange(many), intents] -= 1 - smooth
    slope /= many
    return slope.astype(np.float32, copy=False)
