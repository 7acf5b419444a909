"""The very figure that was asked for, in both cities and in a third one nobody knew."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.dialogue.guide import Asked, answer
from bot.dialogue.guide.measures import Measures, measures_of
from bot.understanding.types import Slots
from config.cities import CITIES, CityBook, RoadClass, Topic, Trigger
from rules.calendar import SHANGHAI, WorkCalendar
from tests.config.third_city import folder_with_third

BOOK = CityBook.load(CITIES)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)


def said(
    line: str | int | None = None,
    crossing: int | None = None,
    green: int | None = None,
    **more: object,
) -> Measures:
    """Measures by plain numbers."""
    three = (None if each is None else Decimal(each) for each in (line, crossing, green))
    return Measures(*three, **more)  # type: ignore[arg-type]


def told(city: str, topic: Topic, text: str, book: CityBook = BOOK, **slots: object) -> list[str]:
    found = book.on(city, NOW.date())
    calendar = WorkCalendar(found.hours, found.same_day_cutoff)
    asked = Asked(found, text, Slots(**slots), NOW, calendar)  # type: ignore[arg-type]
    return [each.shown for each in answer(topic, asked)]


@pytest.mark.parametrize(
    ("city", "text", "first"),
    [
        ("daye", "踏勘要等几天", "联合踏勘：3个工作日，从受理起算。（方案未写明，为本市平台约定）"),
        ("daye", "方案编制期限多长", "编制方案：1个工作日，从踏勘完成起算。（依据：大冶 四(一)3）"),
        (
            "zhoukou",
            "方案编制期限多长",
            "编制方案：1个工作日，从踏勘完成起算。（方案未写明，为本市平台约定）",
        ),
        (
            "daye",
            "联合审批要几个工作日",
            "并联审批：1个工作日，从提交审批材料起算。（依据：大冶 四(二)2）",
        ),
        (
            "zhoukou",
            "联合审批要几个工作日",
            "并联审批：争取当日接、当日结，最长1个工作日，从收到外线工程审批申请起算。"
            "（依据：周口 四(二)）",
        ),
        (
            "daye",
            "走承诺制几天出结果",
            "告知承诺：即时办结（提交承诺后当场办结）。（依据：大冶 四(二)1）",
        ),
        (
            "daye",
            "登记以后几天有人上门对接",
            "上门对接：1个工作日，从收到意向登记起算。（依据：大冶 四(一)1）",
        ),
        ("zhoukou", "报送审批资料要几天", "报送审批材料：方案未写明，请咨询专窗。"),
        (
            "zhoukou",
            "几天能通电",
            "接入：争取0.5个工作日，最长1个工作日，从约定的接入时间起算。"
            "（依据：周口 四(三)、二(二)）",
        ),
    ],
)
def test_time_limit_of_the_step_named(city: str, text: str, first: str) -> None:
    assert told(city, "time_limits", text)[0] == first


def test_total_is_stated_nowhere() -> None:
    lines = told("daye", "time_limits", "从头到尾一共要多久")
    assert "从头到尾一共几天：方案未写明总天数，写明的是每一步的时限。" in lines
    assert any("大冶 四" in line for line in lines)


def test_holidays_do_not_count() -> None:
    assert "周末和法定节假日不算" in told("zhoukou", "time_limits", "碰到放假怎么算")[0]


@pytest.mark.parametrize("topic", BOOK.on("daye", NOW.date()).guide)
@pytest.mark.parametrize("city", BOOK.codes())
def test_every_topic_of_every_city_is_answered_with_its_sources(city: str, topic: Topic) -> None:
    found = BOOK.on(city, NOW.date())
    lines = told(city, topic, "")
    assert lines
    whole = "\n".join(lines)
    for each in found.guide[topic]:
        if each.clause and each.text in whole:
            assert f"{each.text}（依据：{each.clause}）" in whole
    assert all(text in whole for text in [e.text for e in found.guide[topic]][:4])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("管线180米能走承诺不", said(line=180)),
        ("一百八十米", said(line=180)),
        ("外线1.2公里", said(line=1200)),
        ("穿路14米、管长190米", said(line=190, crossing=14)),
        ("过马路十五米,再走三十米", said(line=30, crossing=15)),
        ("15米宽的马路要横穿", said(crossing=15)),
        ("占绿地25平方", said(green=25)),
        ("占二十平米绿化", said(green=20)),
        ("主干道能不能", said(road=RoadClass.ARTERIAL)),
        ("次干道", said(road=RoadClass.SECONDARY)),
        ("省道要不要批", said(road=RoadClass.HIGHWAY)),
        ("新修的路不到五年", said(opened_years=5, less=True)),
        ("大修了三年的路", said(overhauled_years=3)),
        ("大修才2年", said(overhauled_years=2, less=True)),
        ("要穿铁路", said(triggers=frozenset({Trigger.MAJOR_CROSSING}))),
        ("315千伏安,20吨/天,500M", said()),
        ("今天来不来", said()),
        ("9" * 40 + "米", said()),
    ],
)
def test_measures_named(text: str, meant: Measures) -> None:
    assert measures_of(text) == meant


@pytest.mark.parametrize(
    ("city", "text", "part"),
    [
        ("daye", "管线199米", "没有超出告知承诺的界限。（依据：大冶 四(二)1）"),
        (
            "daye",
            "管线200米",
            "外线合计200米，不小于200米，不适用告知承诺，实行联合审批（大冶 四(二)1）",
        ),
        ("zhoukou", "管线200米", "没有超出告知承诺的界限。（依据：周口 四(二)）"),
        ("zhoukou", "管线201米", "超过200米"),
        ("zhoukou", "穿路15米", "没有超出"),
        ("zhoukou", "穿路16米", "穿越道路合计16米，超过15米，不适用告知承诺（周口 四(二)）"),
        ("zhoukou", "占绿20平方米", "没有超出"),
        ("zhoukou", "占绿21平方米", "超过20平方米"),
        ("zhoukou", "快速路边上埋管100米", "涉及城市快速路，不适用告知承诺（周口 四(二)）"),
        ("zhoukou", "新修的路不到四年", "交付使用未满5年"),
        ("zhoukou", "新修的路六年了,埋管50米", "没有超出"),
        ("daye", "穿铁路50米", "需穿（跨）越重大管（线、路）工程，实行联合审批（大冶 四(二)2）"),
        ("zhoukou", "穿铁路50米", "不适用告知承诺"),
        ("zhoukou", "穿铁路", "穿跨越重大管线路：方案未写明，请咨询专窗。"),
    ],
)
def test_a_line_as_described_is_judged_by_the_citys_thresholds(
    city: str, text: str, part: str
) -> None:
    assert part in "\n".join(told(city, "commitment", text))


def test_what_remains_to_be_met_is_told() -> None:
    lines = "\n".join(told("zhoukou", "commitment", "管线180米"))
    for part in ("不超过15米", "不超过20平方米", "不是城市主干道、城市快速路", "满5年", "满3年"):
        assert part in lines
    assert "最后以踏勘结果为准" in lines


def test_departments_of_permits() -> None:
    daye = "\n".join(told("daye", "permits", "挖路归哪个部门管"))
    excavation = "道路挖掘：由市城管执法局审批（公路由市交通局审批）。"
    assert f"{excavation}（方案未写明，为本市平台约定）" in daye
    zhoukou = "\n".join(told("zhoukou", "permits", "占人行道打围挡要交警同意吗"))
    assert "交通组织方案：由市公安局审批" in zhoukou


def test_sanctions_for_a_broken_promise() -> None:
    ladder = told("zhoukou", "commitment", "承诺了做不到会咋样")[0]
    assert "暂停执行告知承诺制3个月并到整改完成为止" in ladder
    daye = told("daye", "commitment", "承诺了做不到会咋样")[0]
    assert "纳入各单位年度“优化营商环境”改革考核内容。（依据：大冶 五(三)）" in daye


def test_documents_one_by_one() -> None:
    assert told("daye", "materials", "租的厂房要什么")[0].startswith(
        "租用场地的，要交：产权人同意证明。"
    )
    assert "材料清单里没有“身份证”" in told("daye", "materials", "要身份证吗")[0]
    assert "先受理、后补齐" in told("daye", "materials", "少一样能不能先受理")[0]
    assert "复印件、份数和盖章：方案未写明" in "".join(told("daye", "materials", "复印件要几份"))
    assert told("zhoukou", "materials", "要身份证吗")[0].startswith("零材料")


def test_what_a_city_does_not_know_is_told_not_made_up() -> None:
    heat = told("daye", "time_limits", "暖气多久", utilities=("heat",))
    assert "没有您问的这一项，方案未写明，请咨询专窗。" in heat[0]
    assert "12345" in heat[1]
    transfer = told("daye", "process", "过户怎么办", kind="transfer")
    assert "没有把更名、过户列入联合报装" in transfer[0]
    assert "不用踏勘" in told("zhoukou", "time_limits", "过户多久", kind="transfer")[0]


def test_contacts() -> None:
    gas = told("daye", "contacts", "燃气公司电话", utilities=("gas",))
    assert gas[0] == "用气单位的报装电话：方案未写明，请咨询专窗。"
    assert "95598" not in "".join(gas)
    assert told("daye", "contacts", "供电公司电话", utilities=("electricity",))[0].endswith(
        "95598。"
    )
    assert "周末和法定节假日，专窗不受理" in told("zhoukou", "contacts", "周六开门吗")[0]
    assert "专窗现在在受理时间内" in told("zhoukou", "contacts", "现在开门吗")[0]
    assert "项城市窗口的地址和时间：方案未写明" in told("zhoukou", "contacts", "项城市有窗口吗")[0]


def test_a_third_city_is_answered_from_its_file(tmp_path: Path) -> None:
    book = CityBook.load(folder_with_third(tmp_path))
    lines = told("moumou", "time_limits", "踏勘几天", book, utilities=("steam",))
    assert lines[0].startswith("联合踏勘：3个工作日")
    kinds = "\n".join(told("moumou", "eligibility", "过户也算吗", book, kind="transfer"))
    assert "用汽：新装、临时用汽、过户" in kinds
    outside = told("moumou", "materials", "暖气", book, utilities=("heat",))
    assert "用汽" in outside[0]


def test_what_we_decided_is_never_told_as_the_policys() -> None:
    ours = "（方案未写明，为本市平台约定）"
    assert f"更名、过户不用踏勘。{ours}" in told("zhoukou", "process", "怎么办理")
    for city in BOOK.codes():
        whole = told(city, "permits", "占人行道打围挡、挖路、占绿化要找谁")
        assert all(each.endswith(ours) for each in whole if "由" in each and "审批" in each[:24])
    daye = told("daye", "eligibility", "谁可以办")
    assert "一次申请、综合受理、区域通办。（依据：大冶 三(三)）" in daye
    assert any("任一专窗" in each and each.endswith(ours) for each in daye)
    daye = told("daye", "permits", "要审批吗")
    assert "超200米" in daye[0]
    assert f"正好200米的，按联合审批办理。{ours}" in daye


def test_documents_are_told_with_their_condition() -> None:
    whole = told("daye", "materials", "要什么材料")[0]
    assert "经办人授权委托书（由经办人代办的）" in whole
    assert "产权人同意证明（租用场地的）" in whole


@pytest.mark.parametrize(
    ("city", "topic", "text", "first"),
    [
        ("daye", "time_limits", "周六日算工作日吗", "时限按工作日算，周末和法定节假日不算"),
        ("daye", "process", "施工队可以自己找吗", "施工单位由谁选定：方案未写明，请咨询专窗。"),
        ("daye", "time_limits", "能不能加急", "能不能加急、提前：方案未写明"),
        ("daye", "fees", "挖路要收修复费吗", "报装服务实行"),
        ("zhoukou", "fees", "挖路要收修复费吗", "经批准挖掘城市道路的，由施工方承诺按原貌修复"),
        ("daye", "eligibility", "房东不同意怎么办", "租用场地的可以申请，须产权人同意。"),
        ("daye", "process", "有哪些运营商", "可以选的网络运营商：中国电信、中国移动"),
        ("daye", "process", "电压等级怎么定", "技术要求（电压、压力、管径、埋深等）：方案未写明"),
        ("daye", "process", "报装要不要签合同", "“报装要不要签合同”：方案未写明，请咨询专窗。"),
        ("daye", "process", "便冶办是什么", "水电气网综合受理专窗设在"),
        ("daye", "process", "什么是一网流转", "一口登记、一表申请、一窗受理"),
        ("daye", "process", "流程是什么", "一口登记、一表申请"),
    ],
)  # fmt: skip
def test_one_particular_thing(city: str, topic: Topic, text: str, first: str) -> None:
    assert told(city, topic, text)[0].startswith(first)


def test_who_restores_a_road_is_told_with_where_it_is_said() -> None:
    restored = "经批准挖掘道路的，由施工方承诺并按原貌修复。"
    assert told("zhoukou", "fees", "路谁来修复") == [f"{restored}（依据：周口 二(四)）"]
    assert told("daye", "fees", "路谁来修复")[0].startswith(f"{restored}（方案未写明")
