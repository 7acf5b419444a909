"""What answers a question, what may, and what never does."""

import pytest

from bot.dialogue.filling import rows
from bot.dialogue.filling.fits import Fit, judge
from bot.understanding.types import Intent, Slots, Understood
from config.cities import CITIES, CityBook
from rules.forms import SKIPPED, Form, form_of
from tests.bot.dialogue.stage import NOW, facts_of, understood

BOOK = CityBook.load(CITIES)
DAYE: Form = form_of(BOOK.on("daye", NOW.date()), "B")
ZHOUKOU: Form = form_of(BOOK.on("zhoukou", NOW.date()), "B")
CALENDAR = facts_of(BOOK).calendars["daye"]

CLEAR = [
    ("enterprise.name", "大冶某某机械有限公司"),
    ("enterprise.name", "老陈家超市"),
    ("enterprise.name", "我们是某某合作社"),
    ("contact.name", "李甲"),
    ("contact.name", "联系人是欧阳锋"),
    ("contact.name", "孙工"),
    ("contact.name", "小刘"),
    ("contact.name", "王经理"),
    ("contact.name", "我叫张三"),
    ("contact.phone", "13800001234"),
    ("contact.phone", "电话13800001234哈"),
    ("contact.phone", "1380000"),
    ("enterprise.credit_code", "91420281ma4900001h"),
    ("enterprise.credit_code", "9142028100"),
    ("site.address", "工业路1号"),
    ("site.address", "农贸市场对面"),
    ("site.address", "工业园二期A3栋"),
    ("site.town", "金湖"),
    ("site.town", "在还地桥镇"),
    ("utilities", "水电气"),
    ("utilities", "水和电都要"),
    ("utilities", "全部"),
    ("utilities", "用水报装、网络报装"),
    ("water.kind", "新开户"),
    ("water.kind", "扩容"),
    ("water.kind", "3"),
    ("water.daily_amount", "20"),
    ("water.daily_amount", "大概二十吨吧"),
    ("water.daily_amount", "每天20吨"),
    ("water.dual_supply", "要"),
    ("water.dual_supply", "不需要"),
    ("electricity.main_capacity", "315千伏安"),
    ("electricity.main_capacity", "主供1000"),
    ("network.carriers", "电信和移动"),
    ("project.code", "2026-420281-44-01-123456"),
    ("needs.text", "希望月底前通电"),
    ("needs.text", "请避开早晚高峰施工"),
    ("survey.time", "2026年11月24日9点"),
]
DOUBT = [
    ("enterprise.name", "城关老李家"),
    ("contact.name", "前台"),
    ("site.address", "老地方"),
    ("needs.text", "我们老板比较急"),
]
CHATTER = [
    "今天天气真好",
    "哈哈哈哈",
    "吃饭了吗",
    "在忙，回头说",
    "收到🙏",
    "辛苦了",
    "明天下午来我家打牌",
    "手机快没电了",
    "我先去开个会",
    "这个网站真难用",
    "孩子又不听话",
    "股票又跌了",
    "？？？",
    "😂😂",
    "水果多少钱一斤",
]
ASKED = [
    ("办这个要几天", Intent.ASK_TIME_LIMIT),
    ("要交多少钱", Intent.ASK_FEE),
    ("需要什么材料", Intent.ASK_MATERIALS),
    ("3天能办好吗", Intent.ASK_TIME_LIMIT),
    ("你们电话多少", Intent.ASK_CONTACT),
    ("我的申请到哪一步了", Intent.QUERY_STATUS),
    ("315千伏安要多少钱？", Intent.ASK_FEE),
    ("工业路挖开要审批吗", Intent.ASK_PERMIT),
    ("我要投诉", Intent.COMPLAIN),
]
NO_NUMBERS = ["看一下", "想一想", "等一会", "问一下再说", "一直没定", "十分着急", "先看看"]
TEXTUAL = ("enterprise.name", "contact.name", "site.address", "needs.text")


def _judged(key: str, said: Understood, form: Form = DAYE) -> Fit:
    return judge(form.by_key[key], said, now=NOW, calendar=CALENDAR).fit


@pytest.mark.parametrize(("key", "text"), CLEAR)
def test_answers(key: str, text: str) -> None:
    assert _judged(key, understood(text, None)) is Fit.CLEAR


@pytest.mark.parametrize(("key", "text"), DOUBT)
def test_what_is_asked_back(key: str, text: str) -> None:
    assert _judged(key, understood(text, None)) is Fit.DOUBT


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_words_with_a_numeral_in_them_are_no_number(text: str) -> None:
    assert _judged("water.daily_amount", understood(text, None)) is Fit.NONE


@pytest.mark.parametrize("text", ["不要", "不用了", "不要备供"])
def test_a_number_that_is_not_wanted_is_passed_over(text: str) -> None:
    reading = judge(
        DAYE.by_key["electricity.backup_capacity"],
        understood(text, "deny"),
        now=NOW,
        calendar=CALENDAR,
    )
    assert reading.value is SKIPPED


@pytest.mark.parametrize("text", CHATTER)
@pytest.mark.parametrize("key", [f.key for f in DAYE.fields])
def test_chatter_is_never_taken(key: str, text: str) -> None:
    unsure = Understood(text, Intent.OUT_OF_SCOPE, 0.6)
    assert _judged(key, unsure) is not Fit.CLEAR
    sure = Understood(text, Intent.OUT_OF_SCOPE, 0.95)
    assert _judged(key, sure) is Fit.NONE


@pytest.mark.parametrize(("text", "intent"), ASKED)
@pytest.mark.parametrize("key", [f.key for f in ZHOUKOU.fields])
def test_a_question_is_no_answer(key: str, text: str, intent: Intent) -> None:
    said = Understood(text, intent, 0.9, Slots())
    assert _judged(key, said, ZHOUKOU) is Fit.NONE


ROWS = [
    ("锅炉2台，DN50，工作3kPa，设备5kPa，80方/小时", ["锅炉", 2, "DN50", "3", "5", "80"]),
    ("两台锅炉，每台四十方每小时", ["锅炉", 2, None, None, None, "40"]),
    ("食堂灶具三台", ["食堂灶具", 3, None, None, None, None]),
    ("锅炉 2 DN50 3 5 80", ["锅炉", 2, "DN50", "3", "5", "80"]),
    ("80方每小时", [None, None, None, None, None, "80"]),
]


@pytest.mark.parametrize(("text", "cells"), ROWS)
def test_devices_as_people_tell_them(text: str, cells: list[object]) -> None:
    field = DAYE.by_key["gas.devices"]
    value, faults = rows.judged(field, rows.read(field, text, NOW), NOW)
    assert not faults
    assert [[row.get(column.key) for column in field.columns] for row in value] == [cells]


def test_several_devices() -> None:
    field = DAYE.by_key["gas.devices"]
    made = rows.read(field, "锅炉2台，80方/小时；灶具4台，另外烤箱1台", NOW)
    assert [(row["name"], row["count"]) for row in made] == [
        ("锅炉", "2"),
        ("灶具", "4"),
        ("烤箱", "1"),
    ]
