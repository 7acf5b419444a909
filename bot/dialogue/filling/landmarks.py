"""Places without a street: what stands near (镇政府对面，没有门牌), a plot (高新区2号地块)."""

import re

from bot.dialogue.filling.shapes import ASKING

_LONGEST = 50
_LEAD = re.compile("(?:地址|位置|我们?|咱们?|俺们?|厂子?|项目)?(?:就|是|在|位于|写|填)*")
_END = re.compile("(?:吧|啊|呢|哈|的|这里|那里|这边|那边|那儿|这儿|就是了?|就行|就可以){0,3}$")
_LACKING = "(?:没有?|没得|无|不知道|不清楚|不记得|忘了|没注意|没编)(?:什么|具体的?)?"
_NUMBER = "(?:路名和?|门牌号码?|门牌|门号|楼号|号码|路牌|编号)"
_NO_NUMBER = re.compile(
    "(?:我们?|这里|这边|那边|那里|暂时|目前|现在|还|也|都|具体){0,4}"
    f"(?:{_LACKING}{_NUMBER}{{1,2}}|{_NUMBER}{_LACKING}){{1,3}}(?:是多少|的|了|啊|呢|呀){{0,3}}"
)
_NEAR = (
    "(?:正?对面|斜对面|对过|旁边?|隔壁|附近|后面|后边|背后|前面|前边|门口|[东西南北]{1,2}[边侧面角头]|路口|交叉口|路[东西南北]"
    "|往[东西南北里前后]走?[0-9零一二两三四五六七八九十百几]{1,5}多?(?:米|公里|里)(?:路?[东西南北][边侧面]?)?)"
)
_WHAT = (
    "(?:(?:的|那|这)?[一]?[个栋间片块家座排]?[大小老新旧红白]{0,2}"
    "(?:院子?|大院|厂房|厂区|厂|房子|楼房?|车间|仓库|库房|门面|店面|空地|工地|棚子?))?"
)
_PLACE = re.compile(f"[^我你他她您]{{2,24}}?{_NEAR}(?:[^我你他她您]{{0,8}}{_NEAR})?{_WHAT}")
_PLOT = re.compile(
    "[^我你他她您,;]{2,20}[0-9零一二三四五六七八九十]{1,4}[号#](?:地块?|厂房|车间|仓库?|院子?|大院|楼|门面)"
)
_TALK = re.compile("[吗呢了]|觉得|知道|好吃|好像|听说|着火|堵|停[水电气]|漏|看看|吃|喝|等")


def lacks_number(text: str) -> bool:
    """Whether nothing is said but that there is no number, or that it is not known."""
    return _NO_NUMBER.fullmatch(text.strip(" .。!,")) is not None


def landmark(text: str) -> str | None:
    """The place told by what stands near; None for anything else."""
    text = text.strip(" .。!~")
    if len(text) > _LONGEST or ASKING.search(text):
        return None
    kept = [part.strip() for part in re.split("[,;]", text)]
    kept = [part for part in kept if part and not lacks_number(part)]
    if len(kept) != 1 or _TALK.search(kept[0]):
        return None
    lead = _LEAD.match(kept[0])
    place = kept[0][lead.end() :] if lead else kept[0]
    place = place if _PLACE.fullmatch(place) else _END.sub("", place)
    return place if _PLACE.fullmatch(place) or _PLOT.fullmatch(place) else None
