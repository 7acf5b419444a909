"""Asking question by question, understanding a typed answer, and what changed."""

from decimal import Decimal
from typing import Any

import pytest

from rules.forms import (
    SKIPPED,
    diff,
    document_faults,
    form_of,
    next_question,
    parse_answer,
    prefill,
    profile_of,
    show,
)
from rules.forms.numerals import numbers
from tests.rules.form_cast import CREDIT, DAYE, NOW, ZHOUKOU, Weekdays, check, whole

B = form_of(DAYE, "B")
ZB = form_of(ZHOUKOU, "B")


def asked(values: dict[str, Any], skipped: set[str], form: Any = B) -> list[str]:
    """Keys in the order asked when every question is answered by skipping or from ``values``."""
    order: list[str] = []
    known: dict[str, Any] = {}
    passed = set(skipped)
    while (field := next_question(form, known, passed)) is not None and field.key not in order:
        order.append(field.key)
        if field.key in values:
            known[field.key] = values[field.key]
        else:
            passed.add(field.key)
    return order


def test_the_order_of_questions_follows_the_answers() -> None:
    values = check(whole(utilities=["water", "network"])).values
    assert asked(values, set()) == [
        "enterprise.name",
        "enterprise.credit_code",
        "contact.name",
        "contact.phone",
        "site.town",
        "site.address",
        "project.code",
        "utilities",
        "water.kind",
        "water.daily_amount",
        "water.dual_supply",
        "network.carriers",
        "network.bandwidth",
        "network.lines",
        "survey.time",
        "needs.text",
    ]


def test_skipped_is_not_unanswered_and_required_comes_again() -> None:
    values = check(whole()).values
    del values["contact.phone"]
    first = next_question(B, values, ())
    assert first is not None
    assert first.key == "contact.phone"
    rest = {"contact.phone", "project.code", "water.kind", "water.daily_amount"}
    rest |= {"water.dual_supply", "needs.text"}
    again = next_question(B, values, rest)
    assert again is not None
    assert again.key == "contact.phone", "required, so it comes again when all else is asked"
    values["contact.phone"] = "13800001234"
    assert next_question(B, values, rest) is None


def test_an_agent_named_is_asked_for_authorisation() -> None:
    field = next_question(B, check(whole(agent__name="王乙"), mode="draft").values, ())
    assert field is not None
    assert field.key == "agent.authorised"


ANSWERS: list[tuple[str, str, Any]] = [
    ("enterprise.name", "大冶某某机械有限公司", "大冶某某机械有限公司"),
    ("enterprise.credit_code", f"我们的代码是{CREDIT.lower()}。", CREDIT),
    ("contact.phone", "电话１３８００００１２３４", "13800001234"),
    ("contact.phone", "打0714-8765432找我", "0714-8765432"),
    ("project.code", "20264202814401123456", "2026-420281-44-01-123456"),
    ("project.code", "没有", SKIPPED),
    ("site.town", "在还地桥那边", "huandiqiao"),
    ("site.town", "金湖街道", "jinhu"),
    ("utilities", "水电气网都要", ["water", "electricity", "gas", "network"]),
    ("utilities", "用水报装和天然气报装", ["water", "gas"]),
    ("utilities", "水和电", ["water", "electricity"]),
    ("water.kind", "临时用水", "temporary"),
    ("water.kind", "2", "increase"),
    ("water.daily_amount", "大概二十吨每天", "20"),
    ("water.daily_amount", "1.5万吨", "15000"),
    ("water.daily_amount", "不清楚", SKIPPED),
    ("water.dual_supply", "不需要", False),
    ("water.dual_supply", "需要。", True),
    ("electricity.main_capacity", "三百一十五千伏安", "315"),
    ("network.carriers", "电信和联通", ["telecom", "unicom"]),
    ("network.lines", "两门", 2),
    ("survey.time", "2026年11月23日上午9点", "2026-11-23T09:00+08:00"),
    ("survey.time", "2026-11-23 下午3点半", "2026-11-23T15:30+08:00"),
    ("survey.time", "2026-11-23T09:00", "2026-11-23T09:00+08:00"),
    (
        "gas.devices",
        "锅炉，2台，DN50，-，-，30\n灶 1",
        [
            {"name": "锅炉", "count": 2, "burner_calibre": "DN50", "load": "30"},
            {"name": "灶", "count": 1},
        ],
    ),
    ("needs.text", "跳过", SKIPPED),
    ("needs.text", "周末施工", "周末施工"),
]


@pytest.mark.parametrize(("key", "text", "value"), ANSWERS)
def test_typed_answers(key: str, text: str, value: Any) -> None:
    answer = parse_answer(B.by_key[key], text, now=NOW, calendar=Weekdays())
    assert answer.faults == ()
    assert answer.value == value
    assert answer.skipped == (value is SKIPPED)


UNCLEAR = [
    ("site.town", "火星", "ambiguous"),
    ("site.town", "金湖或者还地桥", "ambiguous"),
    ("water.kind", "9", "ambiguous"),
    ("water.daily_amount", "20到30吨", "ambiguous"),
    ("water.daily_amount", "零吨", "too_small"),
    ("water.dual_supply", "看情况", "ambiguous"),
    ("survey.time", "随便", "ambiguous"),
    ("survey.time", "2026年11月22日上午9点", "time_not_working"),
    ("contact.phone", "12345", "phone_wrong"),
    ("enterprise.credit_code", CREDIT[:17], "credit_code_length"),
    ("gas.devices", "一 二 三 四 五 六 七", "ambiguous"),
    ("gas.devices", "锅炉", "required"),
    ("site.point", "这里", "ambiguous"),
    ("needs.text", "某\0某", "bad_character"),
    ("needs.text", "字" * 3000, "too_long"),
    ("needs.text", "  ", "ambiguous"),
]


@pytest.mark.parametrize(("key", "text", "code"), UNCLEAR)
def test_answers_that_cannot_be_taken(key: str, text: str, code: str) -> None:
    answer = parse_answer(B.by_key[key], text, now=NOW, calendar=Weekdays())
    assert [fault.code for fault in answer.faults] == [code]
    assert answer.value is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("315", ["315"]),
        ("1,200.5", ["1200.5"]),
        ("三百一十五", ["315"]),
        ("一百五", ["150"]),
        ("两千零五", ["2005"]),
        ("两千五", ["2500"]),
        ("十二", ["12"]),
        ("二十", ["20"]),
        ("三点五", ["3.5"]),
        ("一万二", ["12000"]),
        ("一万零二", ["10002"]),
        ("三十万五千", ["305000"]),
        ("二零二六", ["2026"]),
        ("5千", ["5000"]),
        ("315千伏安", ["315"]),
        ("两千千瓦", ["2000"]),
        ("千兆", ["1000"]),
        ("20到30", ["20", "30"]),
        ("没有数字", []),
    ],
)
def test_spoken_numbers(text: str, found: list[str]) -> None:
    assert numbers(text) == [Decimal(each) for each in found]


def test_changes_between_two_states() -> None:
    old = check(whole()).values
    new = check(whole(contact__phone="13800005678", water__daily_amount="5")).values
    assert [(c.key, c.label, c.old, c.new) for c in diff(B, old, new)] == [
        ("contact.phone", "联系电话", "13800001234", "13800005678"),
        ("water.daily_amount", "供水需求", None, "5"),
    ]
    assert diff(B, old, dict(old)) == ()


def test_nothing_known_is_asked_twice() -> None:
    registered = check(whole() | {"plan.use_date": "2027-01-01"}, form=form_of(DAYE, "A")).values
    carried = prefill(B, {"contact.name": "旧名", "unknown": 1}, registered)
    assert carried["contact.name"] == "李甲"
    assert "plan.use_date" not in carried
    assert "unknown" not in carried
    assert set(profile_of(carried)) == {
        "enterprise.name",
        "enterprise.credit_code",
        "contact.name",
        "contact.phone",
    }


def test_documents_follow_the_answers() -> None:
    values = check(whole(premises__rented=True, premises__owner_consent=True)).values
    missing = document_faults(DAYE, values, {"business_licence"})
    assert [(f.field, f.code, f.label) for f in missing] == [
        ("documents.site_right", "document_missing", "用地或房产权属证明"),
        ("documents.owner_consent", "document_missing", "产权人同意证明"),
    ]
    assert document_faults(ZHOUKOU, values, ()) == ()
    assert document_faults(DAYE, {"utilities": "water"}, {"business_licence", "site_right"}) == ()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("site.town", "chuanhui", "川汇区"),
        ("utilities", ["water", "heat"], "用水报装、用暖报装"),
        ("water.kind", "transfer", "过户"),
        ("water.dual_supply", False, "否"),
        ("water.daily_amount", "12.5", "12.5吨/日"),
        ("water.temporary_until", "2027-03-01", "2027年3月1日"),
        ("survey.time", "2026-11-23T09:00+08:00", "2026年11月23日9时"),
        ("survey.time", "2026-11-23T15:30+08:00", "2026年11月23日15时30分"),
        ("site.point", {"lat": 33.6, "lng": 114.6, "system": "gcj02"}, "33.6, 114.6"),
        ("gas.devices", [{"name": "锅炉", "count": 2}], "锅炉，数量2台"),
        ("needs.text", None, ""),
    ],
)
def test_values_in_words(key: str, value: Any, words: str) -> None:
    assert show(ZB.by_key[key], value) == words


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("地暖", ["floor"]),
        ("地暖和暖气片", ["radiator", "floor"]),
        ("风盘，还有洗澡热水", ["fan_coil", "hot_water"]),
        ("风机盘管", ["fan_coil"]),
        ("地面辐射采暖", ["floor"]),
    ],
)
def test_options_by_other_words(typed: str, codes: list[str]) -> None:
    assert parse_answer(ZB.by_key["heat.use"], typed, now=NOW).value == codes
