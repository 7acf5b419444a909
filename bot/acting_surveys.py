"""Acts on the joint survey: joint times, kept times, waiting, running late, not being there."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.acts import (
    AnswerVisit,
    LeaveTime,
    ReadDay,
    ReadTimes,
    TakeTime,
    TellAbsent,
    TellLate,
    WaitEarlier,
)
from workflow.chat import surveys
from workflow.chat.turns import Talk
from workflow.unit import Unit

Told = Mapping[str, Any]


async def read_times(act: ReadTimes, unit: Unit, talk: Talk) -> Told:
    """When it can be."""
    return await surveys.times(unit, act.case, act.at)


async def read_day(act: ReadDay, unit: Unit, talk: Talk) -> Told:
    """A crew's day."""
    return await surveys.day(unit, act.day)


async def wait_earlier(act: WaitEarlier, unit: Unit, talk: Talk) -> Told:
    """Wait for an earlier time, or no more."""
    tell = surveys.wait if act.wait else surveys.stop_waiting
    return (await tell(unit, act.case)).body


async def take_time(act: TakeTime, unit: Unit, talk: Talk) -> Told:
    """Take what is kept."""
    return await surveys.take(unit, act.survey)


async def leave_time(act: LeaveTime, unit: Unit, talk: Talk) -> Told:
    """Leave what is kept."""
    return await surveys.leave(unit, act.survey)


async def tell_late(act: TellLate, unit: Unit, talk: Talk) -> Told:
    """Running late."""
    return await surveys.late(unit, act.case, act.minutes)


async def tell_absent(act: TellAbsent, unit: Unit, talk: Talk) -> Told:
    """Not there."""
    return await surveys.absent(unit, act.case, act.absent)


async def answer_visit(act: AnswerVisit, unit: Unit, talk: Talk) -> Told:
    """A crew's one tap, told in words."""
    return await surveys.answer(unit, act.survey, act.visit, act.reason)


CARRIERS: Mapping[type, Any] = {
    ReadTimes: read_times,
    ReadDay: read_day,
    WaitEarlier: wait_earlier,
    TakeTime: take_time,
    LeaveTime: leave_time,
    TellLate: tell_late,
    TellAbsent: tell_absent,
    AnswerVisit: answer_visit,
}
