"""What names, companies, addresses and wishes look like when people type them."""

import re
from functools import cache, lru_cache

from bot.dialogue.filling.chatter import PERSONAL, SUBJECT, TALK, WISH
from bot.dialogue.filling.names import role_of, words_of
from config.cities import FieldType
from config.texts import table
from rules.forms import FormField

ASKING = re.compile(
    r"[?？]|吗$|呢$|多少|几天|几号|几点|怎么|咋|什么|啥|哪|多久|为什么|为啥|能不能|可不可以|要不要"
    r"|是不是|有没有|可以吗|谁"
)
FILLER = re.compile(
    r"[\s,.。，、;；:：!！~]|大概|大约|差不多|左右|应该|估计|可能|目前|暂时|一共|总共|先|就|是|的|了|我们|我"
    r"|咱们|咱|俺们|俺|吧|呢|啊|哦|嗯|哈|那|需要|要|用|填|写|选|按|每天|每日|每小时|一天|天|个|需求|号码|那个"
    r"|这个|这边|在|请|好的|好|行|可以|约|来"
)
_WORD = r"[\u4e00-\u9fffA-Za-z0-9()（）·&-]"
_SURE_COMPANY = re.compile(rf"{_WORD}{{2,40}}(?:公司|合作社|集团|事务所|研究院|设计院)")
"""Endings that nothing but a company has."""
_COMPANY = re.compile(
    rf"{_WORD}{{2,40}}(?:公司|集团|企业|厂|合作社|店|铺|酒店|宾馆|饭店|餐馆|超市|商行|中心|学校|小学|中学|幼儿园"
    "|医院|卫生院|诊所|银行|支行|工作室|事务所|研究院|研究所|设计院|养殖场|农场|牧场|林场|加工坊|作坊|服务部"
    "|经营部|门市部|办事处|委员会|协会|商会|局|馆|站|社|大队|园|庄|部)"
)
_WHOLE_PLACE = re.compile(
    rf"{_WORD}{{1,30}}(?:路|街|大道|巷|村|镇|乡|园区|工业园)[^,;。!?]{{0,12}}"
    "(?:号|栋|幢|楼|室|组|附近|对面|旁边?|交叉口|路口|[0-9一二三四五六七八九十百]米)"
    rf"|{_WORD}{{2,30}}(?:对面|隔壁|附近|斜对面|旁边|交叉口|路口)"
)
_PLACE = re.compile(
    rf"{_WORD}*(?:路|街|大道|巷|弄|胡同|村|庄|组|湾|畈|塘|港|镇|乡|县|区|园|桥|[0-9A-Za-z一二三四五六七八九十百]号(?:院|楼|门)?"
    "|栋|幢|楼|层|单元|室|大厦|广场|市场|小区|交叉口|对面|隔壁|附近|旁边?|斜对面|[东南西北][侧边面]"
    "|[0-9一二三四五六七八九十百]米|口|厂|院|城|站|所|基地|仓库|车间|地块|处|中心|公寓|宿舍|工地|铺|厂房)(?:里|内|上)?"
)
"""A place by its ending."""
_NO_PLACE = re.compile("(?:旁边?|附近|对面|隔壁|路上|老地方|门口|楼[上下]|哪里|这里|那里|号码)")
_AT = re.compile("(?:就|厂子?|地址|具体|项目)?(?:在|位于)")
_CODE_LIKE = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./#-]*")
DIGITS = re.compile(r"[0-9]")


ABOUT_TIME = re.compile(
    r"投产|投用|开业|启用|竣工|预计|计划|打算|准备|期限|截至|截止|为止|到期|直到|用到|到|至|踏勘|勘察|勘查|看现场|现场|上门|过来|来看|方便|有空|有时间|都行|都可以|比较好|最好|预约|安排|定|到时候"
    r"|之前|之后|以前|以后|前后|钟|准时|办|装|属于|属|位于|那边|那里|这里|城区|业务|办理|报装|全部|都|选"
)
"""What one says around a time, or around an option, without saying more."""
_DENIES = "不没别无"
_NONE = re.compile(
    "(?:暂时|目前|应该|我们)*(?:没有|没|无|不需要|不用)(?:什么|别的|其他的?|其它的?|啥|特殊|特别|更多)*"
    "(?:这个|这种)?(?:代码|编码|号码|户号|的)?(?:要求|需求|补充|说明|情况|要说的|要填的|要转告的)?(?:了|啦|吧|呢|哈)*"
)
_UNKNOWN = re.compile(
    "(?:这个|这项|我们?|暂时|目前|现在|具体|也|都|还|真){0,4}"
    "(?:不太?|不是很|不大|搞不|弄不|说不|拿不|没)(?:清楚?|知道|晓得|确定|准|好说|想好|定|懂)(?:呢|啊|了|哦|吧|呀)?"
    "|(?:看|视)情况(?:吧|再说|而定)?|不好说|你们定吧?"
)
_WE_ARE = re.compile(
    "(?:我|咱|俺)们?(?:这里?|这边|这儿|家|厂|厂子|单位|企业)?就?(?:是|属于|开|办|做)(?:了|的)?(?:个|一[个家]|家)?$"
)
_TRADE = re.compile(
    "(?:我|咱|俺)们?(?:这里?|这边|这儿|家|厂)?(?:就?是)?(?:专门)?(?:开|做|搞|经营|生产|加工|卖|养|种)(?:了|着)?(?:个|一?家)?"
    "[^,;。]{1,10}(?:的|厂|店|场|坊|铺|馆)"
)
_OF_A_PLACE = re.compile("[市县区镇乡村]")
_LEAD = re.compile(r"(?:我们?叫|就叫|叫|我是|我们是|是|填|写|就填|就写)\s*")
_LABELLED = re.compile("[:：是叫]|(?:户主|联系人|法人|名称)")
_NO_END = "了吗呢啊吧呀的不哦嘛哈"


@cache
def _names() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    known = table("heard")["people"]
    surnames = "|".join(known["surnames"].split())
    titles = "|".join(known["titles"])
    titled = f"(?:小|老|阿)?(?:{surnames})(?:{titles})|(?:小|老|阿)(?:{surnames})"
    name = re.compile(f"(?:{surnames})[{known['given']}]{{1,2}}|{titled}")
    like = re.compile(rf"(?:{surnames})[\u4e00-\u9fff]{{1,2}}|{titled}")
    return name, like, frozenset(known["no_names"])


def is_name(text: str) -> bool:
    """Whether a text is a person's name by its characters, or surname and title."""
    name, _, others = _names()
    return name.fullmatch(text) is not None and text not in others


def like_name(text: str) -> bool:
    """Whether a text may be a name, by its surname."""
    _, like, others = _names()
    return like.fullmatch(text) is not None and text not in others and text[-1] not in _NO_END


def bare(field: FormField, text: str) -> str:
    """Without what leads up to it: 联系人是张三 → 张三, 我叫张三 → 张三, 原户主王某 → 王某."""
    leads = [_lead(words_of(field)), _LEAD]
    if role_of(field.key) == "address":
        leads.append(_AT)
    for lead in leads:
        found = lead.match(text)
        if found and found.end() < len(text):
            return text[found.end() :]
    found = _unsigned(words_of(field)).match(text)
    rest = text[found.end() :] if found else ""
    return rest if is_name(rest) or is_company(rest) else text


@lru_cache(maxsize=1024)
def _unsigned(words: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?:{named}|老板|厂长|负责人|以前是|原来是|之前是)\s*")


@lru_cache(maxsize=1024)
def _lead(words: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?:我们?的?|俺们?的?)?(?:{named})\s*(?:[:：是为叫]|就是)+\s*")


def looks_like(field: FormField, role: str | None, text: str) -> bool:
    """Whether a whole text has the shape of what the field holds, and no word of talk in it."""
    text = bare(field, text)
    if role == "person":
        return is_name(text)
    if role == "company":
        return is_company(text)
    if role == "address":
        return is_place(text)
    if role == "holder":
        return is_name(text) or is_company(text)
    if field.type is FieldType.LONG_TEXT:
        return is_wish(text)
    return _CODE_LIKE.fullmatch(text) is not None and DIGITS.search(text) is not None


def is_company(text: str) -> bool:
    """Whether a text is a company's name by its ending: 老陈家超市; not 今天在公司."""
    text = text.strip(" .。")
    return len(text) >= 4 and _COMPANY.fullmatch(text) is not None and not TALK.search(text)


def is_sure_company(text: str) -> bool:
    """Whether a text ends as nothing but a company does, whatever else it says."""
    return _SURE_COMPANY.fullmatch(text.strip(" .。")) is not None


def is_place(text: str) -> bool:
    """Whether a text is a place: 工业园二期A3栋, 农贸市场对面; not 我在路上, 号码忘了."""
    text = text.strip(" .。")
    plain = len(text) >= 3 and _NO_PLACE.match(text) is None and not TALK.search(text)
    return plain and _PLACE.fullmatch(text) is not None


def is_wish(text: str) -> bool:
    """Whether a text is a wish about the works: 请避开早晚高峰施工; not 改天请你吃饭."""
    plain = len(text) >= 4 and PERSONAL.search(text) is None
    return plain and WISH.search(text) is not None and SUBJECT.search(text) is not None


def may_be(role: str | None, text: str) -> bool:
    """Whether a text could at all be meant for a role, so that it is worth asking back."""
    han = re.search(r"[\u4e00-\u9fff]", text) is not None
    if role == "person":
        return (han or re.fullmatch(r"[A-Za-z][A-Za-z .'-]+", text) is not None) and (
            DIGITS.search(text) is None and len(text) <= 20
        )
    if role in ("company", "address", "holder"):
        return han and len(text) >= 2
    return re.search(r"\w", text) is not None


def role_by_shape(text: str) -> str | None:
    """The role a whole short text can only be meant for: 王工, 某某有限公司, 庆丰路8号."""
    text = text.strip(" .。")
    if not 2 <= len(text) <= 45 or ASKING.search(text) or _LABELLED.search(text):
        return None
    if is_name(text):
        return "person"
    if TALK.search(text):
        return None
    if _SURE_COMPANY.fullmatch(text):
        return "company"
    place = without_at(text)
    return "address" if _WHOLE_PLACE.fullmatch(place) and not _NO_PLACE.match(place) else None


def without_at(text: str) -> str:
    """A place without the 在 before it."""
    found = _AT.match(text)
    return text[found.end() :] if found else text


def is_described(text: str, name: str) -> bool:
    """Whether a name only says what somebody is (我们是火腿肠加工厂): neither with a company's own
    ending nor with a place, both of which a registered name has.
    """
    if is_sure_company(name) or _OF_A_PLACE.search(name):
        return False
    before, found, _ = text.partition(name)
    return bool(found) and _WE_ARE.search(before) is not None


def is_trade(text: str) -> bool:
    """Whether somebody says what it does for a living: 我是开饭店的, 我们做面粉加工的."""
    clause = re.split("[,;。]", text.strip(), maxsplit=1)[0]
    return _TRADE.fullmatch(clause) is not None


def is_none(text: str) -> bool:
    """Whether a text says that there is nothing to tell, or that it is not known: 没有别的要求了,
    不是很清楚.
    """
    text = text.strip(" 。.!,")
    return is_nothing(text) or _UNKNOWN.fullmatch(text) is not None


def is_nothing(text: str) -> bool:
    """Whether a text says that there is nothing (more): 没有别的, 不需要."""
    return _NONE.fullmatch(text.strip(" 。.!,")) is not None


def name_beside(text: str) -> str | None:
    """The one name that stands by itself beside a number to ring: 李四，13800001234."""
    parts = re.split(r"[,;。、\s]+|(?<=[^0-9])(?=1[3-9][0-9]{9})", text)
    names = [part for part in parts if is_name(part)]
    return names[0] if len(parts) <= 4 and len(names) == 1 else None
