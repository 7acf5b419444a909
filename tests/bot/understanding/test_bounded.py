"""No text costs more than its length: neither to understand nor to read a time from."""

import re
from datetime import datetime
from functools import partial

import pytest

from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import LONGEST, tidy
from bot.understanding.segment import prepare
from bot.understanding.slots import slots_of
from bot.understanding.times import read_date, read_when
from bot.understanding.types import Intent, Pending
from bot.understanding.understander import Understander
from config.cities import City
from rules.calendar import SHANGHAI, WorkCalendar
from tests.bot.hard_texts import PLAIN, allowed, is_quick, mixed, patterns, repeated

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def understander(cities: list[City]) -> Understander:
    return Understander.load(cities)


@pytest.fixture(scope="module")
def hard(understander: Understander) -> list[str]:
    understander.understand(PLAIN, pending=Pending("text"))
    found = patterns("bot.understanding")
    assert len(found) > 60
    return repeated(found) + mixed(found, 80)


@pytest.fixture(scope="module")
def limit() -> float:
    return allowed()


def test_understanding(understander: Understander, hard: list[str], limit: float) -> None:
    slow = [
        text[:40]
        for text in hard
        if not is_quick(partial(understander.understand, text, pending=Pending("text")), limit)
    ]
    assert not slow


@pytest.mark.parametrize(
    "intent",
    [Intent.APPLY, Intent.RENAME_TRANSFER, Intent.RESCHEDULE_SURVEY, Intent.QUERY_DEADLINE],
)
def test_slots_whatever_is_meant(
    intent: Intent, hard: list[str], lexicon: Lexicon, limit: float
) -> None:
    slow = []
    for text in hard[::5]:
        prepared = prepare(text, lexicon)
        if not is_quick(partial(slots_of, prepared, intent, lexicon), limit):
            slow.append(text[:40])
    assert not slow


def test_reading_times(hard: list[str], calendar: WorkCalendar, limit: float) -> None:
    slow = [
        text[:40]
        for text in hard
        if not is_quick(partial(read_when, text, NOW, calendar), limit)
        or not is_quick(partial(read_date, text, NOW), limit)
    ]
    assert not slow


def test_what_is_read_is_bounded() -> None:
    assert len(tidy("\ufdfa" * 64_000)) == LONGEST
    assert len(tidy("水" * 64_000)) == LONGEST


def test_no_pattern_is_unbounded(hard: list[str]) -> None:
    """What repeats says how often at most."""
    assert [each.pattern for each in patterns("bot.understanding") if _is_unbounded(each)] == []


def _is_unbounded(pattern: re.Pattern[str]) -> bool:
    plain = re.sub(r"\[(?:\\.|[^\]\\])+\]|\\.", "_", pattern.pattern)
    return re.search(r"[*+]|\{[0-9]+,\}", plain) is not None
