"""One spelling for what means the same, without touching what means something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import WORDS, normalise, repair, tidy

REPAIRED = {
    "我要抱装": "我要报装",
    "暴装怎么弄": "报装怎么弄",
    "约踏堪": "约踏勘",
    "他勘时间": "踏勘时间",
    "承若书": "承诺书",
    "装宽代": "装宽带",
    "三百千福安": "三百千伏安",
    "天燃气": "天然气",
    "然气开户": "燃气开户",
    "便民办小程序": "便冶办小程序",
    "便也办": "便冶办",
    "便治办在哪": "便冶办在哪",
    "联合包装": "联合报装",
    "包装进度": "报装进度",
    "拉一根光线宽带": "拉一根光纤宽带",
    "五百照宽带": "五百兆宽带",
    "零时用电": "临时用电",
    "一向登记": "意向登记",
    "我要報裝,電錶過戶": "我要报装,电表过户",
    "申請聯合踏勘": "申请联合踏勘",
    "信用带码": "信用代码",
    "审皮过了没": "审批过了没",
}
UNTOUCHED = [
    "我们是做包装的厂",
    "包装箱多少钱",
    "天然气",
    "突然气人",
    "方便民办教育",
    "便民办事大厅",
    "光线太暗",
    "保障房",
    "跟名单对不上",
    "动手理解一下",
    "一向很准时",
    "意象派",
    "柔软气垫",
    "他看起来不错",
]


@pytest.mark.parametrize(("typed", "meant"), REPAIRED.items())
def test_misspellings_are_mended(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_words_stay(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("  ５００ＫＶＡ，谢谢  ", "500KVA,谢谢"),
        ("２０２３（００４５）号", "2023(0045)号"),
        ("第一行\n第二行\t完", "第一行 第二行 完"),
        ("零\u200b宽\ufeff字", "零宽字"),
        ("㎡ m³", "m2 m3"),
        ("\ue000\ue001", ""),
        ("\ud800坏", "坏"),
    ],
)
def test_tidy(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


@given(st.text(max_size=60))
def test_repairing_keeps_positions(text: str) -> None:
    tidied = tidy(text)
    assert len(repair(tidied)) == len(tidied)
    assert tidy(tidied) == tidied


def test_no_misspelling_is_also_a_right_word_or_of_another_length() -> None:
    import tomllib

    plain = tomllib.loads((WORDS / "typos.toml").read_text("utf-8"))["plain"]
    wrongs = [wrong for each in plain.values() for wrong in each]
    assert len(set(wrongs)) == len(wrongs)
    assert not set(wrongs) & set(plain)
    for right, each in plain.items():
        assert all(len(wrong) == len(right) for wrong in each), right
