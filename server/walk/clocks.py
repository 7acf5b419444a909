"""The clocks a case shows, against those the table says must run."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from server.walk.surprise import Surprise
from server.walk.table import BEIJING, NEAR, Row

Clock = Mapping[str, Any]
Key = tuple[str, str]
"""Step, and the name of who holds it."""


def compare(at: str, running: Sequence[Clock], expected: Mapping[Key, Row], monday: date) -> int:
    """How many were right. Surprise at one too many, too few, or due at another time."""
    found = {(clock["step"], str(clock["holder_name"])): clock for clock in running}
    if set(found) != set(expected) or len(found) != len(running):
        missing, more = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
        raise Surprise(f"“{at}”之后的时限不对：缺 {missing}，多 {more}")
    for key, row in expected.items():
        _check(f"“{at}”之后 {told(found[key])}", found[key], row, monday)
    return len(expected)


def _check(what: str, clock: Clock, row: Row, monday: date) -> None:
    due, expected = time_of(clock["due_at"]), row.due(monday)
    if not expected <= due <= expected + (NEAR if row.near else timedelta()):
        raise Surprise(f"{what}：手工推算为 {expected:%m-%d %H:%M}")
    if clock["provisional"] != row.provisional(monday):
        raise Surprise(f"{what}：“暂定”标记不对")
    if clock.get("paused", False) != row.paused:
        raise Surprise(f"{what}：暂停状态不对")
    aim = clock.get("target_at")
    aimed = row.aimed_at(monday)
    if (aim is None) != (aimed is None):
        raise Surprise(f"{what}：努力目标应为 {aimed}")
    if aim is not None and aimed is not None and not aimed <= time_of(aim) <= aimed + NEAR:
        raise Surprise(f"{what}：努力目标应为 {aimed:%m-%d %H:%M}，实为 {aim}")


def told(clock: Clock) -> str:
    """One clock in words."""
    aim = clock.get("target_at")
    words = f"{clock['step_label']} {clock['holder_name']} {time_of(clock['due_at']):%m-%d %H:%M}"
    words += f"，力争 {time_of(aim):%m-%d %H:%M}" if aim else ""
    words += "，暂停" if clock.get("paused") else ""
    return words + ("，暂定" if clock["provisional"] else "")


def time_of(text: str) -> datetime:
    """A time of an answer, in Beijing."""
    return datetime.fromisoformat(text).astimezone(BEIJING)
