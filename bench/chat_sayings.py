"""What people write: questions about their case, answers to a form's questions, and the rest."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from bench.form import credit_code

STATUS = (
    "进度",
    "查进度",
    "我的报装到哪一步了",
    "帮我查一下办理进度",
    "我们厂的报装现在什么情况",
    "我的申请办到哪儿了",
    "我提交的申请有进展了吗",
    "现在走到哪个环节了",
    "我那个单子办得怎么样了",
    "请问我公司的申请受理了没有",
    "查一下我的报装进度，谢谢",
    "上个月交的报装申请，现在到哪一步了",
    "你好，我想问问我的申请办得怎么样了",
)
GUIDE = (
    "报装要带什么材料",
    "办理流程是怎样的",
    "一般几天能办好",
    "挖路要交钱吗",
    "个体户能办吗",
    "什么情况可以走告知承诺",
    "过马路埋管要不要审批",
    "专窗在哪里，几点下班",
)
CHATTER = (
    "你好",
    "谢谢",
    "今天天气怎么样",
    "吃饭了没",
    "哈哈好的",
    "周末去哪玩",
    "再见",
    "这个号是机器人吗",
)
_FRESH = (
    "{who}的报装申请现在到哪一步了，第{n}次问",
    "我是{who}的，{n}号那天交的报装，进度怎么样了",
    "帮忙查下{who}的申请办到哪了，尾号{n}",
    "请问{who}报装的事{n}天了，进展如何",
)
ROADS = ("样例大道", "新冶大道", "湖滨路", "工业三路", "铜都大道", "观山路")
TRADES = ("铸造", "食品", "包装", "五金")
BRIGHT = "恒瑞鑫盛宏泰华隆丰顺祥和"
SURNAMES = "李王张刘陈杨赵黄周吴"
GIVEN = ("小明", "小红", "小强", "晓敏", "小军", "小静", "小芳")
TOWNS = ("金湖街道", "东岳路街道", "罗家桥街道", "金牛镇", "保安镇", "灵乡镇")
_CHOSEN: Mapping[str, Callable[[int], str]] = {
    "enterprise.name": lambda n: f"大冶{_name(n)}{_of(TRADES, n)}有限公司",
    "enterprise.credit_code": credit_code,
    "enterprise.legal_person": lambda n: _of(SURNAMES, n) + _of(GIVEN, n // 10),
    "enterprise.address": lambda n: f"{_of(ROADS, n)}{n % 300 + 1}号",
    "contact.name": lambda n: _of(SURNAMES, n) + _of(GIVEN, n // 10),
    "contact.phone": lambda n: f"138{n % 100_000_000:08d}",
    "site.town": lambda n: _of(TOWNS, n),
    "site.address": lambda n: f"{_of(ROADS, n)}{n % 200 + 1}号附{n % 7 + 1}号",
    "utilities": lambda n: _of(("水和电", "电", "水电气", "水、电、网络", "全都要"), n),
    "survey.time": lambda n: f"下周{_of('一二三四', n)}上午{_of(('9点', '10点', '九点半'), n)}",
}


def answer_to(field: str, number: int) -> str | None:
    """What the ``number``-th person answers to the question for a field; None: it is not asked."""
    made = _CHOSEN.get(field)
    return made(number) if made else None


def fresh(number: int, company: str) -> str:
    """A question about the own case in words of its own."""
    return _of(_FRESH, number).format(who=company, n=number)


def mixed(sayings: tuple[str, ...], seed: int) -> Iterator[str]:
    """One after another, in an order of no order, for ever."""
    chance = random.Random(seed)
    while True:
        yield chance.choice(sayings)


def _name(number: int) -> str:
    return _of(BRIGHT, number // 4) + _of(BRIGHT, number // 48 + 1)


def _of(choices: Sequence[str], number: int) -> str:
    return choices[number % len(choices)]
