"""What a field crew tells in a few words: it is there, it is done, nobody lets it in.

Only what a crew's own member writes is looked at: from anybody else 我到了 means something else.
"""

import re

ARRIVED, FINISHED, AWAY = "arrived", "finished", "away"
_LONGEST = 40
"""Characters of such a message."""

_AWAY = re.compile(
    "(?:客户|户主|用户|业主|老板|房主|东家|联系人|负责人|企业|厂里|单位|公司|家里|店里|对方|他们?|人家?|人)(?:都|也|又|现在|今天)*"
    "(?:不在|没在|没人|没开门|没来|没接|关门|不接|打不通|不让进|不给进|联系不上|找不到|没上班)"
    "|(?:没|没有)人(?:在|接|应|开|给)|^没人|进不[去了]|不让进|锁着|锁了门|白跑|联系不上|扑了?空|没法进"
)
_TO = "(?<![收得看听接想遇迟等做找感轮直拿提达办不没回碰猜见])到"
_HERE = re.compile(
    rf"{_TO}(?:了|达|啦|场|位|现场|门口|地方|厂|楼下|工地|小区|村口|$)"
    rf"|{_TO}(?![时底期处])[^?？]{{1,20}}(?:了|门口|现场|大门|门卫|楼下)[。!！~ ]*$"
    "|[在来](?:你们?|客户|厂|单位|公司|他们)?(?:大?门口|现场|楼下|门卫室?|厂门口)(?:了|啦|等|候)?"
    "|签到|进场了|抵达"
)
_DONE = re.compile(
    "(?:做|干|搞|弄|装|接|修|铺|埋|挖|立|施工|踏勘|勘查|看|量|验|测|调试|安装)(?:全|都)?(?:完|好|通|妥)(?:了|啦|毕|$)"
    "|完[工活事](?:了|啦|$)|施工完毕|收工|撤场|离场|搞定|[通接]上?[水电气网暖]了|(?:活|工作|施工|踏勘)[^,，。?？]{0,4}结束"
)
_FINISHED = re.compile("完|好了|结束|收工|撤|恢复|弄好|搞定|接通了|走一步|离场")
_ARRIVED = re.compile("到|签到|在现场|现场了|进场|抵达")
_ASKS = re.compile(
    "[?？]|[吗么嘛]$|什么|几点|几时|何时|哪|多久|怎么|有没有|没有?$|了没(?!有?人)|是否|能不能|师傅(?:到|来)"
)
_NOT_YET = re.compile(
    "(?:还|尚)?(?:没|未)(?:有)?(?:到|做|干|装|接|修|弄|搞|完|看)|快(?:到|好|完|做|弄|装)|马上|准备|就要|要是|如果|等"
)
_OTHERWISE = re.compile("天气|吃|下班|回家|材料|表格|手续|申请|钱|款|短信|消息|通知|合同")


def told_of(text: str) -> str | None:
    """What a message tells of a visit, by its words alone; None for all that tells nothing."""
    if len(text) > _LONGEST or _ASKS.search(text) or _OTHERWISE.search(text):
        return None
    if _AWAY.search(text):
        return AWAY
    if _NOT_YET.search(text):
        return None
    if _DONE.search(text):
        return FINISHED
    return ARRIVED if _HERE.search(text) else None


def what_of(text: str) -> str | None:
    """What is told of a visit by somebody who speaks of one; None where it is not clear."""
    told = told_of(text)
    if told is not None or _NOT_YET.search(text):
        return told
    if _FINISHED.search(text):
        return FINISHED
    return ARRIVED if _ARRIVED.search(text) else None


def not_yet(text: str) -> bool:
    """Whether a visit's arrival or end is only said to be still to come."""
    return told_of(text) is None and _NOT_YET.search(text) is not None


_STILL_TO_COME = re.compile(
    "(?:我们?|我这|这边|这里|目前|现在)?(?:还|尚)(?:没|未)(?:有)?"
    "(?:到|完[工成]?|结束|(?:做|弄|装|干|修|挖|接|看|量|搞)[完好]).{0,4}"
)


def still_to_come(text: str) -> bool:
    """Whether a few words say nothing but that: 还没完工."""
    return _STILL_TO_COME.fullmatch(text.strip(" .。!,")) is not None
