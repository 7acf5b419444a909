"""What is due when, worked out by hand for an ordinary fortnight.

Hours of both cities: 8:30–12:00 and 14:30–17:30, 390 minutes a day, half a day is 195. Day 0 is
the Monday on which a walk begins, day 7 the next one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from server.walk.week import is_provisional, working_days_after

BEIJING = timezone(timedelta(hours=8))
NEAR = timedelta(minutes=3)
"""A limit counted in minutes starts when the act came, a little after the full minute."""


@dataclass(frozen=True, slots=True)
class Row:
    """One clock that runs: its step, who holds it (codes of the cast), when it is due.

    ``after``: so many working days after ``day``, for limits longer than the fortnight.
    ``target``: the city's own, earlier aim. ``stated``: a time a person named, never provisional.
    """

    step: str
    holders: tuple[str, ...]
    day: int
    at: str = "17:30"
    near: bool = False
    after: int = 0
    paused: bool = False
    target: tuple[int, str] | None = None
    stated: bool = False

    def due(self, monday: date) -> datetime:
        """When it is due in the fortnight of ``monday``."""
        day = monday + timedelta(days=self.day)
        if self.after:
            day = working_days_after(day, self.after)
        return moment(day, self.at)

    def aimed_at(self, monday: date) -> datetime | None:
        """The target, where there is one."""
        if self.target is None:
            return None
        day, at = self.target
        return moment(monday + timedelta(days=day), at)

    def provisional(self, monday: date) -> bool:
        """Whether it must be marked provisional."""
        return not self.stated and is_provisional(self.due(monday).date())


def moment(day: date, at: str) -> datetime:
    """A time in Beijing."""
    return datetime.combine(day, time.fromisoformat(at), tzinfo=BEIJING)


Table = Mapping[str, tuple[Row, ...]]
_DAYE_ALL = ("water-clerk", "electricity-clerk", "gas-clerk", "telecom-clerk")
_ZHOUKOU_ALL = ("water-clerk", "electricity-clerk", "gas-clerk", "heat-clerk", "unicom-clerk")
_DAYE_ASKED = ("dept-town-jinhu", "dept-chengguan", "dept-jiaojing")
_ZHOUKOU_ASKED = ("dept-town-chuanhui", "dept-chengguan", "dept-zigui", "dept-jiaojing")

DAYE: Table = {
    # Mon 9:00; 180 minutes to noon, 15 more after lunch
    "提交": (Row("acceptance", ("window",), 0, "14:45", near=True),),
    # Mon 9:30; stands still with 165 minutes left; the enterprise has 10 working days
    "退回": (
        Row("acceptance", ("window",), 0, "14:45", near=True, paused=True),
        Row("correction", ("owner",), 0, after=10),
    ),
    # Mon 10:30; 90 of them to noon, 75 after lunch
    "补正": (Row("acceptance", ("window",), 0, "15:45", near=True),),
    # Mon 10:40; survey within 3 working days; the gap until the time the window named
    "容缺受理": (
        Row("survey", ("window",), 3),
        Row("gap_papers", ("owner",), 1, "16:00", stated=True),
    ),
    "补齐": (Row("survey", ("window",), 3),),
    # Wed 9:30; plan within 1 working day
    "踏勘": (Row("plan", _DAYE_ALL, 3),),
    # Wed 14:30; silence lapses after 10 working days
    "方案": (Row("offer_lapse", ("owner",), 2, after=10),),
    # Wed 15:00; lists in half a day: 150 minutes today, 45 tomorrow
    "同意": (Row("document_list", _DAYE_ASKED, 3, "09:15", near=True),),
    # decided at once: nothing runs
    "承诺": (Row("document_list", _DAYE_ASKED, 3, "09:15", near=True),),
    # Wed 16:00; papers within 1 working day
    "清单": (Row("permit_papers", ("electricity-clerk",), 3),),
    # Wed 16:30; opinions within 1 working day
    "报送": (Row("joint_approval", _DAYE_ASKED, 3),),
    # Thu 9:30; back to the plan, 1 working day
    "不同意": (Row("plan", ("electricity-clerk",), 4),),
    "再答复": (Row("offer_lapse", ("owner",), 3, after=10),),
    "再同意": (Row("permit_papers", ("electricity-clerk",), 4),),
    # Thu 11:00; only who objected looks again
    "再报送": (Row("joint_approval", ("dept-jiaojing",), 4),),
    "审批": (),
    "完工": (),
    # Tue 15:00 for Wed; within 1 working day after the agreed time
    "约定": (
        Row(
            "connection",
            ("water-clerk", "electricity-clerk", "gas-clerk", "telecom-clerk"),
            10,
        ),
    ),
    # Wed 10:30 of the second week
    "接通": (Row("rating_close", ("owner",), 9, after=15),),
    "办结": (),
}

ZHOUKOU: Table = {
    # Mon 9:00; joint home visit within 1 working day
    "登记": (Row("first_visit", ("lead",), 1),),
    "对接": (),
    # Mon 15:00; 150 minutes today, 45 tomorrow
    "提交": (Row("acceptance", ("window",), 1, "09:15", near=True),),
    "受理": (Row("survey", ("lead",), 3),),
    "踏勘": (Row("plan", _ZHOUKOU_ALL, 3),),
    "方案": (Row("offer_lapse", ("owner",), 2, after=10),),
    # Wed 15:00; every segment is open again, 1 working day
    "调整": (Row("plan", _ZHOUKOU_ALL, 3),),
    # Wed 16:00; lists in half a day: 90 minutes today, 105 tomorrow
    "同意": (Row("document_list", _ZHOUKOU_ASKED, 3, "10:15", near=True),),
    "承诺": (Row("document_list", _ZHOUKOU_ASKED, 3, "10:15", near=True),),
    "清单": (),
    # Thu 9:30; aimed at the same day, within 1 working day
    "报送": (Row("joint_approval", _ZHOUKOU_ASKED, 4, target=(3, "17:30")),),
    "审批": (),
    "完工": (),
    # for Wed 9:00; aimed at half a day: 180 minutes to noon, 15 after lunch
    "约定": (Row("connection", _ZHOUKOU_ALL, 10, target=(9, "14:45")),),
    "接通": (Row("rating_close", ("owner",), 9, after=15),),
    "办结": (),
}
