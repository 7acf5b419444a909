"""What an utterance states, by slot. The sentences are made up for these tests."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.lexicon import Lexicon
from bot.understanding.segment import prepare
from bot.understanding.slots import slots_of
from bot.understanding.types import Amount, Intent, Slots


def stated(lexicon: Lexicon, intent: str, text: str) -> Slots:
    return slots_of(prepare(text, lexicon), Intent(intent), lexicon)


UTILITIES = [
    ("apply", "水电气暖网全套都要", "water electricity gas heat network"),
    ("apply", "给仓库拉根光纤", "network"),
    ("apply", "要个变压器，三相的", "electricity"),
    ("apply", "想通气，食堂用", "gas"),
    ("apply", "除了水，其他电和网都报", "electricity network"),
    ("apply", "不要暖气，就要电", "electricity"),
    ("apply", "暂不接气，先报水", "water"),
    ("apply", "水早就通了，现在要补个燃气", "gas"),
    ("apply", "网我自己有，差个电", "electricity"),
    ("apply", "报水、电、网三样", "water electricity network"),
    ("apply", "手机没信号，水果店要接自来水", "water"),
    ("apply", "我们是大冶市小水滴电缆有限公司，要装宽带", "network"),
    ("apply", "临水临电都要", "water electricity"),
    ("query_status", "水和电都通了，就差燃气没消息", "gas"),
    ("query_status", "光缆到哪了", "network"),
    ("modify_application", "把暖气那项去掉", "heat"),
    ("modify_application", "把燃气换成暖气", "heat"),
    ("resume_draft", "填到一半停电了，接着来", ""),
    ("resume_draft", "上回填到用水那页", "water"),
    ("deny", "我没要暖气", ""),
    ("deny", "不需要双路供水", "water"),
    ("ask_contact", "你们座机是多少", ""),
    ("ask_contact", "供电公司的电话呢", "electricity"),
    ("ask_fee", "不是问水费，是问装气表多少钱", "gas"),
    ("report_fault", "暖气片漏水了", "heat"),
    ("report_fault", "整条街都停水了", "water"),
    ("reschedule_survey", "那天停电检修，换一天看现场", ""),
    ("out_of_scope", "今天水果店的电影票", ""),
]


@pytest.mark.parametrize(("intent", "text", "told"), UTILITIES)
def test_utilities(lexicon: Lexicon, intent: str, text: str, told: str) -> None:
    assert sorted(stated(lexicon, intent, text).utilities) == sorted(told.split())


KINDS = [
    ("apply", "新装一个电表", "new"),
    ("apply", "电要增容", "increase"),
    ("apply", "水不够用了，换根大的，帮我扩容", "increase"),
    ("apply", "从315增到630", "increase"),
    ("apply", "工地临时用电", "temporary"),
    ("apply", "临时有事出去一下，先把电报上", None),
    ("apply", "要接电", None),
    ("apply", "一台315的变压器再加一台200的", None),
    ("apply", "变压器不够，再加一台变压器", "increase"),
    ("rename_transfer", "水表过户", "transfer"),
    ("rename_transfer", "电表要转到我名下", "transfer"),
    ("rename_transfer", "公司换了名字，户名跟着改", "rename"),
    ("rename_transfer", "更名", "rename"),
    ("modify_application", "勾成增容了，应该是新装", "new"),
    ("modify_application", "不是更名，是打错字", None),
    ("ask_process", "增容和新装流程一样吗", None),
    ("report_fault", "新装的表坏了", None),
    ("reschedule_survey", "临时要接待客户，改天再看", None),
]


@pytest.mark.parametrize(("intent", "text", "kind"), KINDS)
def test_kind(lexicon: Lexicon, intent: str, text: str, kind: str | None) -> None:
    assert stated(lexicon, intent, text).kind == kind


AMOUNTS = [
    ("apply", "电三百一十五千伏安", "electricity 315 kVA"),
    ("apply", "从200增到630千伏安", "electricity 630 kVA"),
    ("apply", "原来八十千伏安，现在要两百五", "electricity 250 kVA"),
    ("apply", "由400kVA换成800kVA", "electricity 800 kVA"),
    ("apply", "变压器630", "electricity 630 kVA"),
    ("apply", "要一台500的变压器", "electricity 500 kVA"),
    ("apply", "主供一千二百五，备供四百", "electricity 1250 kVA;electricity 400 kVA"),
    ("apply", "厂里用电一百六十千瓦", "electricity 160 kW"),
    ("apply", "供暖，热负荷800千瓦", "heat 800 kW"),
    ("apply", "水一天六吨，气每小时四十方", "water 6 t/d;gas 40 m3/h"),
    ("apply", "每天五十方水", "water 50 t/d"),
    ("apply", "千兆宽带，电话8门", "network 1000 Mbps;network 8 lines"),
    ("apply", "宽带要500，水每天20吨", "network 500 Mbps;water 20 t/d"),
    ("apply", "两台各要六十千瓦，合计120千瓦", "electricity 120 kW"),
    ("modify_application", "水不是三百吨，是三十吨一天", "water 30 t/d"),
    ("modify_application", "固话四门改两门", "network 2 lines"),
    ("modify_application", "容量写小了，改成800", "electricity 800 kVA"),
    ("modify_application", "前面记成十三吨了，水是三十吨一天", "water 30 t/d"),
    ("modify_application", "电不要630了，400就够", "electricity 400 kVA"),
    ("affirm", "对，500千伏安", "electricity 500 kVA"),
    ("ask_commitment", "管线180米能走承诺吗", ""),
    ("ask_commitment", "占绿地25平方行不行", ""),
    ("bill_payment", "上个月用了三百吨水", ""),
    ("bill_payment", "水多少钱一吨", ""),
    ("report_fault", "网速只有两兆", ""),
    ("ask_materials", "照片超过10M传不上去", ""),
    ("ask_fee", "装500兆专线多少钱", "network 500 Mbps"),
]


@pytest.mark.parametrize(("intent", "text", "told"), AMOUNTS)
def test_amounts(lexicon: Lexicon, intent: str, text: str, told: str) -> None:
    expected = {
        Amount(utility, Decimal(value), unit)
        for utility, value, unit in (each.split() for each in filter(None, told.split(";")))
    }
    slots = stated(lexicon, intent, text)
    assert set(slots.amount) == expected
    assert {each.utility for each in expected} <= set(slots.utilities)


TIMES = [
    ("book_survey", "约明天下午三点", "明天下午三点"),
    ("book_survey", "９月１８号上午９点来看", "9月18号上午9点"),
    ("book_survey", "大后天 早上八点半 踏勘", "大后天 早上八点半"),
    ("book_survey", "礼拜天来得不", "礼拜天"),
    ("book_survey", "本周三下午两点半左右吧", "本周三下午两点半左右"),
    ("book_survey", "最好是这周，下周我出差", "这周"),
    ("book_survey", "上午没人，约下午三点以后", "下午三点以后"),
    ("book_survey", "下周一到周三都行", "下周一到周三"),
    ("reschedule_survey", "原来定的9号，改到11号下午两点", "11号下午两点"),
    ("reschedule_survey", "约的是后天，想让你们明天就来", "明天"),
    ("reschedule_survey", "明天不行，推到下周", "下周"),
    ("reschedule_survey", "往后挪两天", None),
    ("cancel_survey", "后天那趟取消", "后天"),
    ("query_deadline", "月底之前能办完不", "月底之前"),
    ("query_deadline", "国庆前通得了气吗", "国庆前"),
    ("query_status", "上周三交的", None),
    ("query_status", "三天了没动静", None),
    ("ask_time_limit", "国庆算不算工作日", None),
    ("ask_time_limit", "交了当天能受理不", None),
    ("apply", "临时用电，用到年底", "年底"),
    ("apply", "地址望月路6号，要电", None),
    ("confirm_visit", "13:40到场", "13:40"),
    ("goodbye", "明天见", None),
    ("complain", "早上约好的又没来", None),
]


@pytest.mark.parametrize(("intent", "text", "literal"), TIMES)
def test_datetime(lexicon: Lexicon, intent: str, text: str, literal: str | None) -> None:
    assert stated(lexicon, intent, text).datetime == literal


def test_a_whole_paragraph(lexicon: Lexicon) -> None:
    slots = stated(
        lexicon,
        "apply",
        "你好，大冶市云朵样例食品有限公司，信用代码９１４２０２８１ma49qk7t17，联系人赵小满，"
        "138 0000 2255，厂在陈贵镇样例路8号，水一天二十吨，电三百一十五千福安，后天上午可以踏堪",
    )
    assert slots == Slots(
        utilities=("water", "electricity"),
        amount=(
            Amount("water", Decimal(20), "t/d"),
            Amount("electricity", Decimal(315), "kVA"),
        ),
        datetime="后天上午",
        phone="13800002255",
        credit_code="91420281MA49QK7T17",
        company="大冶市云朵样例食品有限公司",
        person="赵小满",
        address="陈贵镇样例路8号",
    )


def test_out_of_scope_states_nothing(lexicon: Lexicon) -> None:
    assert stated(lexicon, "out_of_scope", "明天下午三点找李经理，13800001234") == Slots()


@given(text=st.text(max_size=60), intent=st.sampled_from(sorted(Intent)))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(lexicon: Lexicon, text: str, intent: Intent) -> None:
    slots_of(prepare(text, lexicon), intent, lexicon)


def test_an_applications_number_is_literal(lexicon: Lexicon) -> None:
    prepared = prepare("查下2026（000012）號", lexicon)
    assert slots_of(prepared, Intent.QUERY_STATUS, lexicon).application_no == "2026(000012)號"
