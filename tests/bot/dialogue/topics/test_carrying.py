"""One form more, or one in place of another, told by few words and by nothing else."""

from dataclasses import replace

import pytest

from bot.dialogue.state import Sheet
from bot.dialogue.topics.carrying import instead, one_more, other_firm

MORE = [
    "我还想给另一家公司报一个",
    "新建一个申请",
    "重新开一份",
    "再报一份",
    "另外一个厂也要报装",
    "帮我再填一张表",
    "能不能给别的公司也办一个",
    "另开一份申请表",
    "我们还有其他项目要报装",
]
NOT_MORE = [
    "重新填",
    "重来",
    "再加一台锅炉",
    "再报个宽带",
    "另外还要用气",
    "新建一路28号",
    "新开户",
    "再来一份证明要吗",
    "大冶新建材料有限公司",
    "另一家公司是谁的",
]


@pytest.mark.parametrize("text", MORE)
def test_a_further_form(text: str) -> None:
    assert one_more(text)


@pytest.mark.parametrize("text", NOT_MORE)
def test_no_further_form(text: str) -> None:
    assert not one_more(text)


def test_another_firm_is_another_firm() -> None:
    assert other_firm("我还想给另一家公司报一个")
    assert not other_firm("新建一个申请")


A = Sheet("A", "daye")
B = replace(A, form="B")


@pytest.mark.parametrize(
    "text",
    [
        "我要改成正式报装",
        "填错表了，我要的是申请表",
        "不是登记，是正式申请",
        "换成申请表吧",
        "我应该填联合报装申请",
    ],
)
def test_the_application_in_place_of_the_registration(text: str) -> None:
    assert instead(text, A) == "B"
    assert instead(text, B) != "B"


@pytest.mark.parametrize(
    "text", ["我要改成意向登记", "先不申请了，先登记一下意向", "弄错了，我只要登记", "换成采集单"]
)
def test_the_registration_in_place_of_the_application(text: str) -> None:
    assert instead(text, B) == "A"
    assert instead(text, A) is None


@pytest.mark.parametrize("text", ["改地址", "联系人改成李四", "不是正月十五", "供水需求改成20吨"])
def test_a_change_of_a_field_changes_no_form(text: str) -> None:
    assert instead(text, A) is None
    assert instead(text, B) is None
