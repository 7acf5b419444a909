"""Days and times as people type them, read against a given now and a city's working calendar."""

from bot.understanding.times.reading import read_date, read_when, shown, shown_day
from bot.understanding.times.types import DateRead, Stretch, When

__all__ = ["DateRead", "Stretch", "When", "read_date", "read_when", "shown", "shown_day"]
