"""Typed times against a given now and a city's calendar."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.times import Stretch, When, read_when, shown
from config.cities import Hours, Season
from rules.calendar import SHANGHAI, WorkCalendar

NOWS = {
    "WED": datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI),
    "SUN": datetime(2026, 3, 8, 20, 0, tzinfo=SHANGHAI),
    "SEP": datetime(2026, 9, 23, 15, 0, tzinfo=SHANGHAI),
    "DEC": datetime(2026, 12, 30, 9, 0, tzinfo=SHANGHAI),
    "FEB": datetime(2026, 2, 10, 9, 0, tzinfo=SHANGHAI),
}
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "times.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
HOURS = Hours(
    seasons=(
        Season.model_validate(
            {
                "from": "01-01",
                "to": "12-31",
                "sessions": [["08:30", "12:00"], ["14:30", "17:30"]],
            }
        ),
    )
)
CALENDAR = WorkCalendar(HOURS, datetime(2026, 1, 1, 16, 0).time())  # noqa: DTZ001
SIGNS = "今明后天大昨上下个周一二三六日月号年点半时前到至01259:/-.初两过内晚底末、或和（）的十"
WORDS = (
    "星期",
    "之后",
    "国庆",
    "正月",
    "腊月",
    "春节",
    "工作日",
    "左右",
    "上午",
    "下午",
    "小时",
    "31",
)
PIECES = st.sampled_from([*SIGNS, *WORDS])


def told(when: When | None) -> str:
    """As the table writes it; the year only where it is another."""
    if when is None:
        return ""
    meant = " | ".join(map(_stretch, when.options))
    missing = "".join(f" ?{part}" for part in sorted(when.missing))
    return f"{meant}{missing}{' ' if when.limit else ''}{when.limit}"


def _stretch(option: Stretch) -> str:
    moments = [option.first] if option.exact else [option.first, option.last]
    return "/".join(
        at.strftime("%m-%d %H:%M" if at.year == 2026 else "%Y-%m-%d %H:%M") for at in moments
    )


def test_the_table_is_large() -> None:
    assert len(ROWS) > 250


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "·".join(row[:2]))
def test_table(row: list[str], calendar: WorkCalendar) -> None:
    now, typed, meant = (*row, "")[:3]
    assert told(read_when(typed, NOWS[now], calendar)) == meant


def test_a_clear_moment_is_given_and_an_unclear_one_is_not(calendar: WorkCalendar) -> None:
    now = NOWS["WED"]
    clear = read_when("那就明天下午三点吧", now, calendar)
    assert clear is not None
    assert clear.text == "明天下午三点"
    assert clear.clear == datetime(2026, 3, 5, 15, 0, tzinfo=SHANGHAI)
    for unclear in ("三点", "后天上午", "周三15:30", "明天下午三点以后"):
        when = read_when(unclear, now, calendar)
        assert when is not None
        assert when.clear is None, unclear


def test_hours_follow_the_citys_sessions() -> None:
    """Where work begins at six, six o'clock is the morning's."""
    early = Hours(
        seasons=(
            Season.model_validate(
                {"from": "01-01", "to": "12-31", "sessions": [["06:00", "11:00"]]}
            ),
        )
    )
    calendar = WorkCalendar(early, datetime(2026, 1, 1, 16, 0).time())  # noqa: DTZ001
    when = read_when("明天六点", NOWS["WED"], calendar)
    assert when is not None
    assert when.clear == datetime(2026, 3, 5, 6, 0, tzinfo=SHANGHAI)
    usual = read_when("明天六点", NOWS["WED"], CALENDAR)
    assert usual is not None
    assert usual.ambiguous


def test_moved_weekends_count() -> None:
    """2026-02-14 and 02-28 are worked Saturdays; the holiday runs from 02-15 to 02-23."""
    friday = datetime(2026, 2, 13, 9, 0, tzinfo=SHANGHAI)
    when = read_when("下个工作日", friday, CALENDAR)
    assert when is not None
    assert when.options[0].first.date().isoformat() == "2026-02-14"
    then = read_when("两个工作日后", friday, CALENDAR)
    assert then is not None
    assert then.options[0].first.date().isoformat() == "2026-02-24"


def test_the_stretch_is_literal_in_the_tidy_text(calendar: WorkCalendar) -> None:
    when = read_when("  踏勘定在１２月３日　１４时可以么", NOWS["WED"], calendar)
    assert when is not None
    assert when.text == "12月3日 14时"
    assert (when.start, when.end) == (4, 13)


@given(text=st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_raises(text: str) -> None:
    _sound(read_when(text, NOWS["WED"], CALENDAR))


@given(pieces=st.lists(PIECES, max_size=10), name=st.sampled_from(sorted(NOWS)))
@settings(max_examples=600, deadline=None)
def test_no_mixture_of_times_raises(pieces: list[str], name: str) -> None:
    _sound(read_when("".join(pieces), NOWS[name], CALENDAR))
    _sound(read_when("".join(pieces), NOWS[name], None))


def _sound(when: When | None) -> None:
    if when is None:
        return
    assert when.options
    for option in when.options:
        assert option.first.utcoffset() == option.last.utcoffset() == timedelta(hours=8)
        assert option.first <= option.last
    assert when.clear is None or when.clear in when.candidates


@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2050, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    name=st.sampled_from(sorted(NOWS)),
)
@settings(max_examples=300, deadline=None)
def test_what_is_shown_is_read_again(at: datetime, name: str) -> None:
    at = at.replace(second=0, microsecond=0)
    when = read_when(shown(at), NOWS[name], CALENDAR)
    assert when is not None
    assert when.clear == at
