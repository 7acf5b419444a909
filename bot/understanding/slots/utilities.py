"""Which utilities an utterance is about.

Judged as people mean it: what is negated, already there, or only the reason for something else does
not count; what is being taken out of an application does.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from bot.understanding.lexicon import Lexicon
from bot.understanding.names import Names
from bot.understanding.segment import Prepared
from bot.understanding.types import Intent

_CLAUSE = re.compile("[,.。;；!！?？: ~…]{1,20}|但是?|不过|可是|只是")
_AGAINST = re.compile(
    "不(?:再)?(?:要|用|需要|需|必|报|接|装|含|包括|办|申请|弄|搞|开|通)|无需|先不|暂(?:时)?不"
    "|别(?!的|人|家)|除了|除(?=[水电气暖网燃宽])|(?<!是)并?不是(?!要|想)|(?:卖|推销)(?=变压器"
    "|电缆|光缆|光纤)|没(?:说|要|选|报|勾|申请)|莫|甭|勿"
)
_AGAINST_BEFORE = re.compile(
    "(?:先|暂时|暂|就|也|都|这次|那个|那块|那项|的话){0,4}(?:不(?:再)?(?:要|用|需要|报|装|接|办|弄"
    "|搞|缺|管|勾|选)(?!用?[水电气暖网燃天宽])|以后再说|回头再说|算了|免了|用不着|用不上|不需)"
)
_HAVE = re.compile(
    "[^没不未系冇]{0,8}?(?:都|已经?|早就?|倒是|也|是){0,6}(?:有了|通了|通过了|弄好|办好|办结|办完"
    "|接好|接通了|装好|装了(?!吗)|接了(?!吗)|搞好|做好了|建成|不变|不动|照旧|还在路上|没到|未到"
    "|还没来|早就?好了|没问题|正常|好着|齐了|不缺|不用管"
    "|自己有|我有|倒是有|有(?=[水电气网暖宽]|$|[,。 ]))"
)
_FORMERLY = re.compile(
    "(?:上回|前一次|上一次|前天|前两天|昨天|原来|之前|以前|上次|先前|去年|当时|前头|前面|当初"
    "|那时|本来"
    "|起初)[^,。;!? ]{0,4}(?:只|就|光|仅)?(?:报|勾|选|申请|办|装|填|交|写)"
)
_WAITED_FOR = re.compile("等(?:一下)?$")
_ALONG = re.compile("[是要得也都能]跟$")
_TOGETHER = re.compile("(?:的)?(?:一块|一起|合着|合在|一条|一样|一道|同一)")
"""跟水电一块儿: what something else goes along with."""
_ONLY = re.compile("(?:就|只|唯独|单单|单)(?:差|剩|有|是|说|问)?$")
"""Right before the one that is left: 就差燃气, 就电的一直没出."""
_EXCHANGED = re.compile(
    "(?:那项|那块|这块|报装)?(?:换成|改成|改为|换为)(?=用?[水电气暖网燃天宽光供])"
)
"""What stands before is exchanged for what follows."""
_MOST = 60
"""Words telling a utility that are looked at."""
_REACH = 8
"""Characters a no reaches."""
_LONGEST_NO = 8
"""Characters of the longest no."""
_LOOKED_BACK = 60
"""Characters of a clause that are looked at for when something was."""
_WANTED = re.compile("[只就要报是]")
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
_PLEASANTRIES = frozenset({Intent.GREET, Intent.THANKS, Intent.GOODBYE})
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
    if not mentions or intent in _PLEASANTRIES:
        return ()
    if intent in _ABOUT_MINE:
        done = {utility for m in mentions if m.there for utility in m.told}
        mentions = _without(mentions, lambda m: done.issuperset(m.told))
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
    placed = zip(prepared.starts, prepared.tokens, strict=True)
    telling = ((start, token) for start, token in placed if token in tell)
    hits = [hit for hit in islice(telling, _MOST) if not names.covers(hit[0])]
    if not hits:
        return
    text = prepared.repaired
    edges = [match.span() for match in _CLAUSE.finditer(text)]
    firsts, lasts = [first for first, _ in edges], [last for _, last in edges]
    for start, token in hits:
        after = start + len(token)
        clause = bisect_right(lasts, start)
        begin = lasts[clause - 1] if clause else 0
        following = bisect_left(firsts, after)
        finish = firsts[following] if following < len(firsts) else len(text)
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
                or _FORMERLY.search(text, max(begin, start - _LOOKED_BACK), start)
                or _WAITED_FOR.search(text[max(begin, start - 3) : start])
                or (
                    _ALONG.search(text[max(begin, start - 3) : start])
                    and _TOGETHER.match(text, after)
                )
            ),
            only=bool(_ONLY.search(text[max(begin, start - 4) : start])),
            fault=token in lexicon.faults,
        )


def _denied(text: str, begin: int, start: int) -> bool:
    """Whether a no stands before, in the clause, with nothing wanted between."""
    begin = max(begin, start - _REACH - _LONGEST_NO)
    said = list(_AGAINST.finditer(text, begin, start))
    if not said or start - said[-1].end() > _REACH:
        return False
    return not _WANTED.search(text, said[-1].end(), start)
