"""How satisfied somebody is, out of stars, points or words: 1 (非常不满意) to 5 (非常满意)."""

import math
import re
from decimal import Decimal

from bot.understanding.quantities.units import NUMERAL, number

LEVELS = (5, 4, 3, 2, 1)
_STARS = re.compile("[⭐★🌟✨]")
_SAID_STARS = re.compile(rf"(?P<number>{NUMERAL}) ?(?:颗|个|粒)?(?:星|⭐)")
_POINTS = re.compile(rf"(?P<number>{NUMERAL}) ?分(?!钟|部|公司)")
_MERE_NUMBER = re.compile(
    f"(?:我?(?:给|打|评|选))?(?:个)?{NUMERAL} ?(?:颗|个|粒)?[星分]?(?:吧|啊)?"
)
_NOT_THAT = re.compile(rf"(?:不是|不给|别给|不打|不评|不该) ?{NUMERAL} ?(?:颗|个)?[星分]")
_WORDS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (
        1,
        re.compile(
            "(?:非常|很|特别|极其?|十分|太|相当|极度)(?:的)?不满意|最差|极差|太差|差劲|差评|垃圾|太烂|零分"
        ),
    ),
    (2, re.compile("不满意|不太?满意|不怎么满意|不太?好|不好|不行|很差|较差|比较差|有点差|失望")),
    (
        5,
        re.compile(
            "(?:非常|很|特别|十分|相当|超级?|最|太)(?:的)?满意|满分|好评|点赞|点个?赞|赞|得劲|棒|表扬|优秀|完美|👍|💯"
        ),
    ),
    (3, re.compile("基本满意|一般|还行|还可以|凑合|马马虎虎|过得去|中等|普通")),
    (4, re.compile("满意|不错|挺好|蛮好|较好|比较好|可以")),
)


def level_of(text: str) -> int | None:
    """The level a text names; None when it names none."""
    text = _NOT_THAT.sub("", text)
    if said := _SAID_STARS.search(text):
        return _of_five(number(said["number"]))
    if points := _POINTS.search(text):
        return _of_points(number(points["number"]))
    if stars := _STARS.findall(text):
        return min(len(stars), 5)
    return next((level for level, words in _WORDS if words.search(text)), None)


def names_no_level(text: str) -> bool:
    """Whether a text is a number that no level has: 7星, 0, 6."""
    return _MERE_NUMBER.fullmatch(text.strip(" 。.!~")) is not None and level_of(text) is None


def _of_five(value: Decimal | None) -> int | None:
    if value is None or value < 0 or value > 5:
        return None
    return max(1, math.floor(value))


def _of_points(value: Decimal | None) -> int | None:
    """Out of five, ten or a hundred, whichever the number fits."""
    if value is None or value < 0 or value > 100:
        return None
    scale = 5 if value <= 5 else 10 if value <= 10 else 100
    return max(1, math.ceil(value * 5 / scale)) if scale > 5 else max(1, math.floor(value))
