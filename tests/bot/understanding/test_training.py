"""The writers' sentences, and that the model beside them is theirs."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from bot.understanding.lexicon import Lexicon
from bot.understanding.model import FILE, Model
from bot.understanding.training.build import examples, fingerprint, once
from bot.understanding.training.data import Sentence, distinct, read
from bot.understanding.types import Intent

DEV = Path(__file__).parents[4] / "shared" / "nlu" / "dev.jsonl"
_NUMBER = re.compile("[0-9０-９一二三四五六七八九十百千两]+")
_UTILITY = re.compile("天然气|燃气|暖气|宽带|网络|[水电气暖网]")
KEYS = frozenset({"u", "k", "a", "d", "p", "c", "co", "pe", "ad", "no"})


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return read()


def pattern(sentence: Sentence) -> str:
    """What is left of a sentence without its numbers and utilities."""
    return _UTILITY.sub("U", _NUMBER.sub("#", sentence.key))


def test_there_are_many_by_many(sentences: list[Sentence]) -> None:
    """Thousands of wishes and of everyday sentences, and every intent by at least five writers."""
    once_each = distinct(sentences)
    wanting = [each for each in once_each if each.intent is not Intent.OUT_OF_SCOPE]
    assert len(wanting) >= 4_000
    assert len(once_each) - len(wanting) >= 4_000
    for intent in Intent:
        assert len({each.writer for each in sentences if each.intent is intent}) >= 5, intent


def test_no_pattern_is_more_than_one_in_a_hundred(sentences: list[Sentence]) -> None:
    """Sentences that differ in a number or a utility alone are one pattern."""
    for some in (sentences, *_by_writer(sentences)):
        told, most = Counter(map(pattern, some)).most_common(1)[0]
        assert most <= len(some) / 100, told


def _by_writer(sentences: list[Sentence]) -> list[list[Sentence]]:
    writers = {each.writer for each in sentences}
    return [[each for each in sentences if each.writer == writer] for writer in writers]


def test_labels_are_well_formed(sentences: list[Sentence]) -> None:
    """Known slots, literal where they quote; chatter states nothing."""
    for each in sentences:
        parts = [part.partition(":") for part in each.slots.split("|") if part]
        assert all(key in KEYS and value for key, _, value in parts), each
        assert not (parts and each.intent is Intent.OUT_OF_SCOPE), each
        for key, _, value in parts:
            assert key not in {"d", "co", "pe", "ad"} or value in each.text, each


def test_none_is_taken_from_the_development_set(sentences: list[Sentence]) -> None:
    """Long sentences that are equal were copied; the shortest everybody writes."""
    if not DEV.exists():
        pytest.skip(f"not measured: {DEV.name} is not beside this checkout")
    told = [json.loads(line) for line in DEV.read_text("utf-8").splitlines() if line.strip()]
    of_test = {Sentence("", 0, Intent(each["intent"]), each["text"]).key for each in told}
    same = {each.key for each in sentences} & of_test
    assert not {key for key in same if len(key) > 8}, same


def test_the_model_was_made_from_these_sentences(
    sentences: list[Sentence], lexicon: Lexicon
) -> None:
    """Sentences, labels, words and features: whoever changes one makes the model anew."""
    told = Model.read(FILE.read_bytes()).about["fingerprint"]
    made = fingerprint(once(examples(sentences, lexicon)))
    assert told == made, "run: python -m bot.understanding.training"
    assert os.stat(FILE).st_size < 8_000_000
