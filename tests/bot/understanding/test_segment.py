"""Spans, tokens and classes of an utterance."""

import jieba
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.lexicon import Lexicon
from bot.understanding.segment import MASKS, prepare
from config.cities import City


def test_shapes_are_one_token_each(lexicon: Lexicon) -> None:
    prepared = prepare(
        "编号2026（000123）号，明天下午三点踏堪，315千伏安，找我13800001234😀😀", lexicon
    )
    assert [token for token in prepared.tokens if token.startswith("⟨")] == [
        "⟨no⟩",
        "⟨time⟩",
        "⟨amount⟩",
        "⟨phone⟩",
        "⟨emoji⟩",
    ]
    assert "踏勘" in prepared.tokens
    assert prepared.classes[prepared.tokens.index("踏勘")] == "survey"
    assert prepared.text[prepared.starts[prepared.tokens.index("踏勘")] :].startswith("踏堪")


def test_past_and_lengths_have_masks_of_their_own(lexicon: Lexicon) -> None:
    tokens = prepare("昨天交的，都三天了，下周能好不", lexicon).tokens
    assert [token for token in tokens if token.startswith("⟨")] == [
        "⟨past⟩",
        "⟨duration⟩",
        "⟨time⟩",
    ]


def test_repeated_punctuation_is_folded(lexicon: Lexicon) -> None:
    assert prepare("进度？？？！！", lexicon).tokens == ("进度", "?", "!")


def test_strung_utilities_are_one_word(lexicon: Lexicon) -> None:
    for text in ("水电气网", "气水电", "水电气暖讯", "电网暖"):
        assert prepare(text, lexicon).tokens == (text,)
        assert len(lexicon.utilities[text]) == len(text)
    assert lexicon.utilities["暖气"] == ("heat",)


@given(text=st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_and_nothing_raises(text: str, lexicon: Lexicon) -> None:
    prepared = prepare(text, lexicon)
    assert len(prepared.text) == len(prepared.repaired)
    assert len(prepared.tokens) == len(prepared.classes) == len(prepared.starts)
    assert list(prepared.starts) == sorted(set(prepared.starts))
    masked = set(MASKS.values()) | {"⟨emoji⟩"}
    for token, start in zip(prepared.tokens, prepared.starts, strict=True):
        assert token in masked or prepared.repaired.startswith(token, start)
    for first, second in zip(prepared.spans, prepared.spans[1:], strict=False):
        assert first.end <= second.start


def test_towns_come_from_the_city_files(lexicon: Lexicon, cities: list[City]) -> None:
    for city in cities:
        for town in city.towns:
            assert prepare(f"厂在{town.label}", lexicon).tokens[-1] == town.label
            assert lexicon.classes[town.label] == "town"


def test_one_citys_words_do_not_reach_another(cities: list[City]) -> None:
    daye, zhoukou = (next(c for c in cities if c.code == code) for code in ("daye", "zhoukou"))
    first, second = Lexicon.of([daye]), Lexicon.of([zhoukou])
    assert "还地桥镇" in first.towns
    assert "还地桥镇" not in second.towns
    assert "鹿邑县" not in first.classes


def test_the_shared_tokenizer_is_left_alone(lexicon: Lexicon) -> None:
    assert lexicon.cut("便冶办") == ["便冶办"]
    assert "便冶办" not in jieba.dt.FREQ
