"""Whole conversations with the real understanding, from the first word to the number."""

import pytest

from bot.understanding.understander import Understander
from config.cities import CityBook
from tests.bot.dialogue.stage import NOW, Stage

DAYE = (
    "你好",
    "我们厂要报装水和电，在大冶",
    "大冶某某机械有限公司，信用代码91420281MA4900001H",
    "今天天气真不错",
    "联系人李甲，电话13800001234",
    "挖路要交钱吗",
    "还地桥镇",
    "工业路1号",
    "没有",
    "新开户",
    "一天二十吨",
    "不需要",
    "增容",
    "315千伏安",
    "跳过",
    "下周二上午9点",
    "没有",
    "好的，提交",
)
ZHOUKOU = (
    "您好，我是周口某某面业有限公司，信用代码91420281MA4900001H，联系人王五，电话13800001111，"
    "我们在川汇区庆丰路8号，想申请用水和用暖，都是新装",
    "没有",
    "每天6吨",
    "不用双路",
    "1200平方米",
    "不清楚",
    "地面辐射",
    "下周三下午3点",
    "希望尽快安排，赶在供暖前",
    "提交",
)


@pytest.fixture(scope="module")
def mind(book: CityBook) -> Understander:
    return Understander.load([book.on(code, NOW.date()) for code in book.codes()])


@pytest.mark.parametrize("texts", [DAYE, ZHOUKOU], ids=["daye", "zhoukou"])
def test_from_the_first_word_to_the_number(
    texts: tuple[str, ...], book: CityBook, mind: Understander
) -> None:
    stage = Stage.of(book, mind=mind)
    for text in texts:
        stage.say(text)
    case = stage.case
    assert case is not None
    assert case.stage == "submitted", stage.text
    assert "2026（000001）号" in stage.text


def test_what_was_said_is_what_the_form_holds(book: CityBook, mind: Understander) -> None:
    stage = Stage.of(book, mind=mind)
    for text in ZHOUKOU:
        stage.say(text)
    assert stage.values == {
        "enterprise.name": "周口某某面业有限公司",
        "enterprise.credit_code": "91420281MA4900001H",
        "contact.name": "王五",
        "contact.phone": "13800001111",
        "site.town": "chuanhui",
        "site.address": "川汇区庆丰路8号",
        "utilities": ["water", "heat"],
        "water.kind": "new",
        "heat.kind": "new",
        "water.daily_amount": "6",
        "water.dual_supply": False,
        "heat.area": "1200",
        "heat.use": ["floor"],
        "survey.time": "2026-11-25T15:00+08:00",
        "needs.text": "希望尽快安排,赶在供暖前",
    }
