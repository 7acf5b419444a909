"""People as they are introduced when a name is asked for."""

import pytest

from bot.dialogue.filling.introduced import called, introduced
from bot.understanding.normalise import tidy

INTRODUCED = {
    "姓赵，叫赵小样": "赵小样",
    "我姓钱，钱多样": "钱多样",
    "法人王建样": "王建样",
    "填财务张会计": "张会计",
    "买买提·样力": "买买提·样力",
    "写我们厂长老陈": "老陈",
    "就写孙样吧": "孙样",
    "联系人：李样样": "李样样",
    "找王经理就行": "王经理",
    "他叫欧阳样": "欧阳样",
}
NOBODY = [
    "我是老板",
    "老板高兴",
    "经理马上到",
    "法人不在",
    "财务来填",
    "等一下",
    "都可以",
    "叫什么",
    "会计下班了",
    "随便填",
    "安排好了",
]
CALLED = {
    "我叫周样，电话13800001234": "周样",
    "您好我是李经理，要办水电": "李经理",
    "我的名字是古丽·样木": "古丽·样木",
    "你好，我叫付样样": "付样样",
}
NOT_CALLED = [
    "我叫了师傅",
    "我是老板",
    "我是来办水电的",
    "我叫他来",
    "我是大冶的",
    "我叫什么不重要",
]


@pytest.mark.parametrize("text", INTRODUCED)
def test_introduced(text: str) -> None:
    assert introduced(tidy(text)) == INTRODUCED[text]


@pytest.mark.parametrize("text", NOBODY)
def test_nobody(text: str) -> None:
    assert introduced(tidy(text)) is None


@pytest.mark.parametrize("text", CALLED)
def test_called(text: str) -> None:
    assert called(tidy(text)) == CALLED[text]


@pytest.mark.parametrize("text", NOT_CALLED)
def test_not_called(text: str) -> None:
    assert called(tidy(text)) is None
