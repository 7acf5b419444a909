"""The time a quantity is told for, and numbers that are no amounts of what was asked for."""

from decimal import Decimal

import pytest

from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import normalise
from bot.understanding.quantities.units import quantities
from bot.understanding.segment import prepare
from bot.understanding.slots import slots_of
from bot.understanding.types import Amount, Intent


@pytest.mark.parametrize(
    ("typed", "value", "unit", "per"),
    [
        ("用水一个月900吨", 900, "t/d", "month"),
        ("每月用水900吨", 900, "t/d", "month"),
        ("月用水量600吨", 600, "t/d", "month"),
        ("900吨/月", 900, "t/d", "month"),
        ("用水一年一万吨", 10000, "t/d", "year"),
        ("每年三千六百吨", 3600, "t/d", "year"),
        ("一周大概200吨水", 200, "t/d", "week"),
        ("一个季度3000吨", 3000, "t/d", "quarter"),
        ("用水每小时5吨", 5, "t/d", "hour"),
        ("水5立方每小时", 5, "t/d", "hour"),
        ("自来水一小时6方", 6, "t/d", "hour"),
        ("热水锅炉每小时30方", 30, "m3/h", "hour"),
        ("每小时40方", 40, "m3/h", "hour"),
        ("用气一个月3000方", 3000, "m3", "month"),
        ("十一月用水20吨", 20, "t/d", ""),
        ("一个月后用水20吨", 20, "t/d", ""),
        ("下个月用水20吨每天", 20, "t/d", "day"),
        ("2021年用水20吨", 20, "t/d", ""),
    ],
)
def test_what_it_is_per(typed: str, value: int, unit: str, per: str) -> None:
    (span,) = quantities(normalise(typed))
    found = span.value
    assert (found.value, found.unit, found.per) == (Decimal(value), unit, per)


@pytest.mark.parametrize(
    ("intent", "text", "amounts"),
    [
        ("apply", "用水一个月900吨", ()),
        ("apply", "申请用水，每年3600吨", ()),
        ("apply", "自来水一小时6方", ()),
        ("apply", "申请用气，一个月3000方", ()),
        ("modify_application", "热负荷改成800", (("heat", 800, "kW"),)),
        ("apply", "供暖面积3000平，热负荷200", (("heat", 200, "kW"),)),
        ("apply", "采暖负荷要450", (("heat", 450, "kW"),)),
        ("apply", "用电负荷要450", (("electricity", 450, "kVA"),)),
        ("modify_application", "供暖面积改成12000", ()),
        ("modify_application", "水表户号改成20034", ()),
        ("modify_application", "用水底数改成256", ()),
        ("modify_application", "用电改成630", (("electricity", 630, "kVA"),)),
    ],
)
def test_amounts_asked_for(
    lexicon: Lexicon, intent: str, text: str, amounts: tuple[tuple[str, int, str], ...]
) -> None:
    told = slots_of(prepare(text, lexicon), Intent(intent), lexicon)
    assert told.amount == tuple(Amount(code, Decimal(value), unit) for code, value, unit in amounts)
