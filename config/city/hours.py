"""How a city measures time: limits and window hours. Zones are Asia/Shanghai throughout."""

import re
from datetime import date, time
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

FROZEN = ConfigDict(
    frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=False
)

MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Limit(BaseModel):
    """One length of time an act may take; exactly one of the three is set.

    ``working_days`` counts whole or half working days, ``working_minutes`` runs from the next
    working minute, ``same_day`` is 当日结 (cut-off: the city's ``same_day_cutoff``).
    """

    model_config = FROZEN

    working_days: Annotated[Decimal, Field(gt=0, le=365, multiple_of=Decimal("0.5"))] | None = None
    working_minutes: Annotated[int, Field(gt=0, le=60 * 24 * 365)] | None = None
    same_day: bool = False

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        given = (
            self.working_days is not None,
            self.working_minutes is not None,
            self.same_day,
        )
        if sum(given) != 1:
            raise ValueError("set exactly one of working_days, working_minutes, same_day")
        return self


def _clock(value: object) -> object:
    """``"08:30"`` → time; anything else is left for pydantic to refuse."""
    if not isinstance(value, str):
        return value
    hours, colon, minutes = value.partition(":")
    if len(hours) != 2 or len(minutes) != 2 or not colon or not (hours + minutes).isdecimal():
        raise ValueError("a time is written HH:MM")
    return time(int(hours), int(minutes))


def _month_day(value: object) -> object:
    """``"05-01"`` → (5, 1); 02-29 is a day of the year like any other."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch("[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a day of the year is written MM-DD")
    pair = int(value[:2]), int(value[3:])
    if not 1 <= pair[0] <= 12 or not 1 <= pair[1] <= MONTH_DAYS[pair[0] - 1]:
        raise ValueError(f"{value} is no day of the year")
    return pair


Clock = Annotated[time, BeforeValidator(_clock)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day)]


class Season(BaseModel):
    """Sessions of one part of the year, both days included; may run over the year's end."""

    model_config = FROZEN

    start: MonthDay = Field(alias="from")
    end: MonthDay = Field(alias="to")
    sessions: Annotated[tuple[tuple[Clock, Clock], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        clocks = [clock for session in self.sessions for clock in session]
        if any(a >= b for a, b in pairwise(clocks)):
            raise ValueError("sessions must be in order and must not touch or overlap")
        return self

    def covers(self, day: tuple[int, int]) -> bool:
        """Whether a (month, day) falls into this season."""
        if self.start <= self.end:
            return self.start <= day <= self.end
        return day >= self.start or day <= self.end


class Hours(BaseModel):
    """A city's working hours; its seasons cover each day of the year exactly once."""

    model_config = FROZEN

    seasons: Annotated[tuple[Season, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole_year(self) -> Self:
        for month, days in enumerate(MONTH_DAYS, start=1):
            for day in range(1, days + 1):
                count = sum(season.covers((month, day)) for season in self.seasons)
                if count != 1:
                    raise ValueError(f"{month:02}-{day:02} is covered by {count} seasons, not one")
        return self

    def sessions(self, day: date) -> tuple[tuple[time, time], ...]:
        """Opening and closing of each session of ``day``, were it a working day."""
        found = (s for s in self.seasons if s.covers((day.month, day.day)))
        return next(found).sessions
