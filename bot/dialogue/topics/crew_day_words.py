"""What a crew says of its joint visits, by its words alone: which day, which part of it, what."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.dialogue.topics.survey_saying import late
from rules.calendar import SHANGHAI

LISTS, COMES, DECLINES, LATE, ABSENT = "lists", "comes", "declines", "late", "absent"
_LONGEST = 40
_NOON = 12
_VISIT = "(?:踏勘|勘察|勘查|看现场|上门|现场|任务|活儿?|工作|安排|行程)"
_LISTS = re.compile(
    f"(?:有|哪|几|什么|啥|看看|查|列|报)[^,，。]{{0,8}}{_VISIT}"
    f"|{_VISIT}[^,，。]{{0,4}}(?:有哪|有几|有多少|有什么|哪[几些]|几[家个处]|列表|清单|安排)"
)
_MINE = re.compile("今天|今日|今儿|明天|明日|明儿|后天|周[一二三四五六日天]|星期|上午|下午|[我咱]")
_DECLINES = re.compile(
    "(?:去|来|到)不了|(?:不能|没法|没办法|无法)(?:去|来|到|按时到|准时到)|去不成|来不成|(?:抽|脱)不开身|(?:不|没)去了"
)
_COMES = re.compile(
    "(?:能|可以|会|一定)(?:去|到|来|准时|按时)|(?:准时|按时|确认)到场?|确认(?:参加|踏勘)"
)
_ABSENT = re.compile(
    "(?:业主|客户|户主|用户|企业|老板|厂里|申请人|他们)[^,，。?？]{0,4}"
    "(?:不在|没在|没人|没来|没到|爽约|失约|放鸽子|联系不上)"
)
_ASKS = re.compile("[?？]|[吗么嘛]$")
_DAYS = {"今": 0, "明": 1, "后": 2}
_DAY = re.compile(
    "(?<!大)(?P<near>[今明后])[天日儿]|大后天|(?:周|星期|礼拜)(?P<week>[一二三四五六日天])"
)
_WEEK = "一二三四五六日"
_GIVEN = re.compile(
    "车|人手|人员|没人|有事|冲突|抢修|请假|生病|病|堵|雨|雪|设备|加班|临时|来不及|走不开|停"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a day, or all of it."""

    label: str = ""

    def holds(self, at: datetime | None) -> bool:
        """Whether a time is in it."""
        if at is None or not self.label:
            return True
        return (at.astimezone(SHANGHAI).hour < _NOON) is (self.label == "上午")


def wanted(text: str) -> str | None:
    """What is told or asked; None for anything else."""
    if len(text) > _LONGEST:
        return None
    if _ABSENT.search(text) and not _ASKS.search(text):
        return ABSENT
    about = re.search(_VISIT, text) is not None
    if _DECLINES.search(text) and not _ASKS.search(text) and (about or _MINE.search(text)):
        return DECLINES
    if late(text):
        return LATE
    if about and _COMES.search(text) and not _ASKS.search(text):
        return COMES
    return LISTS if about and _MINE.search(text) and _LISTS.search(text) else None


def day_of(text: str, today: date) -> date:
    """The day a text names; today where it names none."""
    found = _DAY.search(text)
    if found is None:
        return today
    if found["near"]:
        return today + timedelta(days=_DAYS[found["near"]])
    if found["week"]:
        weekday = _WEEK.index("日" if found["week"] == "天" else found["week"])
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today + timedelta(days=3)


def part_of(text: str) -> Part:
    """上午, 下午, or the whole day."""
    for label, words in (("上午", "上午|早上|早晨"), ("下午", "下午|午后|傍晚")):
        if re.search(words, text):
            return Part(label)
    return Part()


def is_reason(text: str) -> bool:
    """Whether a text gives a reason for not coming."""
    return _GIVEN.search(text) is not None
