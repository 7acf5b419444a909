"""Who and what is covered, and which kinds of business there are."""

import re

from bot.dialogue.guide.cited import Asked, Cited, of_guide
from config.cities import City
from config.texts.chat import chat

_RESIDENT = re.compile("居民|自己家|家里|我家|住宅|小区|商品房|个人家")
_OTHERS = re.compile(
    "个体(?:工商)?户?|学校|医院|合作社|村委|村里|机关|事业单位|商铺|饭店|酒店|协会|幼儿园"
)
_KINDS = re.compile("扩|增容|老厂|临时|新建|业务|更名|过户|哪些|什么都")
_ELSEWHERE = re.compile("外地|外市|别的市|其他市|的企业能在|跨市")
_RENTED = re.compile("租|房东|门面")


def eligibility(asked: Asked) -> tuple[Cited, ...]:
    """What was asked about first, then who is covered."""
    city, text = asked.city, asked.text
    scope = of_guide(city.guide["eligibility"])
    clause = scope[0].clause if scope else None
    lines: list[Cited] = []
    if _RESIDENT.search(text):
        lines.append(Cited(chat("guide.residents"), clause))
    elif found := _OTHERS.search(text):
        lines.append(Cited(chat("guide.other_users", who=found[0]), clause))
    if _RENTED.search(text):
        lines.append(Cited(chat("guide.rented"), ours=True))
    if _ELSEWHERE.search(text):
        lines.append(Cited(chat("guide.site_in_city", city=city.name), ours=True))
    if _KINDS.search(text):
        lines.append(kinds_of(city))
    return (*lines, *scope)


def kinds_of(city: City) -> Cited:
    """The kinds of business of each utility, as the form prints them."""
    each = (
        f"{utility.use}：{'、'.join(kind.label for kind in utility.kinds.values())}"
        for utility in city.utilities.values()
    )
    return Cited(chat("guide.kinds", kinds="；".join(each)))
