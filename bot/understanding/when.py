"""Which of the times in an utterance is the one that something should happen at."""

import re

from bot.understanding.segment import Prepared, Span
from bot.understanding.types import Intent

_PASSED = re.compile(
    "[^,。;!? ]{0,6}?(?:交|提交|申请|报|填|办|递|签|寄|发|送|看|弄|做|受理|装|停|断|跟|说|约好|来过|通过|打过|写|录|登|量|勘)(?:的|了|过|完|好)"
)
_OLD = re.compile("(?:原定|原来|原|本来|约的是?|定的是?|约好的?|约在|定在|之前约|说好的?|预约的?|写的是?)[^,。;!?]{0,6}$")
_NEW = re.compile("(?:改|换|挪|推|调|延|提前|移|改期|改约|顺延|安排|约|定)(?:到|成|至|在|为|个|一下)?[^,。;!?]{0,3}$")
_CANNOT = re.compile("[^,。;!?]{0,8}?(?:不行|没空|没时间|有事|来不了|去不了|不在|出差|没人|走不开|不方便|停产|休息|那趟|的踏勘|的现场|别来|的会|下雨|要开会)")


def when_of(prepared: Prepared, intent: Intent) -> str | None:
    """The literal time, or None. For a move the new one."""
    spans = [span for span in prepared.spans if span.kind == "time"]
    if not spans:
        return None
    text = prepared.repaired
    if intent in (Intent.RESCHEDULE_SURVEY, Intent.MODIFY_APPLICATION):
        chosen = _moved_to(text, spans)
    else:
        ahead = [span for span in spans if not _PASSED.match(text, span.end)]
        free = [span for span in ahead if not _CANNOT.match(text, span.end)]
        chosen = (free or ahead or [None])[0]
    return prepared.text[chosen.start : chosen.end].strip() if chosen else None


def _moved_to(text: str, spans: list[Span]) -> Span | None:
    for span in reversed(spans):
        if _NEW.search(text[max(span.start - 8, 0) : span.start]):
            return span
    new = [
        span
        for span in spans
        if not _OLD.search(text[max(span.start - 10, 0) : span.start])
        and not _CANNOT.match(text, span.end)
    ]
    return new[-1] if new else None
