"""Which field a number is of by its name, and which figures are no one number."""

from decimal import Decimal

import pytest

from bot.dialogue.filling import loose
from bot.dialogue.filling.amounts import by_unit
from bot.dialogue.filling.figures import figures
from config.cities import CITIES, CityBook
from rules.forms import Form, form_of
from tests.bot.dialogue.stage import NOW

BOOK = CityBook.load(CITIES)
DAYE: Form = form_of(BOOK.on("daye", NOW.date()), "B")
ZHOUKOU: Form = form_of(BOOK.on("zhoukou", NOW.date()), "B")
MAIN, BACKUP = "electricity.main_capacity", "electricity.backup_capacity"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("供暖面积改成12000", {"heat.area": 12000}),
        ("热负荷要八百千瓦", {"heat.load": 800}),
        ("供暖面积3000平,热负荷200", {"heat.area": 3000, "heat.load": 200}),
        ("面积是1.2万平方", {"heat.area": 12000}),
        ("主供400备供200", {MAIN: 400, BACKUP: 200}),
        ("主供容量400千伏安备供容量200千伏安", {MAIN: 400, BACKUP: 200}),
        ("采暖面积12000平米,负荷900", {"heat.area": 12000, "heat.load": 900}),
        ("供暖面积3000平,主供400", {"heat.area": 3000, MAIN: 400}),
        ("面积改5000", {"heat.area": 5000}),
        ("带宽 100", {"network.bandwidth": 100}),
        ("用水量20吨每天", {"water.daily_amount": 20}),
        ("原主供315,主供改成630", {MAIN: 630}),
        ("座机8部", {"network.lines": 8}),
        ("用水量900吨一个月", {}),
        ("用水一年一万吨", {}),
        ("用电量200到300", {}),
        ("用水 2026年", {}),
        ("座机 8765432", {}),
        ("现有容量315千伏安", {}),
        ("天然气容量500", {}),
        ("容量 两路", {}),
    ],
)
def test_a_number_after_its_fields_name(text: str, told: dict[str, int]) -> None:
    found = {each.field.key: each.value for each in figures(ZHOUKOU, text)}
    assert found == {key: Decimal(value) for key, value in told.items()}


def test_the_load_of_heat_is_no_load_of_power_where_there_is_no_heat() -> None:
    assert not list(figures(DAYE, "热负荷200"))


@pytest.mark.parametrize(
    ("text", "kind", "suggested"),
    [
        ("三百到四百千瓦", loose.RANGE, ("300", "400")),
        ("用电200-300kVA", loose.RANGE, ("200", "300")),
        ("水一天20~30吨", loose.RANGE, ("20", "30")),
        ("1到2万平方", loose.RANGE, ("10000", "20000")),
        ("五六百千瓦", loose.RANGE, ("500", "600")),
        ("十几吨", loose.VAGUE, ()),
        ("几十吨水", loose.VAGUE, ()),
        ("好几百千瓦", loose.VAGUE, ()),
        ("二十几吨", loose.VAGUE, ()),
        ("月用水量600吨", loose.RATE, ("20",)),
        ("900吨/月", loose.RATE, ("30",)),
        ("一年一万吨", loose.RATE, ("27.4",)),
        ("每周70吨水", loose.RATE, ("10",)),
        ("自来水一小时6方", loose.RATE, ()),
        ("315的变压器再加一台200的", loose.SUM, ("515",)),
        ("两台500的变压器,再上一台200的", loose.SUM, ("1200",)),
        ("500千伏安变压器2台", loose.SUM, ("1000",)),
        ("300千瓦加200千瓦", loose.SUM, ("500",)),
        ("再加200千瓦", loose.MORE, ("200",)),
    ],
)
def test_no_one_number(text: str, kind: str, suggested: tuple[str, ...]) -> None:
    (found,) = loose.found(text)
    assert (found.kind, found.suggested) == (kind, suggested)


@pytest.mark.parametrize(
    "text",
    [
        "20吨",
        "大概二十来吨",
        "从200增到300千瓦",
        "0714-8765432",
        "13987651234",
        "2020-420281-44-03-012345",
        "下周三到周五",
        "主供1000千伏安,备供400千伏安",
        "20吨,加急3天",
        "一台500的变压器",
        "500千伏安,再要一路备供200千伏安",
        "每小时40方气",
    ],
)
def test_one_number_or_none(text: str) -> None:
    assert not list(loose.found(text))


@pytest.mark.parametrize(
    ("text", "area"), [("1.2万平方", "1.2万"), ("供暖八百平米", "八百"), ("3000平", "3000")]
)
def test_areas_by_their_unit(text: str, area: str) -> None:
    assert by_unit(ZHOUKOU, text, beside=True) == {"heat.area": area}
