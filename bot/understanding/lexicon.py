"""The field's words and the cities' names in one tokenizer: what a word tells, and how to cut."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import permutations
from typing import Any

import jieba

from bot.understanding.normalise import WORDS, normalise
from config.cities import City

COMMON = 20_000
"""How often a word of the field counts as having been seen: enough to win over its parts."""
LETTERS = {"水": "water", "电": "electricity", "气": "gas", "暖": "heat", "网": "network"}
"""One character each, as they are strung together: 水电气暖网."""
OTHER_LETTERS = {"讯": "network", "热": "heat"}
TOWN_ENDINGS = "镇乡县区市"


class Lexicon:
    """Words by class, with what they tell. Immutable once built; shared by every thread.

    ``classes``: word → class. ``utilities``: word → the utilities it tells. ``kinds``: word → the
    kind of business. ``towns``: names of the cities' towns, with and without their ending;
    ``seats``: cities, counties and districts, with which companies' names begin.
    """

    def __init__(self, cities: Iterable[City], within: "Lexicon | None" = None) -> None:
        read = _words()
        self.classes: dict[str, str] = {}
        self.utilities: dict[str, tuple[str, ...]] = {}
        self.kinds: dict[str, str] = {}
        for name, words in read["classes"].items():
            self._classify(name, words)
        for name, words in read["kinds"].items():
            self.kinds.update(dict.fromkeys(words, name))
            self._classify(name, words)
        for name, words in read["utilities"].items():
            self._tell(name, words)
        for word, told in read["several"].items():
            if told:
                self.utilities[word] = tuple(told)
            self.classes.setdefault(word, "several")
        for word, told in _strung():
            if word not in self.classes:
                self.utilities[word] = told
                self.classes[word] = "several"
        self.faults = frozenset(read["classes"]["fault"])
        self.towns: tuple[str, ...] = ()
        self.cities: frozenset[str] = frozenset()
        self.seats: frozenset[str] = frozenset()
        for city in cities:
            self._add_city(city)
        self._tokenizer: Any = _tokenizer() if within is None else within._tokenizer
        if within is not None:
            return
        for word in {**self.classes, **self.utilities, **self.kinds}:
            often = COMMON if self.classes.get(word) != "several" else 10 * COMMON
            self._tokenizer.add_word(word, max(self._tokenizer.FREQ.get(word, 0), often))
        for word in read["apart"]:
            self._tokenizer.add_word(word, 0)

    @classmethod
    def of(cls, cities: Iterable[City]) -> "Lexicon":
        """The lexicon of some cities. Reads the word lists and the tokenizer's dictionary: do it
        once, before workers are forked."""
        return cls(cities)

    def only(self, city: City) -> "Lexicon":
        """What one of these cities' words tell. The tokenizer, by far the largest part, is shared:
        words are cut alike whichever city is talked about."""
        return Lexicon([city], within=self)

    def cut(self, text: str) -> list[str]:
        """The words of a text in order; together they are the text."""
        words: list[str] = self._tokenizer.lcut(text, HMM=False)
        return words

    def common(self, word: str, often: int) -> bool:
        """Whether a word is one of the field, or of the language and seen more often than that."""
        return word in self.classes or self._tokenizer.FREQ.get(word, 0) > often

    def _classify(self, name: str, words: Iterable[str]) -> None:
        for word in words:
            self.classes.setdefault(word, name)

    def _tell(self, utility: str, words: Iterable[str]) -> None:
        for word in words:
            self.utilities[word] = (*self.utilities.get(word, ()), utility)
            self.classes.setdefault(word, utility)

    def _add_city(self, city: City) -> None:
        towns = {normalise(town.label) for town in city.towns}
        names = towns | {_short(town) for town in towns}
        self.towns = tuple(sorted({*self.towns, *names}, key=lambda name: (-len(name), name)))
        above = {town for town in towns if town[-1] in "县市区"}
        self.cities |= {city.name}
        self.seats |= {city.name, city.short_name, *above, *(_short(town) for town in above)}
        self._classify("town", names)
        self._classify("city", (city.name, city.short_name))
        departments = city.departments.values()
        self._classify("department", (normalise(each.name) for each in departments))
        self._classify("form", (normalise(title) for title in city.texts.values()))
        self._classify("document", (normalise(each.label) for each in city.documents))
        self._classify("window", (city.window.name,))
        for code, utility in city.utilities.items():
            if utility.provider:
                self._tell(code, (utility.provider,))
            self._tell(code, (normalise(each.label) for each in utility.carriers))


def _short(town: str) -> str:
    """还地桥镇 → 还地桥, 东岳路街道 → 东岳路."""
    name = town.removesuffix("街道")
    return name[:-1] if len(name) > 2 and name[-1] in TOWN_ENDINGS else name


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads((WORDS / "lexicon.toml").read_text("utf-8"))


def _strung() -> Iterator[tuple[str, tuple[str, ...]]]:
    """水电, 水电气, 水电气网 … in any order, with what each tells."""
    letters = LETTERS | OTHER_LETTERS
    for length in range(2, 6):
        for some in permutations(letters, length):
            told = tuple(dict.fromkeys(letters[letter] for letter in some))
            if len(told) == length and (length > 2 or not OTHER_LETTERS.keys() & set(some)):
                yield "".join(some), told


@cache
def _base() -> tuple[dict[str, int], int]:
    """The tokenizer's own dictionary. Read from the package: its cache file would be taken from
    a folder everybody may write to."""
    tokenizer = jieba.Tokenizer()
    frequencies, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    return frequencies, total


def _tokenizer() -> Any:
    """A tokenizer of our own, so that words added here change nobody else's."""
    tokenizer = jieba.Tokenizer()
    frequencies, total = _base()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies.copy(), total, True
    return tokenizer
