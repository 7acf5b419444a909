"""One span of a text as the moments said in it: days, time of day, limit, ranges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.understanding.spans import Span
from bot.understanding.times.clock import Clock, clock_at
from bot.understanding.times.days import days_at
from bot.understanding.times.frame import ONE, Days, Frame
from bot.understanding.times.patterns import TAIL
from bot.understanding.times.types import Limit

_TAIL = re.compile(f" ?(?P<tail>{TAIL})")
_BESIDE = re.compile(r"[ ,]?\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")
_WEEKS = re.compile("周|星期|礼拜")
_GAP = re.compile("[ 的,]?")
_RANGE = re.compile(" ?(?:到|至|-|~|—{1,4}) ?")
_OR = re.compile(" ?(?:或者是?|或|、|和)? ?")
_LIMITS: dict[str, Limit] = {"前": "before", "内": "before", "后": "after", "起": "after"}
_LIMITING = re.compile("年前|年后|过完")
_ABOUT = frozenset({"左右", "前后"})


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment as said: days (None: not said), time of day, limit."""

    days: tuple[Days, ...] | None
    clock: Clock | None
    limit: Limit
    end: int
    to: Clock | None = None
    """The end of a range of hours."""


def moments_said(text: str, span: Span, frame: Frame) -> Iterator[Moment]:
    """The moments of one span; a range is one moment."""
    at, before = span.start, None
    while at < span.end:
        moment = _moment(text, at, frame)
        if moment is None:
            break
        at = moment.end
        until = _RANGE.match(text, at)
        after = _moment(text, until.end(), frame) if until else None
        if after is not None:
            moment, at = _ranged(moment, after), after.end
        if moment.days is None and before is not None:
            moment = replace(moment, days=before.days)
        yield moment
        before = moment
        link = _OR.match(text, at)
        at = link.end() if link else at


def _moment(text: str, at: int, frame: Frame) -> Moment | None:
    days = days_at(text, at, frame)
    end = days[1] if days else at
    beside = _BESIDE.match(text, end) if days and not _WEEKS.search(text, at, end) else None
    end = beside.end() if beside else end
    gap = _GAP.match(text, end)
    clock = clock_at(text, gap.end() if days and gap else end)
    if days is None and clock is None:
        return None
    end = clock[1] if clock else end
    tail = _TAIL.match(text, end)
    return Moment(
        tuple(days[0]) if days else None,
        clock[0] if clock else None,
        _limit(tail["tail"]) if tail else _implied(text, at, end),
        tail.end() if tail else end,
    )


def _implied(text: str, at: int, end: int) -> Limit:
    """年前 and 过完年 limit without a word for it."""
    found = _LIMITING.match(text, at, end)
    if found is None:
        return ""
    return "before" if found[0] == "年前" else "after"


def _limit(tail: str) -> Limit:
    return "about" if tail in _ABOUT else _LIMITS.get(tail[-1], "")


def _ranged(first: Moment, last: Moment) -> Moment:
    """周一到周三, 14:00—16:00, 五点半到六点: one stretch."""
    if last.days is None:
        to = last.clock
        if to and to.half is None and first.clock:
            to = replace(to, half=first.clock.half)
        return replace(first, to=to, end=last.end, limit=last.limit)
    if first.days and last.days:
        begins = first.days[0][0]
        ends = [each[1] for each in last.days if each[1] >= begins]
        until = ends[0] if ends else last.days[0][1] + _weeks(begins - last.days[0][1]) * 7 * ONE
        return Moment(((begins, max(begins, until)),), None, last.limit, last.end)
    return replace(last, days=last.days)


def _weeks(gap: timedelta) -> int:
    """Whole weeks that cover a gap: 周三 after 下周一 is that week's."""
    return -(-gap.days // 7)


def completed(said: list[Moment], more: list[Moment]) -> list[Moment]:
    """明天可以，下午三点: the day of the one with the time of the other."""
    if len(said) == len(more) == 1 and said[0].days and not more[0].days:
        first = said[0]
        if first.clock is None or (first.clock.hour is None and more[0].clock):
            clock = more[0].clock
            if clock and clock.half is None and first.clock:
                clock = replace(clock, half=first.clock.half)
            return [replace(first, clock=clock, to=more[0].to, limit=more[0].limit or first.limit)]
    return said
