"""Which of the times in an utterance is the one that something should happen at."""

import re
from collections.abc import Callable, Iterable

from bot.understanding.names import Names
from bot.understanding.segment import Prepared, Span
from bot.understanding.types import Intent

_NEVER = frozenset(
    {
        Intent.QUERY_STATUS,
        Intent.RESUME_DRAFT,
        Intent.REPORT_FAULT,
        Intent.COMPLAIN,
        Intent.EVALUATE,
        Intent.BILL_PAYMENT,
        Intent.GREET,
        Intent.THANKS,
        Intent.GOODBYE,
        Intent.WITHDRAW,
        Intent.ASK_TIME_LIMIT,
        Intent.ASK_COMMITMENT,
        Intent.ASK_ELIGIBILITY,
        Intent.ASK_FEE,
        Intent.ASK_PERMIT,
        Intent.ASK_DOCUMENT,
    }
)
"""Where a time tells what was, or belongs to a general question: nothing is to happen at it."""
_MOVES = frozenset({Intent.RESCHEDULE_SURVEY, Intent.MODIFY_APPLICATION})
_REFERRED = re.compile("当天|当日|次日|第二天|隔天")
"""Days counted from something else."""
_DAY_OR_DATE = re.compile(
    "[今明后][天早晚]|明儿|后儿|月|周|星期|礼拜|[0-9一二三四五六七八九十][号日]|国庆|元旦|春节"
    "|五一|端午|中秋|清明|过年"
)
_CLOCK = re.compile("[点时:]")
_LIMIT = re.compile("(?:前|内)$")
_PASSED = re.compile(
    "(?:(?![能可想会要,。;!?])[^ ]){0,6}?(?:交|提交|申请|报|填|办|递|签|寄|发|送|看|弄|做|受理"
    "|装|停|断|跟|说|来过|打过|写|录|登|量|勘)(?:的|了|过)(?!话)|刚"
)
_THAT = re.compile("[^,。;!?]{0,4}?(?:那趟|那次|那个|的踏勘|的现场|的勘察|别来)")
_OLD = re.compile(
    "(?:原定|原约定|原来|原|本来|约的是?|定的是?|约好的?|之前约|说好的?|预约的?|写的是?"
    "|不是)[^,。;!?]{0,6}$"
)
_NEW = re.compile(
    "(?:改|换|挪|推|调|延|提前|移|改期|改约|顺延|安排|改成|提|重约|放|定|顺)(?:到|成|至|在|为"
    "|个|一下)?[^,。;!?]{0,3}$"
)
_ASKED = re.compile(
    "(?:约|定|选|放|排|安排|最好|时间|预约)(?:在|到|了|为|是|[: ]){0,3}[^,。;!? ]{0,2}$"
)
_AGAIN = re.compile("每个?|逢$")
_COME = re.compile("[^,。;!?]{0,2}(?:来|上门|过来|踏勘|勘|看|到场)")
_CANNOT = re.compile(
    "[^,。;!?]{0,8}?(?:(?<!行)不行|没空|没时间|有事|来不了|去不了|不在|出差|没人|走不开|不方便"
    "|停产|休息|的会|下[大暴中小]?[雨雪]|要开会|睡觉|来不及|赶不到)"
)


def when_of(prepared: Prepared, intent: Intent, names: Names) -> str | None:
    """The literal time, or None. For a move the new one."""
    if intent in _NEVER:
        return None
    text = prepared.repaired
    spans = [
        span
        for span in prepared.spans
        if span.kind == "time"
        and not names.covers(span.start)
        and not _AGAIN.search(text[max(span.start - 2, 0) : span.start])
    ]
    if intent not in _MOVES:
        spans = [span for span in spans if not _REFERRED.match(span.value)]
    if intent is Intent.CONFIRM_VISIT:
        spans = [span for span in spans if _CLOCK.search(span.value)]
    elif intent is Intent.ASK_CONTACT:
        spans = [span for span in spans if _DAY_OR_DATE.search(span.value)]
    if not spans:
        return None
    chosen = _chosen(text, spans, intent)
    return prepared.text[chosen.start : chosen.end].strip() if chosen else None


def _chosen(text: str, spans: list[Span], intent: Intent) -> Span | None:
    if intent in _MOVES:
        return _moved_to(text, spans, sure=intent is Intent.MODIFY_APPLICATION)
    if intent in (Intent.CANCEL_SURVEY, Intent.CONFIRM_VISIT):
        return spans[0]
    ahead = [span for span in spans if not _PASSED.match(text, span.end)]
    if intent is Intent.QUERY_DEADLINE:
        return _first(ahead, lambda span: bool(_LIMIT.search(span.value)))
    free = [span for span in ahead if not _CANNOT.match(text, span.end)]
    if intent is Intent.BOOK_SURVEY:
        return max(free or ahead, key=lambda span: _fitness(text, span), default=None)
    return _first(free or ahead, lambda span: True)


def _fitness(text: str, span: Span) -> int:
    """How well a time serves to meet at: a day, an hour, and being asked for."""
    asked = _ASKED.search(text[max(span.start - 6, 0) : span.start])
    return (
        4 * bool(_DAY_OR_DATE.search(span.value))
        + 2 * bool(_CLOCK.search(span.value))
        + 3 * bool(asked)
        + 2 * bool(_COME.match(text, span.end))
    )


def _first(spans: Iterable[Span], preferred: Callable[[Span], bool]) -> Span | None:
    """The first that is preferred, else the first."""
    spans = list(spans)
    return next((span for span in spans if preferred(span)), spans[0] if spans else None)


def _moved_to(text: str, spans: list[Span], *, sure: bool) -> Span | None:
    """The new time; with ``sure`` only where it is said to be new."""
    for span in reversed(spans):
        if _NEW.search(text[max(span.start - 8, 0) : span.start]):
            return span
    new = [
        span
        for span in spans
        if not _OLD.search(text[max(span.start - 10, 0) : span.start])
        and not _CANNOT.match(text, span.end)
        and not _THAT.match(text, span.end)
    ]
    return new[-1] if new and not sure else None
