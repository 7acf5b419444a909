"""How values are found in what is typed: digits dictated, kinds, corrections, ranges, own words."""

import pytest

from bot.dialogue.filling import bare, kinds, ranges, spoken
from bot.dialogue.filling.consents import bare_answer, by_own_words, of_another
from bot.dialogue.filling.corrected import corrections
from bot.dialogue.filling.denials import is_removal
from bot.dialogue.filling.shapes import is_company, is_none, is_place, is_wish
from bot.understanding.types import Intent, Understood
from config.cities import CITIES, CityBook
from rules.forms import Form, form_of
from tests.bot.dialogue.stage import NOW

ZHOUKOU: Form = form_of(CityBook.load(CITIES).on("zhoukou", NOW.date()), "B")


def _said(text: str) -> Understood:
    return Understood(text, Intent.RENAME_TRANSFER, 0.9)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("幺三九零零零零六零零一", "13900006001"),
        ("一三九 零零零零 一一一三", "13900001113"),
        ("代码九一四二零二八一MA四九QK七T一七", "代码91420281MA49QK7T17"),
        ("一百二十三", "一百二十三"),
        ("一五一十", "一五一十"),
    ],
)
def test_dictated_digits(text: str, written: str) -> None:
    assert spoken.written(_said(text)).text == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("水新开户，电增容", {"water": "new", "electricity": "increase"}),
        ("用水扩容，用电临时", {"water": "increase", "electricity": "temporary"}),
        ("水、电新装，气增容", {"water": "new", "electricity": "new", "gas": "increase"}),
        ("要报水电，气是增容", {"gas": "increase"}),
        ("水是扩容，不是新开户", {"water": "increase"}),
        ("电不是新装是增容", {"electricity": "increase"}),
        ("用水用电，都是新装", {"water": "new", "electricity": "new"}),
        ("增容到630", {}),
        ("水电气网都要，新装", {}),
        ("电话是新办的", {}),
    ],
)
def test_kinds_by_utility(text: str, told: dict[str, str]) -> None:
    assert kinds.by_utility(text) == told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "联系人不是王样，是黄样，电话改成13900005555",
            {"contact.name": "黄样", "contact.phone": "13900005555"},
        ),
        ("13900003333改成13900008888", {"contact.phone": "13900008888"}),
        ("不是王样是黄样", {"contact.name": "黄样"}),
        ("地址改成工业路2号", {"site.address": "工业路2号"}),
        ("联系人改成13900005555", {}),
        ("会议改成下午", {}),
        ("电话改成黄样", {}),
    ],
)
def test_corrections(text: str, found: dict[str, str]) -> None:
    held = {"contact.phone": "13900003333", "contact.name": "王样"}
    told = corrections(ZHOUKOU, text, held)
    assert {each.field.key: each.words for each in told} == found


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("二三十吨", ("20", "30")),
        ("大约20-30吨", ("20", "30")),
        ("二十到三十", ("20", "30")),
        ("30吨", ()),
        ("二十三吨", ()),
        ("0714-8765432", ()),
    ],
)
def test_ranges(text: str, ends: tuple[str, ...]) -> None:
    assert ranges.between(text) == ends


@pytest.mark.parametrize(
    ("key", "text", "own", "other"),
    [
        ("water.consent", "同意了", True, False),
        ("water.consent", "他还没同意", False, False),
        ("water.consent", "结清了", None, True),
        ("water.arrears_settled", "结清了", True, False),
        ("water.arrears_settled", "还没结清", False, False),
        ("water.arrears_settled", "没欠费", True, False),
        ("water.arrears_settled", "同意", None, False),
        ("water.dual_supply", "要双路", True, False),
        ("water.dual_supply", "没欠费", None, True),
    ],
)
def test_own_words(key: str, text: str, own: bool | None, other: bool) -> None:
    assert by_own_words(ZHOUKOU.by_key[key], text) is own
    assert of_another(ZHOUKOU.by_key[key], text) is other


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("是的", True),
        ("好的，同意", True),
        ("不需要", False),
        ("没有", False),
        ("不同意", False),
        ("好累", None),
        ("今天没下雨", None),
        ("结清了", None),
    ],
)
def test_bare_answers(text: str, told: bool | None) -> None:
    assert bare_answer(text) is told


@pytest.mark.parametrize(
    "text",
    [
        "大冶市样品机械有限公司",
        "91420281MA49QK7T17",
        "13900001111",
        "30吨",
        "30",
        "还地桥镇长乐路18号",
    ],
)
def test_nothing_but_a_value(text: str) -> None:
    assert bare.is_unasking(bare.plain(_said(text)))


@pytest.mark.parametrize(
    "text", ["我要过户给大冶某某有限公司", "30吨要多少钱", "水表过户", "公司名称有点长", "王工"]
)
def test_more_than_a_value(text: str) -> None:
    said = _said(text)
    assert bare.plain(said) is said


@pytest.mark.parametrize(
    ("check", "text", "holds"),
    [
        (is_company, "老陈家超市", True),
        (is_company, "没有公司", False),
        (is_company, "今天厂里停工", False),
        (is_place, "农贸市场对面", True),
        (is_place, "工业园二期A3栋", True),
        (is_place, "铜山路口往东五十米", True),
        (is_place, "我在路上", False),
        (is_place, "号码忘了", False),
        (is_place, "旁边有个加油站", False),
        (is_wish, "请避开早晚高峰施工", True),
        (is_wish, "改天请你吃饭", False),
        (is_wish, "楼下施工好吵", False),
        (is_none, "不是很清楚", True),
        (is_none, "没想好", True),
        (is_none, "不知道他去哪了", False),
        (is_removal, "天然气不要了", True),
        (is_removal, "不要用水冲地", False),
    ],
)
def test_shapes(check: object, text: str, holds: bool) -> None:
    assert callable(check)
    assert check(text) is holds
