"""Which utilities and which kind of business an utterance is about.

Judged as people mean it: what is negated, already there, or only the reason for something else does
not count; what is being taken out of an application does.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.understanding.lexicon import Lexicon
from bot.understanding.names import Names
from bot.understanding.segment import Prepared
from bot.understanding.types import Intent

_CLAUSE = re.compile("[,.。;；!！?？: ~…]+|但是?|不过|可是|只是")
_AGAINST = re.compile(
    "不(?:再)?(?:要|用|需要|需|必|报|接|装|含|包括|办|申请|弄|搞|开|通)|无需|先不|暂(?:时)?不|别(?!的|人|家)|除了|除(?=[水电气暖网燃宽])|(?<!是)并?不是(?!要|想)|(?:卖|推销)(?=变压器|电缆|光缆|光纤)|没(?:说|要|选|报|勾|申请)|莫|甭|勿"
)
_AGAINST_BEFORE = re.compile(
    "(?:先|暂时|暂|就|也|都|这次|那个|那块|那项|的话)*(?:不(?:再)?(?:要|用|需要|报|装|接|办|弄|搞|缺|管|勾|选)|以后再说|回头再说|算了|免了|用不着|用不上|不需)"
)
_HAVE = re.compile(
    "[^没不未系冇]{0,8}?(?:都|已经?|早就?|倒是|也|是)*(?:有了|通了|通过了|弄好|办好|办结|办完|接好|接通了|装好|装了(?!吗)|接了(?!吗)|搞好|做好了|建成|没问题|正常|好着|齐了|不缺|不用管|自己有|我有|倒是有|有(?=[水电气网暖宽]|$|[,。 ]))"
)
_FORMERLY = re.compile(
    "(?:上回|原来|之前|以前|上次|先前|去年|当时|前头|前面|当初|那时|本来|起初)[^,。;!? ]{0,4}(?:只|就|光|仅)?(?:报|勾|选|申请|办|装|填|交|写)"
)
_ONLY = re.compile("(?:就|只|唯独|单单|单)(?:差|剩|有|是|说|问)?$")
"""Right before the one that is left: 就差燃气, 就电的一直没出."""
_EXCHANGED = re.compile(
    "(?:那项|那块|这块|报装)?(?:换成|改成|改为|换为)(?=用?[水电气暖网燃天宽光供])"
)
"""What stands before is exchanged for what follows."""
_FIELDS = frozenset({"双路供水", "双回路", "双电源", "双路供电", "备供", "备供容量", "备用电源"})
"""Questions of the form, not utilities of their own: said no to, they still tell the utility."""
_SPEECH = frozenset(
    {"座机", "固话", "固定电话", "直线电话", "办公电话", "分机", "商务电话", "内线电话"}
)
_ABOUT_CALLS = frozenset({Intent.ASK_CONTACT, Intent.HUMAN_AGENT, Intent.COMPLAIN})
_NO_FAULT = frozenset(
    {
        Intent.RESUME_DRAFT,
        Intent.MODIFY_APPLICATION,
        Intent.BOOK_SURVEY,
        Intent.RESCHEDULE_SURVEY,
        Intent.CANCEL_SURVEY,
        Intent.GOODBYE,
        Intent.GREET,
        Intent.EVALUATE,
        Intent.HUMAN_AGENT,
    }
)
_ABOUT_MINE = frozenset({Intent.QUERY_STATUS, Intent.QUERY_DEADLINE})
_TAKING_OUT = frozenset({Intent.MODIFY_APPLICATION, Intent.WITHDRAW, Intent.CANCEL_SURVEY})


@dataclass(frozen=True, slots=True)
class Mention:
    """A word that tells utilities: where it stands and how it is meant."""

    start: int
    word: str
    told: tuple[str, ...]
    clause: int
    against: bool = False
    there: bool = False
    only: bool = False
    fault: bool = False


def utilities_of(
    prepared: Prepared, intent: Intent, names: Names, lexicon: Lexicon
) -> tuple[str, ...]:
    """The utilities asked about, in the order told."""
    mentions = [m for m in _mentions(prepared, names, lexicon) if _counts(m, intent)]
    if not mentions:
        return ()
    wanted = [m for m in mentions if not m.against]
    if not wanted and intent not in _TAKING_OUT:
        return ()
    wanted = _without(wanted or mentions, lambda m: m.there)
    only = [m for m in wanted if m.only]
    if only and intent in _ABOUT_MINE:
        wanted = only
    said = {m.clause for m in wanted if not m.fault}
    wanted = [m for m in wanted if not (m.fault and m.clause in said)]
    return tuple(dict.fromkeys(utility for mention in wanted for utility in mention.told))


def _without(mentions: list[Mention], background: Callable[[Mention], bool]) -> list[Mention]:
    """Those in the foreground; all when there are none."""
    return [m for m in mentions if not background(m)] or mentions


def _counts(mention: Mention, intent: Intent) -> bool:
    if mention.fault and intent in _NO_FAULT:
        return False
    return not (mention.word in _SPEECH and intent in _ABOUT_CALLS)


def _mentions(prepared: Prepared, names: Names, lexicon: Lexicon) -> Iterator[Mention]:
    tell = lexicon.utilities
    hits = [
        (start, token)
        for start, token in zip(prepared.starts, prepared.tokens, strict=True)
        if token in tell and not names.covers(start)
    ]
    if not hits:
        return
    text = prepared.repaired
    edges = [match.span() for match in _CLAUSE.finditer(text)]
    for start, token in hits:
        clause = sum(end <= start for _, end in edges)
        begin = edges[clause - 1][1] if clause else 0
        finish = next((first for first, _ in edges if first >= start + len(token)), len(text))
        after = start + len(token)
        yield Mention(
            start,
            token,
            tell[token],
            clause,
            against=token not in _FIELDS
            and (
                _denied(text, begin, start)
                or bool(_AGAINST_BEFORE.match(text, after, finish))
                or bool(_EXCHANGED.match(text, after, finish))
            ),
            there=bool(
                _HAVE.match(text, after, min(finish, after + 14))
                or _FORMERLY.search(text, begin, start)
            ),
            only=bool(_ONLY.search(text[max(begin, start - 4) : start])),
            fault=token in lexicon.faults,
        )


def _denied(text: str, begin: int, start: int) -> bool:
    """Whether a no stands before, in the clause, with nothing wanted between."""
    last = None
    for last in _AGAINST.finditer(text, begin, start):
        pass
    if last is None or start - last.end() > 8:
        return False
    return not re.search("[只就要报是]", text[last.end() : start])


_SHOULD = re.compile(
    "(?:应该|应|实为|其实|实际|改成|改为|换成|要的|说)(?:是|选|勾|为)?[^,。;!?]{0,2}$"
)
_MISTAKEN = re.compile("(?:勾|选|填|写|点|报)成了?$")
_NOT_THAT = re.compile("(?:不是|不涉及|没有?|冇|并非|不用|无关|不算|别)[^,。;!?: ]{0,3}$|不$")
_TEMPORARY = re.compile(
    "(?:的|性)?(?:施工|基建|生产)?.{0,2}?(?:用电|用水|用气|供|接|电|水|气|变压器|箱变)|的"
)
_INTO_REGULAR = re.compile("临[时电水][^,。;!?]{0,6}(?:转|换|变|改|到期|拆)[^。;!?]{0,8}正式")
_TRANSFERRED = re.compile(
    "转[到给过我我成]|名下|头上|接手|户主|主体|盘[下给]|转让|划转|用电人|用水人|换.{0,3}主|过过来|过到|户头.{0,6}(?:转|改到)|房东|卖给|买[了下来]|成我的|接过来"
)
_RENAMED = re.compile("名|抬头|字号|招牌|户头")
_INCREASED = re.compile(
    "[增扩升][^,。;!?0-9]{0,2}[到至成]|扩[个水电气网]|(?:^|[^参增])加[^,。;!?0-9]{0,2}到|[提涨]到|电增加|(?:不够|不足|跟不上|缺电)[^。;!?]{0,16}(?:换|加|增|扩|升|报到|提|起码|大)|[换加](?:一台|个|台)[^,。;!?]{0,6}变压器"
    "|变压器[^,。;!?]{0,6}(?:再?加一台|搞大|换大|改大)|接大|加[点些]电|[水电气网]大一[点号些]"
)
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
    if intent is Intent.APPLY and _INCREASED.search(text):
        return "increase"
    return None
