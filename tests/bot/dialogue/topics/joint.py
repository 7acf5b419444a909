"""Joint times in a town: what everybody can keep, what is kept, who waits, a crew's day."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from bot.dialogue import acts
from bot.dialogue.heard import Done, Refused
from rules.errors import Code, Fault
from tests.bot.dialogue.topics.own import PROVIDERS, SPACE, Own
from tests.bot.dialogue.world import World
from workflow.encoding import shown


def _ident(at: datetime) -> UUID:
    """Of the survey that keeps a time."""
    return uuid5(SPACE, at.isoformat())


@dataclass
class Joint(World):
    """``joint``: times everybody can keep; empty: no crews are known. ``gone``: of these, what
    somebody else takes before it is booked.
    """

    joint: list[datetime] = field(default_factory=list)
    gone: list[datetime] = field(default_factory=list)
    kept: list[datetime] = field(default_factory=list)
    moves: int = 2
    waiting: bool = False
    day: list[dict[str, Any]] = field(default_factory=list)
    """A crew's joint visits."""

    def owned(self) -> list[Own]:
        """The sender's cases."""
        return []

    def refused(self, at: datetime) -> Refused | None:
        """The refusal of a time that cannot be had."""
        if not self.joint or (at in self.joint and at not in self.gone):
            return None
        self.joint = [each for each in self.joint if each not in self.gone]
        return Refused(Code.SLOT_TAKEN, data={"times": self._times(at), "choices": []})

    def _times(self, at: datetime | None) -> list[dict[str, Any]]:
        later = [each for each in self.joint if at is None or each >= at]
        earlier = [each for each in self.joint if each not in later]
        return [{"at": shown(each)} for each in (*later, *earlier)]

    def _ReadTimes(self, act: acts.ReadTimes) -> Done | Refused:  # noqa: N802
        own = next((each for each in self.owned() if each.id == act.case), None)
        if own is None and self.case(act.case) is None:
            return Refused(Code.NOT_FOUND)
        case = self.case(act.case)
        uses = own.utilities if own else tuple(case.values.get("utilities") or ()) if case else ()
        visits = [
            {
                "organization_id": str(uuid5(SPACE, each)),
                "organization": PROVIDERS[each],
                "state": "planned",
            }
            for each in uses
        ]
        late = own is not None and own.survey_at is not None and own.survey_at <= self.now
        page = {
            "kept": [{"id": str(_ident(at)), "at": shown(at)} for at in self.kept],
            "limits": {"moves_left": self.moves, "move_until_hours": 24, "too_late": False},
            "visits": visits if late else [],
        }
        return Done(
            {
                "joint": bool(self.joint),
                "free": act.at is None or act.at in self.joint,
                "times": self._times(act.at),
                "coming": [PROVIDERS[each] for each in uses],
                "page": page if self.joint else {},
            }
        )

    def _WaitEarlier(self, act: acts.WaitEarlier) -> Done | Refused:  # noqa: N802
        if not act.wait and not self.waiting:
            return Refused(Code.GUARD_FAILED, data={"guard": "not_waiting"})
        self.waiting = act.wait
        return Done({})

    def _kept_at(self, survey: UUID) -> datetime | None:
        return next((at for at in self.kept if _ident(at) == survey), None)

    def _TakeTime(self, act: acts.TakeTime) -> Done | Refused:  # noqa: N802
        at = self._kept_at(act.survey)
        if at is None:
            return Refused(Code.INVALID, (Fault("survey", "not_held"),))
        self.kept.remove(at)
        self.owned()[0].survey_at = at
        return Done({"at": shown(at)})

    def _LeaveTime(self, act: acts.LeaveTime) -> Done | Refused:  # noqa: N802
        at = self._kept_at(act.survey)
        if at is None:
            return Refused(Code.INVALID, (Fault("survey", "not_held"),))
        self.kept.remove(at)
        return Done({})

    def _TellLate(self, act: acts.TellLate) -> Done:  # noqa: N802
        return Done({"minutes": act.minutes})

    def _TellAbsent(self, act: acts.TellAbsent) -> Done:  # noqa: N802
        return Done({"times": self._times(None)})

    def _ReadDay(self, act: acts.ReadDay) -> Done:  # noqa: N802
        day = (act.day or self.now.date()).isoformat()
        return Done({"date": day, "items": [e for e in self.day if str(e["at"])[:10] == day]})

    def _AnswerVisit(self, act: acts.AnswerVisit) -> Done | Refused:  # noqa: N802
        found = next((each for each in self.day if each["visit"] == str(act.visit)), None)
        if found is None:
            return Refused(Code.NOT_FOUND)
        found["state"] = "confirmed" if act.reason is None else "declined"
        return Done({"replaced": False, "at": found["at"], "state": found["state"]})
