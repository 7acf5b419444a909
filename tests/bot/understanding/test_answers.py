"""What waits for an answer makes a bare value one; chatter states nothing whatever is asked."""

from typing import Any

import pytest

from bot.understanding.lexicon import Lexicon
from bot.understanding.segment import prepare
from bot.understanding.slots import answers_of
from bot.understanding.types import Intent, Pending
from bot.understanding.understander import Understander
from config.cities import City


@pytest.fixture(scope="module")
def understander(cities: list[City]) -> Understander:
    return Understander.load(cities)


def told(text: str, type_: str, lexicon: Lexicon) -> dict[str, Any]:
    return answers_of(prepare(text, lexicon), Pending(type_), lexicon).shown()


@pytest.mark.parametrize(
    ("type_", "text", "slots"),
    [
        ("datetime", "下周三上午9点", {"datetime": "下周三上午9点"}),
        ("date", "明年三月", {"datetime": "明年三月"}),
        ("phone", "李样 138 0000 1234", {"phone": "13800001234", "person": "李样"}),
        ("town", "金湖街道样例大道8号", {"address": "金湖街道样例大道8号"}),
        ("text", "就是刘经理", {"person": "刘经理"}),
        ("text", "大冶市样例铸造有限公司", {"company": "大冶市样例铸造有限公司"}),
        ("enum", "增容", {"kind": "increase"}),
        ("confirm", "13800001234", {"phone": "13800001234"}),
    ],
)
def test_a_bare_value(type_: str, text: str, slots: dict[str, Any], lexicon: Lexicon) -> None:
    assert told(text, type_, lexicon) == slots


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        ("text", "刘经理请我吃饭"),
        ("text", "我在还地桥镇上逛街"),
        ("town", "还地桥镇的油面好吃"),
        ("phone", "刘经理请我吃饭"),
        ("confirm", "明天去金湖街道"),
        ("long_text", "刘经理"),
        ("enum", "明天下午三点"),
        ("multi", "水烧开了我去泡茶"),
    ],
)
def test_chatter(type_: str, text: str, lexicon: Lexicon) -> None:
    assert told(text, type_, lexicon) == {}


def test_plain_chatter_names_no_amount(lexicon: Lexicon) -> None:
    said, asked = prepare("昨天喝了三吨水", lexicon), Pending("decimal")
    assert answers_of(said, asked, lexicon, 0.95).shown() == {}
    assert "amount" in answers_of(said, asked, lexicon, 0.5).shown()


def test_only_where_a_question_waits(understander: Understander) -> None:
    text = "下周三上午9点"
    alone = understander.understand(text)
    asked = understander.understand(text, pending=Pending("datetime"))
    if alone.intent is Intent.OUT_OF_SCOPE:
        assert alone.slots.shown() == {}
    assert asked.slots.datetime == text
