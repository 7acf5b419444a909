"""Cutting template values: whatever comes in, what goes out passes the platform's judge."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wechat.errors import ValueRefused
from wechat.sandbox import fields
from wechat.sandbox.refusal import Refusal
from wechat.values import fit, fit_all

FAMILIES = (
    *("thing1", "name2", "phrase3", "character_string4", "letter5", "symbol6", "car_number7"),
    *("number8", "time9", "date10", "amount11", "phone_number12", "short_thing13"),
)


@pytest.mark.parametrize(
    ("key", "value", "fitted"),
    [
        (
            "thing1",
            "二十个字刚好二十个字刚好二十个字刚好二十",
            "二十个字刚好二十个字刚好二十个字刚好二十",
        ),
        ("thing1", "x" * 21, "x" * 19 + "…"),
        ("thing1", "", "无"),
        ("thing1", "一行\n两行", "一行 两行"),
        ("name2", "欧阳" * 6, "欧阳" * 5),
        ("name2", "A" * 21, "A" * 20),
        ("phrase3", "已受理(待踏勘)", "已受理待踏"),
        ("phrase3", "OK", "无"),
        ("character_string4", "2023（000001）号", "2023(000001)"),
        ("letter5", "ab-12", "ab"),
        ("number8", "3.50", "3.50"),
        ("time9", "2026年11月20日 09:30", "2026年11月20日 09:30"),
        ("time9", "09:30~10:30", "09:30~10:30"),
        ("date10", "2026年1月2日", "2026年1月2日"),
        ("amount11", "¥12.50元", "¥12.50元"),
        ("phone_number12", "+86-0766-66888866", "+86-0766-66888866"),
    ],
)
def test_values_are_cut_to_their_rule(key: str, value: str, fitted: str) -> None:
    assert fit(key, value) == fitted


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("number8", "三"),
        ("time9", "2026-11-20 09:30"),
        ("date10", "明天"),
        ("amount11", "12345678901"),
        ("letter5", "汉"),
        ("thing", "没有编号的键"),
        ("unknown1", "x"),
    ],
)
def test_what_cannot_be_repaired_is_refused_before_sending(key: str, value: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        fit(key, value)
    assert refused.value.field == key


@settings(deadline=None)
@given(key=st.sampled_from(FAMILIES), value=st.text(max_size=60))
def test_what_is_sent_is_accepted(key: str, value: str) -> None:
    try:
        data: dict[str, Any] = fit_all({key: value})
    except ValueRefused:
        return
    fields.judge(data, [key])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("thing1", "x" * 21), ("phrase1", "六个汉字太长"), ("phrase1", "ok"), ("letter1", "汉")),
        *(("name1", "十一个汉字的姓名太长了呀"), ("name1", "a" * 21), ("symbol1", "!!!!!!")),
        *(("time1", "25:00"), ("time1", "2026-11-20 09:30"), ("date1", "2026年13月1日")),
        *(("amount1", "12345678901"), ("phone_number1", "1" * 18), ("number1", "1" * 33)),
        *(("car_number1", "京A123456789"), ("nothing1", "x"), ("thing", "x")),
    ],
)
def test_the_judge_refuses(key: str, value: str) -> None:
    with pytest.raises(Refusal, match=f"47003 .*data.{key}.value"):
        fields.judge({key: {"value": value}}, [key])
