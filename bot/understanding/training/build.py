"""From sentences to a model: features, which of them are kept, networks, caution."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.understanding.features import features
from bot.understanding.lexicon import Lexicon
from bot.understanding.segment import prepare
from bot.understanding.training.data import Sentence, distinct
from bot.understanding.training.fit import Fitting, Looks, Plan, Weights
from bot.understanding.training.pack import pack
from bot.understanding.types import Intent

INTENTS = tuple(Intent)
VERSION = 2
"""Goes up when the way a model is made changes."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made."""

    plan: Plan = field(default_factory=Plan)
    nets: int = 1
    seen: int = 4
    """How many sentences a feature must occur in to be kept."""
    writers: int = 2
    """How many writers it must have been used by."""
    caution: float = 0.6
    """See ``Model.caution``. Chosen on tests by writers who were no part of the training."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with its features."""

    sentence: Sentence
    features: frozenset[str]


def examples(sentences: Iterable[Sentence], lexicon: Lexicon) -> list[Example]:
    """The features of every sentence, as the assistant will see them."""
    return [Example(each, frozenset(features(prepare(each.text, lexicon)))) for each in sentences]


def once(found: Iterable[Example]) -> list[Example]:
    """Each sentence once, whoever wrote it."""
    found = list(found)
    kept = {id(each) for each in distinct(each.sentence for each in found)}
    return [each for each in found if id(each.sentence) in kept]


def fingerprint(found: Iterable[Example]) -> str:
    """Changes when a sentence, its label, its writer or its features do."""
    told = hashlib.sha256(f"{VERSION}".encode())
    for each in found:
        sentence = each.sentence
        told.update(f"{sentence.writer}\t{sentence.intent}\t{sentence.text}\n".encode())
        told.update("\n".join(sorted(each.features)).encode())
    return told.hexdigest()


def vocabulary(found: Iterable[Example], recipe: Recipe) -> list[str]:
    """The features that carry over: used often enough, by more than one writer."""
    seen: defaultdict[str, int] = defaultdict(int)
    by: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        for feature in each.features:
            seen[feature] += 1
            by[feature].add(each.sentence.writer)
    return sorted(
        feature
        for feature, times in seen.items()
        if times >= recipe.seen and len(by[feature]) >= recipe.writers
    )


def numbered(found: Sequence[Example], numbers: dict[str, int]) -> list[list[int]]:
    """Each example's known features by number."""
    return [[numbers[each] for each in one.features if each in numbers] for one in found]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Features in order, and the networks over them."""

    features: list[str]
    nets: list[Weights]


def fitted(found: Sequence[Example], recipe: Recipe) -> Fitted:
    """Fit the networks of a recipe, each with a seed of its own."""
    kept = vocabulary(found, recipe)
    numbers = {feature: number for number, feature in enumerate(kept)}
    looks = Looks.of(numbered(found, numbers))
    intents = np.array([INTENTS.index(each.sentence.intent) for each in found])
    nets = [
        Fitting(len(kept), len(INTENTS), replace(recipe.plan, seed=at)).run(looks, intents)
        for at in range(recipe.nets)
    ]
    return Fitted(kept, nets)


def build(sentences: Iterable[Sentence], lexicon: Lexicon, recipe: Recipe) -> bytes:
    """The file of a model made from sentences by a recipe."""
    found = once(examples(sentences, lexicon))
    made = fitted(found, recipe)
    about = {"fingerprint": fingerprint(found), "sentences": len(found)}
    return pack(made.features, INTENTS, made.nets, recipe.caution, about)
