"""What somebody tells besides the level: 师傅服务好, 装得快 … kept with the rating as told."""

import re

from bot.dialogue.filling.shapes import ASKING
from bot.dialogue.punctuation import full_width
from bot.understanding.types import Intent, Understood

LONGEST = 200
SHORTEST = 3
"""Characters that tell something."""
_RATES_ONLY = re.compile(
    "(?:非常|十分|特别|比较|相当|基本|超级?|满意度?|满分|零分|评价|评分|打分|好评|差评|中评|评个?|点个?赞|一般|还行|还可以"
    "|可以|不错|挺好|差劲?|失望|星级?|我们?|你们?|师傅|服务|一下|这次|这件|办件|单子|不[是给打评该]?太?|别|没|很|最|太|要|想|就|来|给|打"
    "|请|帮|赞|个|颗|分|了|吧|的|啊|呢|呀|们|[0-9一二两三四五六七八九十百]|[⭐★🌟✨👍💯 ])*+"
)
"""Possessive: long texts cost no more than their length."""
_OF_WORK = re.compile(
    "快|慢|客气|热情|负责|专业|认真|仔细|细心|耐心|周到|及时|准时|辛苦|感谢|谢谢|很好|真好|棒|干净|效率|态度|规范|靠谱|放心"
    "|拖|推|敷衍|白跑|催|差|乱|脏|凶"
)
"""How work is spoken of."""
_CASE = re.compile("[0-9]{4} ?[(（][0-9]{1,8}[)）] ?号?(?:那件|这件|的)?")
_CLAUSE = re.compile("[,，。;；!！?？\n]+")
_SURE = 0.6
"""From here on a complaint or thanks belong to the rating that is asked for."""


def remark_in(said: Understood) -> str:
    """The clauses that say more than a level; empty where none does."""
    words = _CASE.sub("", said.typed or said.text)
    clauses = [each.strip() for each in _CLAUSE.split(words)]
    told = [each for each in clauses if len(each) >= SHORTEST and not _RATES_ONLY.fullmatch(each)]
    return full_width("，".join(told))[:LONGEST]


def remarks(said: Understood) -> str:
    """A remark made while a rating waits; empty where what is said is about something else."""
    wants = said.intent is Intent.EVALUATE or (
        said.intent in (Intent.COMPLAIN, Intent.THANKS) and said.confidence >= _SURE
    )
    if said.intent is Intent.OUT_OF_SCOPE:
        wants = _OF_WORK.search(said.text) is not None and not ASKING.search(said.text)
    return remark_in(said) if wants else ""
