"""The world of the other topics: own cases in every stage, visits, complaints, codes.

Acts refuse as the use cases do: by state, by guard, by what is somebody else's.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from bot.dialogue import acts
from bot.dialogue.heard import Done, Refused
from rules.errors import Code, Fault
from rules.states import LIVE_STAGES
from tests.bot.dialogue.topics.joint import Joint
from tests.bot.dialogue.topics.own import SPACE, Own
from workflow.encoding import shown

LOW = 2
OTHER = {"name": "王**", "phone": "138****1234"}
"""The account a code stands for."""


@dataclass
class Town(Joint):
    """``own``: the sender's cases, newest first. ``behind``: cases of the person in the
    mini-program, seen once the chat is joined by ``code``. ``refusals``: the next refusal of an
    act, or an odd answer, by its name.
    """

    own: list[Own] = field(default_factory=list)
    behind: list[Own] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    complaints: list[acts.Complain] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """Number of a complaint → its answer."""
    ratings: list[acts.Rate] = field(default_factory=list)
    code: str = ""
    tries: int = 0
    joined: bool = False
    brought: int = 0
    """Own cases when the chat was joined."""
    refusals: dict[str, Done | Refused] = field(default_factory=dict)

    def carry_out(self, act: acts.Act) -> Done | Refused:
        """What comes of one act."""
        refused = self.refusals.pop(type(act).__name__, None)
        if refused is not None:
            self.done.append(act)
            return refused
        return super().carry_out(act)

    def owned(self) -> list[Own]:
        """The sender's cases."""
        return self.own

    def find(self, ident: object) -> Own | None:
        """One of the sender's own cases."""
        return next((each for each in self.own if each.id == ident), None)

    def _all(self) -> list[Own]:
        drafts = [
            Own(c.city, c.stage, 900 + at, str(c.values.get("enterprise.name") or ""),
                tuple(c.values.get("utilities") or ()), ident=c.id)
            for at, c in enumerate(self.cases)
            if all(c.id != each.id for each in self.own)
        ]  # fmt: skip
        return [*self.own, *reversed(drafts)]

    def _ReadCases(self, act: acts.ReadCases) -> Done:  # noqa: N802
        every = self._all()
        chosen = {
            "all": every,
            "open": [each for each in every if each.open],
            "draft": [each for each in every if each.stage == "draft"],
            "ended": [each for each in every if not each.open and each.stage != "draft"],
        }[act.group]
        return Done({"items": [each.item(self.book, self.now) for each in chosen[:20]]})

    def _ReadStatus(  # type: ignore[override]  # noqa: N802
        self, act: acts.ReadStatus
    ) -> Done | Refused:
        every = self._all()
        if act.case is not None:
            found = next((each for each in every if each.id == act.case), None)
            return self._body(found) if found else Refused(Code.NOT_FOUND)
        live = [each for each in every if each.open]
        if len(live) == 1:
            return self._body(live[0])
        return self._ReadCases(acts.ReadCases("open" if live else "all"))

    def _body(self, own: Own) -> Done:
        told = own.registration if own.kind == "registration" else own.progress
        case = self.case(own.id)
        more = {"to_correct": case.told_to_correct()} if case and own.stage == "returned" else {}
        return Done({**told(self.book, self.now), **more})

    def _BookSurvey(self, act: acts.BookSurvey) -> Done | Refused:  # noqa: N802
        own = self.find(act.case)
        if own is None:
            return Refused(Code.NOT_FOUND)
        if own.stored not in LIVE_STAGES:
            return Refused(Code.MOVE_NOT_ALLOWED)
        if act.at <= self.now:
            return Refused(Code.INVALID, (Fault("at", "time_past", "时间"),))
        if not self.calendars[own.city].is_working_time(act.at):
            return Refused(Code.INVALID, (Fault("at", "time_not_working", "时间"),))
        if (taken := self.refused(act.at)) is not None:
            return taken
        own.survey_at = act.at
        return Done({"id": str(own.id), "at": shown(act.at)})

    def _CancelSurvey(self, act: acts.CancelSurvey) -> Done | Refused:  # noqa: N802
        own = self.find(act.case)
        if own is None:
            return Refused(Code.NOT_FOUND)
        if own.survey_at is None:
            return Refused(Code.GUARD_FAILED, data={"guard": "survey_booked"})
        own.survey_at = None
        return Done({"id": str(own.id)})

    def _Rate(self, act: acts.Rate) -> Done | Refused:  # noqa: N802
        own = self.find(act.case)
        if own is None:
            return Refused(Code.NOT_FOUND)
        if own.rated:
            return Refused(Code.GUARD_FAILED, data={"guard": "not_rated"})
        if act.level <= LOW and not act.reason:
            return Refused(Code.INVALID, (Fault("reason", "reason_needed"),))
        own.rated = True
        self.ratings.append(act)
        return Done({"id": str(own.id)})

    def _Complain(self, act: acts.Complain) -> Done | Refused:  # noqa: N802
        if act.case is not None and self.find(act.case) is None:
            return Refused(Code.NOT_FOUND)
        self.complaints.append(act)
        due = self.now + timedelta(days=7)
        return Done({"number": f"TS{len(self.complaints):06}", "due_at": shown(due)})

    def _ReadComplaints(self, act: acts.ReadComplaints) -> Done:  # noqa: N802
        made = [
            {
                "number": f"TS{at:06}",
                "created_at": shown(self.now),
                "due_at": shown(self.now + timedelta(days=7)),
                "light": "green",
                "answer": self.answers.get(f"TS{at:06}"),
            }
            for at, _ in enumerate(self.complaints, start=1)
        ]
        return Done({"items": made[::-1]})

    def _Link(self, act: acts.Link) -> Done | Refused:  # noqa: N802
        if self.tries >= 5:
            return Refused(Code.TOO_MANY)
        if act.code != self.code:
            self.tries += 1
            return Refused(Code.CHAT_CODE_WRONG)
        self.joined, self.brought = True, len(self.own)
        self.own, self.behind, self.code = [*self.own, *self.behind], [], ""
        return Done({"joined": True, **OTHER, "cases": self.brought})

    def _ReadLink(self, act: acts.ReadLink) -> Done | Refused:  # noqa: N802
        if self.tries >= 5:
            return Refused(Code.TOO_MANY)
        if act.code != self.code:
            self.tries += 1
            return Refused(Code.CHAT_CODE_WRONG)
        return Done({**OTHER, "joined": False, "cases": len(self.own)})

    def _ReadJoined(self, act: acts.ReadJoined) -> Done:  # noqa: N802
        return Done({**OTHER, "by": "code" if self.joined else "", "cases": self.brought})

    def _Unlink(self, act: acts.Unlink) -> Done | Refused:  # noqa: N802
        if not self.joined:
            return Refused(Code.CONFLICT)
        self.joined, self.own = False, self.own[: self.brought]
        return Done({"cases": self.brought})

    def _ReadVisits(self, act: acts.ReadVisits) -> Done | Refused:  # noqa: N802
        return Done({"items": [each for each in self.visits if each["city"] == act.city]})

    def _ConfirmVisit(self, act: acts.ConfirmVisit) -> Done | Refused:  # noqa: N802
        found = next((e for e in self.visits if e["request"] == str(act.request)), None)
        if found is None:
            return Refused(Code.NOT_FOUND)
        if act.what == "finished" and found["task"] == "survey":
            return Refused(Code.GUARD_FAILED, data={"guard": "findings_needed"})
        if act.what == "arrived":
            found["arrived_at"] = shown(self.now)
        return Done({**found, "at": shown(self.now)})


def visit(own: Own, utility: str, task: str, town: Town, **more: Any) -> dict[str, Any]:
    """One request that waits for its crew, as ``workflow.chat.crew`` tells it."""
    city = town.city(own.city)
    told = {
        "request": str(own.request(utility)),
        "application": str(own.id),
        "number": own.number(city),
        "utility": utility,
        "utility_label": city.utilities[utility].use,
        "enterprise_name": own.name,
        "address": "罗家桥街道样例路1号",
        "task": task,
        "at": shown(own.survey_at),
        "arrived_at": None,
        "started": task == "build",
        "state": "pending",
        "state_label": "待办理",
        "version": 1,
        "city": own.city,
    }
    return {**told, **more}


def stop(at: datetime, name: str, **more: Any) -> dict[str, Any]:
    """One stop of a crew's day, as ``GET /me/day`` tells it."""
    ident = uuid5(SPACE, f"{at.isoformat()}{name}")
    told = {
        "visit": str(ident),
        "survey": str(uuid5(ident, "survey")),
        "application": str(uuid5(ident, "case")),
        "number": "2026（000004）号",
        "at": shown(at),
        "ends_at": shown(at + timedelta(minutes=60)),
        "state": "planned",
        "state_label": "待确认",
        "survey_state": "confirmed",
        "enterprise_name": name,
        "address": "金湖街道样例路1号",
        "contact": {"name": "李甲", "phone": "13800001234", "masked": False},
        "needs": [{"utility_label": "用水", "kind_label": "新装"}],
        "coming": [{"organization_name": "国家电网大冶公司", "crew_name": "二班"}],
    }
    return {**told, **more}


def someone_elses(own: Own) -> Own:
    """A case that nobody's list here holds."""
    return replace(own, sequence=own.sequence + 500)
