"""Both cities against a table transcribed from the domain page (§5)."""

from datetime import date, time
from decimal import Decimal

import pytest

from config.cities import CITIES, UNSTATED, City, CityBook, Limit, RoadClass, Trigger, check_cities

DAY = date(2026, 11, 20)
BOOK = CityBook.load(CITIES)


def city(code: str) -> City:
    return BOOK.on(code, DAY)


def wd(days: str) -> Limit:
    return Limit(working_days=Decimal(days))


def test_both_cities_load_without_a_problem() -> None:
    assert check_cities(CITIES) == []
    assert BOOK.codes() == ("daye", "zhoukou")


KINDS = {
    "daye": {
        "water": {"new": "新开户", "increase": "扩容", "temporary": "临时用水"},
        "electricity": {"new": "新装", "increase": "增容", "temporary": "临时用电"},
        "gas": {"new": "新装"},
        "network": {"new": "新装"},
    },
    "zhoukou": {
        "water": {
            "new": "新开户",
            "increase": "扩容",
            "temporary": "临时用水",
            "rename": "更名",
            "transfer": "过户",
        },
        "electricity": {
            "new": "新装",
            "increase": "增容",
            "temporary": "临时用电",
            "rename": "更名",
            "transfer": "过户",
        },
        "gas": {"new": "新装", "rename": "更名", "transfer": "过户"},
        "heat": {"new": "新装", "increase": "增容", "rename": "更名", "transfer": "过户"},
        "network": {"new": "新装", "rename": "更名", "transfer": "过户"},
    },
}


@pytest.mark.parametrize("code", ["daye", "zhoukou"])
def test_utilities_and_kinds(code: str) -> None:
    found = {
        name: {kind.code: kind.label for kind in utility.kinds.values()}
        for name, utility in city(code).utilities.items()
    }
    assert found == KINDS[code]
    for utility in city(code).utilities.values():
        for kind in utility.kinds.values():
            assert kind.account_change == (kind.code in {"rename", "transfer"})
            assert kind.temporary == (kind.code == "temporary")
        assert bool(utility.carriers) == (utility.code == "network")


def test_providers_only_where_named() -> None:
    named = {u.code: u.provider for u in city("daye").utilities.values()}
    assert named == {
        "water": "清润水务集团",
        "electricity": "国家电网大冶公司",
        "gas": "华润燃气公司",
        "network": "各网络服务单位",
    }
    assert {u.provider for u in city("zhoukou").utilities.values()} == {None}


TOWNS = {
    "daye": "东岳路街道 罗家桥街道 金湖街道 金牛镇 保安镇 灵乡镇 金山店镇 还地桥镇 殷祖镇 刘仁八镇 "
    "陈贵镇 大箕铺镇 茗山乡 东风农场",
    "zhoukou": "川汇区 淮阳区 扶沟县 西华县 商水县 沈丘县 郸城县 太康县 鹿邑县 项城市",
}


@pytest.mark.parametrize("code", ["daye", "zhoukou"])
def test_towns(code: str) -> None:
    assert [town.label for town in city(code).towns] == TOWNS[code].split()
    assert {town.own_window for town in city(code).towns} == {code == "zhoukou"}


PLAIN = {
    "daye": {
        "lead.label": "市城管执法局",
        "organisers.survey": "window",
        "organisers.parallel_approval": "window",
        "organisers.home_visit": "utility",
        "joint_home_visit": False,
        "source.registration_by": "市自然资源和规划局",
        "source.registration_platform": "联审平台",
        "source.service_platform": "湖北政务服务网",
        "commitment_form": "annual",
        "commitment_by_builder": True,
        "gaps_allowed": True,
        "permit_gaps_allowed": True,
        "restoration_promise": True,
        "same_day_cutoff": time(16),
        "closing.days": 15,
        "opinions": ("town", "chengguan", "jiaotong", "jiaojing"),
        "sanctions.assessment": True,
        "sanctions.reported_to": "营商办",
    },
    "zhoukou": {
        "lead.label": "市城市管理局",
        "organisers.survey": "coordinator",
        "organisers.parallel_approval": "coordinator",
        "organisers.home_visit": "coordinator",
        "joint_home_visit": True,
        "source.registration_by": "市住房和城乡建设局",
        "source.registration_platform": "工改平台",
        "source.service_platform": "周口市政务服务网",
        "commitment_form": "case",
        "commitment_by_builder": False,
        "gaps_allowed": False,
        "permit_gaps_allowed": False,
        "restoration_promise": True,
        "same_day_cutoff": time(16),
        "closing.days": 15,
        "documents": (),
        "opinions": ("town", "chengguan", "zigui", "zhujian", "jiaojing"),
        "sanctions.assessment": False,
    },
}


@pytest.mark.parametrize(
    ("code", "path", "expected"),
    [(code, path, value) for code, rows in PLAIN.items() for path, value in rows.items()],
)
def test_plain_values(code: str, path: str, expected: object) -> None:
    value: object = city(code)
    for name in path.split("."):
        value = getattr(value, name)
    assert value == expected


ONE, HALF, NOW = wd("1"), wd("0.5"), Limit(working_minutes=1)
SAME_DAY = Limit(same_day=True)
DEADLINES: dict[str, dict[str, tuple[Limit, Limit | None, bool]]] = {
    "daye": {  # limit, target, ours
        "first_visit": (ONE, None, False),
        "acceptance": (HALF, None, True),
        "survey": (wd("3"), None, True),
        "document_list": (HALF, None, True),
        "plan": (ONE, None, False),
        "permit_papers": (ONE, None, False),
        "commitment": (NOW, None, False),
        "joint_approval": (ONE, None, False),
        "connection": (ONE, None, False),
        "offer_lapse": (wd("10"), None, True),
        "rating_close": (wd("15"), None, True),
        "correction": (wd("10"), None, True),
        "complaint": (wd("5"), None, True),
    },
    "zhoukou": {
        "first_visit": (ONE, None, True),
        "acceptance": (HALF, None, True),
        "survey": (wd("3"), None, True),
        "document_list": (HALF, None, True),
        "plan": (ONE, None, True),
        "commitment": (NOW, None, False),
        "joint_approval": (ONE, SAME_DAY, False),
        "connection": (ONE, HALF, False),
        "offer_lapse": (wd("10"), None, True),
        "rating_close": (wd("15"), None, True),
        "correction": (wd("10"), None, True),
        "complaint": (wd("5"), None, True),
    },
}


@pytest.mark.parametrize("code", ["daye", "zhoukou"])
def test_deadlines(code: str) -> None:
    rules = city(code).deadlines
    assert {n: (r.limit, r.target, r.ours) for n, r in rules.items()} == DEADLINES[code]
    assert all((rule.clause is None) == rule.ours for rule in rules.values())
    assert [name for name, rule in rules.items() if rule.at_once] == ["commitment"]


def test_commitment_bounds() -> None:
    daye, zhoukou = city("daye").permits, city("zhoukou").permits
    assert daye.commitment.line_below == 200
    assert daye.commitment.line_at_most is None
    assert daye.commitment.only_for == (Trigger.ROAD, Trigger.GREEN)
    assert daye.joint.triggers == (Trigger.PLANNING_CHANGE, Trigger.MAJOR_CROSSING)
    rule = zhoukou.commitment
    assert [rule.crossing_at_most, rule.line_at_most, rule.green_at_most] == [15, 200, 20]
    assert rule.line_below is None
    assert rule.excluded_roads == {RoadClass.ARTERIAL, RoadClass.EXPRESSWAY}
    assert (rule.years_after_opening, rule.years_after_overhaul) == (5, 3)
    assert zhoukou.joint.triggers == ()


def test_zhoukou_ladder_of_sanctions() -> None:
    steps = city("zhoukou").sanctions.ladder
    assert [step.code for step in steps] == ["rectify", "interview", "suspend"]
    assert [step.months for step in steps] == [None, None, 3]


@pytest.mark.parametrize("code", ["daye", "zhoukou"])
def test_window_hours(code: str) -> None:
    half_days = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
    for day in (date(2026, 1, 1), date(2028, 2, 29), date(2026, 7, 15), date(2026, 12, 31)):
        assert city(code).hours.sessions(day) == half_days


TITLES = {
    "daye": [
        "企业获得水、电、气、网络报装信息采集单",
        "企业用户水、电、气、网络联合报装业务申请表",
        "企业水、电、气、网络联合报装事项综合审批意见单",
    ],
    "zhoukou": [
        "企业获得水、电、气、暖、讯报装信息采集单",
        "水电气暖讯联合报装申请表",
    ],
}


@pytest.mark.parametrize("code", ["daye", "zhoukou"])
def test_titles_and_number(code: str) -> None:
    texts = city(code).texts
    assert [texts["A"], texts["B"], texts["C"]][: len(TITLES[code])] == TITLES[code]
    assert city(code).numbering.title == "联合报装编号"
    assert city(code).numbering.format(2023, 1) == "2023（000001）号"
    assert city("zhoukou").texts["D"] == "水电气暖讯承诺制事项申请表"


@pytest.mark.parametrize("code", ["daye", "zhoukou"])
def test_guide_answers_every_topic_with_its_source(code: str) -> None:
    guide = city(code).guide
    assert set(guide) == {
        "materials",
        "process",
        "time_limits",
        "fees",
        "eligibility",
        "commitment",
        "permits",
        "contacts",
    }
    for texts in guide.values():
        for each in texts:
            assert "{" not in each.text
            assert each.ours != (each.clause is not None)


def test_guide_figures_are_the_files_own() -> None:
    said = "".join(each.text for each in city("zhoukou").guide["commitment"])
    for figure in ("15米", "200米", "20平方米", "5年", "3年"):
        assert figure in said
    assert "0.5个工作日" in "".join(each.text for each in city("zhoukou").guide["time_limits"])
    assert UNSTATED in city("daye").guide["fees"][0].text


def test_only_national_or_stated_numbers() -> None:
    for code in BOOK.codes():
        assert {h.number for h in city(code).hotlines} == {"95598", "12345", "110", "119"}


def test_snapshots_are_frozen_and_shared() -> None:
    with pytest.raises(ValueError, match="frozen"):
        city("daye").name = "别的市"
    assert city("daye") is city("daye")
    with pytest.raises(LookupError):
        BOOK.on("nowhere", DAY)
    assert BOOK.only(("daye",)).codes() == ("daye",)
