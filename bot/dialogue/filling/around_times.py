"""Days told by a festival they lie before or after: 春节前, 国庆前后, 年后. None is a day of its
own.
"""

import re

_FESTIVAL = (
    "国庆节?|元旦节?|春节|除夕|小年|新年|劳动节|五一|端午节?|中秋节?|清明节?|元宵节?|双节|过大?年|十一"
    "|(?<![0-9月两三四五六七八九十几半])节"
)
_AROUND = re.compile(
    rf"(?:赶在|争取在?|最好在?|力争在?|计划在?|定在|大概|大约|估计)?(?:[今明后]年的?)?(?:{_FESTIVAL})(?:的?(?:长?假期?|放假))?(?:之|以)?(?:前后|前|后|左右|附近)"
    "(?:[0-9一二两三四五六七八九十几]+(?:天|周|个?星期|个?月))?"
    "|(?:(?<![0-9一二两三四五六七八九十几半今明后去当次])年(?:前|后)|过完(?:大年|年|节|春节|国庆|元旦|五一|中秋))(?:以后|之后|后)?"
)


def around(text: str) -> str | None:
    """The words that tell a day only by a festival near it; None where there are none."""
    found = _AROUND.search(text)
    return found[0] if found else None
