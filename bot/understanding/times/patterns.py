"""How Chinese names days and times: patterns of one moment, and where moments stand in a text.

Patterns run over the repaired text. A moment is a day (明天, 下周二, 12月3日, 月底, 国庆, 三天后),
a part of a day (上午), a clock time (两点半, 13:40), or those in this order, with what limits it
(之前, 左右).
"""

import re
from collections.abc import Iterator

from bot.understanding.spans import Span

COUNT = "(?:[0-9]{1,3}|[一两俩二三四五六七八九十]{1,3}|半)"
_DAY_NUMBER = (
    "(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?"
    "|[一二三四五六七八九])"
)
_MONTH_NUMBER = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_HOUR_NUMBER = (
    "(?:2[0-4]|1[0-9]|0?[0-9]|二十[一二三四]?|十[一二三四五六七八九]?|[零一两二三四五六七八九])"
)
_MINUTE_NUMBER = "(?:[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_OCLOCK = "(?:点钟|[点时])(?![击评滴心名儿子餐火赞间候段常效长限断刻差机代期]|意见|要求|问题|建议)"
_PART = (
    "上旬|中旬|下旬|月?[底末头](?![次一])|月?初(?![次一二三四五六七八九十])|中(?![国间学心午专等])"
)
_MORE_WEEKDAYS = f"(?:[二三四五六日天](?!{_OCLOCK})){{0,3}}"
"""周二三四: several; but 周四三点 is one at an hour."""
_SPAN_UNIT = "(?:个?工作日|[天日周年]|个?(?:星期|礼拜|月|小时|钟头)|分钟)"
_NOT_A_DATE = "(?![楼院线厂车地井门机路桥馆店段标库表窗栋单变仓码文炉常期人])"

DAYS: dict[str, str] = {
    "relative": (
        "明后[天两]天?|大后[天儿日]个?|后[天儿日个][个儿]?|赶?明[天儿日个][个儿]?"
        "|今[天儿日个][个儿]?|[今明]黑了?|今明两?天|次日"
        "|隔天|第二天|当天|当日"
        "|大前[天儿]个?|前[天儿日]个?|昨[天儿日个]个?|夜儿个?"
        "|[今明昨后前](?=[早晚晨夜](?![饭餐点会稻]))"
    ),
    "week_at": (
        "(?P<week>下下个?|下个?|本|这个?)(?:周|星期|礼拜)"
        f"(?=(?:[二三四五六七八九]|十[一二]?){_OCLOCK})"
    ),
    "weekday": (
        "(?P<week>下下个?|下个?|本|这个?|上上个?|上个?"
        "|当)?(?<!(?<![周期拜])[一二两三四五六七八九十几0-9每整半])(?:周|星期|礼拜)"
        f"(?P<weekday>[二三四五六日天末](?![次趟回遍]){_MORE_WEEKDAYS}"
        f"|一(?![次趟回遍定直起般共]){_MORE_WEEKDAYS}|[1-6](?![0-9次个年天]))"
    ),
    "week": (
        "(?P<week>下下个?|下个?|本|这个?|上上个?|上个?)一?(?:周|星期|礼拜)(?![边围口0-9师工])"
        "(?P<part>前半周?|后半周?|[初中末](?!国))?"
    ),
    "iso": (
        "(?<![0-9])(?P<year>20[0-9]{2})[-/.](?P<month>1[0-2]|0?[1-9])[-/.]"
        "(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9-])"
    ),
    "slashed": (
        "(?<![0-9/.-])(?P<month>1[0-2]|0?[1-9])/(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9/])"
    ),
    "later": (
        f"再?过(?P<passed>{COUNT})(?P<passed_unit>{_SPAN_UNIT})"
        f"|(?P<count>{COUNT})(?P<unit>{_SPAN_UNIT})(?:之后|以后|过后|后)(?!天)"
    ),
    "workday": "下一?个工作日|第二个工作日|次一?工作日",
    "date": (
        "(?:(?<![0-9])(?P<year>20[0-9]{2}|[0-9]{2}(?=年)|[今明后本去前](?=年))年?度?的?)?"
        f"(?<![0-9个])(?P<month>{_MONTH_NUMBER})月份?(?:的?(?P<part>{_PART})"
        f"|的?(?P<day>{_DAY_NUMBER})(?:[日号]{_NOT_A_DATE}"
        "|(?![0-9个天千百万年月吨方兆部路门米.])))?"
    ),
    "month": (
        "(?P<month>下下个?月|下个?月|本月|这个?月|当月|次月|上个?月)"
        f"(?:的?(?P<part>{_PART})|的?(?P<day>{_DAY_NUMBER})[日号]?)?"
    ),
    "days": (
        f"(?<![0-9a-zA-Z.第编#(-])(?P<day>{_DAY_NUMBER})[、,和或](?P<to>{_DAY_NUMBER})[日号]"
        f"{_NOT_A_DATE}"
    ),
    "day": (
        "(?<![0-9a-zA-Z.第编#(路街道巷弄园村组里大小换几东西南北侧一二三四五六七八九十-])"
        "(?<![东西南北中]段)(?P<day>"
        f"{_DAY_NUMBER})[日号]{_NOT_A_DATE}"
    ),
    "month_end": "(?<![0-9个])月(?P<part>[初底末中](?!国)|下旬|中旬|上旬)",
    "festival": (
        "(?:(?P<year>[今明后])年的?)?(?P<name>国庆节?|元旦节?|春节|除夕|劳动节|端午节?|中秋节?"
        "|清明节?"
        "|元宵节?|双节|节(?=[前后])|过完?年|过完十五|双十一|双11|双十二"
        "|十一(?=[前后之长放假期以])|[五六七八]一(?![路街大广桥年个])"
        "|(?:供暖|采暖)季(?:开始)?|(?<![年月之当最起])初[一二三四五六七八九十](?![步中次级期])"
        "|[正腊冬]月(?:初[一二三四五六七八九十]|十[一二三四五六七八九]?"
        "|二十[一二三四五六七八九]?|三十|里|底)?(?:[到至](?:初|二?十|二十"
        "|三十)[一二三四五六七八九十]?)?)"
    ),
    "year": (
        "(?<![说声证表阐])(?P<year>20[0-9]{2}|[今明后本去前]|大后)年(?!度)(?:的?(?P<part>上半年"
        "|下半年|年?底|年?初|末|开春|春天|夏天|秋天"
        "|冬天|第?[一二三四1-4]季度))?"
    ),
    "year_part": (
        "(?<![0-9一二三四五六七八九十几多半两])(?P<part>年底|年初|年末|年前|年后|开春|入冬|入秋"
        "|上半年|下半年|第?[一二三四1-4]季度)"
    ),
}
"""Ways to name a day, the more telling ones first."""

HALF = (
    "(?<!(?<![周期拜])[一整半])(?P<half>凌晨|清晨|大?清早|一大早|一早|大早上|早上|早晨|早起"
    "|上午|中午|晌午头?儿?|正午|午后|下午|傍晚|晚上"
    "|晚间|夜里|夜间|半夜|前半晌|后半晌|上晌|下晌|头晌|后晌|前晌|上半天|下半天|擦黑"
    "|(?<=[今明昨后前])[早晚晨夜]"
    "|[早晚](?=(?:[0-9]{1,2}|[二两三四五六七八九十]{1,2})[点:]))(?!好)"
)
CLOCK = (
    "(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-4]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])"
    f"|(?<![0-9.第几每有])(?P<hour_said>{_HOUR_NUMBER}){_OCLOCK}"
    f"(?:(?P<minute_said>半|一刻|三刻|[13]刻|整|{_MINUTE_NUMBER}(?![0-9年月天点个号:])))?分?钟?多?"
)
TAIL = (
    "(?:下班)?之前|下班前|过后|往后|以前|之后|以后|之内|以内|左右|前后|期间|之间|全天|一?整天|一天"
    "|前(?![面台往期任后来几头年提]|天(?!然))"
    "|后(?![面续期勤台来头天年悔果])|内(?![部容网线])|起(?![来码诉])|的?[这那]个?(?:时候|点儿?"
    "|时间|钟点)|同一个?(?:时间|时候|钟?点|时段)"
)
_BESIDE = r" ?\((?:周|星期|礼拜)[一二三四五六日天]\)| ?(?:周|星期|礼拜)[一二三四五六日天]"
"""The weekday given with a date."""


def _plain(pattern: str) -> str:
    """A pattern without its names, to be used more than once in one."""
    return re.sub(r"\(\?P<[a-z_]+>", "(?:", pattern)


_ANY_DAY = "|".join(f"(?:{_plain(pattern)})" for pattern in DAYS.values())
_TIME = f"(?:{_plain(HALF)})(?: ?(?:{_plain(CLOCK)}))?|{_plain(CLOCK)}"
_ONE = f"(?:(?:{_ANY_DAY})(?:{_BESIDE})?(?:[ 的,]?(?:{_TIME}))?|{_TIME})(?: ?(?:{TAIL}))?"
_STARTS = (
    "[0-9零一二两俩三四五六七八九十半大后赶明今次隔第当前昨夜周星礼下本这上再过国元春除劳端中清"
    "双正腊冬月去年开入凌早晨晌午傍晚擦头双供采初节第]"
)
MOMENTS = re.compile(
    f"(?={_STARTS})(?:{_ONE})(?: ?(?:到|至|-|~|—{{1,4}}|或者|或|、|和|(?=周|星期|礼拜|明天|后天"
    "|大后天|初[一二三四五六七八九十]"
    f"|[0-9一二三四五六七八九十]{{1,3}}[号日]))(?:是)? ?(?:{_ONE}))?"
)
"""One moment, or two that belong together: 周一到周三, 14:00—16:00."""
DURATION = re.compile(
    "(?:(?<![0-9])[0-9]{1,6}(?:[.][0-9]{1,3})?|[一两俩二三四五六七八九十半几百]{1,6}|个把|多少)"
    "(?:来|多|几)?"
    "(?:个?(?:工作日|星期|礼拜|月|小时|钟头|季度)|天|周|年|分钟|日(?!常))"
)
"""A length of time: 三天, 1个工作日, 半个月."""
_PAST = re.compile("大?前[天儿日]|昨|夜儿|上上?个?(?:周|星期|礼拜|月)|[去前]年|[前]晚")
_TELLING = re.compile("[天日号周期拜月年点时:/早晚午晌晨夜儿国春元旦除五十六七八端中清双工季节.-]")
_ALONE = re.compile("一[点时]$|[一二三四五六七八九十]日$|半点$|[零〇]点$")
"""Too weak to be a time by itself: 一点."""


def times(text: str) -> list[Span]:
    """Moments (kind ``time`` or ``past``) and lengths of time (``duration``), in order."""
    if not _TELLING.search(text):
        return []
    return list(_found(text))


def _found(text: str) -> Iterator[Span]:
    at = 0
    for match in MOMENTS.finditer(text):
        start, end = match.span()
        if _ALONE.match(text, start, end):
            continue
        if start > at:
            yield from _durations(text, at, start)
        kind = "past" if _PAST.match(text, start) else "time"
        yield Span(kind, start, end, text[start:end])
        at = end
    yield from _durations(text, at, len(text))


def _durations(text: str, start: int, end: int) -> Iterator[Span]:
    for match in DURATION.finditer(text, start, end):
        yield Span("duration", match.start(), match.end(), match[0])
