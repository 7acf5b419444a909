"""Telephones, credit codes, project codes and numbers of applications, however they are typed."""

import pytest

from bot.understanding.identifiers import identifiers
from bot.understanding.normalise import normalise

FOUND = {
    "打13800001234": ("phone", "13800001234"),
    "手机 138 0000 2255": ("phone", "13800002255"),
    "139-0000-5514": ("phone", "13900005514"),
    "１３８０００００４２７": ("phone", "13800000427"),
    "+86 13800001234": ("phone", "13800001234"),
    "8613800001234": ("phone", "13800001234"),
    "13800861098": ("phone", "13800861098"),
    "1380000 4411": ("phone", "13800004411"),
    "座机0714-8765432": ("phone", "0714-8765432"),
    "（0394）8765432": ("phone", "0394-8765432"),
    "0714 8765432转801": ("phone", "07148765432转801"),
    "代码91420281MA49QK7T17": ("code", "91420281MA49QK7T17"),
    "91420281ma49qk7t17": ("code", "91420281MA49QK7T17"),
    "9142 0281 MA49 QK7T 17": ("code", "91420281MA49QK7T17"),
    "９１４２０２８１ＭＡ４９ＱＫ７Ｔ１７": ("code", "91420281MA49QK7T17"),
    "N2420281MA4GXY6T9C": ("code", "N2420281MA4GXY6T9C"),
    "项目代码2302-420281-04-01-123456": ("project", "2302-420281-04-01-123456"),
    "23024202810401123456": ("project", "23024202810401123456"),
    "2023（000123）号": ("no", "2023(000123)号"),
    "2023(0156)": ("no", "2023(0156)"),
    "2026【000076】号": ("no", "2026【000076】号"),
    "2024-0031这个": ("no", "2024-0031"),
    "2026年000123号": ("no", "2026年000123号"),
    "编号000123": ("no", "000123"),
    "单号：20260001": ("no", "20260001"),
}


@pytest.mark.parametrize("typed", FOUND)
def test_found(typed: str) -> None:
    (span,) = identifiers(normalise(typed))
    assert (span.kind, span.value) == FOUND[typed]


@pytest.mark.parametrize(
    "typed",
    [
        "500千伏安",
        "2026-03-05",
        "12345",
        "95598",
        "10086",
        "110",
        "200米",
        "户号3300012457",
        "138000012345678",
        "1234567890123456789",
        "没有号码",
    ],
)
def test_not_found(typed: str) -> None:
    assert identifiers(normalise(typed)) == []


def test_several_in_order() -> None:
    text = normalise("91420281MA49K7TX3Q，联系13800001257，单子2026（000058）号")
    assert [span.kind for span in identifiers(text)] == ["code", "phone", "no"]
    for span in identifiers(text):
        assert text[span.start : span.end].replace(" ", "") == span.value
