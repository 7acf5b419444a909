"""Days off by law (全国年节及纪念日放假办法, in force since 2025), for years not yet published.

The yearly notice adds moved weekends to these; the days themselves are certain beforehand.
"""

from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import get_solar_terms

_LUNAR = {
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
}
"""正月初一, 端午, 中秋 by the Chinese calendar (GB/T 33661); programs that compute the new moon
near midnight disagree about 2027 and 2030, so these are written down."""


@lru_cache(maxsize=64)
def statutory_holidays(year: int) -> frozenset[date]:
    """元旦, 春节 (除夕 … 初三), 清明, 劳动节, 端午, 中秋, 国庆 as far as they can be known."""
    fixed = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
    days = {date(year, month, day) for month, day in fixed}
    april = get_solar_terms(date(year, 4, 3), date(year, 4, 6)) if 2000 <= year < 2100 else []
    days.update(day for day, _ in april)
    if year in _LUNAR:
        spring, dragon_boat, mid_autumn = (date(year, *day) for day in _LUNAR[year])
        days.update(spring + timedelta(n) for n in range(-1, 3))
        days.update((dragon_boat, mid_autumn))
    return frozenset(days)
