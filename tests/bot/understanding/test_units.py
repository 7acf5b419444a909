"""Quantities with a unit, in figures and in Chinese numerals."""

from decimal import Decimal

import pytest

from bot.understanding.normalise import normalise
from bot.understanding.quantities.units import Quantity, quantities


def read(text: str) -> list[tuple[str, str, str]]:
    spans = quantities(normalise(text))
    assert all(isinstance(span.value, Quantity) for span in spans)
    return [(str(span.value.value), span.value.unit, span.value.per) for span in spans]


@pytest.mark.parametrize(
    ("typed", "value", "unit"),
    [
        ("315千伏安", 315, "kVA"),
        ("三百一十五千伏安", 315, "kVA"),
        ("一千六百千伏安", 1600, "kVA"),
        ("500 kva", 500, "kVA"),
        ("８００ＫＶＡ", 800, "kVA"),
        ("两千千伏安", 2000, "kVA"),
        ("六百三千伏安", 630, "kVA"),
        ("2兆伏安", 2000, "kVA"),
        ("1.25万千伏安", 12500, "kVA"),
        ("50个千瓦", 50, "kW"),
        ("一百六十千瓦", 160, "kW"),
        ("1兆瓦", 1000, "kW"),
        ("千兆", 1000, "Mbps"),
        ("百兆", 100, "Mbps"),
        ("五百兆", 500, "Mbps"),
        ("200M宽带", 200, "Mbps"),
        ("300Mbps", 300, "Mbps"),
        ("2G专线", 2000, "Mbps"),
        ("8门固定电话", 8, "lines"),
        ("电话六部", 6, "lines"),
        ("两部座机", 2, "lines"),
        ("座机要装三台", None, None),
        ("20吨/天", 20, "t/d"),
        ("二十吨每天", 20, "t/d"),
        ("每天150吨", 150, "t/d"),
        ("一天大概要个十五吨", 15, "t/d"),
        ("日用水35吨", 35, "t/d"),
        ("10t/d", 10, "t/d"),
        ("日需水量80m³", 80, "t/d"),
        ("80方每小时", 80, "m3/h"),
        ("一小时大概四十方", 40, "m3/h"),
        ("１２０方/小时", 120, "m3/h"),
        ("九十方一个钟头", 90, "m3/h"),
        ("200立方米/h", 200, "m3/h"),
    ],
)
def test_units(typed: str, value: int | None, unit: str | None) -> None:
    assert [found[:2] for found in read(typed)] == ([(str(Decimal(value)), unit)] if value else [])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "方案定了",
        "25平方米",
        "第二路公交",
        "一个方便的时间",
        "六七十吨",
        "零吨",
        "门口",
        "0.5千帕",
        "三方到场",
    ],
)
def test_nothing_of_ours(typed: str) -> None:
    assert [found for found in read(typed) if found[1] not in ("m3", "t/d")] == []


@pytest.mark.parametrize(
    "digits", ["9" * 40, "1" * 200 + ".5", "九" * 50, "1,000" * 20, "百千万" * 9]
)
def test_no_number_is_too_long(digits: str) -> None:
    for unit in ("千瓦", "吨/天", "M", "万千伏安", "米"):
        read(f"{digits}{unit}")


def test_several() -> None:
    assert read("主供1000kVA，备供400kVA，水每天20吨，网100兆") == [
        ("1000", "kVA", ""),
        ("400", "kVA", ""),
        ("20", "t/d", "day"),
        ("100", "Mbps", ""),
    ]


def test_a_quantity_ends_with_what_it_is_per() -> None:
    text = normalise("水二十吨每天，谢谢")
    (span,) = quantities(text)
    assert text[span.start : span.end] == "二十吨每天"
