"""People as they are introduced: 我叫某某, 姓赵，叫赵某, 法人王某某, 填财务张会计, 某某·某某."""

import re

from bot.dialogue.filling.chatter import TALK
from bot.dialogue.filling.shapes import is_name, like_name

_DOTTED = re.compile("[\u4e00-\u9fff]{1,8}(?:[·•・‧.][\u4e00-\u9fff]{1,8}){1,3}")
"""A name of several parts."""
_DUTY = (
    "法人代表|法定代表人|法人|负责人|财务|会计|出纳|老板|经理|厂长|主任|经办人|经办|同事|行政|后勤|办公室|车间|现场"
    "|爱人|老婆|儿子|女儿|助理|秘书|店长|库管|门卫|项目经理|技术员|安全员"
)
_FILL = "填|写|就填|就写|登记|记|留|找|联系|打给?"
_BEFORE = re.compile(
    rf"(?:您好|你好|嗯|哦)?[,，、 ]*"
    rf"(?:(?:我|他|她|本人|我们|俺)?(?:免贵)?姓[\u4e00-\u9fff]{{1,2}}[,，、 ]*)?"
    rf"(?:(?:联系人|名字|姓名|全名)[:：]?)?(?:就|先|请)?(?:{_FILL})?(?:我们?|咱们?|俺们?|你|他|她)?的?"
    rf"(?:{_DUTY})?(?:(?:名字|全名|大名)?(?:就是|是|叫做?|名叫|名|为)|本人)?[:：,， ]*"
)
_LONGEST = 30
_AFTER = re.compile("(?:吧|就行|就好|就可以|即可|好了|哈|啊|呢|的$|先生$|女士$)*$")
_CALLED = re.compile(
    r"(?:^|[,;。!? \n]|你好|您好)(?:我|本人|俺)(?:(?P<sure>叫|的?(?:名字|全名)(?:是|叫))|是)"
    r"(?P<name>[^,;。!? \n]{2,12})(?=$|[,;。!? \n])"
)


_SURNAME = re.compile("(?:.{0,6}[,，的])?(?:我|他|她|本人|俺)?(?:免贵)?姓[\u4e00-\u9fff]{1,2}")


def is_surname(text: str) -> bool:
    """Whether only a surname is told: 我姓赵."""
    return _SURNAME.fullmatch(text.strip(" .。!~")) is not None


def is_person(text: str) -> bool:
    """Whether a text is a person's name: by its characters, its surname or its parts."""
    if is_name(text) or _DOTTED.fullmatch(text) is not None:
        return True
    return like_name(text) and TALK.search(text) is None


def introduced(text: str) -> str | None:
    """The person a whole answer introduces; None where it is anything else."""
    text = text.strip(" .。!~")
    if len(text) > _LONGEST:
        return None
    lead = _BEFORE.match(text)
    starts = {lead.end() if lead else 0, *_duties(text)}
    for start in sorted(starts):
        name = _AFTER.sub("", text[start:])
        if is_person(name) or (start and is_name(text[start:])):
            return name
    return None


def called(text: str) -> str | None:
    """Who somebody says to be, whatever else is said: 我叫某某，电话…."""
    found = _CALLED.search(text)
    if found is None:
        return None
    name = _AFTER.sub("", found["name"])
    known = is_person(name) if found["sure"] else is_name(name)
    return name if known else None


def _duties(text: str) -> set[int]:
    """Where a duty ends: 财务张会计 is a name after one, 会计 alone none."""
    return {match.end() for match in re.finditer(_DUTY, text) if match.end() < len(text)}
