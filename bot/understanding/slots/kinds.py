"""The kind of business an utterance states: new, increase, temporary, rename, transfer."""

import re

from bot.understanding.lexicon import Lexicon
from bot.understanding.names import Names
from bot.understanding.segment import Prepared
from bot.understanding.types import Intent

_SHOULD = re.compile(
    "(?:应该|应|实为|其实|实际|改成|改为|换成|要的|说)(?:是|选|勾|为)?[^,。;!?]{0,2}$"
)
_MISTAKEN = re.compile("(?:勾|选|填|写|点|报)成了?$")
_NOT_THAT = re.compile(
    "(?:不是|不涉及|没有?|冇|并非|不用|无关|不算|别|不办|不走)[^,。;!?: ]{0,3}$|不$"
)
_TEMPORARY = re.compile(
    "(?:的|性)?(?:施工|基建|生产)?.{0,2}?(?:用电|用水|用气|供|接(?!待)|电|水|气|变压器|箱变)|的"
)
_INTO_REGULAR = re.compile("临[时电水][^,。;!?]{0,6}(?:转|换|变|改|到期|拆)[^。;!?]{0,8}正式")
_TRANSFERRED = re.compile(
    "转[到给过我我成]|名下|头上|接手|户主|主体|盘[下给]|转让|划转|用电人|用水人|换.{0,3}主"
    "|过过来|过到|户头.{0,6}(?:转|改到)|房东|卖给|买[了下来]|成我的|接过来|弄过来|整过来"
    "|接[了的]?盘|兑给|兼并|归[到我]|换到[我俺]|改成我|子公司"
)
_RENAMED = re.compile("名|抬头|字号|招牌|户头|改为")
_INCREASED = re.compile(
    "[增扩升][^,。;!?0-9]{0,2}[到至成]|扩[个水电气网]|(?:^|[^参增])加[^,。;!?0-9]{0,2}到"
    "|[提涨]到|[电气热]增加|增加(?:用|热|电|容)|(?:不够|不足|跟不上|缺电)[^。;!?]{0,16}(?:换|加"
    "|增|扩|升|报到|提|起码|大)"
    "|[换加](?:一台|个|台)[^,。;!?]{0,6}变压器"
    "|变压器[^,。;!?]{0,6}(?:再?加一台|搞大|换大|改大)|接大|再[上加]一台[^,。;!?]{0,6}变压器"
    "|再加[^,。;!?]{1,6}(?:千瓦|千伏安)|变压器(?:太|有点)小|想?换成?大加[点些]电"
    "|[水电气网]大一[点号些]"
)
_TWO = re.compile(
    "[0-9一二两三四五六七八九十]台?[^,。;!?0-9]{0,4}[0-9]{0,5}[^,。;!?0-9]{0,4}变压器[,，]?(?:再|还|另)"
    "(?:外|要|有)?[加上要]?(?:上|装)?[0-9一二两三四五六七八九十]台"
)
"""Two transformers asked for at once: none of them is one more than there is."""
_COMPARING = frozenset({Intent.ASK_PROCESS, Intent.ASK_MATERIALS, Intent.ASK_TIME_LIMIT})
_NO_KIND = frozenset({Intent.REPORT_FAULT, Intent.BILL_PAYMENT})


def kind_of(prepared: Prepared, intent: Intent, names: Names, lexicon: Lexicon) -> str | None:
    """The kind of business; the corrected one where one is corrected."""
    if intent in _NO_KIND:
        return None
    text = prepared.repaired
    found = [
        (start, lexicon.kinds[token])
        for start, token in zip(prepared.starts, prepared.tokens, strict=True)
        if token in lexicon.kinds and not names.covers(start)
    ]
    kept = [
        (start, kind)
        for start, kind in found
        if not _NOT_THAT.search(text[max(start - 8, 0) : start]) and _is_kind(text, start, kind)
    ]
    if len({kind for _, kind in kept}) > 1:
        return None if intent in _COMPARING else _corrected(text, kept)
    if kept:
        return kept[0][1]
    return _implied(text, intent)


def _is_kind(text: str, start: int, kind: str) -> bool:
    """临时有事 is not a temporary supply."""
    if kind != "temporary":
        return True
    if _INTO_REGULAR.match(text, start):
        return False
    return not text.startswith("临时", start) or bool(_TEMPORARY.match(text, start + 2))


def _corrected(text: str, kept: list[tuple[int, str]]) -> str:
    for start, kind in kept:
        if _SHOULD.search(text[max(start - 6, 0) : start]):
            return kind
    wrong = [_MISTAKEN.search(text[max(start - 4, 0) : start]) is not None for start, _ in kept]
    return next((kind for (_, kind), bad in zip(kept, wrong, strict=True) if not bad), kept[0][1])


def _implied(text: str, intent: Intent) -> str | None:
    """What changing a holder or asking for more means without its word."""
    if intent is Intent.RENAME_TRANSFER:
        if _TRANSFERRED.search(text):
            return "transfer"
        return "rename" if _RENAMED.search(text) else None
    if intent is Intent.APPLY and _INCREASED.search(text) and not _TWO.search(text):
        return "increase"
    return None
