"""Questions about one particular thing: answered where the city's file says something of it, and
otherwise told to be stated nowhere, rather than with what is said of the topic at large.
"""

import re
from collections.abc import Callable

from bot.dialogue.guide.cited import Asked, Cited, of_guide, unstated
from bot.dialogue.guide.contacts import contacts
from bot.dialogue.guide.permits import sanctions
from config.texts.chat import chat

_MOST = 3
"""Sentences about a term."""
_TERM = re.compile(
    '(?:请问|那|你们说的)?(?:什么是|啥是|什么叫|啥叫)?[“"]?(?P<term>[A-Z\u4e00-\u9fff]{2,10}?)[”"]?'
    "(?P<asks>是什么|是啥|什么意思|啥意思|是什么意思|是啥意思|指什么|怎么理解|是什么东西|是个啥)?[呢啊呀嘛?？]{0,2}"
)


_AT_LARGE = re.compile(
    "流程|材料|资料|费用|收费|条件|步骤|要求|规定|手续|时限|地址|电话|程序|表格?|政策|方案"
)


def particular(asked: Asked) -> tuple[Cited, ...]:
    """What is said of the very thing that was asked about; empty for questions at large."""
    for cue, answer in _ANSWERS:
        if cue.search(asked.text):
            return answer(asked)
    return ()


def of_term(asked: Asked) -> tuple[Cited, ...]:
    """Sentences of the guide in which a term stands that somebody asks the meaning of."""
    term = term_of(asked)
    every = (each for texts in asked.city.guide.values() for each in of_guide(texts))
    return tuple(dict.fromkeys(each for each in every if term and term in each.text))[:_MOST]


def term_of(asked: Asked) -> str | None:
    """The term whose meaning is asked, the city's name before it left out; None for all else."""
    name = asked.city.name.removesuffix("市")
    text = re.sub(f"^{re.escape(name)}市?[的 ,，]*", "", asked.text).strip(" 。.!！")
    found = _TERM.fullmatch(text)
    if found is None or not (found["asks"] or re.match(".{0,4}(?:什么|啥)[是叫]", text)):
        return None
    return None if _AT_LARGE.search(found["term"]) else found["term"]


def _restoration(asked: Asked) -> tuple[Cited, ...]:
    city = asked.city
    if not city.restoration_promise:
        return unstated(city, chat("guide.restoring"))
    clause = city.restoration_clause
    return (Cited(chat("guide.restoration"), clause, ours=clause is None),)


def _carriers(asked: Asked) -> tuple[Cited, ...]:
    every = (each for utility in asked.city.utilities.values() for each in utility.carriers)
    labels = "、".join(each.label for each in every)
    if not labels:
        return unstated(asked.city, chat("guide.which_carriers"))
    return (Cited(chat("guide.carriers", carriers=labels), ours=True),)


def _landlord(asked: Asked) -> tuple[Cited, ...]:
    return (Cited(chat("guide.rented"), ours=True), *unstated(asked.city, chat("guide.landlord")))


def _suspended(asked: Asked) -> tuple[Cited, ...]:
    return sanctions(asked.city) or _of_itself(asked)


def _errands(asked: Asked) -> tuple[Cited, ...]:
    """How often one has to come, where the guide says so."""
    said = tuple(each for each in of_guide(asked.city.guide["process"]) if "跑" in each.text)
    return said or _of_itself(asked)


def _of_itself(asked: Asked) -> tuple[Cited, ...]:
    """Told in the words of the question."""
    return unstated(asked.city, chat("guide.question", words=asked.text.strip(" 。.!！?？")[:30]))


def _unstated(code: str) -> Callable[[Asked], tuple[Cited, ...]]:
    return lambda asked: unstated(asked.city, chat(code))


_ANSWERS: tuple[tuple[re.Pattern[str], Callable[[Asked], tuple[Cited, ...]]], ...] = (
    (
        re.compile(
            "(?:路|路面|马路|道路|地面|挖)[^,，。]{0,8}(?:修复|恢复|复原|补[好上]|填[平好上])(?![^,，。]{0,3}费)"
            "|(?:修复|恢复|复原)[^,，。]{0,4}(?:路|地面)(?![^,，。]{0,5}费)"
        ),
        _restoration,
    ),
    (
        re.compile(
            "运营商|哪[几些]?家[^,，。]{0,3}(?:宽带|网络)|(?:宽带|网络)[^,，。]{0,4}哪[几些]?家"
        ),
        _carriers,
    ),
    (
        re.compile("(?:房东|产权人|业主)[^,，。]{0,4}(?:不同意|不肯|不配合|联系不上|找不到)"),
        _landlord,
    ),
    (
        re.compile(
            "施工(?:队|单位|方|公司|企业)[^,，。]{0,8}(?:自己|自行|找|指定|选|谁|哪)"
            "|(?:自己|自行|我们)[^,，。]{0,4}(?:找|请|选)[^,，。]{0,4}(?:施工|队伍)"
        ),
        _unstated("guide.builder"),
    ),
    (
        re.compile(
            "(?:暂停|停用|中止|停止|停了|取消)[^,，。]{0,8}承诺|承诺[^,，。]{0,6}(?:暂停|停用|中止|停止|停多久|被停)"
        ),
        _suspended,
    ),
    (re.compile("跑(?:几|多少)?(?:次|趟|腿)|跑几"), _errands),
    (
        re.compile(
            "(?:周末|节假日|(?:周|星期|礼拜)[一二三四五六日天])[^,，。]{0,6}(?:上班|开门|营业|办公|受理)[^,，。]{0,2}(?:[吗么不没?？]|$)"
        ),
        contacts,
    ),
    (re.compile("加急|插队|优先办|提前办|特事特办|走绿色通道"), _unstated("guide.faster")),
    (
        re.compile(
            "电压等级|[水气]压|管径|线径|口径多大|多深|埋深|(?:变压器|电缆|水管)[^,，。]{0,3}(?:多大|多粗|选型)"
        ),
        _unstated("guide.technical"),
    ),
    (
        re.compile(
            "施工[^,，。]{0,8}停[水电气网]|签[^,，。]{0,3}合同|合同[^,，。]{0,4}签|邮寄|寄(?:材料|资料|过去)|发票"
            "|临时[^,，。]{0,4}(?:最长|最多|期限|能用多久)|踏勘[^,，。]{0,8}(?:准备|在场|陪同|带什么)"
            "|(?:安全|用气)检查[^,，。]{0,4}(?:谁|怎么|要)|[水电气]表[^,，。]{0,6}(?:谁|哪)|分期|审批[^,，。]{0,3}(?:不通过|没通过|通不过)"
        ),
        _of_itself,
    ),
)
